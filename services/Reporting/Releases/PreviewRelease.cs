using WalkTalk.Contracts.Reporting.Api;
using WalkTalk.Disclosure;
using WalkTalk.ForcePacks;
using WalkTalk.Reporting.Data;
using WalkTalk.Reporting.Figures;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Reporting.Releases;

/// <summary>What a release of a quarter would say, after every rule; nothing is kept.</summary>
internal static class PreviewRelease
{
    public static async Task<IResult> Handle(string force, string? quarter, ReportingDb db, ForcePackCatalogue packs, TimeProvider time, CancellationToken ct)
    {
        var pack = packs.Get(force);
        if (!Quarter.TryParse(quarter, out var closed)) return FiguresQuery.UnknownQuarter;
        if (ReleaseRules.TooEarly(closed, Today(pack, time), ReleaseRules.Of(pack)) is { } early) return early;

        var data = ReleaseRules.Disclose(await ReleaseFacts.Read(db, pack, closed, ct), pack);
        return TypedResults.Ok(new ReleasePreview(data, ReleaseFiles.Sha256(ReleaseFiles.Json(data))));
    }

    internal static DateOnly Today(ForcePack pack, TimeProvider time) =>
        Quarters.Day(time.GetUtcNow(), pack.TimeZone);
}
