using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Booking;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking;

/// <summary>
/// She says yes to the place held for her: in one transaction her booking goes there and the old place is free. The booking stays the same one,
/// so her links, her contact and the calendar's UID go with it; words and reminders are the new walk's.
/// </summary>
internal static class TakePlace
{
    public static Task<IResult> Handle(
        [FromHeader(Name = "Authorization")] string? authorization, HttpRequest http,
        BookingDb db, PersonalData personal, BookingMail mail, ForcePackCatalogue packs, CancellationToken ct) =>
        db.Atomically<IResult>(async () =>
        {
            if (await db.Open(authorization, LinkPurpose.MyWalk, ct) is not { } booking) return Refusals.LinkUnknown;
            if (await db.PlaceFor(booking, ct) is not { } place) return Refusals.NothingHeld;
            await db.Lock([booking.WalkId, place.WalkId], ct);
            await db.Entry(booking).ReloadAsync(ct);
            if (Etag.Check(http, booking) is { } overtaken) return overtaken;
            await db.Entry(place).ReloadAsync(ct);

            var from = await db.Walks.SingleAsync(w => w.Id == booking.WalkId, ct);
            var to = await db.Walks.Include(w => w.Officers).ThenInclude(o => o.Officer).SingleAsync(w => w.Id == place.WalkId, ct);
            if (booking.Move(from, to, place, db.Now) is { } refused) return refused;

            // Her places on the new walk are the held ones: the hold goes, what it took stays taken.
            db.Bookings.Remove(place);
            await db.Withdraw(ExpireHold.Key(place.Id), ct);
            await mail.Moved(booking, from, to, ct);
            await ConfirmBooking.Plan(db, personal, packs.Get(db.Force!), booking, to, ct);
            db.Publish(new BookingMoved(booking.Id, from.Id, to.Id, booking.People, booking.Told(to)));
            await db.SaveChangesAsync(ct);
            await db.Walks.Where(w => w.Id == from.Id).ExecuteUpdateAsync(s => s.SetProperty(w => w.Taken, w => w.Taken - booking.People), ct);
            return TypedResults.NoContent();
        }, ct);
}
