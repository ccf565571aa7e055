namespace WalkTalk.Bench;

/// <summary>What stands where among measured values, without averaging neighbours.</summary>
internal static class Spread
{
    public static double Median(IEnumerable<double> values) => At(values, 0.5);

    /// <summary>The value at a share of them, 0.99 for p99; the last one where the share lies behind it.</summary>
    public static double At(IEnumerable<double> values, double share)
    {
        var sorted = values.Order().ToList();
        return sorted[(int)Math.Min(sorted.Count - 1, Math.Floor(sorted.Count * share))];
    }
}
