using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking;

/// <summary>A coordinator publishes one walk: from now on it can be found and booked.</summary>
internal sealed class PublishWalk(BookingDb db, ForcePackCatalogue packs, IOptions<BookingOptions> options) : IDecideTogether<PublishWalkRequest>
{
    private Dictionary<string, MeetingPoint> points = [];
    private Dictionary<Guid, OfficerTime> officers = [];

    private ForcePack Pack => packs.Get(db.Force!);

    public static Task<IResult> Handle(PublishWalkRequest plan, HttpContext http, Together<PublishWalk, PublishWalkRequest> together) => together.Ask(http, plan);

    public async Task Prepare(IReadOnlyCollection<PublishWalkRequest> asked, CancellationToken ct)
    {
        points = await MeetingPoints.Find(db, Pack, asked.Select(p => p.MeetingPointId), ct);
        // Officers' rows first and in order: two coordinators planning the same pair wait for each other instead of deadlocking.
        var ids = await db.LockOfficers(asked.SelectMany(p => p.OfficerIds), ct);
        officers = (await OfficerTime.Read(db, Pack, asked.Min(p => p.Date), asked.Max(p => p.Date), ids, ct)).ToDictionary(o => o.Officer.Id);
    }

    public IResult Decide(PublishWalkRequest plan)
    {
        if (!points.TryGetValue(plan.MeetingPointId, out var point)) return Refusals.MeetingPointUnknown;
        if (plan.StepFree && !point.StepFree) return Refusals.NotStepFree;
        if (plan.OfficerIds.Distinct().Count() != plan.OfficerIds.Count) return Refusals.OfficerTwice;
        var (refused, start) = When(plan.Date, plan.Time, plan.SecondTime, Pack, db.Now, options.Value);
        if (refused is not null) return refused;
        var end = start.AddMinutes(plan.Minutes);
        if (!plan.OfficerIds.All(officers.ContainsKey)) return Refusals.OfficerUnknown;
        var hers = plan.OfficerIds.Order().Select(id => officers[id]).ToList();
        if (!hers.Any(o => o.Officer.Languages.Contains(plan.Language))) return Refusals.LanguageNotSpoken;
        var hindrances = hers.Select(o => o.Against(start, end, plan.Date, options.Value)).ToList();
        for (var i = 0; i < hers.Count; i++)
        {
            if (hindrances[i] is Hindrance.Busy) return Busy;
            if (hindrances[i] is Hindrance.Left) return Hindered(Hindrance.Left, hers[i].Officer, options.Value);
            if (hindrances[i] is { } hindrance && plan.OverrideReason is null) return Hindered(hindrance, hers[i].Officer, options.Value);
        }

        var walk = New(Pack, point, start, end, plan.Capacity, plan.Language, plan.StepFree);
        foreach (var hindrance in hindrances) if (hindrance is { } overridden) db.Audit($"override-{overridden.Wire()}", nameof(Walk), $"{walk.Id}", plan.OverrideReason);
        foreach (var officer in hers)
        {
            officer.Take(start, end, plan.Date, options.Value);
            walk.Officers.Add(new WalkOfficer { OfficerId = officer.Officer.Id, BusyFrom = start - options.Value.Buffer, BusyUntil = end + options.Value.Buffer });
        }
        db.Walks.Add(walk);
        db.Publish(walk.Published());
        RaiseOverdue.Watch(db, walk);
        return TypedResults.Created((string?)null, new WalkPublishedReply(walk.Id, start, end, walk.Band.Wire(), Version: 1));
    }

    public Task Save(CancellationToken ct) => db.SaveChangesAsync(ct);

    /// <summary>The database refuses a clash whoever asks.</summary>
    public Refusal? Named(Exception e) => e is DbUpdateException update && update.IsUniqueViolation("walk_officers_busy") ? Busy : null;

    private Refusal Busy => Refusals.OfficerBusy with { Detail = $"Each officer needs {options.Value.Buffer.TotalMinutes:0} minutes before and after a walk." };

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
        // No reason gives a walk to somebody who is no officer then.
        if (hindrance == Hindrance.Left) return Refusals.OfficerLeft with { Detail = $"{officer.FirstName}, {officer.CollarNumber}, walks until {officer.LastDay:yyyy-MM-dd}. Choose another officer." };
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
