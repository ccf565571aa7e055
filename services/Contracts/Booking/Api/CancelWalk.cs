using System.ComponentModel.DataAnnotations;

namespace WalkTalk.Contracts.Booking.Api;

/// <summary>The force calls a walk off: <c>POST /walks/{walkId}/cancel</c>. Everybody who booked is told at once, with the way to another one.</summary>
public sealed record CancelWalkRequest
{
    /// <summary>officer-unavailable, weather, safety or other: a code, in words to her.</summary>
    [Required, RegularExpression("^(officer-unavailable|weather|safety|other)$")] public required string Reason { get; init; }
}
