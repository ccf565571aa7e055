using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Reporting.Api;
using WalkTalk.Reporting.Data;

namespace WalkTalk.Reporting.Releases;

/// <summary>Every release of the force, latest first, each with its headline: the trend is read from here.</summary>
internal static class ListReleases
{
    public static async Task<IReadOnlyList<ReleaseSummary>> Handle(ReportingDb db, CancellationToken ct)
    {
        var releases = await db.Releases.AsNoTracking()
            .OrderByDescending(r => r.Quarter)
            .Select(r => new { r.Quarter, r.AsAt, r.PublishedOn, r.Json, r.Manifest })
            .ToListAsync(ct);
        return [.. releases.Select(r => Summary(r.Quarter, r.AsAt, r.PublishedOn, r.Json, r.Manifest))];
    }

    internal static ReleaseSummary Summary(string quarter, DateOnly asAt, DateOnly publishedOn, string json, string manifest) => new(
        quarter, asAt, publishedOn,
        ReleaseFiles.Read<ReleaseData>(json).Headline,
        ReleaseFiles.Read<ReleaseManifest>(manifest));
}
