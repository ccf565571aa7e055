using System.ComponentModel.DataAnnotations;

namespace WalkTalk.Contracts.Booking.Api;

/// <summary>Starts the walk: <c>POST /walks/{walkId}/start</c>. Everybody present has met by her words, or the override says why not.</summary>
public sealed record StartWalkRequest
{
    /// <summary>Bookings nobody came for.</summary>
    [MaxLength(20)] public IReadOnlyList<Guid> Absent { get; init; } = [];

    /// <summary>Why the walk starts without a match for somebody present: no-signal, words-lost or known-person. Logged, and checked later.</summary>
    [RegularExpression("^(no-signal|words-lost|known-person)$")] public string? Override { get; init; }

    /// <summary>When it happened, where it is told later than it happened; absent: now.</summary>
    public DateTimeOffset? HappenedAt { get; init; }
}

/// <summary>A check-in, the end, or a call for help: <c>POST /walks/{walkId}/check-ins</c>, <c>/end</c>, <c>/help</c>. The body may be left out.</summary>
public sealed record WalkStepRequest
{
    /// <summary>When it happened, where it is told later than it happened: not in the future, not before the walk's day; absent: now.</summary>
    public DateTimeOffset? HappenedAt { get; init; }
}

/// <summary>Where the walk stands after start, check-in or end.</summary>
/// <param name="EndDue">When she is expected to end or check in next; null when the walk is over.</param>
public sealed record WalkStep(string State, DateTimeOffset? EndDue);
