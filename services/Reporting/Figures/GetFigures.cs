using WalkTalk.Contracts.Reporting.Api;
using WalkTalk.ForcePacks;
using WalkTalk.Reporting.Data;

namespace WalkTalk.Reporting.Figures;

/// <summary>The figures as they stand now, for staff.</summary>
internal static class GetFigures
{
    public static async Task<IResult> Handle(string force, [AsParameters] FiguresQuery query, ReportingDb db, ForcePackCatalogue packs, CancellationToken ct)
    {
        var pack = packs.Get(force);
        return query.TryRead(pack, out var filter, out var refusal)
            ? TypedResults.Ok<StaffFigures>(await db.ReadFigures(pack, filter, ct))
            : refusal;
    }
}
