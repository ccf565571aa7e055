using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking;

/// <summary>The coordinator's list of walks, whatever their state, in order of time.</summary>
internal static class ListWalks
{
    public static async Task<IResult> Handle(DateOnly? from, int? days, BookingDb db, ForcePackCatalogue packs, CancellationToken ct)
    {
        var pack = packs.Get(db.Force!);
        var first = from ?? pack.Today(db.Now);
        var last = first.AddDays(Math.Clamp(days ?? 14, 1, 60));
        var walks = await db.Walks.Where(w => w.LocalDate >= first && w.LocalDate < last)
            .Include(w => w.Officers).ThenInclude(o => o.Officer)
            .OrderBy(w => w.StartsAt).ThenBy(w => w.Id).AsNoTracking().ToListAsync(ct);
        var ids = walks.Where(w => w.State == WalkState.Published).Select(w => w.Id).ToList();
        var needs = (await OpenNeed.Standing(db).Where(n => ids.Contains(n.WalkId)).AsNoTracking().ToListAsync(ct)).ToLookup(n => n.WalkId);
        return TypedResults.Ok(walks.Select(w => Row(w, pack, [.. needs[w.Id]])).ToList());
    }

    public static ScheduledWalk Row(Walk walk, ForcePack pack, IReadOnlyCollection<OpenNeed> open) => new(
        walk.Id, walk.State.Wire(), walk.Ward(pack), walk.MeetingPoint, walk.Local(walk.StartsAt), walk.Local(walk.EndsAt), walk.Zone, walk.Band.Wire(),
        walk.Capacity, walk.Taken, walk.Language, walk.StepFree, walk.OfficerViews(), Etag.Of(walk),
        open.Count, open.Count == 0 ? null : walk.Local(open.Min(n => n.DueAt)));
}
