namespace WalkTalk.Contracts.Feedback.Api;

/// <summary>A page of the public board, newest answer first. Entries are answers, never counts.</summary>
public sealed record BoardPage(IReadOnlyList<BoardEntryView> Entries, string? Next);

/// <summary>
/// Asked, said, did, did not and why. Ward, quarter and light band at the finest; borough and year alone for the categories of D8 rule 5.
/// State: in-hand, we-say-done, women-say-done, women-say-not-done, not-done or dropped (its action will not be done, another answer follows).
/// </summary>
public sealed record BoardEntryView(
    Guid Id, string Category, string? WardCode, string? BoroughCode, string? LightBand, string Period, string State,
    string Asked, IReadOnlyList<BoardStep> Steps);

/// <summary>
/// One step of an answer. Kind: asked, said, we-say-done, women-say-done, women-say-not-done, not-done, delayed, dropped or review.
/// When is a day (2026-09-16) for what the force did, a quarter (2026Q3) or a year for what women said.
/// </summary>
public sealed record BoardStep(string Kind, string When, string? Text);
