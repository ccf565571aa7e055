using System.ComponentModel.DataAnnotations;

namespace WalkTalk.Contracts.Booking.Api;

/// <summary>The code she received: <c>POST /booking/confirm</c> with the hold's token. Where a guardian is asked, hers may follow within a day (<c>guardian-awaited</c>).</summary>
public sealed record ConfirmBookingRequest
{
    /// <summary>Six digits; spaces do not count. Not again where it has come back already and the guardian's is awaited.</summary>
    [StringLength(12)] public string? Code { get; init; }

    /// <summary>The six digits her guardian received.</summary>
    [StringLength(12)] public string? GuardianCode { get; init; }
}

/// <summary>The places are hers.</summary>
/// <param name="Link">The secret of her page, sent as <c>Authorization: Link …</c> or as <c>/{force}/my-walk/{secret}</c>; shown once.</param>
public sealed record BookingConfirmedReply(Guid BookingId, string Link);
