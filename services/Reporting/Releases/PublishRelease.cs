using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Reporting.Api;
using WalkTalk.Disclosure;
using WalkTalk.ForcePacks;
using WalkTalk.Reporting.Data;
using WalkTalk.Reporting.Figures;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Reporting.Releases;

/// <summary>Freezes a closed quarter for the public, exactly as its preview was seen.</summary>
internal static class PublishRelease
{
    private static readonly Refusal Published = new("release-exists", 409, "That quarter is published", "A release never changes.", "quarter");
    private static readonly Refusal Overtaken = new("preview-overtaken", 409, "The figures have changed since the preview", "Look at the preview again, then publish what it shows.", "sha256");

    public static async Task<IResult> Handle(string force, PublishReleaseRequest request, ReportingDb db, ForcePackCatalogue packs, TimeProvider time, CancellationToken ct)
    {
        var pack = packs.Get(force);
        var today = PreviewRelease.Today(pack, time);
        if (!Quarter.TryParse(request.Quarter, out var quarter)) return FiguresQuery.UnknownQuarter;
        if (ReleaseRules.TooEarly(quarter, today, ReleaseRules.Of(pack)) is { } early) return early;
        if (await db.Releases.AnyAsync(r => r.Quarter == request.Quarter, ct)) return Published;

        var data = ReleaseRules.Disclose(await ReleaseFacts.Read(db, pack, quarter, ct), pack);
        var json = ReleaseFiles.Json(data);
        if (ReleaseFiles.Sha256(json) != request.Sha256) return Overtaken;

        var (csv, geo) = (ReleaseFiles.Csv(data), ReleaseFiles.GeoJson(data, pack));
        var manifest = new ReleaseManifest(
            force, request.Quarter, quarter.LastDay, today, ReleaseRules.Version, ReleaseRules.Written(ReleaseRules.Of(pack)), packs.Hash,
            [
                ReleaseFiles.Describe(ReleaseFiles.Data, "application/json", json),
                ReleaseFiles.Describe(ReleaseFiles.Table, "text/csv", csv),
                ReleaseFiles.Describe(ReleaseFiles.Geo, "application/geo+json", geo),
            ]);
        db.Add(new Release
        {
            Quarter = request.Quarter, AsAt = quarter.LastDay, PublishedOn = today,
            Manifest = ReleaseFiles.Json(manifest), Json = json, Csv = csv, Geo = geo,
        });
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation("force_id_quarter"))
        {
            return Published;
        }
        return TypedResults.Created(
            $"/v1/{force}/releases/{request.Quarter}/{ReleaseFiles.Manifest}",
            new ReleaseSummary(request.Quarter, quarter.LastDay, today, data.Headline, manifest));
    }
}
