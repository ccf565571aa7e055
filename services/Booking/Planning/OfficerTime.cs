using Microsoft.EntityFrameworkCore;
using WalkTalk.ForcePacks;

namespace WalkTalk.Booking;

/// <summary>What stands against an officer, a time or a place.</summary>
internal enum Hindrance { Left, Busy, Leave, Unavailable, Rest, DayFull, Notice, Language, SignLanguage, Area, Place, Second, NotNeeded }

/// <summary>A walk as it takes an officer's time: from when to when she is busy, and from when to when she walks.</summary>
internal sealed record Engagement(DateTimeOffset BusyFrom, DateTimeOffset BusyUntil, DateTimeOffset StartsAt, DateTimeOffset EndsAt, DateOnly LocalDate);

/// <summary>An officer with her time over some days: what she offers, when she is away, what she walks.</summary>
internal sealed class OfficerTime
{
    public required Officer Officer { get; init; }

    /// <summary>When she can walk, leave not taken out; null when nobody has said.</summary>
    public required IReadOnlyList<Window>? Windows { get; init; }
    public required IReadOnlyList<Window> Leave { get; init; }
    public required List<Engagement> Walks { get; init; }

    /// <summary>Her walks since 28 days ago, those ahead included.</summary>
    public int Recent { get; set; }

    public const int RecentDays = 28;

    /// <summary>
    /// What of her own time stands against a walk, worst first. That she has left is read under her row's lock; the clash is the database's to refuse; rest, the day's maximum, leave and
    /// availability may be passed over with a reason.
    /// </summary>
    public Hindrance? Against(DateTimeOffset start, DateTimeOffset end, DateOnly date, BookingOptions options) =>
        Officer.LeavesBefore(end) ? Hindrance.Left
        : Walks.Any(w => w.BusyFrom < end + options.Buffer && start - options.Buffer < w.BusyUntil) ? Hindrance.Busy
        : Leave.Any(l => l.Overlaps(start, end)) ? Hindrance.Leave
        : Windows?.Any(w => w.Covers(start, end)) == false ? Hindrance.Unavailable
        : Walks.Any(w => w.LocalDate != date && w.StartsAt < end + options.Rest && start < w.EndsAt + options.Rest) ? Hindrance.Rest
        : Walks.Count(w => w.LocalDate == date) >= options.MaximumADay ? Hindrance.DayFull
        : null;

    public void Take(DateTimeOffset start, DateTimeOffset end, DateOnly date, BookingOptions options)
    {
        Walks.Add(new(start - options.Buffer, end + options.Buffer, start, end, date));
        Recent++;
    }

    /// <summary>Reads officers with all that can touch walks of these local days.</summary>
    public static async Task<List<OfficerTime>> Read(BookingDb db, ForcePack pack, DateOnly from, DateOnly until, IReadOnlyCollection<Guid>? only, CancellationToken ct)
    {
        // Two days more on both sides: yesterday's window may end today, and rest reaches over midnight.
        var (first, last) = (from.AddDays(-2), until.AddDays(2));
        var officers = await db.Officers.Where(o => only == null || only.Contains(o.Id))
            .Include(o => o.Availability).Include(o => o.Leave.Where(l => l.Until >= first && l.From <= last)).OrderBy(o => o.Id).AsNoTracking().ToListAsync(ct);
        var (earliest, latest) = (WallClock.Moment(first, TimeOnly.MinValue, pack.TimeZone).ToUniversalTime(), WallClock.Moment(last.AddDays(1), TimeOnly.MinValue, pack.TimeZone).ToUniversalTime());
        // By the day where a whole force is read, by the officer where some are: each has its index.
        var engaged = db.WalkOfficers.Where(o => o.Active);
        if (only is not null) engaged = engaged.Where(o => only.Contains(o.OfficerId) && o.BusyFrom >= earliest && o.BusyFrom <= latest);
        var days = only is null ? db.Walks.Where(w => w.LocalDate >= first && w.LocalDate <= last) : db.Walks;
        var walks = (await engaged.Join(days, o => o.WalkId, w => w.Id, (o, w) => new { o.OfficerId, o.BusyFrom, o.BusyUntil, w.StartsAt, w.EndsAt, w.LocalDate }).ToListAsync(ct)).ToLookup(w => w.OfficerId);
        return [.. officers.Select(o => new OfficerTime
        {
            Officer = o,
            Windows = o.Availability.Count > 0 ? global::WalkTalk.Booking.Availability.Windows(o.Availability, [], first, last, pack.TimeZone) : null,
            Leave = [.. o.Leave.Select(l => l.Time(pack.TimeZone))],
            Walks = [.. walks[o.Id].Select(w => new Engagement(w.BusyFrom, w.BusyUntil, w.StartsAt, w.EndsAt, w.LocalDate))],
        })];
    }

    /// <summary>The whole force's officers, each with the number of her recent walks: to choose between them fairly.</summary>
    public static async Task<List<OfficerTime>> ReadAll(BookingDb db, ForcePack pack, DateOnly from, DateOnly until, CancellationToken ct)
    {
        var officers = await Read(db, pack, from, until, null, ct);
        var recently = pack.Today(db.Now).AddDays(-RecentDays);
        var recent = await db.WalkOfficers.Where(o => o.Active).Join(db.Walks.Where(w => w.LocalDate >= recently), o => o.WalkId, w => w.Id, (o, w) => o.OfficerId)
            .GroupBy(id => id).Select(g => new { Officer = g.Key, Walks = g.Count() }).ToDictionaryAsync(g => g.Officer, g => g.Walks, ct);
        officers.ForEach(o => o.Recent = recent.GetValueOrDefault(o.Officer.Id));
        return officers;
    }
}
