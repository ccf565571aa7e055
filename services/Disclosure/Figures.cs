namespace WalkTalk.Disclosure;

/// <summary>Percentages, means and changes, and who must stand behind a score. Null or withheld means: not enough people.</summary>
public static class Figures
{
    /// <summary>
    /// <paramref name="part"/> of <paramref name="whole"/> in percent, to the nearest step; withheld when the whole is
    /// small, or when the part or what is left of it is.
    /// </summary>
    public static Cell Percentage(int part, int whole, Thresholds thresholds, bool withCharacteristic = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(part);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(part, whole);
        var minimum = withCharacteristic ? thresholds.MinimumWithCharacteristic : thresholds.MinimumCount;
        if (whole < thresholds.MinimumDenominator || part < minimum || whole - part < minimum)
            return Cell.Withheld;
        // In whole numbers, so that a half is a half: round(100 * part / whole) to multiples of the step, half up.
        long step = thresholds.RoundTo;
        return Cell.Of((int)((200L * part + step * whole) / (2 * step * whole) * step));
    }

    /// <summary>The mean, or null when too few values stand behind it.</summary>
    public static double? Mean(IReadOnlyCollection<double> values, Thresholds thresholds) =>
        values.Count < thresholds.MinimumForMean ? null : values.Average();

    /// <summary>The median, or null when too few values stand behind it.</summary>
    public static double? Median(IReadOnlyCollection<double> values, Thresholds thresholds)
    {
        if (values.Count < thresholds.MinimumForMean)
            return null;
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>After less before, only when both may be published.</summary>
    public static double? Change(double? before, double? after) => after - before;

    /// <summary>Whether a place score of one light band may be shown.</summary>
    public static bool MayShowPlaceScore(int audits, int contributors, Thresholds thresholds) =>
        audits >= thresholds.MinimumAudits && contributors >= thresholds.MinimumAuditors;

    /// <summary>Whether a snap point may be shown; otherwise its ward.</summary>
    public static bool MayShowPoint(int addresses, int contributorsInYear, Thresholds thresholds) =>
        addresses >= thresholds.MinimumAddressesAtPoint && contributorsInYear >= thresholds.MinimumContributorsAtPoint;

    /// <summary>Whether a team's figure may be shown. An officer's never is: there is no function for it.</summary>
    public static bool MayShowTeam(int officers, int walks, Thresholds thresholds) =>
        officers >= thresholds.MinimumTeamOfficers && walks >= thresholds.MinimumTeamWalks;
}
