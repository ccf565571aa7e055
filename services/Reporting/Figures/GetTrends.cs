using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using WalkTalk.Contracts.Reporting.Api;
using WalkTalk.Disclosure;
using WalkTalk.ForcePacks;
using WalkTalk.Reporting.Data;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Reporting.Figures;

/// <summary>Some figures of D7 quarter by quarter, for staff: the last so many quarters, the running one included.</summary>
internal static class GetTrends
{
    private const int Usual = 8, Most = 12;

    private static readonly Refusal UnknownSpan = new("unknown-span", 400, "That is not a number of quarters", $"Give a whole number from 1 to {Most}.", "quarters");

    public static async Task<IResult> Handle(string force, [FromQuery] string? borough, [FromQuery] string? ward, [FromQuery] string? quarters, ReportingDb db, ForcePackCatalogue packs, CancellationToken ct)
    {
        var pack = packs.Get(force);
        if (!new FiguresQuery(null, borough, ward).TryRead(pack, out var filter, out var refusal)) return refusal;
        var span = Usual;
        if (!string.IsNullOrEmpty(quarters) && (!int.TryParse(quarters, NumberStyles.None, CultureInfo.InvariantCulture, out span) || span is < 1 or > Most)) return UnknownSpan;

        var last = Quarters.Of(db.Now, pack.TimeZone);
        return TypedResults.Ok(await db.ReadTrends(pack, filter, [.. Enumerable.Range(0, span).Select(i => Quarter.Of(last.FirstDay.AddMonths(3 * (i - span + 1))).ToString())], ct));
    }
}
