using System.ComponentModel.DataAnnotations;

namespace WalkTalk.Contracts.Booking.Api;

/// <summary>The code she received: <c>POST /booking/confirm</c> with the hold's token.</summary>
public sealed record ConfirmBookingRequest
{
    /// <summary>Six digits; spaces do not count.</summary>
    [Required, StringLength(12)] public required string Code { get; init; }
}

/// <summary>The places are hers.</summary>
/// <param name="Link">The secret of her page, sent as <c>Authorization: Link …</c> or as <c>/{force}/my-walk/{secret}</c>; shown once.</param>
public sealed record BookingConfirmedReply(Guid BookingId, string Link);
