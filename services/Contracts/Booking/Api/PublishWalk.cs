using System.ComponentModel.DataAnnotations;

namespace WalkTalk.Contracts.Booking.Api;

/// <summary>A walk as the coordinator plans it: <c>POST /walks</c>. Date and time are what the clock shows in the force's zone.</summary>
public sealed record PublishWalkRequest
{
    /// <summary>One of the force's meeting points, of its pack or imported; it gives the ward.</summary>
    [Required, StringLength(60)] public required string MeetingPointId { get; init; }

    /// <summary>One or two officers.</summary>
    [Required, MinLength(1), MaxLength(2)] public required IReadOnlyList<Guid> OfficerIds { get; init; }

    /// <summary>The local day.</summary>
    public required DateOnly Date { get; init; }

    /// <summary>The local time.</summary>
    public required TimeOnly Time { get; init; }

    /// <summary>Of the hour that comes twice when clocks go back: the later one. Must be said on that hour, ignored on any other.</summary>
    public bool? SecondTime { get; init; }

    /// <summary>From 30 minutes to four hours.</summary>
    [Range(30, 240)] public int Minutes { get; init; } = 45;

    /// <summary>Places, companions included.</summary>
    [Range(1, 20)] public int Capacity { get; init; } = 2;

    /// <summary>The language spoken, ISO 639: en, cy, pt.</summary>
    [Required, RegularExpression("^[a-z]{2,3}$")] public string Language { get; init; } = "en";

    /// <summary>The whole route is step-free, not the meeting point alone.</summary>
    public bool StepFree { get; init; }

    /// <summary>Why an officer walks although she is on leave, has said that she cannot, needs rest or has a full day. Audited; a clash stays refused.</summary>
    [StringLength(300, MinimumLength = 3)] public string? OverrideReason { get; init; }
}

/// <summary>The walk stands and can be found.</summary>
public sealed record WalkPublishedReply(Guid WalkId, DateTimeOffset StartsAt, DateTimeOffset EndsAt, string LightBand, long Version);
