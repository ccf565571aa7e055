using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Mvc;
using WalkTalk.Contracts.Reporting.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Reporting.Figures;

/// <summary>The filter as it stands in a query string: <c>?quarter=2026Q4&amp;borough=E09000022&amp;ward=E05014098</c>.</summary>
internal sealed record FiguresQuery(
    [property: FromQuery] string? Quarter, [property: FromQuery] string? Borough, [property: FromQuery] string? Ward)
{
    public static readonly Refusal UnknownQuarter = new("unknown-quarter", 400, "That is not a quarter", "Write a quarter as 2026Q4.", "quarter");
    public static readonly Refusal UnknownPlace = new("unknown-place", 400, "The force has no such place");

    /// <summary>The filter, once each part of it is known to mean something; an empty field of a form means all.</summary>
    public bool TryRead(ForcePack pack, [NotNullWhen(true)] out FiguresFilter? filter, [NotNullWhen(false)] out Refusal? refusal)
    {
        filter = new(Given(Quarter), Given(Borough), Given(Ward));
        refusal = filter switch
        {
            { Quarter: { } q } when !Disclosure.Quarter.TryParse(q, out _) => UnknownQuarter,
            { Borough: { } b } when pack.Boroughs.All(x => x.Code != b) => UnknownPlace with { Field = "borough", Detail = "Give the ONS code of one of the force's boroughs." },
            { Ward: { } w } when pack.FindWard(w) is null => UnknownPlace with { Field = "ward", Detail = "Give the ONS code of one of the force's wards." },
            _ => null,
        };
        if (refusal is not null) filter = null;
        return refusal is null;
    }

    private static string? Given(string? value) => string.IsNullOrEmpty(value) ? null : value;
}
