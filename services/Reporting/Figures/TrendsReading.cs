using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Reporting.Api;
using WalkTalk.ForcePacks;
using WalkTalk.Reporting.Data;

namespace WalkTalk.Reporting.Figures;

/// <summary>Staff figures by quarter: four aggregate queries, however many quarters and concerns.</summary>
internal static class TrendsReading
{
    /// <summary>How many queries one reading costs; a test counts them.</summary>
    public const int Queries = 4;

    public static async Task<StaffTrends> ReadTrends(this ReportingDb db, ForcePack pack, FiguresFilter filter, string[] quarters, CancellationToken ct)
    {
        var (_, borough, ward) = filter;
        var today = Quarters.Day(db.Now, pack.TimeZone);

        var walkRows = db.Walks.Where(w => quarters.Contains(w.Quarter) && (borough == null || w.BoroughCode == borough) && (ward == null || w.WardCode == ward));
        var walks = await walkRows
            .GroupBy(w => w.Quarter)
            .Select(g => new
            {
                g.Key,
                Kept = g.Count(w => !w.Cancelled),
                Dark = g.Count(w => !w.Cancelled && w.LightBand != "day"),
                Started = g.Count(w => w.Started),
                Verified = g.Count(w => w.Started && w.Verified > 0),
            })
            .ToDictionaryAsync(w => w.Key!, ct);

        var bookings = await db.Bookings
            .Join(walkRows, b => b.WalkId, w => w.Id, (b, w) => new { w.Quarter, b.Confirmed, b.FailedByForce })
            .GroupBy(b => b.Quarter)
            .Select(g => new { g.Key, Confirmed = g.Count(b => b.Confirmed), Failed = g.Count(b => b.Confirmed && b.FailedByForce) })
            .ToDictionaryAsync(b => b.Key!, ct);

        var concernRows = db.Concerns.Where(c => !c.Removed && quarters.Contains(c.Quarter)
            && (borough == null || c.BoroughCode == borough) && (ward == null || c.WardCode == ward));
        var concerns = await concernRows
            .GroupBy(c => c.Quarter)
            .Select(g => new
            {
                g.Key,
                Triaged = g.Count(c => c.TriagedQuarter != null),
                Claimed = g.Count(c => c.TriagedQuarter != null && c.ClaimedOn != null),
                Confirmed = g.Count(c => c.TriagedQuarter != null && c.ConfirmedOn != null && (c.DisputedOn == null || c.DisputedOn <= c.ConfirmedOn)),
                DueForTriage = g.Count(c => c.TriagedInTime != null || (c.TriagedQuarter == null && c.TriageBy < today)),
                TriagedInTime = g.Count(c => c.TriagedInTime == true),
            })
            .ToDictionaryAsync(c => c.Key!, ct);

        var days = (await concernRows.Where(c => c.OutcomeAfter != null)
            .GroupBy(c => new { c.Quarter, c.OutcomeAfter })
            .Select(g => new { g.Key.Quarter, Days = g.Key.OutcomeAfter!.Value, Count = g.Count() })
            .ToListAsync(ct)).ToLookup(d => d.Quarter!, d => new DaysCount(d.Days, d.Count));

        return new(filter, [.. quarters.Select(q =>
        {
            var (walked, booked, told) = (walks.GetValueOrDefault(q), bookings.GetValueOrDefault(q), concerns.GetValueOrDefault(q));
            return new QuarterFigures(
                q,
                new Share(told?.Claimed ?? 0, told?.Triaged ?? 0),
                new Share(told?.Confirmed ?? 0, told?.Triaged ?? 0),
                new Share(told?.TriagedInTime ?? 0, told?.DueForTriage ?? 0),
                FiguresReading.SpreadOf([.. days[q]]),
                new Share(walked?.Verified ?? 0, walked?.Started ?? 0),
                new Share((booked?.Confirmed ?? 0) - (booked?.Failed ?? 0), booked?.Confirmed ?? 0),
                new Share(walked?.Dark ?? 0, walked?.Kept ?? 0));
        })]);
    }
}
