using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Booking;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Booking;

/// <summary>The force calls a walk off: its officers are free again, and everybody who booked is told at once.</summary>
internal static class CancelWalk
{
    private static readonly BookingState[] Ends = [BookingState.Held, BookingState.Confirmed, BookingState.Joining, BookingState.Waiting, BookingState.Offered];

    public static Task<IResult> Handle(Guid walkId, CancelWalkRequest request, BookingDb db, BookingMail mail, Waitlist waitlist, CancellationToken ct) =>
        db.Atomically<IResult>(async () =>
        {
            if (await db.Lock(walkId, ct) == 0) return Refusals.WalkUnknown;
            var walk = await db.Walks.Include(w => w.Officers).ThenInclude(o => o.Officer).SingleAsync(w => w.Id == walkId, ct);
            if (walk.Cancel(request.Reason) is { } refused) return refused;

            var bookings = await db.Bookings.Where(b => b.WalkId == walkId && Ends.Contains(b.State)).ToListAsync(ct);
            foreach (var booking in bookings)
            {
                var confirmed = booking.State == BookingState.Confirmed;
                if (booking.State is BookingState.Waiting or BookingState.Offered) await mail.NoPlace(booking, walk, ct);
                await waitlist.Reopen(booking, ct);
                booking.State = BookingState.CancelledByForce;
                booking.CancelReason = request.Reason;
                if (!confirmed) continue;
                await mail.Cancelled(booking, walk, "force", request.Reason, ct);
                db.Publish(new BookingCancelled(booking.Id, walkId, "force", request.Reason, Late: walk.StartsAt - db.Now < TimeSpan.FromHours(24)));
            }
            await mail.CalledOff(walk, ct);
            db.Publish(new WalkCancelled(walkId, request.Reason));
            await db.SaveChangesAsync(ct);
            return TypedResults.NoContent();
        }, ct);
}
