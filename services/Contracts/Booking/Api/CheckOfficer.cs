using System.ComponentModel.DataAnnotations;

namespace WalkTalk.Contracts.Booking.Api;

/// <summary>Is this officer on this walk now? <c>POST /my-walk/officer-check</c> with her link. Empty when no number was shown.</summary>
public sealed record CheckOfficerRequest
{
    /// <summary>The number on the shoulder.</summary>
    [StringLength(20)] public string? CollarNumber { get; init; }
}

/// <summary>One of three answers, and whether the control room has been told.</summary>
/// <param name="Answer">genuine, not-on-this-walk or stop-call-999.</param>
public sealed record OfficerChecked(string Answer, string? FirstName, string? CollarNumber, bool AlarmRaised, DateTimeOffset CheckedAt);
