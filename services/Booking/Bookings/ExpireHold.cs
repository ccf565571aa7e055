using System.Runtime.Serialization;
using Microsoft.EntityFrameworkCore;
using WalkTalk.ServiceDefaults.Messaging;

namespace WalkTalk.Booking;

/// <summary>A reminder to this service: the ten minutes of a hold are over.</summary>
[DataContract(Name = "booking-hold-ends")]
internal sealed record HoldEnds(Guid BookingId);

/// <summary>Frees the places of a hold that was not confirmed, and lets its contact be forgotten.</summary>
internal sealed class ExpireHold(BookingDb db, Waitlist waitlist) : IConsumeAlone<HoldEnds>
{
    public static string Key(Guid bookingId) => $"hold:{bookingId:N}";

    public async Task Consume(HoldEnds message, Delivery delivery, CancellationToken ct)
    {
        var walkId = await db.Bookings.Where(b => b.Id == message.BookingId).Select(b => b.WalkId).SingleOrDefaultAsync(ct);
        await db.Lock(walkId, ct);
        if (await db.Bookings.SingleOrDefaultAsync(b => b.Id == message.BookingId, ct) is { State: BookingState.Held or BookingState.Joining } booking
            && booking.HoldUntil <= db.Now) await waitlist.Expire(booking, ct);
    }
}
