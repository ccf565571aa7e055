using Microsoft.EntityFrameworkCore;
using WalkTalk.Disclosure;
using WalkTalk.ForcePacks;
using WalkTalk.Reporting.Data;
using WalkTalk.Reporting.Figures;

namespace WalkTalk.Reporting.Releases;

/// <summary>One concern of the twelve months, as it stood on the quarter's last day: a later publication gives the same figures.</summary>
/// <param name="InQuarter">Received in the quarter of the release itself, and of a category that may be told by quarter and ward.</param>
internal sealed record ConcernFact(
    Guid Contributor, bool InQuarter, string? WardCode, string LightBand,
    bool Triaged, bool InAction, bool ClaimedDone, bool ConfirmedDone, bool Refused);

/// <summary>One ward's walks in one light and one of the four quarters.</summary>
internal sealed record WalkFact(string? Quarter, string? WardCode, string? LightBand, int Kept, int Started, int Verified, int Ended);

/// <summary>Everything a release is made from, before the disclosure rules: never leaves the service.</summary>
internal sealed record ReleaseFacts(Quarter Quarter, IReadOnlyList<ConcernFact> Concerns, IReadOnlyList<WalkFact> Walks)
{
    public static async Task<ReleaseFacts> Read(ReportingDb db, ForcePack pack, Quarter quarter, CancellationToken ct)
    {
        var (name, asAt) = (quarter.ToString(), quarter.LastDay);
        var year = Quarters.YearTo(quarter).Select(q => q.ToString()).ToArray();

        var concerns = await db.Concerns.AsNoTracking()
            .Where(c => !c.Removed && year.Contains(c.Quarter))
            .Select(c => new { c.Contributor, c.Quarter, c.WardCode, c.LightBand, c.Category, c.TriagedQuarter, c.ActionOn, c.ClaimedOn, c.ConfirmedOn, c.DisputedOn, c.NoActionOn })
            .ToListAsync(ct);

        var walks = await db.Walks
            .Where(w => year.Contains(w.Quarter))
            .GroupBy(w => new { w.Quarter, w.WardCode, w.LightBand })
            .Select(g => new WalkFact(
                g.Key.Quarter, g.Key.WardCode, g.Key.LightBand, g.Count(w => !w.Cancelled), g.Count(w => w.Started),
                g.Count(w => w.Started && w.Verified > 0), g.Count(w => w.Ended)))
            .ToListAsync(ct);

        return new(quarter, [.. concerns.Select(c =>
        {
            var triaged = c.TriagedQuarter is { } q && string.CompareOrdinal(q, name) <= 0;
            var claimed = triaged && c.ClaimedOn <= asAt;
            return new ConcernFact(
                c.Contributor!.Value,
                c.Quarter == name && pack.FindConcern(c.Category!) is { BoroughByYearOnly: false },
                c.WardCode, c.LightBand!,
                triaged,
                triaged && c.ActionOn <= asAt,
                claimed,
                triaged && c.ConfirmedOn <= asAt && !(c.DisputedOn <= asAt && c.DisputedOn > c.ConfirmedOn),
                triaged && !claimed && c.NoActionOn <= asAt);
        })], walks);
    }
}
