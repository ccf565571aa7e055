using System.ComponentModel.DataAnnotations;

namespace WalkTalk.Contracts.Booking.Api;

/// <summary>What the officer heard: <c>POST /walks/{walkId}/bookings/{bookingId}/words</c>.</summary>
public sealed record VerifyMeetingRequest
{
    /// <summary>The participant's words as heard.</summary>
    [Required, StringLength(80)] public required string Heard { get; init; }
}

/// <summary>Whether they prove each other.</summary>
/// <param name="Outcome">matched, try-again or mismatched; the last one has raised the alarm.</param>
public sealed record MeetingVerified(string Outcome, int TriesLeft);

/// <summary>The alarm is raised: <c>POST /my-walk/alarm</c> by her, <c>POST /walks/{walkId}/bookings/{bookingId}/alarm</c> by the officer.</summary>
public sealed record AlarmRaised(Guid AlertId, DateTimeOffset RaisedAt);
