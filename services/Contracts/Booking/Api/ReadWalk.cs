using System.ComponentModel.DataAnnotations;

namespace WalkTalk.Contracts.Booking.Api;

/// <summary>One walk with everybody who is to come and what they need: <c>GET /schedule/{walkId}</c>. Each reading is audited.</summary>
public sealed record WalkDetail(ScheduledWalk Walk, IReadOnlyList<OfficerRow> Officers, IReadOnlyList<WalkBooking> Bookings);

/// <summary>A booking as the coordinator sees it.</summary>
/// <param name="Open">What somebody has to arrange, or has.</param>
public sealed record WalkBooking(
    Guid BookingId, string? FirstName, int People, string State, WalkNeeds? Needs, string? GuardianName, string? GuardianEmail, IReadOnlyList<NeedRow> Open);

/// <summary>Something of a booking that people have to arrange.</summary>
/// <param name="Kind">interpreter, signlanguage, secondofficer, nonpolicewalker or otherofficer; null when she was erased.</param>
/// <param name="State">open, arranged or declined.</param>
/// <param name="Used">Per cent of the time to arrange it that is gone.</param>
public sealed record NeedRow(Guid NeedId, string? Kind, string State, DateTimeOffset DueAt, int Used, string ETag);

/// <summary>It cannot be arranged for this walk: <c>POST /needs/{needId}/decline</c> with If-Match. What was arranged is said by <c>POST /needs/{needId}/arrange</c>.</summary>
public sealed record DeclineNeedRequest
{
    /// <summary>Another walk with room, offered to her beside the one she has; null: a walk request is opened for her, with all she needs.</summary>
    public Guid? WalkId { get; init; }
}
