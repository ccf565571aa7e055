using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Reporting.Api;
using WalkTalk.Reporting.Data;

namespace WalkTalk.Reporting.Figures;

/// <summary>The figures of messages and of retention: what has no place.</summary>
internal static class UpkeepReading
{
    /// <summary>Rounds are every working morning: after this many days without one they have stopped.</summary>
    private const int DaysWithoutRound = 7;

    public static async Task<MessageFigures> ReadMessages(this ReportingDb db, string? quarter, CancellationToken ct)
    {
        var rows = db.Messages.Where(m => quarter == null || m.Quarter == quarter);
        var count = await rows.GroupBy(m => m.ForceId).Select(g => new
        {
            All = g.Count(),
            Unconfirmed = g.Count(m => m.State == "Sent"),
            Delivered = g.Count(m => m.State == "Delivered"),
            Ended = g.Count(m => m.Confirms && m.State != "Sent"),
            Twice = g.Count(m => m.MayBeTwice),
        }).SingleOrDefaultAsync(ct);
        var (unconfirmed, delivered) = (count?.Unconfirmed ?? 0, count?.Delivered ?? 0);
        var gone = unconfirmed + delivered;
        var seconds = await rows.Where(m => m.State == "Sent" || m.State == "Delivered").OrderBy(m => m.Seconds).ThenBy(m => m.Id)
            .Skip(Math.Max(0, (19 * gone + 19) / 20 - 1)).Take(1).Select(m => (int?)m.Seconds).FirstOrDefaultAsync(ct);
        return new(new Share(delivered, count?.Ended ?? 0), unconfirmed, (count?.All ?? 0) - gone, seconds, count?.Twice ?? 0, count?.All ?? 0);
    }

    public static async Task<RetentionFigures> ReadRetention(this ReportingDb db, DateOnly today, CancellationToken ct)
    {
        var rounds = await db.RetentionRuns.AsNoTracking().OrderBy(r => r.Service).ToListAsync(ct);
        return new(rounds.Sum(r => r.Overdue), [.. rounds.Select(r => new RetentionRound(r.Service, r.RanOn!.Value))], rounds.Exists(r => r.RanOn < today.AddDays(-DaysWithoutRound)));
    }
}
