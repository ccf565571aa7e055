using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Feedback;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback;

/// <summary>
/// Two concerns that tell of the same: one waits for the other's answer, which is then its own. Whoever raised it is told and asked
/// as if only she had raised it. When there will be no answer, she has her concern back.
/// </summary>
internal static class MergeConcerns
{
    public static Task<IResult> Merge(Guid id, MergeDecision decision, HttpContext http, FeedbackDb db, ForcePackCatalogue packs, Tell tell, CancellationToken ct) =>
        DecideOnConcern.On(id, "merged", http, db, async concern =>
        {
            var pack = packs.Get(db.Force!);
            if (await db.Concerns.SingleOrDefaultAsync(c => c.Id == decision.Into, ct) is not { } into)
                return FeedbackRefusals.NotFound with { Detail = "There is no such concern to merge into.", Field = nameof(decision.Into) };
            return await Join(db, concern, into, pack, tell, ct);
        }, ct);

    internal static async Task<Refusal?> Join(FeedbackDb db, Concern concern, Concern into, ForcePack pack, Tell tell, CancellationToken ct)
    {
        var today = pack.Today(db.Now);
        var before = concern.Memo();
        if (concern.Merge(into, today, pack) is { } refused)
            return refused;
        db.TellOwner(concern.Id, into.OwnerBody!, before, today);
        if (into.State != ConcernState.InAction)
            return null;
        // What is agreed already is agreed for her too.
        foreach (var action in await db.Actions.Include(a => a.Concerns).Where(a => a.Counted
            && (a.State == ActionState.Agreed || a.State == ActionState.Started || a.State == ActionState.Failed) && a.Concerns.Any(c => c.ConcernId == into.Id)).ToListAsync(ct))
        {
            if (action.Concerns.Any(c => c.ConcernId == concern.Id))
                continue;
            action.Concerns.Add(new ActionConcern { ConcernId = concern.Id });
            concern.Follow(action, today, pack);
            db.Publish(new ActionAgreed(action.Id, [concern.Id], action.Type, true, action.OwnerBody, action.DueOn, today));
            await AgreeAction.TellHer(concern, action, pack, tell, ct);
        }
        return null;
    }

    public static Task<IResult> Unmerge(Guid id, HttpContext http, FeedbackDb db, ForcePackCatalogue packs, CancellationToken ct) =>
        DecideOnConcern.On(id, "unmerged", http, db, async concern =>
            await db.Concerns.SingleOrDefaultAsync(c => c.Id == concern.MergedInto, ct) is { } from
                ? concern.Unmerge(from, packs.Get(db.Force!).Today(db.Now), packs.Get(db.Force!))
                : FeedbackRefusals.WrongState with { Detail = "It is not merged." }, ct);

    /// <summary>Those that wait for one of these.</summary>
    public static Task<List<Concern>> WaitingFor(this FeedbackDb db, IReadOnlyCollection<Guid> answered, CancellationToken ct) =>
        db.AllConcerns.Where(c => c.MergedInto != null && answered.Contains(c.MergedInto.Value)).ToListAsync(ct);

    /// <summary>It has an answer, or will have none: <see cref="Concern.Settle"/> with all that wait for it.</summary>
    public static async Task<List<Concern>> Settle(this FeedbackDb db, Concern concern, ForcePack pack, CancellationToken ct) =>
        concern.MergedHere > 0 ? concern.Settle(await db.WaitingFor([concern.Id], ct), pack.Today(db.Now), pack) : [];
}
