using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Booking;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking;

/// <summary>She gives her place back by her link; it can be booked again at once.</summary>
internal static class CancelBooking
{
    public static Task<IResult> Handle(
        CancelBookingRequest request, [FromHeader(Name = "Authorization")] string? authorization, HttpRequest http,
        BookingDb db, BookingMail mail, CancellationToken ct) =>
        db.Atomically<IResult>(async () =>
        {
            if (await db.Open(authorization, LinkPurpose.MyWalk, ct) is not { } booking) return Refusals.LinkUnknown;
            await db.Lock(booking.WalkId, ct);
            await db.Entry(booking).ReloadAsync(ct);
            if (Etag.Check(http, booking) is { } overtaken) return overtaken;
            var walk = await db.Walks.Include(w => w.Officers).ThenInclude(o => o.Officer).SingleAsync(w => w.Id == booking.WalkId, ct);
            if (booking.Cancel(walk, request.Reason, db.Now) is { } refused) return refused;

            await mail.Cancelled(booking, walk, "participant", request.Reason, ct);
            db.Publish(new BookingCancelled(booking.Id, walk.Id, "participant", request.Reason));
            await db.SaveChangesAsync(ct);
            await db.Walks.Where(w => w.Id == walk.Id).ExecuteUpdateAsync(s => s.SetProperty(w => w.Taken, w => w.Taken - booking.People), ct);
            return TypedResults.NoContent();
        }, ct);
}
