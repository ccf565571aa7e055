using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Booking;

/// <summary>When an officer can walk and when she is away, as the coordinator writes it down.</summary>
internal static class OfficerAvailabilities
{
    private const int MostRules = 30, MostExceptions = 100, MostLeave = 100;

    public static async Task<IResult> Show(Guid officerId, DateOnly? from, int? days, BookingDb db, ForcePackCatalogue packs, CancellationToken ct)
    {
        if (await db.Officers.AsNoTracking().SingleOrDefaultAsync(o => o.Id == officerId, ct) is not { } officer) return Unknown;
        var zone = packs.Get(db.Force!).TimeZone;
        var today = Today(db, zone);
        var first = from ?? today;
        if (TooFar(first, today, "from") is { } far) return far;
        var last = first.AddDays(Math.Clamp(days ?? 28, 1, 366) - 1);
        if (officer.LastDay < last) last = officer.LastDay.Value;
        var rules = await db.Availability.Where(a => a.OfficerId == officerId).OrderBy(a => a.FirstDate).ThenBy(a => a.Id).AsNoTracking().ToListAsync(ct);
        var leave = await db.Leave.Where(l => l.OfficerId == officerId && l.Until >= first).OrderBy(l => l.From).ThenBy(l => l.Id).AsNoTracking().ToListAsync(ct);
        var walks = await CloseOfficer.Ahead(db, officerId, db.Now).OrderBy(w => w.StartsAt).Take(CloseOfficer.Most).AsNoTracking().ToListAsync(ct);
        return TypedResults.Ok(new OfficerAvailability(
            officer.Row(), zone.Id,
            [.. rules.Select(a => new AvailabilityRow(a.Id, a.FirstDate, a.From, a.Until, a.Rule, [.. a.Except.Order()]))],
            [.. leave.Select(l => new LeaveRow(l.Id, l.From, l.Until, l.Kind))],
            [.. Availability.Windows(rules, leave, first, last, zone).Select(w => new WindowView(TimeZoneInfo.ConvertTime(w.From, zone), TimeZoneInfo.ConvertTime(w.Until, zone)))],
            [.. walks.Select(w => new WalkAhead(w.Id, w.Local(w.StartsAt), w.Local(w.EndsAt), w.Ward(packs.Get(db.Force!))))]));
    }

    public static Task<IResult> Add(Guid officerId, AddAvailabilityRequest request, BookingDb db, ForcePackCatalogue packs, CancellationToken ct) =>
        db.Atomically<IResult>(async () =>
        {
            var today = Today(db, packs.Get(db.Force!).TimeZone);
            if (TooFar(request.FirstDate, today, "firstDate") is { } far) return far;
            // TimeOnly subtracts around midnight; equal times are a whole day.
            if (request.From == request.Until || request.Until - request.From > TimeSpan.FromHours(12)) return Refusals.WindowTooLong;
            if (request.Rule is { } rule && Recurrence.Fault(rule, request.FirstDate) is { } fault) return Refusals.RuleFaulty with { Detail = fault };
            if (await db.LockOfficers([officerId], ct) is []) return Unknown;
            if (await db.Availability.CountAsync(a => a.OfficerId == officerId, ct) >= MostRules) return Refusals.TooManyRules with { Detail = $"At most {MostRules}: take one away that is over." };

            // RFC 5545 wants the first day to be one of the rule's.
            var first = request.Rule is null ? request.FirstDate : Recurrence.Days(request.Rule, request.FirstDate, request.FirstDate).First();
            var availability = new Availability { OfficerId = officerId, FirstDate = first, From = request.From, Until = request.Until, Rule = request.Rule?.ToUpperInvariant() };
            db.Availability.Add(availability);
            await db.SaveChangesAsync(ct);
            return TypedResults.Created((string?)null, new AvailabilityAdded(availability.Id, first));
        }, ct);

    public static async Task<IResult> Remove(Guid availabilityId, BookingDb db, CancellationToken ct)
    {
        if (await db.Availability.SingleOrDefaultAsync(a => a.Id == availabilityId, ct) is not { } availability) return Refusals.AvailabilityUnknown;
        db.Availability.Remove(availability);
        await db.SaveChangesAsync(ct);
        return TypedResults.NoContent();
    }

