using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace WalkTalk.Reporting.Figures;

/// <summary>A calendar quarter, written 2026Q4: the finest time anything is published by (D8 rule 6). Its text sorts as it does.</summary>
internal readonly record struct Quarter(int Year, int Number)
{
    public DateOnly FirstDay => new(Year, Number * 3 - 2, 1);

    public DateOnly LastDay => FirstDay.AddMonths(3).AddDays(-1);

    public static Quarter Of(DateOnly day) => new(day.Year, (day.Month + 2) / 3);

    public static Quarter Of(DateTimeOffset instant, TimeZoneInfo zone) =>
        Of(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, zone).DateTime));

    /// <summary>The four quarters that end with this one: a year's figures.</summary>
    public IReadOnlyList<Quarter> Year4()
    {
        var last = FirstDay;
        return [.. Enumerable.Range(0, 4).Select(i => Of(last.AddMonths(-9 + 3 * i)))];
    }

    public static bool TryParse([NotNullWhen(true)] string? text, out Quarter quarter)
    {
        quarter = default;
        if (text is not { Length: 6 } || text[4] != 'Q' || text[5] is < '1' or > '4'
            || !int.TryParse(text.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture, out var year)
            || year < 2000)
        {
            return false;
        }
        quarter = new(year, text[5] - '0');
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Year:0000}Q{Number}");
}
