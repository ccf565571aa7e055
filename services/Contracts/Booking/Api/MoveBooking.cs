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

    /// <summary>Where it is full: wait for a place there.</summary>
    public bool Wait { get; init; }
}

/// <summary>The other place is held, or waited for; nothing has moved yet.</summary>
/// <param name="State">held, waiting or offered.</param>
/// <param name="Until">Then the hold or the waiting is over.</param>
public sealed record OtherPlaceAsked(Guid WalkId, string State, DateTimeOffset Until);
