using System.Security.Cryptography;
using System.Text;
using PhoneNumbers;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback;

/// <summary>
/// A text message somebody sent to the force's number, from an adapter in the shape of GOV.UK Notify's callback, off until a force has a token
/// (Feedback:ReceivedTexts:{force}). The text is screened like everything else. The answer carries what the adapter sends back to her; the number is kept,
/// as protected contact, only where it was sealed for safeguarding, who may come to need it by her choice.
/// </summary>
internal static class ReceiveText
{
    /// <summary>Before anything else, also before a kept reply is given again: only whoever has the force's token.</summary>
    public static RouteHandlerBuilder Adapter(this RouteHandlerBuilder endpoint) => endpoint.Public().AddEndpointFilter(async (context, next) =>
    {
        var http = context.HttpContext;
        if (http.RequestServices.GetRequiredService<IConfiguration>()[$"Feedback:ReceivedTexts:{http.RequestServices.GetRequiredService<Caller>().Force}"] is not { Length: >= 32 } token)
            return FeedbackRefusals.NotFound with { Detail = "This force takes no text messages." };
        return CryptographicOperations.FixedTimeEquals(Hash($"Bearer {token}"), Hash(http.Request.Headers.Authorization.ToString())) ? await next(context) : FeedbackRefusals.TextToken;
    });

    public static async Task<IResult> Handle(ReceivedText text, FeedbackDb db, ForcePackCatalogue packs, Intake intake, PersonalData personal, IConfiguration configuration, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(text.Message))
            return TypedResults.NoContent();

        var pack = packs.Get(db.Force!);
        return await db.Atomically<IResult>(async () =>
        {
            // The provider calls again until it has an answer. Its id leaves a hash in the table of used tokens, beside nothing; under the same Idempotency-Key it has the same reply.
            if (!await db.Spend(Hash($"received-text {db.Force} {text.Id}"), ct))
                return TypedResults.NoContent();
            var submission = new FeedbackSubmission { Language = "en", Concerns = [new ConcernInput { Code = Unsorted(pack), Text = text.Message }] };
            var (receipt, mailbox) = await intake.Take(submission, pack, null, "sms", ct);
            if (receipt.Items.Any(i => i is { Kind: "disclosure" }) && NumberOf(text.SourceNumber) is { } number)
                mailbox.Phone = await personal.Protect(db, mailbox.Id, "phone", number, ct);
            var link = configuration.PublicUrl() is { } pages ? pages.TrimEnd('/') + pack.WordsPath(mailbox.LinkToWords()) : null;
            await db.SaveChangesAsync(ct);
            return TypedResults.Ok(new ReplyToText(TextReply.Of(pack, link)));
        }, ct);
    }

    /// <summary>A text says no code: the first "other" of the place itself, until a coordinator asks or acts.</summary>
    private static string Unsorted(ForcePack pack) =>
        (pack.Taxonomy.FirstOrDefault(t => t is { Group: "ENV", Branch: ConcernBranch.None, Owner: not null } && t.Code.EndsWith("-OTHER", StringComparison.Ordinal))
            ?? pack.Taxonomy.First(t => t is { Branch: ConcernBranch.None, Owner: not null })).Code;

    /// <summary>In E.164; null for what nobody can be reached by, such as a sender in letters.</summary>
    private static string? NumberOf(string source)
    {
        try
        {
            var util = PhoneNumberUtil.GetInstance();
            var number = util.Parse(source.StartsWith("44", StringComparison.Ordinal) ? "+" + source : source, "GB");
            return util.IsValidNumber(number) ? util.Format(number, PhoneNumberFormat.E164) : null;
        }
        catch (NumberParseException)
        {
            return null;
        }
    }

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
