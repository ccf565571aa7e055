using System.Text.Json.Serialization;

namespace WalkTalk.Contracts.Feedback.Api;

/// <summary>
/// An answer of the board as data.police.uk writes a neighbourhood's priorities: both texts are HTML, both dates the first moment of what is
/// known: of the quarter in which it was asked, of the day on which the force said or did something.
/// </summary>
public sealed record Priority(
    string Issue, [property: JsonPropertyName("issue-date")] string IssueDate, string? Action, [property: JsonPropertyName("action-date")] string? ActionDate);
