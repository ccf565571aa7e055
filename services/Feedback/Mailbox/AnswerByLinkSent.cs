using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Feedback;

/// <summary>The link in her e-mail: good for one concern, to read where it stands and to say done or not done.</summary>
internal static class AnswerByLinkSent
{
    public static async Task<Results<Ok<AnswerLinkView>, Refusal>> Read(AnswerLink link, FeedbackDb db, ForcePackCatalogue packs, CancellationToken ct)
    {
        if (await Find(link.Token, db, ct) is not { } concern)
            return FeedbackRefusals.LinkUnknown;
        await db.HasRead([concern], packs.Get(db.Force!).Today(db.Now), ct);
        return TypedResults.Ok(new AnswerLinkView(concern.Reference, concern.Code, concern.Shown, concern.Outcome,
            concern.State == ConcernState.ClaimedDone || (concern.State == ConcernState.ConfirmedDone && concern.AskedAtWeeks == Concern.LastAsked), concern.AskedAtWeeks));
    }

    public static Task<IResult> Answer(AnswerByLink answer, FeedbackDb db, Hearing hearing, CancellationToken ct) =>
        On(answer.Token, db, concern => hearing.Done(concern, new DoneAnswer { Done = answer.Done, Text = answer.Text, Photos = answer.Photos }, ct), ct);

    public static Task<IResult> Fixed(FixedByLink answer, FeedbackDb db, Hearing hearing, CancellationToken ct) =>
        On(answer.Token, db, concern => hearing.Fixed(concern, answer, ct), ct);

    private static Task<IResult> On(string token, FeedbackDb db, Func<Concern, Task<Refusal?>> hear, CancellationToken ct) => db.Atomically<IResult>(async () =>
    {
        if (await Find(token, db, ct) is not { } concern)
            return FeedbackRefusals.LinkUnknown;
        if (await hear(concern) is { } refused)
            return refused;
        await db.SaveChangesAsync(ct);
        return TypedResults.NoContent();
    }, ct);

    private static Task<Concern?> Find(string token, FeedbackDb db, CancellationToken ct)
    {
        db.Caller.Actor = "participant";
        var hash = Secrets.HashOf(token);
        return db.Concerns.SingleOrDefaultAsync(c => c.AnswerLinkHash == hash, ct);
    }
}
