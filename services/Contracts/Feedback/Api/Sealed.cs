using System.ComponentModel.DataAnnotations;

namespace WalkTalk.Contracts.Feedback.Api;

/// <summary>A sealed disclosure in its holder's list (safeguarding; standards, where it was told with the conduct of police): its clock and state, no word of it. Clock: over, soon or in-time of 24 hours.</summary>
public sealed record DisclosureRow(Guid Id, string Reference, string State, string? Choice, string Cause, string Clock, DateTimeOffset DueAt, string? HandedOverRef);

/// <summary>A disclosure opened by its holder; every reading is audited. Place and narrative are null once it has left our store. StandardsCaseId: the case it was told with. OverrideReason: why its holder acted without her choice.</summary>
public sealed record DisclosureView(
    Guid Id, long Version, string Reference, string State, string? Choice, string Cause, string Clock, DateTimeOffset DueAt,
    string Code, string? Place, string? Narrative, bool MayBeContacted, string? Email,
    string? HandedOverTo, string? HandedOverRef, DateTimeOffset? HandedOverAt, IReadOnlyList<string> Next, Guid? StandardsCaseId = null,
    string? Phone = null, IReadOnlyList<PhotoSeen>? Photos = null, string? OverrideReason = null);

/// <summary>Its holder acts without her choice, and says why to whoever opens it later.</summary>
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

/// <summary>A case opened by standards; every reading is audited. DisclosureId: the 24-hour record of the crime told with it. Concerned: who must not read or be given it.</summary>
public sealed record StandardsView(
    Guid Id, long Version, string Reference, string State, DateOnly DueOn, string Clock,
    string Code, string? Place, string? Narrative, string? Answer, IReadOnlyList<string> Next, Guid? DisclosureId = null, IReadOnlyList<ConcernedPerson>? Concerned = null,
    IReadOnlyList<PhotoSeen>? Photos = null);

/// <summary>
/// Somebody a case is about, or who knows somebody it is about: from then on neither the case nor anything of the same contributor exists for this
/// sign-in, and nothing of it is given to this name. POST /standards-cases/{id}/concerned; Lift takes it back.
/// </summary>
public sealed record ConcernedPerson
{
    /// <summary>The subject identifier of the sign-in.</summary>
    [Required, StringLength(200)] public required string Sub { get; init; }
    /// <summary>As others write it when they give somebody a concern.</summary>
    [StringLength(200)] public string? Name { get; init; }
    public bool Lift { get; init; }
}

/// <summary>The answer to the contributor, put into her mailbox.</summary>
public sealed record StandardsAnswer
{
    [Required, StringLength(2000, MinimumLength = 10)] public required string Answer { get; init; }
}
