using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using WalkTalk.Contracts.Booking;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking;

/// <summary>
/// She says yes to the place held for her or offered by the waiting list: in one transaction it is hers. From a booking it is a move: the booking stays the same
/// one, so her links, her contact and the calendar's UID go with it, words and reminders are the new walk's, and the old place is free. From a booking that is over it becomes one of its own (200, with its link), with her contact under a key of its own.
/// </summary>
internal static class TakePlace
{
    public static Task<IResult> Handle(
        [FromHeader(Name = "Authorization")] string? authorization, HttpRequest http,
        BookingDb db, PersonalData personal, BookingMail mail, Waitlist waitlist, ForcePackCatalogue packs, IOptions<BookingOptions> options, CancellationToken ct) =>
        db.Atomically<IResult>(async () =>
        {
            if (await db.Open(authorization, LinkPurpose.MyWalk, ct) is not { } booking) return Refusals.LinkUnknown;
            if (await db.PlaceFor(booking, ct) is not { } place) return Refusals.NothingHeld;
            await db.Lock([booking.WalkId, place.WalkId], ct);
            await db.Entry(booking).ReloadAsync(ct);
            if (Etag.Check(http, booking) is { } overtaken) return overtaken;
            if (!await db.StillThere(place, ct)) return Refusals.NothingHeld;

            var pack = packs.Get(db.Force!);
            var walk = await db.Walks.Include(w => w.Officers).ThenInclude(o => o.Officer).SingleAsync(w => w.Id == place.WalkId, ct);
            if (place.Id == booking.Id)
            {
                if (booking.Accept(walk, db.Now) is { } late) return late;
                await waitlist.Forget(booking, ct);
                if (booking.RequestId is { } request && await db.WalkRequests.SingleOrDefaultAsync(r => r.Id == request, ct) is { } asked) await RequestTurn.Close(db, asked, "matched", ct);
                await ConfirmBooking.Complete(db, personal, mail, pack, options.Value, booking, walk, ct);
                await db.SaveChangesAsync(ct);
                return TypedResults.NoContent();
            }

            if (booking.IsOver)
            {
                if (place.Follow(walk, booking, db.Now) is { } not) return not;
                await mail.Copy(booking, place, "another walk", ct);
                await db.Withdraw(ExpireHold.Key(place.Id), ct);
                await waitlist.Forget(place, ct);
                // Her walk was called off, so what she once asked for waits again: this place answers it.
                if (booking.RequestId is { } again && await db.WalkRequests.SingleOrDefaultAsync(r => r.Id == again, ct) is { State: RequestState.Received } waits && waits.Match() is null)
                {
                    place.RequestId = again;
                    await RequestTurn.Close(db, waits, "matched", ct);
                }
                var link = await ConfirmBooking.Complete(db, personal, mail, pack, options.Value, place, walk, ct);
                await db.SaveChangesAsync(ct);
                return TypedResults.Ok(new BookingConfirmedReply(place.Id, link));
            }

            var from = await db.Walks.SingleAsync(w => w.Id == booking.WalkId, ct);
            if (booking.Move(from, walk, place, db.Now) is { } refused) return refused;
            // Her places on the new walk are the held ones: the hold goes, what it took stays taken.
            db.Bookings.Remove(place);
            await db.Withdraw(ExpireHold.Key(place.Id), ct);
            await waitlist.Forget(place, ct);
            await mail.Moved(booking, from, walk, ct);
            await ConfirmBooking.Plan(db, personal, pack, options.Value, booking, walk, ct);
            db.Publish(new BookingMoved(booking.Id, from.Id, walk.Id, booking.People, booking.Told(walk)));
            await waitlist.Free(from.Id, booking.People, ct);
            return TypedResults.NoContent();
        }, ct);
}
