using Microsoft.EntityFrameworkCore;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Booking;

/// <summary>Walks that fit a filter, and how the soonest of them are read without reading the others (docs/decisions/0015).</summary>
internal sealed class Search
{
    private readonly BookingDb db;
    private readonly string[] wards;
    private readonly LightBand[] bands;

    private Search(BookingDb db, string[] wards, LightBand[] bands, IQueryable<Walk> walks) => (this.db, this.wards, this.bands, Walks) = (db, wards, bands, walks);

    /// <summary>All that fit, but for ward and band: those are asked for when they are read.</summary>
    public IQueryable<Walk> Walks { get; }

    public static (Refusal? Refused, Search? Search) For(BookingDb db, WalkFilter filter, ForcePack pack, BookingOptions options)
    {
        var (refused, wards) = filter.Wards(pack);
        if (refused is not null) return (refused, null);
        if (filter.Bands() is not { } bands) return (Refusals.BandUnknown, null);
        if (filter.Date is { Year: < 2000 or > 2200 }) return (Refusals.DateTooFar with { Detail = $"Walks are found for the next {options.HorizonDays} days.", Field = "date" }, null);
        var (now, people) = (db.Now, Math.Clamp(filter.People ?? 1, 1, 4));
        var (earliest, latest) = (now + options.MinimumNotice, now.AddDays(options.HorizonDays));
        var freed = Freed(db, people);
        var walks = db.Walks.Where(w => w.State == WalkState.Published && w.StartsAt >= earliest && w.StartsAt <= latest);
        walks = filter.Full == true
            ? walks.Where(w => people <= w.Capacity && w.Taken + people > w.Capacity && !freed.Contains(w.Id))
            : walks.Where(w => w.Taken + people <= w.Capacity || freed.Contains(w.Id));
        if (filter.StepFree == true) walks = walks.Where(w => w.StepFree);
        if (filter.Language is { } language) walks = walks.Where(w => w.Language == language);
        var (from, until) = (filter.From ?? TimeOnly.MinValue, filter.Until ?? TimeOnly.MaxValue);
        if (from > until) walks = walks.Where(w => w.LocalTime >= from || w.LocalTime <= until);
        else if ((filter.From ?? filter.Until) is not null) walks = walks.Where(w => w.LocalTime >= from && w.LocalTime <= until);
        return (null, new Search(db, wards ?? [.. pack.Wards.Select(w => w.Code)], bands, walks));
    }

    /// <summary>The first so many, soonest first. On PostgreSQL each ward and band is one short read along its own stretch of the index, and these are merged.</summary>
    public IQueryable<Walk> Soonest(IQueryable<Walk> walks, int count)
    {
        var names = bands.Select(b => b.ToString()).ToArray();
        var found = db.Database.IsNpgsql()
            ? db.Database.SqlQuery<Stretch>($"SELECT ward, band FROM unnest({wards}) ward CROSS JOIN unnest({names}) band")
                .SelectMany(at => walks.Where(w => w.WardCode == at.Ward && (string)(object)w.Band == at.Band).OrderBy(w => w.StartsAt).ThenBy(w => w.Id).Take(count))
            : walks.Where(w => wards.Contains(w.WardCode) && bands.Contains(w.Band));
        return found.OrderBy(w => w.StartsAt).ThenBy(w => w.Id).Take(count);
    }

    /// <summary>A piece of the index that is in the order of time.</summary>
    private sealed record Stretch(string Ward, string Band);

    /// <summary>A hold is over to the second, also before the clean-up has freed its place, where nobody waits for it: walks that have room for so many by that alone.</summary>
    private static IQueryable<Guid> Freed(BookingDb db, int people)
    {
        var now = db.Now;
        return db.Bookings.Where(b => b.State == BookingState.Held && b.HoldUntil <= now && !db.Bookings.Any(o => o.WalkId == b.WalkId && o.State == BookingState.Waiting))
            .GroupBy(b => b.WalkId).Select(g => new { g.Key, People = g.Sum(b => b.People) })
            .Join(db.Walks, g => g.Key, w => w.Id, (g, w) => new { w.Id, Room = w.Capacity - w.Taken + g.People })
            .Where(w => w.Room >= people).Select(w => w.Id);
    }
}
