using System.ComponentModel.DataAnnotations;

namespace WalkTalk.Contracts.Booking.Api;

/// <summary>Takes places for ten minutes: <c>POST /walks/{walkId}/holds</c>. On a full walk <c>POST /walks/{walkId}/waitlist</c> gives ten minutes to join its waiting list.</summary>
public sealed record HoldPlaceRequest
{
    /// <summary>She and whoever she brings.</summary>
    [Range(1, 4)] public int People { get; init; } = 1;
}

/// <summary>The places are hers until <paramref name="HoldUntil"/>.</summary>
/// <param name="HoldToken">Sent as <c>Authorization: Hold …</c> with contact and code; shown once.</param>
public sealed record PlaceHeld(Guid BookingId, string HoldToken, DateTimeOffset HoldUntil);

/// <summary>What is held: <c>GET /booking</c> with the hold's token.</summary>
/// <param name="GuardianAsked">She is under 18: two codes are wanted.</param>
/// <param name="GuardianAwaited">Her own has come back; only her guardian's is missing.</param>
/// <param name="Waits">The walk is full; what is held is the time to join its waiting list.</param>
public sealed record HeldPlace(Guid BookingId, int People, DateTimeOffset HoldUntil, bool CodeSent, int CodesLeft, WalkOffer Walk, bool Waits,
    bool GuardianAsked = false, bool GuardianAwaited = false);
