using System.Runtime.Serialization;
using Microsoft.EntityFrameworkCore;
using WalkTalk.ServiceDefaults.Messaging;

namespace WalkTalk.Booking;

/// <summary>A reminder to this service: an offer is to be told or is over, or the walk somebody waits for begins.</summary>
[DataContract(Name = "booking-waitlist-due")]
internal sealed record WaitlistDue(Guid BookingId);

/// <summary>Brings one woman's waiting on as time goes by: tells an offer in the morning, passes it on when she did not answer, ends with the walk's beginning.</summary>
internal sealed class WaitlistTurn(BookingDb db, BookingMail mail, Waitlist waitlist) : IConsumeAlone<WaitlistDue>
{
    public async Task Consume(WaitlistDue message, Delivery delivery, CancellationToken ct)
    {
        var walkId = await db.Bookings.Where(b => b.Id == message.BookingId).Select(b => b.WalkId).SingleOrDefaultAsync(ct);
        await db.Lock(walkId, ct);
        if (await db.Bookings.SingleOrDefaultAsync(b => b.Id == message.BookingId, ct) is not { State: BookingState.Waiting or BookingState.Offered } booking) return;
        var walk = await db.Walks.AsNoTracking().SingleAsync(w => w.Id == walkId, ct);
        var now = db.Now;
        if (walk.State != WalkState.Published || now >= walk.StartsAt)
        {
            await mail.NoPlace(booking, walk, ct);
            await waitlist.End(booking, BookingState.Lapsed, ct);
        }
        else if (await Gone(booking, ct)) await waitlist.End(booking, BookingState.Declined, ct);
        else if (booking.State == BookingState.Offered && now >= booking.HoldUntil) await waitlist.End(booking, BookingState.Lapsed, ct);
        else if (booking.State == BookingState.Offered) await waitlist.TellOffer(booking, walk, ct);
    }

    /// <summary>She had a booking to move from and has given it back; one that is over she may follow by another.</summary>
    private async Task<bool> Gone(Booking booking, CancellationToken ct) =>
        booking.FromBookingId is { } from && await db.Bookings.SingleAsync(b => b.Id == from, ct) is { State: not BookingState.Confirmed, IsOver: false };
}
