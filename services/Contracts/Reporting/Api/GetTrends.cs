namespace WalkTalk.Contracts.Reporting.Api;

/// <summary>Figures of D7 by quarter, as they stand now: exact counts for staff. What was told or walked in a quarter counts there, whenever it is answered, so a late quarter still fills.</summary>
/// <param name="Quarters">Oldest first; the last one is running.</param>
public sealed record StaffTrends(FiguresFilter Filter, IReadOnlyList<QuarterFigures> Quarters);

/// <summary>One quarter, each figure by the formula it has in <see cref="StaffFigures"/>.</summary>
public sealed record QuarterFigures(
    string Quarter, Share WeSay, Share WomenSay, Share TriagedInTime, Spread DaysToOutcome, Share VerifiedMeetings, Share KeptByForce, Share DarkShare);
