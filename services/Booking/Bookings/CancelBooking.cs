using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Booking;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking;

/// <summary>She gives her place back by her link; whoever waits is asked first, else it can be booked again at once.</summary>
internal static class CancelBooking
{
    public static Task<IResult> Handle(
        CancelBookingRequest request, [FromHeader(Name = "Authorization")] string? authorization, HttpRequest http,
        BookingDb db, BookingMail mail, Waitlist waitlist, CancellationToken ct) =>
        db.Atomically<IResult>(async () =>
        {
            if (await db.Open(authorization, LinkPurpose.MyWalk, ct) is not { } booking) return Refusals.LinkUnknown;
            await db.Lock(booking.WalkId, ct);
            await db.Entry(booking).ReloadAsync(ct);
            if (Etag.Check(http, booking) is { } overtaken) return overtaken;
            var walk = await db.Walks.Include(w => w.Officers).ThenInclude(o => o.Officer).SingleAsync(w => w.Id == booking.WalkId, ct);
            return await End(db, mail, waitlist, booking, walk, request.Reason, ct);
        }, ct);

    /// <summary>With the walk's row locked.</summary>
    public static async Task<IResult> End(BookingDb db, BookingMail mail, Waitlist waitlist, Booking booking, Walk walk, string reason, CancellationToken ct)
    {
        if (booking.Cancel(walk, reason, db.Now) is { } refused) return refused;
        await mail.Cancelled(booking, walk, "participant", reason, ct);
        db.Publish(new BookingCancelled(booking.Id, walk.Id, "participant", reason));
        // Another place that was offered her has its own walk to lock: it is let go in a moment, by itself.
        if (await db.PlaceFor(booking, ct) is { } other) await db.Schedule(Waitlist.GoneKey(other.Id), db.Now, new WaitlistDue(other.Id), ct);
        await waitlist.Free(walk.Id, booking.People, ct);
        return TypedResults.NoContent();
    }
}
