using System.ComponentModel.DataAnnotations;

namespace WalkTalk.Contracts.Feedback.Api;

/// <summary>What retention would take now, what it has taken, and what is held back.</summary>
public sealed record RetentionReport(IReadOnlyList<RetentionRule> Rules, IReadOnlyList<HeldConcern> Held);

/// <summary>One rule. Rule: place (landmarks after triage), contact (addresses after the last concern), content (concerns anonymised). Due is the dry run: what the next round takes.</summary>
public sealed record RetentionRule(string Rule, string Period, int Due, DateOnly? LastOn, int TakenInAll);

/// <summary>A concern that retention does not touch.</summary>
public sealed record HeldConcern(string Reference, string Reason, DateOnly Since);

/// <summary>Holds a concern back from retention, or lifts that; the reason is audited.</summary>
public sealed record HoldConcern
{
    [Required, StringLength(20)] public required string Reference { get; init; }
    [Required, StringLength(300, MinimumLength = 10)] public required string Reason { get; init; }
    public bool Lift { get; init; }
}
