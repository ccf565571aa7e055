using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Feedback;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback;

/// <summary>What a coordinator decides about one concern. Each needs the version she saw (If-Match), and says so in the audit trail.</summary>
internal static class DecideOnConcern
{
    public static Task<IResult> Triage(Guid id, TriageDecision decision, HttpContext http, FeedbackDb db, ForcePackCatalogue packs, CancellationToken ct) =>
        On(id, "triaged", http, db, concern =>
        {
            var pack = packs.Get(db.Force!);
            if (pack.Bodies.All(b => b.Code != decision.OwnerBody))
                return Task.FromResult<Refusal?>(FeedbackRefusals.UnknownBody);
            var (before, today) = (concern.Memo(), pack.Today(db.Now));
            if (concern.Triage(decision.OwnerBody, decision.OwnerRole, today, pack) is { } refused)
                return Task.FromResult<Refusal?>(refused);
            db.TellOwner(concern.Id, decision.OwnerBody, before, today);
            return Task.FromResult<Refusal?>(null);
        }, ct);

    public static Task<IResult> Assign(Guid id, Assignment assignment, HttpContext http, FeedbackDb db, CancellationToken ct) =>
        On(id, "assigned", http, db, async concern => await db.MayHave(concern, assignment.Assignee, ct) ? concern.Assign(assignment.Assignee) : FeedbackRefusals.NotForThem, ct);

    /// <summary>Asks her; the clock stands still until she answers. She finds it in her mailbox, and by e-mail where she gave one.</summary>
    public static Task<IResult> Ask(Guid id, QuestionToContributor question, HttpContext http, FeedbackDb db, ForcePackCatalogue packs, Tell tell, CancellationToken ct) =>
        On(id, "asked", http, db, async concern =>
        {
            var pack = packs.Get(db.Force!);
            if (PublicWords.Check((nameof(question.Text), question.Text)) is { } unfit)
                return unfit;
            if (concern.Ask(pack.Today(db.Now)) is { } refused)
                return refused;
            await db.Say(concern.MailboxId, concern.Id, MailboxMessage.Force, question.Text, pack.Today(db.Now), ct);
            await tell.About(concern, "concern-question", pack.MailboxPath(), new() { ["reference"] = concern.Reference, ["!question"] = question.Text }, ct);
            return null;
        }, ct);

    /// <summary>Proposed by one person, confirmed by another; then only a marker without content is left.</summary>
    public static Task<IResult> NotAConcern(Guid id, NotAConcernProposal proposal, HttpContext http, FeedbackDb db, PersonalData personal, ForcePackCatalogue packs, CancellationToken ct) =>
        On(id, "not-a-concern", http, db, async concern =>
        {
            if (concern.CallNotAConcern(proposal.Reason, db.Caller.Sub!, packs.Get(db.Force!).Today(db.Now)) is { } refused)
                return refused;
            if (!concern.IsOpen)
            {
                db.Messages.RemoveRange(await db.Messages.Where(m => m.SubjectId == concern.Id).ToListAsync(ct));
                await db.Forget(personal, db.Photos.Where(p => p.SubjectId == concern.Id), ct);
                await db.Settle(concern, packs.Get(db.Force!), ct);
                db.Publish(new ConcernRemoved(concern.Id, nameof(ConcernState.NotAConcern)));
            }
            return null;
        }, ct);

    /// <summary>A no is looked at again before its day, e.g. because it was challenged.</summary>
    public static Task<IResult> Review(Guid id, HttpContext http, FeedbackDb db, ForcePackCatalogue packs, CancellationToken ct) =>
        On(id, "review", http, db, concern => Task.FromResult(concern.Review(packs.Get(db.Force!).Today(db.Now), packs.Get(db.Force!))), ct);

    /// <summary>Nobody is given what a case about police keeps from them.</summary>
    internal static async Task<bool> MayHave(this FeedbackDb db, Concern concern, string assignee, CancellationToken ct) =>
        !(await db.Conflicts.AsNoTracking().Where(x => x.MailboxId == concern.MailboxId).ToListAsync(ct)).Exists(x => x.Is(assignee));

    /// <summary>Whoever counts learns who has it now and, of the first decision about it, whether that was in time.</summary>
    internal static void TellOwner(this FeedbackDb db, Guid concern, string owner, ConcernMemo before, DateOnly today) =>
        db.Publish(new ConcernTriaged(concern, owner, today.Quarter(), today, before.InTime(today)));

    internal static async Task<IResult> On(Guid id, string decision, HttpContext http, FeedbackDb db, Func<Concern, Task<Refusal?>> decide, CancellationToken ct)
    {
        if (await db.Concerns.FindAsync([id], ct) is not { } concern || concern.ForceId != db.Force)
            return FeedbackRefusals.NotFound;
        if (Etag.Check(http.Request, concern) is { } overtaken)
            return overtaken;
        if (await decide(concern) is { } refused)
            return refused;
        // The row's own audit entries carry the day only, for her sake; what staff decide carries the moment.
        db.Audit(decision, nameof(Concern), $"{concern.Id}");
        await db.SaveChangesAsync(ct);
        Etag.Set(http.Response, concern);
        return TypedResults.NoContent();
    }
}
