using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Feedback;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback;

/// <summary>The force says it is done. Only women can say that it is: they are asked at once, and again by their mailbox.</summary>
internal static class ClaimDone
{
    public static async Task<IResult> Handle(Guid id, DoneClaim claim, HttpContext http, FeedbackDb db, ForcePackCatalogue packs, Tell tell, CancellationToken ct)
    {
        if (await db.Actions.Include(a => a.Concerns).SingleOrDefaultAsync(a => a.Id == id, ct) is not { } action)
            return FeedbackRefusals.NotFound;
        if (Etag.Check(http.Request, action) is { } overtaken)
            return overtaken;
        if (PublicWords.Check((nameof(claim.Done), claim.Done)) is { } unfit)
            return unfit;
        var pack = packs.Get(db.Force!);
        var today = pack.Today(db.Now);
        if (action.Claim(claim.Done, today) is { } refused)
            return refused;

        var ids = action.Concerns.Select(c => c.ConcernId).ToList();
        if (action.Counted)
        {
            var claimed = new List<Concern>();
            foreach (var concern in await db.AllConcerns.Where(c => ids.Contains(c.Id) && c.State == ConcernState.InAction).ToListAsync(ct))
            {
                // A concern with several actions is claimed with the last of them.
                if (await db.Actions.AnyAsync(a => a.Id != id && a.Counted && (a.State == ActionState.Agreed || a.State == ActionState.Started || a.State == ActionState.Failed)
                    && a.Concerns.Any(c => c.ConcernId == concern.Id), ct))
                    continue;
                concern.ClaimDone(claim.Done, today);
                claimed.Add(concern);
                claimed.AddRange(await db.Settle(concern, pack, ct));
            }
            foreach (var concern in claimed)
            {
                var reachable = await tell.About(concern, "action-delivered", null, new()
                {
                    ["reference"] = concern.Reference, ["what"] = claim.Done, ["owner"] = pack.BodyName(action.OwnerBody, "en"),
                }, ct);
                db.Publish(new ConcernClaimedDone(concern.Id, today, reachable));
            }
            if (await db.Board.SingleOrDefaultAsync(e => e.SourceId == id, ct) is { } entry)
                entry.ForceSays("we-say-done", "we-say-done", today, claim.Done);
        }
        db.Audit("claimed-done", nameof(ForceAction), $"{action.Id}");
        await db.SaveChangesAsync(ct);
        Etag.Set(http.Response, action);
        return TypedResults.NoContent();
    }
}
