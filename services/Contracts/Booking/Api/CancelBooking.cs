using System.ComponentModel.DataAnnotations;

namespace WalkTalk.Contracts.Booking.Api;

/// <summary>Gives the place back: <c>POST /my-walk/cancel</c> with her link and If-Match. No reason is needed.</summary>
public sealed record CancelBookingRequest
{
    /// <summary>none, time, unwell, company or other: a code, never her words.</summary>
    [RegularExpression("^(none|time|unwell|company|other)$")] public string Reason { get; init; } = "none";
}
