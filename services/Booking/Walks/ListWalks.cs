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
        var first = from ?? DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(db.Now, pack.TimeZone).DateTime);
        var last = first.AddDays(Math.Clamp(days ?? 14, 1, 60));
        var walks = await db.Walks.Where(w => w.LocalDate >= first && w.LocalDate < last)
            .Include(w => w.Officers).ThenInclude(o => o.Officer)
            .OrderBy(w => w.StartsAt).ThenBy(w => w.Id).AsNoTracking().ToListAsync(ct);
        return TypedResults.Ok(walks.Select(w => new ScheduledWalk(
            w.Id, w.State.Wire(), w.Ward(pack), w.MeetingPoint, w.Local(w.StartsAt), w.Local(w.EndsAt), w.Zone, w.Band.Wire(),
            w.Capacity, w.Taken, w.Language, w.StepFree, w.OfficerViews(), Etag.Of(w))).ToList());
    }
}
