using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback;

/// <summary>An action is started, gets another date, or is dropped. A later date and a drop are told to everybody it was promised to, and to the public.</summary>
internal static class ChangeAction
{
    public static Task<IResult> Start(Guid id, HttpContext http, FeedbackDb db, CancellationToken ct) =>
        On(id, "started", http, db, action => Task.FromResult(action.Start()), ct);

    public static Task<IResult> Move(Guid id, NewDate moved, HttpContext http, FeedbackDb db, ForcePackCatalogue packs, Tell tell, CancellationToken ct) =>
        On(id, "date-moved", http, db, async action =>
        {
            var pack = packs.Get(db.Force!);
            var today = pack.Today(db.Now);
            var later = moved.DueOn > action.DueOn;
            if (moved.DueOn <= today || moved.DueOn > today.AddYears(2) || moved.DueOn == action.DueOn)
                return FeedbackRefusals.DueDate;
            if (PublicWords.Check((nameof(moved.Reason), moved.Reason)) is { } unfit)
                return unfit;
            if (action.Move(moved.DueOn) is { } refused)
                return refused;
            foreach (var concern in await Promised(action, db, ct))
            {
                concern.Follow(action, today, pack);
                if (later)
                    await TellDelay(concern, action, moved.DueOn, moved.Reason, pack, tell, ct);
            }
            if (later && await db.Board.SingleOrDefaultAsync(e => e.SourceId == action.Id, ct) is { } entry)
                entry.ForceSays(entry.State, "delayed", today, $"{moved.Reason} {moved.DueOn.Iso()}");
            return null;
        }, ct);

    public static Task<IResult> Drop(Guid id, DropReason dropped, HttpContext http, FeedbackDb db, ForcePackCatalogue packs, Tell tell, CancellationToken ct) =>
        On(id, "dropped", http, db, async action =>
        {
            var pack = packs.Get(db.Force!);
            var today = pack.Today(db.Now);
            if (PublicWords.Check((nameof(dropped.Reason), dropped.Reason)) is { } unfit)
                return unfit;
            var promised = action.State != ActionState.Proposed && action.Counted ? await Promised(action, db, ct) : [];
            if (action.Drop(dropped.Reason) is { } refused)
                return refused;
            foreach (var concern in promised)
            {
                if (await db.Actions.AnyAsync(a => a.Id != id && a.Counted && (a.State == ActionState.Agreed || a.State == ActionState.Started || a.State == ActionState.Failed)
                    && a.Concerns.Any(c => c.ConcernId == concern.Id), ct))
                    continue;
                concern.LoseAction(today, pack);
                await TellDelay(concern, action, concern.DueOn!.Value, dropped.Reason, pack, tell, ct);
            }
            if (await db.Board.SingleOrDefaultAsync(e => e.SourceId == id, ct) is { } entry)
                entry.ForceSays("dropped", "dropped", today, dropped.Reason);
            return null;
        }, ct);

    /// <summary>Her concern waits for it still.</summary>
    private static Task<List<Concern>> Promised(ForceAction action, FeedbackDb db, CancellationToken ct)
    {
        var ids = action.Concerns.Select(c => c.ConcernId).ToList();
        return db.AllConcerns.Where(c => ids.Contains(c.Id) && (c.State == ConcernState.InAction || c.State == ConcernState.Merged)).ToListAsync(ct);
    }

    private static Task TellDelay(Concern concern, ForceAction action, DateOnly dueOn, string reason, ForcePack pack, Tell tell, CancellationToken ct) =>
        tell.About(concern, "action-delayed", pack.MailboxPath(), new()
        {
            ["reference"] = concern.Reference, ["what"] = action.Promise, ["owner"] = pack.BodyName(action.OwnerBody, "en"), ["due_on"] = dueOn.Iso(), ["reason"] = reason,
        }, ct);

    internal static async Task<IResult> On(Guid id, string step, HttpContext http, FeedbackDb db, Func<ForceAction, Task<Refusal?>> decide, CancellationToken ct)
    {
        if (await db.Actions.Include(a => a.Concerns).SingleOrDefaultAsync(a => a.Id == id, ct) is not { } action)
            return FeedbackRefusals.NotFound;
        if (Etag.Check(http.Request, action) is { } overtaken)
            return overtaken;
        if (await decide(action) is { } refused)
            return refused;
        db.Audit(step, nameof(ForceAction), $"{action.Id}");
        await db.SaveChangesAsync(ct);
        Etag.Set(http.Response, action);
        return TypedResults.NoContent();
    }
}
