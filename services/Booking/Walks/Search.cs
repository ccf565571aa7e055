using Microsoft.EntityFrameworkCore;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Booking;

/// <summary>Walks that fit a filter, and how the soonest of them are read without reading the others (docs/decisions/0015).</summary>
internal sealed class Search
{
    /// <summary>So many rows of a stretch are looked at together, where nearly all that fits has no room.</summary>
    private const int Most = 400;

    private readonly BookingDb db;
    private readonly ForcePack pack;
    private readonly string[] wards;
    private readonly LightBand[] bands;
    private readonly (TimeOnly From, TimeOnly Until)? hours;
    private readonly IQueryable<Walk> fits;
    private readonly int people;
    private readonly bool full;

    private Search(BookingDb db, ForcePack pack, string[] wards, LightBand[] bands, WalkFilter filter, DateTimeOffset earliest, DateTimeOffset latest)
    {
        (this.db, this.pack, this.wards, this.bands) = (db, pack, wards, bands);
        fits = db.Walks.Where(w => w.State == WalkState.Published && w.StartsAt >= earliest && w.StartsAt <= latest);
        if (filter.StepFree == true) fits = fits.Where(w => w.StepFree);
        if (filter.Language is { } language) fits = fits.Where(w => w.Language == language);
        if ((filter.From ?? filter.Until) is not null)
        {
            var (from, until) = (filter.From ?? TimeOnly.MinValue, filter.Until ?? TimeOnly.MaxValue);
            hours = (from, until);
            fits = from > until ? fits.Where(w => w.LocalTime >= from || w.LocalTime <= until) : fits.Where(w => w.LocalTime >= from && w.LocalTime <= until);
        }

        (people, full) = (Math.Clamp(filter.People ?? 1, 1, 4), filter.Full == true);
        (Earliest, Latest) = (earliest, latest);
    }

    /// <summary>A walk and how many officers come.</summary>
    public sealed record Found(Walk Walk, int Officers);

    public DateTimeOffset Earliest { get; }

    public DateTimeOffset Latest { get; }

    public static (Refusal? Refused, Search? Search) For(BookingDb db, WalkFilter filter, ForcePack pack, BookingOptions options)
    {
        var (refused, wards) = filter.Wards(pack);
        if (refused is not null) return (refused, null);
        if (filter.Bands() is not { } bands) return (Refusals.BandUnknown, null);
        if (filter.Date is { Year: < 2000 or > 2200 }) return (Refusals.DateTooFar with { Detail = $"Walks are found for the next {options.HorizonDays} days.", Field = "date" }, null);
        return (null, new Search(db, pack, wards ?? [.. pack.Wards.Select(w => w.Code)], bands, filter, db.Now + options.MinimumNotice, db.Now.AddDays(options.HorizonDays)));
    }

    /// <summary>The first so many that begin then or later (of those at that very instant, with an id after <paramref name="after"/>) and before <paramref name="until"/>, soonest first.</summary>
    public async Task<List<Found>> Soonest(DateTimeOffset from, Guid after, DateTimeOffset until, int count, CancellationToken ct)
    {
        if (!db.Database.IsNpgsql())
        {
            return await Read(Later(fits, from, after).Where(w => w.StartsAt < until && wards.Contains(w.WardCode) && bands.Contains(w.Band)), db.Bookings, count, ct);
        }

        var found = new List<Found>();
        foreach (var spans in Spans(from > Earliest ? from : Earliest, until < Latest ? until : Latest.AddTicks(TimeSpan.TicksPerMicrosecond)))
        {
            await Merge(found, spans, (from, after), count, ct);
            if (found.Count == count) break;
        }
        return found;
    }

