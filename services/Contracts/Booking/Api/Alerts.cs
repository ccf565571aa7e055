using System.ComponentModel.DataAnnotations;

namespace WalkTalk.Contracts.Booking.Api;

/// <summary>An alarm for the coordinator: <c>GET /alerts</c>, open ones first; <c>POST /alerts/{alertId}/acknowledge</c> and <c>/resolve</c> with If-Match.</summary>
/// <param name="Kind">mismatch, overdue or help.</param>
/// <param name="Escalated">Nobody took it in time: it was sent on, and is sent again until somebody does.</param>
/// <param name="Outcome">well, helped, mistake, or heard: the officer was heard of herself.</param>
public sealed record AlertRow(
    Guid AlertId, string Kind, DateTimeOffset RaisedAt, Guid WalkId, string WalkState, string Ward, string MeetingPoint,
    DateTimeOffset StartsAt, DateTimeOffset? LastSeenAt, IReadOnlyList<OfficerView> Officers,
    DateTimeOffset? AcknowledgedAt, bool Escalated, string ETag, DateTimeOffset? ResolvedAt, string? Outcome, string? Note);

/// <summary>How an alarm ended: <c>POST /alerts/{alertId}/resolve</c>.</summary>
public sealed record ResolveAlertRequest
{
    /// <summary>well: everybody was found well; helped: somebody was sent; mistake: nothing had happened.</summary>
    [Required, RegularExpression("^(well|helped|mistake)$")] public required string Outcome { get; init; }

    /// <summary>What was found. No names of participants.</summary>
    [StringLength(500)] public string? Note { get; init; }
}

/// <summary>A walk that began without everybody's words: <c>GET /overrides</c>, those to be checked first.</summary>
/// <param name="Reason">no-signal, words-lost or known-person.</param>
/// <param name="Bookings">How many bookings met without their words.</param>
/// <param name="ReceivedAt">Later than HappenedAt where the phone had no signal.</param>
/// <param name="GoesOn">When retention takes it, checked or not.</param>
public sealed record OverrideRow(
    Guid OverrideId, string Reason, int Bookings, DateTimeOffset HappenedAt, DateTimeOffset ReceivedAt, Guid WalkId, string WalkState, string Ward, string MeetingPoint,
    DateTimeOffset StartsAt, IReadOnlyList<OfficerView> Officers, DateTimeOffset? ClosedAt, string? Note, string ETag, DateOnly GoesOn);

/// <summary>What the check of a start without words found: <c>POST /overrides/{overrideId}/close</c> with If-Match.</summary>
public sealed record CloseOverrideRequest
{
    /// <summary>No names of participants.</summary>
    [Required, StringLength(500, MinimumLength = 3)] public required string Note { get; init; }
}
