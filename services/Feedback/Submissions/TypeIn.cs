using Microsoft.AspNetCore.Http.HttpResults;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Feedback;

/// <summary>
/// Staff type in what a woman said on the phone, wrote on paper or told a partner. It is screened and sealed like everything else, although one person has read it; who
/// typed it stands in the audit trail alone. Reference and words are hers: on a slip, or read out.
/// </summary>
internal static class TypeIn
{
    public static async Task<Results<Created<FeedbackReceipt>, Refusal>> Handle(OnBehalf typed, FeedbackDb db, ForcePackCatalogue packs, Intake intake, CancellationToken ct)
    {
        var pack = packs.Get(db.Force!);
        if (!typed.Consented)
            return FeedbackRefusals.ConsentNeeded with { Title = "It is typed in only when she agrees", Detail = "Ask her, or leave it.", Field = nameof(typed.Consented) };
        if (typed is { ReadBack: false, Channel: not "paper" })
            return FeedbackRefusals.ReadBackNeeded;
        if (typed.Submission.AttendanceToken is not null)
            return FeedbackRefusals.AttendanceInvalid with { Detail = "An attendance token is hers: nobody uses it for her." };
        if (SubmitFeedback.Check(typed.Submission, pack) is { } unfit)
            return unfit;
        return await db.Atomically<Results<Created<FeedbackReceipt>, Refusal>>(async () =>
        {
            if (await db.Claim([.. typed.Submission.Concerns.SelectMany(c => c.Photos)], Guid.NewGuid(), ct) is { } gone)
                return gone;
            var (receipt, mailbox) = await intake.Take(typed.Submission, pack, null, typed.Channel, ct);
            db.Audit("typed-in", nameof(Mailbox), $"{mailbox.Id}", typed.ReadBack ? $"{typed.Channel}, read back" : typed.Channel);
            await db.SaveChangesAsync(ct);
            return TypedResults.Created((string?)null, receipt);
        }, ct);
    }
}