    /// <summary>
    /// A ward, a band and a span of time are one stretch of the index, in the order of time. The heads of all stretches, read in the index alone, are merged;
    /// then rows are read from the soonest on until enough of them have room.
    /// </summary>
    private async Task Merge(List<Found> found, List<(DateTimeOffset From, DateTimeOffset Until)> spans, (DateTimeOffset At, Guid Id) passed, int count, CancellationToken ct)
    {
        var all = (from ward in wards from band in bands from span in spans select (Ward: ward, Band: band.ToString(), span.From, span.Until)).ToList();
        if (all.Count == 0) return;
        var (inWards, inBands, froms, untils) = (all.Select(s => s.Ward).ToArray(), all.Select(s => s.Band).ToArray(), all.Select(s => s.From).ToArray(), all.Select(s => s.Until).ToArray());
        for (var each = 6 + (4 * count / all.Count); ; each = Math.Min(each * 4, Most))
        {
            var ahead = Later(fits, passed.At, passed.Id);
            var heads = await db.Database.SqlQuery<Stretch>($"SELECT n::int, ward, band, \"from\", until FROM unnest({inWards}, {inBands}, {froms}, {untils}) WITH ORDINALITY AS s(ward, band, \"from\", until, n)")
                .SelectMany(s => ahead.Where(w => w.WardCode == s.Ward && (string)(object)w.Band == s.Band && w.StartsAt >= s.From && w.StartsAt < s.Until)
                    .OrderBy(w => w.StartsAt).ThenBy(w => w.Id).Take(each).Select(w => new { s.N, w.StartsAt, w.Id }))
                .OrderBy(w => w.StartsAt).ThenBy(w => w.Id).ToListAsync(ct);
            // Where a stretch may go on, what others have after its last row is not yet known to be the next.
            var cut = heads.Select((w, i) => (w.N, At: i)).GroupBy(w => w.N).Where(s => s.Count() == each).Select(s => (int?)s.Max(w => w.At)).Min();
            foreach (var ids in heads.Take((cut ?? heads.Count) + 1).Select(w => w.Id).Chunk(3 * count))
            {
                found.AddRange(await Read(fits.Where(w => ids.Contains(w.Id)), db.Bookings.Where(b => ids.Contains(b.WalkId)), count - found.Count, ct));
                if (found.Count == count) return;
            }
            if (cut is not { } last) return;
            passed = (heads[last].StartsAt, heads[last].Id);
        }
    }

    /// <summary>The time to search. Where only some hours of the day are asked for, theirs of each day (the last minute too), and an hour more on both sides for the clock changes; first of two days, then of four more…</summary>
    private IEnumerable<List<(DateTimeOffset From, DateTimeOffset Until)>> Spans(DateTimeOffset from, DateTimeOffset until)
    {
        var length = hours is not { } day ? TimeSpan.FromDays(1) : day.Until - day.From + TimeSpan.FromMinutes(121);
        // The shortest day has 23 hours: no walk is in the spans of two.
        if (length >= TimeSpan.FromHours(23))
        {
            yield return [(from, until)];
            yield break;
        }

        var (first, last) = (Day(from).AddDays(-1), Day(until));
        for (var days = 2; first <= last; (first, days) = (first.AddDays(days), days * 2))
        {
            yield return [.. Enumerable.Range(0, days).Select(d => WallClock.Moment(first.AddDays(d), hours!.Value.From, pack.TimeZone).ToUniversalTime().AddHours(-1))
                .Select(begins => (From: Max(begins, from), Until: begins + length < until ? begins + length : until)).Where(s => s.From < s.Until)];
        }

        DateOnly Day(DateTimeOffset at) => pack.Today(at);
        static DateTimeOffset Max(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
    }

    private static IQueryable<Walk> Later(IQueryable<Walk> walks, DateTimeOffset at, Guid id) => walks.Where(w => w.StartsAt >= at && (w.StartsAt > at || w.Id.CompareTo(id) > 0));

    /// <summary>
    /// Those that have room (or, when asked, have none). A hold is over to the second, also before the clean-up has freed its place, where nobody waits for it:
    /// such holds are a short list by an index of their own.
    /// </summary>
    private Task<List<Found>> Read(IQueryable<Walk> walks, IQueryable<Booking> theirs, int count, CancellationToken ct)
    {
        var now = db.Now;
        var freed = theirs.Where(b => b.State == BookingState.Held && b.HoldUntil <= now && !db.Bookings.Any(o => o.WalkId == b.WalkId && o.State == BookingState.Waiting))
            .GroupBy(b => b.WalkId).Select(g => new { g.Key, People = g.Sum(b => b.People) })
            .Join(db.Walks, g => g.Key, w => w.Id, (g, w) => new { w.Id, Room = w.Capacity - w.Taken + g.People })
            .Where(w => w.Room >= people).Select(w => w.Id);
        var some = full
            ? walks.Where(w => people <= w.Capacity && w.Taken + people > w.Capacity && !freed.Contains(w.Id))
            : walks.Where(w => w.Taken + people <= w.Capacity || freed.Contains(w.Id));
        return some.OrderBy(w => w.StartsAt).ThenBy(w => w.Id).Take(count).Select(w => new Found(w, w.Officers.Count)).AsNoTracking().ToListAsync(ct);
    }

    /// <summary>A piece of the index that is in the order of time.</summary>
    private sealed record Stretch(int N, string Ward, string Band, DateTimeOffset From, DateTimeOffset Until);
}
