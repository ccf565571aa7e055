namespace WalkTalk.Contracts.Booking.Api;

/// <summary>The coordinator's list: <c>GET /schedule?from=&amp;days=</c>, in order of time.</summary>
/// <param name="OpenNeeds">How many things somebody has to arrange for those who booked; what, only <c>GET /schedule/{walkId}</c> tells.</param>
/// <param name="NeedsDueAt">By when the first of them.</param>
public sealed record ScheduledWalk(
    Guid WalkId, string State, string Ward, string MeetingPoint, DateTimeOffset StartsAt, DateTimeOffset EndsAt, string Zone, string LightBand,
    int Capacity, int Taken, string Language, bool StepFree, IReadOnlyList<OfficerView> Officers, string ETag,
    int OpenNeeds = 0, DateTimeOffset? NeedsDueAt = null);
