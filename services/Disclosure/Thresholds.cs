namespace WalkTalk.Disclosure;

/// <summary>The numbers of disclosure control; a force's pack sets them, never below the defaults here.</summary>
public sealed record Thresholds
{
    /// <summary>Counts from 1 to one below this are withheld.</summary>
    public int MinimumCount { get; init; } = 5;
    /// <summary>The same in a table crossed with a protected characteristic.</summary>
    public int MinimumWithCharacteristic { get; init; } = 10;
    /// <summary>Counts, and percentage points, are rounded half up to multiples of this.</summary>
    public int RoundTo { get; init; } = 5;
    /// <summary>No percentage of fewer.</summary>
    public int MinimumDenominator { get; init; } = 25;
    /// <summary>No mean or median of fewer.</summary>
    public int MinimumForMean { get; init; } = 8;
    /// <summary>Percent; a cell of which one contributor has more is withheld.</summary>
    public int MaximumShareOfOne { get; init; } = 50;
    /// <summary>Fewer contributors at a point in a year: the ward only.</summary>
    public int MinimumContributorsAtPoint { get; init; } = 5;
    /// <summary>A snap point stands for at least so many postal addresses.</summary>
    public int MinimumAddressesAtPoint { get; init; } = 8;
    /// <summary>Days from the end of a period to its release.</summary>
    public int ReleaseLagDays { get; init; } = 30;
    /// <summary>No place score of fewer audits in one light band…</summary>
    public int MinimumAudits { get; init; } = 8;
    /// <summary>…or of fewer contributors.</summary>
    public int MinimumAuditors { get; init; } = 5;
    /// <summary>No team figure of fewer officers…</summary>
    public int MinimumTeamOfficers { get; init; } = 5;
    /// <summary>…or of fewer walks.</summary>
    public int MinimumTeamWalks { get; init; } = 10;

    internal int RoundHalfUp(int count) => (2 * count + RoundTo) / (2 * RoundTo) * RoundTo;
}
