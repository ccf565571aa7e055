using System.ComponentModel.DataAnnotations;

namespace WalkTalk.Contracts.Booking.Api;

/// <summary>
/// Holds a place on another walk for as many people: <c>POST /my-walk/move</c> with her link and If-Match. Her old place stays hers until
/// <c>POST /my-walk/place/take</c>; <c>POST /my-walk/place/leave</c> gives the new one back. Another move takes the place of an earlier one.
/// </summary>
public sealed record MoveBookingRequest
{
    /// <summary>The walk she would like to move to.</summary>
    [Required] public required Guid WalkId { get; init; }
}

/// <summary>The other place is held; nothing has moved yet.</summary>
public sealed record MoveHeld(Guid WalkId, DateTimeOffset HoldUntil);
