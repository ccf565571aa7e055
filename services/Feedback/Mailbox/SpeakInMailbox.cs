using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Feedback;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback;

/// <summary>What she may do in her opened mailbox: answer a question, say done or not done, withdraw, choose.</summary>
internal static class SpeakInMailbox
{
    public static Task<IResult> Answer(Guid id, MailboxAnswer answer, HttpRequest request, FeedbackDb db, Hearing hearing, CancellationToken ct) =>
        On(id, request, db, concern => hearing.Answer(concern, answer, ct), ct);

    public static Task<IResult> Done(Guid id, DoneAnswer answer, HttpRequest request, FeedbackDb db, Hearing hearing, CancellationToken ct) =>
        On(id, request, db, concern => hearing.Done(concern, answer, ct), ct);

    public static Task<IResult> Fixed(Guid id, FixedAnswer answer, HttpRequest request, FeedbackDb db, Hearing hearing, CancellationToken ct) =>
        On(id, request, db, concern => hearing.Fixed(concern, answer, ct), ct);

    /// <summary>No reason needed. What she wrote is gone; a marker without content stays.</summary>
    public static Task<IResult> Withdraw(Guid id, HttpRequest request, FeedbackDb db, PersonalData personal, ForcePackCatalogue packs, CancellationToken ct) => On(id, request, db, async concern =>
    {
        var (pack, today) = (packs.Get(db.Force!), packs.Get(db.Force!).Today(db.Now));
        // Whom it is merged into has one less to answer; whoever waits for this one has her concern back.
        if (concern.MergedInto is { } into)
            concern.Unmerge(await db.Concerns.SingleAsync(c => c.Id == into, ct), today, pack);
        if (concern.Withdraw(today) is { } refused)
            return refused;
        await db.Settle(concern, pack, ct);
        await db.Forget(personal, db.Photos.Where(p => p.SubjectId == concern.Id), ct);
        db.Messages.RemoveRange(await db.Messages.Where(m => m.SubjectId == concern.Id).ToListAsync(ct));
        db.Publish(new ConcernRemoved(concern.Id, nameof(ConcernState.Withdrawn)), untimed: true);
        return null;
    }, ct);

    /// <summary>Her choice about something that may be a crime, after it was explained; hers to change until it is handed over.</summary>
    public static async Task<IResult> Choose(Guid id, DisclosureChoice choice, HttpRequest request, FeedbackDb db, CancellationToken ct)
    {
        if (await db.OpenedBy(request, ct) is not { } mailbox)
            return FeedbackRefusals.MailboxClosed;
        if (await db.Disclosures.SingleOrDefaultAsync(d => d.Id == id && d.MailboxId == mailbox.Id, ct) is not { } disclosure)
            return FeedbackRefusals.NotFound;
        if (disclosure.Choose(choice.Choice) is { } refused)
            return refused;
        await db.SaveChangesAsync(ct);
        return TypedResults.NoContent();
    }

    private static Task<IResult> On(Guid id, HttpRequest request, FeedbackDb db, Func<Concern, Task<Refusal?>> act, CancellationToken ct) => db.Atomically<IResult>(async () =>
    {
        if (await db.OpenedBy(request, ct) is not { } mailbox)
            return FeedbackRefusals.MailboxClosed;
        if (await db.Concerns.SingleOrDefaultAsync(c => c.Id == id && c.MailboxId == mailbox.Id, ct) is not { } concern)
            return FeedbackRefusals.NotFound;
        if (await act(concern) is { } refused)
            return refused;
        await db.SaveChangesAsync(ct);
        return TypedResults.NoContent();
    }, ct);
}