    /// <summary>One day of a rule falls out.</summary>
    public static Task<IResult> Except(Guid availabilityId, DateOnly date, BookingDb db, ForcePackCatalogue packs, CancellationToken ct) =>
        Change(availabilityId, db, availability =>
        {
            if (TooFar(date, Today(db, packs.Get(db.Force!).TimeZone), "date") is { } far) return far;
            if (availability.Except.Contains(date)) return null;
            if (availability.Rule is null || !Recurrence.Days(availability.Rule, availability.FirstDate, date).Take(1).Contains(date)) return Refusals.NoDayOfRule;
            if (availability.Except.Count >= MostExceptions) return Refusals.TooManyRules with { Detail = $"At most {MostExceptions} exceptions: end this rule and begin another." };
            availability.Except = [.. availability.Except.Append(date).Order()];
            return null;
        }, ct);

    /// <summary>It does not fall out after all.</summary>
    public static Task<IResult> Restore(Guid availabilityId, DateOnly date, BookingDb db, CancellationToken ct) =>
        Change(availabilityId, db, availability =>
        {
            availability.Except = [.. availability.Except.Where(d => d != date)];
            return null;
        }, ct);

    public static Task<IResult> AddLeave(Guid officerId, AddLeaveRequest request, BookingDb db, ForcePackCatalogue packs, CancellationToken ct) =>
        db.Atomically<IResult>(async () =>
        {
            if (TooFar(request.From, Today(db, packs.Get(db.Force!).TimeZone), "from") is { } far) return far;
            if (request.Until < request.From || request.Until > request.From.AddYears(1)) return Refusals.LeaveEnds;
            if (await db.LockOfficers([officerId], ct) is []) return Unknown;
            if (await db.Leave.CountAsync(l => l.OfficerId == officerId && l.Until >= request.From, ct) >= MostLeave) return Refusals.TooManyRules with { Detail = $"At most {MostLeave} at a time." };
            var leave = new Leave { OfficerId = officerId, From = request.From, Until = request.Until, Kind = request.Kind };
            db.Leave.Add(leave);
            await db.SaveChangesAsync(ct);
            var time = leave.Time(packs.Get(db.Force!).TimeZone);
            var walks = await db.Walks.CountAsync(w => w.State == WalkState.Published && w.StartsAt < time.Until && w.EndsAt > time.From && w.Officers.Any(o => o.Active && o.OfficerId == officerId), ct);
            return TypedResults.Created((string?)null, new LeaveAdded(leave.Id, walks));
        }, ct);

    public static async Task<IResult> RemoveLeave(Guid leaveId, BookingDb db, CancellationToken ct)
    {
        if (await db.Leave.SingleOrDefaultAsync(l => l.Id == leaveId, ct) is not { } leave) return Refusals.LeaveUnknown;
        db.Leave.Remove(leave);
        await db.SaveChangesAsync(ct);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> Change(Guid availabilityId, BookingDb db, Func<Availability, IResult?> change, CancellationToken ct)
    {
        if (await db.Availability.SingleOrDefaultAsync(a => a.Id == availabilityId, ct) is not { } availability) return Refusals.AvailabilityUnknown;
        if (change(availability) is { } refused) return refused;
        await db.SaveChangesAsync(ct);
        return TypedResults.NoContent();
    }

    internal static Refusal? TooFar(DateOnly date, DateOnly today, string field) => date >= today.AddYears(-1) && date <= today.AddYears(2) ? null
        : Refusals.DateTooFar with { Detail = $"A day from {today.AddYears(-1):yyyy-MM-dd} to {today.AddYears(2):yyyy-MM-dd}.", Field = field };

    internal static IResult Unknown => Refusals.OfficerUnknown with { Status = 404, Field = null };

    internal static DateOnly Today(BookingDb db, TimeZoneInfo zone) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(db.Now, zone).DateTime);
}
