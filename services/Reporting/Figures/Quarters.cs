using WalkTalk.Disclosure;

namespace WalkTalk.Reporting.Figures;

/// <summary>Quarters as Reporting needs them.</summary>
internal static class Quarters
{
    /// <summary>The quarter of an instant, by the force's own clock.</summary>
    public static Quarter Of(DateTimeOffset instant, TimeZoneInfo zone) => Quarter.Of(Day(instant, zone));

    /// <summary>The day of an instant, by the force's own clock.</summary>
    public static DateOnly Day(DateTimeOffset instant, TimeZoneInfo zone) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, zone).DateTime);

    /// <summary>The four quarters that end with this one: a year's figures.</summary>
    public static IReadOnlyList<Quarter> YearTo(Quarter last) =>
        [.. Enumerable.Range(0, 4).Select(i => Quarter.Of(last.FirstDay.AddMonths(-9 + 3 * i)))];
}
