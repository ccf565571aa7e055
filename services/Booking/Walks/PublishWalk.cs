using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using WalkTalk.Contracts.Booking;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking;

/// <summary>A coordinator publishes one walk: from now on it can be found and booked.</summary>
internal static class PublishWalk
{
    public static async Task<IResult> Handle(
        PublishWalkRequest plan, BookingDb db, ForcePackCatalogue packs, IOptions<BookingOptions> options, CancellationToken ct)
    {
        var pack = packs.Get(db.Force!);
        if (pack.FindMeetingPoint(plan.MeetingPointId) is not { } point) return Refusals.MeetingPointUnknown;
        if (plan.StepFree && !point.StepFree) return Refusals.NotStepFree;
        if (plan.OfficerIds.Distinct().Count() != plan.OfficerIds.Count) return Refusals.OfficerTwice;
        if (WallClock.IsTwice(plan.Date, plan.Time, pack.TimeZone) && plan.SecondTime is null) return Refusals.TimeTwice;
        if (WallClock.Instant(plan.Date, plan.Time, pack.TimeZone, plan.SecondTime ?? false) is not { } start) return Refusals.TimeMissing;
        if (start <= db.Now) return Refusals.WalkInPast;
        if (start > db.Now.AddDays(options.Value.HorizonDays)) return Refusals.WalkTooFar with { Detail = $"At most {options.Value.HorizonDays} days ahead." };

        var end = start.AddMinutes(plan.Minutes);
        var ward = pack.FindWard(point.WardCode)!;
        var walk = new Walk
        {
            WardCode = ward.Code, MeetingPoint = point.Name, Lit = point.Lit, StepFree = plan.StepFree, Language = plan.Language,
            StartsAt = start, EndsAt = end, LocalDate = plan.Date, LocalTime = plan.Time, Zone = pack.TimeZone.Id,
            Band = Sun.Band(ward.Lat, ward.Lng, pack.TimeZone, start, end), Capacity = plan.Capacity,
        };

        return await db.Atomically<IResult>(async () =>
        {
            // Officers' rows first and in order: two coordinators planning the same pair wait for each other instead of deadlocking.
            foreach (var id in plan.OfficerIds.Order())
            {
                if (await db.Officers.Where(o => o.Id == id).ExecuteUpdateAsync(s => s.SetProperty(o => o.Sub, o => o.Sub), ct) == 0) return Refusals.OfficerUnknown;
                walk.Officers.Add(new WalkOfficer { OfficerId = id, BusyFrom = start - options.Value.Buffer, BusyUntil = end + options.Value.Buffer });
            }
            var officers = await db.Officers.Where(o => plan.OfficerIds.Contains(o.Id)).ToListAsync(ct);
            if (!officers.Any(o => o.Languages.Contains(plan.Language))) return Refusals.LanguageNotSpoken;

            db.Walks.Add(walk);
            db.Publish(new WalkPublished(walk.Id, walk.WardCode, start.ToUniversalTime(), end.ToUniversalTime(), walk.Band.Wire(), walk.Capacity));
            try
            {
                await db.SaveChangesAsync(ct);
            }
            catch (DbUpdateException e) when (e.IsUniqueViolation("walk_officers_busy"))
            {
                db.ChangeTracker.Clear();
                return Refusals.OfficerBusy with { Detail = $"Each officer needs {options.Value.Buffer.TotalMinutes:0} minutes before and after a walk." };
            }
            return TypedResults.Created((string?)null, new WalkPublishedReply(walk.Id, start, end, walk.Band.Wire(), walk.Version));
        }, ct);
    }
}
