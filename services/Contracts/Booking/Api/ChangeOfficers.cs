using System.ComponentModel.DataAnnotations;

namespace WalkTalk.Contracts.Booking.Api;

/// <summary>
/// Adds a second officer to a published walk, or gives it to another one: <c>POST /walks/{walkId}/officers</c>. Everybody who has a place is told who meets her
/// now, and may say no; then her place is free and she chooses another walk without a new code.
/// </summary>
public sealed record ChangeOfficersRequest
{
    /// <summary>Who does not walk; null: nobody, an officer is added.</summary>
    public Guid? Remove { get; init; }

    /// <summary>Who walks; null with <see cref="Anyone"/>, or where only one of two is taken off.</summary>
    public Guid? Add { get; init; }

    /// <summary>Whoever fits: free, rested, walks there, speaks what is needed, and nobody who comes would rather not meet her. Those with the fewest walks first.</summary>
    public bool Anyone { get; init; }

    /// <summary>Why the named officer walks although something but a clash stands against it. Audited.</summary>
    [StringLength(300, MinimumLength = 3)] public string? OverrideReason { get; init; }
}

/// <summary>Who walks now, and how many bookings are told.</summary>
public sealed record OfficersChanged(IReadOnlyList<OfficerRow> Officers, int Told);
