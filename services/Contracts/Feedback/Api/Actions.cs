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
}

/// <summary>The force says it is done, and what was done, in words written for publication.</summary>
public sealed record DoneClaim
{
    [Required, StringLength(1000, MinimumLength = 10)] public required string Done { get; init; }
}

/// <summary>An action as staff see it.</summary>
public sealed record ActionView(
    Guid Id, long Version, string Type, bool Counted, string OwnerBody, string OwnerRole, DateOnly DueOn, string FourP,
    string State, string Asked, string Promise, string? Done, IReadOnlyList<Guid> ConcernIds);

/// <summary>A page of actions, earliest date first.</summary>
public sealed record ActionsPage(IReadOnlyList<ActionView> Rows, string? Next);
