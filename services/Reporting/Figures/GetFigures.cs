using WalkTalk.ForcePacks;
using WalkTalk.Reporting.Data;

namespace WalkTalk.Reporting.Figures;

/// <summary>The figures as they stand now, for staff; the ETag is the version that live figures begin from.</summary>
internal static class GetFigures
{
    public static async Task<IResult> Handle(string force, [AsParameters] FiguresQuery query, ReportingDb db, ForcePackCatalogue packs, HttpContext http, CancellationToken ct)
    {
        var pack = packs.Get(force);
        if (!query.TryRead(pack, out var filter, out var refusal)) return refusal;

        var now = new VersionedFigures(await db.ReadFigures(pack, filter, ct));
        http.Response.Headers.ETag = $"\"{now.Version}\"";
        return TypedResults.Ok(now.Figures);
    }
}
