using System.ComponentModel.DataAnnotations;

namespace WalkTalk.Contracts.Feedback.Api;

/// <summary>All that a partner would be sent of a concern, before it is sent.</summary>
/// <param name="Partner">The partner's id in the force pack.</param>
/// <param name="Reads">The partner has no endpoint: it reads it here with its key.</param>
/// <param name="Lat">The centre of the ward; null where only the borough is known.</param>
/// <param name="Description">A beginning for the words, made from code and light.</param>
/// <param name="Attributes">What the partner asks beyond that; Value where the pack says it.</param>
/// <param name="Fault">Why it cannot be sent as it stands, or (not-reached, timed-out, …) why it is not known yet what they ask; else null.</param>
public sealed record PartnerPreview(
    string Partner, bool Reads, string ServiceCode, string Address, double? Lat, double? Long, string Description, IReadOnlyList<PartnerAttribute> Attributes, string? Fault);

/// <summary>A field a partner asks for. Values is empty where it is free text. Personal: it asks for somebody, and is never filled here.</summary>
public sealed record PartnerAttribute(string Code, string Description, bool Required, IReadOnlyList<PartnerValue> Values, string? Value, bool Personal);

/// <summary>One choice of a field.</summary>
public sealed record PartnerValue(string Key, string Name);

/// <summary>Passed on to a body by program.</summary>
public sealed record PartnerReferral
{
    /// <summary>A body of the force pack.</summary>
    [Required, StringLength(20)] public required string To { get; init; }
    /// <summary>What is wrong, in words for anybody: the body may publish them. Never hers.</summary>
    [Required, StringLength(1000, MinimumLength = 10)] public required string Description { get; init; }
    /// <summary>Why it is passed on, in words she may read; she is told once it has arrived.</summary>
    [Required, StringLength(500, MinimumLength = 10)] public required string Why { get; init; }
    /// <summary>Values of the fields the partner asks for, by their code.</summary>
    [MaxLength(20)] public Dictionary<string, string> Attributes { get; init; } = [];
}

/// <summary>What became of a referral by program.</summary>
/// <param name="State">Offered, Waiting, Sending, Uncertain, Token, Sent, Refused, Unclear, GaveUp or Withdrawn.</param>
/// <param name="Reason">A code: not-reached, later, timed-out, broken-off, server-error, redirected, unreadable, too-large, refused, key-refused, service-gone, attribute-missing, attribute-value, attribute-personal, not-found-there or no-reference.</param>
/// <param name="TheirStatus">open or closed.</param>
/// <param name="Next">What a coordinator may do: retry, withdraw, reference.</param>
public sealed record PartnerRequestView(
    Guid Id, long Version, string Partner, string Body, string Reference, string State, string? Reason, string? TheirWords, string? TheirReference,
    string? TheirStatus, string? TheirNotes, IReadOnlyList<PartnerNote> Updates, string Description, DateTimeOffset MadeAt, DateTimeOffset? SentAt, DateTimeOffset? LookedAt,
    DateTimeOffset? DueAt, IReadOnlyList<string> Next);

/// <summary>What a partner wrote to it.</summary>
public sealed record PartnerNote(DateTimeOffset At, string Status, string? Text);

/// <summary>The reference a partner gave in another way.</summary>
public sealed record TheirReference
{
    [Required, StringLength(60)] public required string Reference { get; init; }
}
