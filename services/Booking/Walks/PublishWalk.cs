using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
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
        if (await MeetingPoints.Find(db, pack, plan.MeetingPointId, ct) is not { } point) return Refusals.MeetingPointUnknown;
        if (plan.StepFree && !point.StepFree) return Refusals.NotStepFree;
        if (plan.OfficerIds.Distinct().Count() != plan.OfficerIds.Count) return Refusals.OfficerTwice;
        var (refused, start) = When(plan.Date, plan.Time, plan.SecondTime, pack, db.Now, options.Value);
        if (refused is not null) return refused;
        var end = start.AddMinutes(plan.Minutes);
        var walk = New(pack, point, start, end, plan.Capacity, plan.Language, plan.StepFree);

        return await db.Atomically<IResult>(async () =>
        {
            // Officers' rows first and in order: two coordinators planning the same pair wait for each other instead of deadlocking.
            foreach (var id in plan.OfficerIds.Order())
            {
                if (await db.LockOfficer(id, ct) == 0) return Refusals.OfficerUnknown;
                walk.Officers.Add(new WalkOfficer { OfficerId = id, BusyFrom = start - options.Value.Buffer, BusyUntil = end + options.Value.Buffer });
            }
            var officers = await OfficerTime.Read(db, pack, plan.Date, plan.Date, [.. plan.OfficerIds], ct);
            if (!officers.Any(o => o.Officer.Languages.Contains(plan.Language))) return Refusals.LanguageNotSpoken;
            foreach (var officer in officers)
            {
                // A clash is left to the database, which refuses it whoever asks.
                if (officer.Against(start, end, plan.Date, options.Value) is not { } hindrance || hindrance == Hindrance.Busy) continue;
                if (plan.OverrideReason is null) return Hindered(hindrance, officer.Officer, options.Value);
                db.Audit($"override-{hindrance.Wire()}", nameof(Walk), $"{walk.Id}", plan.OverrideReason);
            }

            db.Walks.Add(walk);
            db.Publish(walk.Published());
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

    /// <summary>The instant that is meant by a clock time, if a walk may begin then.</summary>
    public static (Refusal? Refused, DateTimeOffset Start) When(DateOnly date, TimeOnly time, bool? second, ForcePack pack, DateTimeOffset now, BookingOptions options)
    {
        if (WallClock.IsTwice(date, time, pack.TimeZone) && second is null) return (Refusals.TimeTwice, default);
        if (WallClock.Instant(date, time, pack.TimeZone, second ?? false) is not { } start) return (Refusals.TimeMissing, default);
        return start <= now ? (Refusals.WalkInPast, start)
            : start < now + options.MinimumNotice ? (Refusals.WalkTooSoon with { Detail = $"Walks are booked at least {options.MinimumNotice.TotalMinutes:0} minutes ahead." }, start)
            : start > now.AddDays(options.HorizonDays) ? (Refusals.WalkTooFar with { Detail = $"At most {options.HorizonDays} days ahead." }, start)
            : (null, start);
    }

    /// <summary>A walk that nobody has saved or been given yet.</summary>
    public static Walk New(ForcePack pack, MeetingPoint point, DateTimeOffset start, DateTimeOffset end, int capacity, string language, bool stepFree, string? planKey = null)
    {
        var ward = pack.FindWard(point.WardCode)!;
        return new Walk
        {
            WardCode = ward.Code, MeetingPoint = point.Name, Lit = point.Lit, StepFree = stepFree, Language = language,
            StartsAt = start, EndsAt = end, LocalDate = DateOnly.FromDateTime(start.DateTime), LocalTime = TimeOnly.FromDateTime(start.DateTime), Zone = pack.TimeZone.Id,
            Band = Sun.Band(ward.Lat, ward.Lng, pack.TimeZone, start, end), Capacity = capacity, PlanKey = planKey,
        };
    }

    public static Refusal Hindered(Hindrance hindrance, Officer officer, BookingOptions options)
    {
        var refusal = hindrance switch
        {
            Hindrance.Leave => Refusals.OfficerOnLeave,
            Hindrance.Rest => Refusals.OfficerNeedsRest,
            Hindrance.DayFull => Refusals.OfficerDayFull,
            _ => Refusals.OfficerNotAvailable,
        };
        var why = hindrance switch
        {
            Hindrance.Leave => "is on leave",
            Hindrance.Rest => $"needs {options.Rest.TotalHours:0.#} hours between the walks of two days",
            Hindrance.DayFull => $"has {options.MaximumADay} walks that day",
            _ => "has not said that she can walk then",
        };
        return refusal with { Detail = $"{officer.FirstName}, {officer.CollarNumber}, {why}. Choose another time or officer, or send overrideReason." };
    }
}
