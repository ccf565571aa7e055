using System.ComponentModel.DataAnnotations;

namespace WalkTalk.Contracts.Feedback.Api;

/// <summary>An action agreed for one or more concerns, with its owner, date and words written for publication.</summary>
public sealed record ActionAgreement
{
    [Required, StringLength(30)] public required string Type { get; init; }
    [Required, MinLength(1), MaxLength(100)] public required IReadOnlyList<Guid> ConcernIds { get; init; }
    [Required, StringLength(20)] public required string OwnerBody { get; init; }
    [Required, StringLength(100)] public required string OwnerRole { get; init; }
    public required DateOnly DueOn { get; init; }
    /// <summary>The tag of the 4P framework.</summary>
    [Required, AllowedValues("prepare", "prevent", "protect", "pursue")] public required string FourP { get; init; }
    /// <summary>What women asked, in words written for publication.</summary>
    [Required, StringLength(500, MinimumLength = 10)] public required string Asked { get; init; }
    /// <summary>Who does what by when, in words written for publication.</summary>
    [Required, StringLength(1000, MinimumLength = 10)] public required string Promise { get; init; }
    /// <summary>Only proposed: nobody is told and no concern moves until it is agreed.</summary>
    public bool Proposed { get; init; }
}

/// <summary>Another date for an action. A later one is told to everybody it was promised to; the reason is written for publication.</summary>
public sealed record NewDate
{
    public required DateOnly DueOn { get; init; }
    [Required, StringLength(500, MinimumLength = 10)] public required string Reason { get; init; }
}

/// <summary>Why an action will not be done, in words written for publication. What it was to answer is open again.</summary>
public sealed record DropReason
{
    [Required, StringLength(500, MinimumLength = 10)] public required string Reason { get; init; }
}

/// <summary>The force says it is done, and what was done, in words written for publication.</summary>
public sealed record DoneClaim
{
    [Required, StringLength(1000, MinimumLength = 10)] public required string Done { get; init; }
}

/// <summary>An action as staff see it. State: Proposed, Agreed, Started, Delivered, Verified, Failed or Dropped.</summary>
public sealed record ActionView(
    Guid Id, long Version, string Type, bool Counted, string OwnerBody, string OwnerRole, DateOnly DueOn, string FourP,
    string State, string Asked, string Promise, string? Done, IReadOnlyList<Guid> ConcernIds, string? Dropped = null);

/// <summary>A page of actions, earliest date first.</summary>
public sealed record ActionsPage(IReadOnlyList<ActionView> Rows, string? Next);
