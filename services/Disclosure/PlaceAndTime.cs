using System.Globalization;

namespace WalkTalk.Disclosure;

/// <summary>A quarter of a year, written 2026Q4.</summary>
public readonly record struct Quarter(int Year, int Number) : IComparable<Quarter>
{
    public DateOnly FirstDay => new(Year, Number * 3 - 2, 1);

    public DateOnly LastDay => FirstDay.AddMonths(3).AddDays(-1);

    /// <summary>The quarter of a local date.</summary>
    public static Quarter Of(DateOnly day) => new(day.Year, (day.Month + 2) / 3);

    public static bool TryParse(string? text, out Quarter quarter)
    {
        quarter = default;
        if (text is not { Length: 6 } || text[4] != 'Q' || text[5] is < '1' or > '4'
            || !int.TryParse(text.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture, out var year) || year == 0)
            return false;
        quarter = new Quarter(year, text[5] - '0');
        return true;
    }

    public int CompareTo(Quarter other) => (Year, Number).CompareTo((other.Year, other.Number));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Year:0000}Q{Number}");

    public static bool operator <(Quarter a, Quarter b) => a.CompareTo(b) < 0;
    public static bool operator >(Quarter a, Quarter b) => a.CompareTo(b) > 0;
    public static bool operator <=(Quarter a, Quarter b) => a.CompareTo(b) <= 0;
    public static bool operator >=(Quarter a, Quarter b) => a.CompareTo(b) >= 0;
}

/// <summary>
/// Where and when, as coarse as it may be public: ward by quarter by light band at the finest, borough by year for
/// what so few people report that more would point at one of them.
/// </summary>
public sealed record PlaceAndTime
{
    private PlaceAndTime(string boroughCode, string? wardCode, int year, Quarter? quarter, string? lightBand) =>
        (BoroughCode, WardCode, Year, Quarter, LightBand) = (boroughCode, wardCode, year, quarter, lightBand);

    public string BoroughCode { get; }
    /// <summary>Null when only the borough may be said.</summary>
    public string? WardCode { get; }
    public int Year { get; }
    /// <summary>Null when only the year may be said.</summary>
    public Quarter? Quarter { get; }
    public string? LightBand { get; }

    /// <param name="boroughByYearOnly">True for the codes the pack marks so, and for every table with a protected characteristic.</param>
    public static PlaceAndTime Coarsened(string boroughCode, string? wardCode, Quarter quarter, string? lightBand, bool boroughByYearOnly) =>
        boroughByYearOnly
            ? new PlaceAndTime(boroughCode, null, quarter.Year, null, null)
            : new PlaceAndTime(boroughCode, wardCode, quarter.Year, quarter, lightBand);

    /// <summary>Whether the period is over for long enough on <paramref name="today"/>, a local date.</summary>
    public bool MayBeReleased(DateOnly today, Thresholds thresholds)
    {
        var end = Quarter?.LastDay ?? new DateOnly(Year, 12, 31);
        return today >= end.AddDays(thresholds.ReleaseLagDays);
    }
}
