using System.Globalization;

namespace WalkTalk.Gateway.Pages.Figures;

/// <summary>A quarter such as 2026Q3 in words, in the language of the page.</summary>
internal static class Quarters
{
    /// <summary>July to September 2026; the word between the months is given.</summary>
    public static string Long(string quarter, string to) => $"{Month(quarter, 0, "MMMM")} {to} {Month(quarter, 2, "MMMM")} {quarter[..4]}";

    /// <summary>Jul–Sep.</summary>
    public static string Months(string quarter) => $"{Month(quarter, 0, "MMM")}–{Month(quarter, 2, "MMM")}";

    /// <summary>Every quarter from the scheme's first figures that has ended long enough ago to be published, latest first.</summary>
    public static IEnumerable<string> Closed(DateOnly today, int lagDays, int most)
    {
        var start = new DateOnly(today.Year, (today.Month - 1) / 3 * 3 + 1, 1);
        for (var count = 0; count < most; start = start.AddMonths(-3))
        {
            if (start.AddDays(-1).AddDays(lagDays) > today) continue; // the quarter before start ended too recently
            count++;
            var quarter = start.AddMonths(-3);
            yield return string.Create(CultureInfo.InvariantCulture, $"{quarter.Year}Q{(quarter.Month + 2) / 3}");
        }
    }

    private static string Month(string quarter, int offset, string format) =>
        new DateOnly(int.Parse(quarter.AsSpan(0, 4), CultureInfo.InvariantCulture), (quarter[5] - '0') * 3 - 2 + offset, 1).ToString(format, CultureInfo.CurrentCulture);
}
