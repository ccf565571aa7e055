using System.Security.Cryptography;
using System.Text;
using PhoneNumbers;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback;

/// <summary>
/// A text message somebody sent to the force's number, as GOV.UK Notify calls back with it: an adapter, off until a force has a token
/// (Feedback:ReceivedTexts:{force}). The text is screened like everything else; the number is protected contact and nothing more.
/// </summary>
internal static class ReceiveText
{
    public static async Task<IResult> Handle(ReceivedText text, HttpRequest request, FeedbackDb db, ForcePackCatalogue packs, Intake intake, PersonalData personal, IConfiguration configuration, CancellationToken ct)
    {
        if (configuration[$"Feedback:ReceivedTexts:{db.Force}"] is not { Length: >= 32 } token)
            return FeedbackRefusals.NotFound with { Detail = "This force takes no text messages." };
        if (!CryptographicOperations.FixedTimeEquals(Hash($"Bearer {token}"), Hash(request.Headers.Authorization.ToString())))
            return FeedbackRefusals.TextToken;
        if (string.IsNullOrWhiteSpace(text.Message))
            return TypedResults.NoContent();

        var pack = packs.Get(db.Force!);
        return await db.Atomically<IResult>(async () =>
        {
            // The provider calls again until it has an answer. Its id leaves a hash in the table of used tokens, beside nothing.
            if (!await db.Spend(Hash($"received-text {db.Force} {text.Id}"), ct))
                return TypedResults.NoContent();
            var submission = new FeedbackSubmission { Language = "en", Concerns = [new ConcernInput { Code = Unsorted(pack), Text = text.Message }] };
            var (_, mailbox) = await intake.Take(submission, pack, null, "sms", ct);
            if (NumberOf(text.SourceNumber) is { } number)
                mailbox.Phone = await personal.Protect(db, mailbox.Id, "phone", number, ct);
            await db.SaveChangesAsync(ct);
            return TypedResults.NoContent();
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
