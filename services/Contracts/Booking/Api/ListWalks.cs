namespace WalkTalk.Contracts.Booking.Api;

/// <summary>The coordinator's list: <c>GET /schedule?from=&amp;days=</c>, in order of time.</summary>
public sealed record ScheduledWalk(
    Guid WalkId, string State, string Ward, string MeetingPoint, DateTimeOffset StartsAt, DateTimeOffset EndsAt, string Zone, string LightBand,
    int Capacity, int Taken, string Language, bool StepFree, IReadOnlyList<OfficerView> Officers, string ETag);
