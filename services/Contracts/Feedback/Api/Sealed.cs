using System.ComponentModel.DataAnnotations;

namespace WalkTalk.Contracts.Feedback.Api;

/// <summary>A sealed disclosure in the safeguarding list: its clock and state, no word of it. Clock: over, soon or in-time of 24 hours.</summary>
public sealed record DisclosureRow(Guid Id, string Reference, string State, string? Choice, string Cause, string Clock, DateTimeOffset DueAt, string? HandedOverRef);

/// <summary>A disclosure opened by safeguarding; every reading is audited.</summary>
public sealed record DisclosureView(
    Guid Id, long Version, string Reference, string State, string? Choice, string Cause, string Clock, DateTimeOffset DueAt,
    string Code, string? Place, string? Narrative, bool MayBeContacted, string? Email,
    string? HandedOverTo, string? HandedOverRef, DateTimeOffset? HandedOverAt, IReadOnlyList<string> Next);

/// <summary>Safeguarding acts without her choice; the reason is audited.</summary>
public sealed record DutyOverride
{
    [Required, StringLength(500, MinimumLength = 10)] public required string Reason { get; init; }
}

/// <summary>Handed to the crime registrar or a partner: to whom, under which reference.</summary>
public sealed record HandOver
{
    [Required, StringLength(100)] public required string To { get; init; }
    [Required, StringLength(60)] public required string Reference { get; init; }
}

/// <summary>A sealed police-conduct case in the standards list.</summary>
public sealed record StandardsRow(Guid Id, string Reference, string State, DateOnly DueOn, string Clock);

/// <summary>A case opened by standards; every reading is audited.</summary>
public sealed record StandardsView(
    Guid Id, long Version, string Reference, string State, DateOnly DueOn, string Clock,
    string Code, string? Place, string? Narrative, string? Answer, IReadOnlyList<string> Next);

/// <summary>The answer to the contributor, put into her mailbox.</summary>
public sealed record StandardsAnswer
{
    [Required, StringLength(2000, MinimumLength = 10)] public required string Answer { get; init; }
}
