using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using WalkTalk.Contracts.Booking.Api;

namespace WalkTalk.Booking;

/// <summary>A walk is full and she would like to wait for a place: ten minutes to give contact and code, as with a hold; only then she waits.</summary>
internal static class JoinWaitlist
{
    public static Task<IResult> Handle(
        Guid walkId, HoldPlaceRequest request, BookingDb db, BookingMail mail, Waitlist waitlist, IOptions<BookingOptions> options, CancellationToken ct) =>
        db.Atomically<IResult>(async () =>
        {
            var now = db.Now;
            await HoldPlace.FreeLapsed(db, waitlist, walkId, ct);
            if (await db.Walks.AsNoTracking().SingleOrDefaultAsync(w => w.Id == walkId, ct) is not { } walk) return Refusals.WalkUnknown;
            if (walk.RefusesBooking(now, options.Value) is { } refused) return refused;
            if (request.People > walk.Capacity) return Refusals.PartyTooBig;
            if (walk.Taken + request.People <= walk.Capacity) return Refusals.WalkHasRoom;

            var booking = new Booking { WalkId = walkId, People = request.People, State = BookingState.Joining, HoldUntil = now + options.Value.Hold };
            db.Bookings.Add(booking);
            var token = mail.NewLink(booking, LinkPurpose.Hold);
            await db.Schedule(ExpireHold.Key(booking.Id), booking.HoldUntil, new HoldEnds(booking.Id), ct);
            await db.SaveChangesAsync(ct);
            return TypedResults.Created((string?)null, new PlaceHeld(booking.Id, token, booking.HoldUntil));
        }, ct);
}
