namespace WalkTalk.Contracts.Booking.Api;

/// <summary>An alarm for the coordinator: <c>GET /alerts</c>, open ones first; <c>POST /alerts/{alertId}/acknowledge</c> with If-Match.</summary>
/// <param name="Kind">mismatch or overdue.</param>
public sealed record AlertRow(
    Guid AlertId, string Kind, DateTimeOffset RaisedAt, Guid WalkId, string WalkState, string Ward, string MeetingPoint,
    DateTimeOffset StartsAt, DateTimeOffset? LastSeenAt, IReadOnlyList<OfficerView> Officers,
    DateTimeOffset? AcknowledgedAt, bool Escalated, string ETag);
