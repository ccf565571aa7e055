using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Booking;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking;

/// <summary>
/// The officer did not come: the force's own failure, kept under its own name. She says so by her link, and the coordinator is called, because something
/// may have happened to the officer; or the coordinator says so for everybody who was to come. Who stood there gets an apology and the way to another walk.
/// </summary>
internal static class OfficerAbsent
{
    private const string Reason = "no-show";

    public static Task<IResult> ByHer(
        [FromHeader(Name = "Authorization")] string? authorization, HttpRequest http, BookingDb db, BookingMail mail, CancellationToken ct) =>
        db.Atomically<IResult>(async () =>
        {
            if (await db.Open(authorization, LinkPurpose.MyWalk, ct) is not { } booking) return Refusals.LinkUnknown;
            await db.Lock(booking.WalkId, ct);
            await db.Entry(booking).ReloadAsync(ct);
            if (Etag.Check(http, booking) is { } overtaken) return overtaken;
            var walk = await db.Walks.SingleAsync(w => w.Id == booking.WalkId, ct);
            if (booking.OfficerAbsent(walk, db.Now) is { } refused) return refused;

            await Apologise(db, mail, booking, walk, ct);
            if (!await db.Alerts.AnyAsync(a => a.WalkId == walk.Id && a.Kind == AlertKind.Overdue && a.AcknowledgedAt == null, ct))
                await Alarm.Raise(db, mail, new Alert { Kind = AlertKind.Overdue, WalkId = walk.Id, BookingId = booking.Id, RaisedAt = db.Now }, walk, ct);
            await db.SaveChangesAsync(ct);
            return TypedResults.NoContent();
        }, ct);

    /// <summary>The walk is called off with it, and the officer's time is free.</summary>
    public static Task<IResult> ByCoordinator(Guid walkId, BookingDb db, BookingMail mail, CancellationToken ct) =>
        db.Atomically<IResult>(async () =>
        {
            if (await db.Lock(walkId, ct) == 0) return Refusals.WalkUnknown;
            var walk = await db.Walks.Include(w => w.Officers).ThenInclude(o => o.Officer).SingleAsync(w => w.Id == walkId, ct);
            if (walk.State == WalkState.Published && db.Now < walk.StartsAt + Booking.Patience) return Refusals.NotAbsentYet;
            foreach (var booking in await db.Bookings.Where(b => b.WalkId == walkId && b.State == BookingState.Confirmed).ToListAsync(ct))
            {
                if (booking.OfficerAbsent(walk, db.Now) is { } no) return no;
                await Apologise(db, mail, booking, walk, ct);
            }
            if (walk.Cancel("officer-unavailable") is { } refused) return refused;
            await mail.CalledOff(walk, ct);
            db.Publish(new WalkCancelled(walkId, "officer-unavailable"));
            await db.SaveChangesAsync(ct);
            return TypedResults.NoContent();
        }, ct);

    private static async Task Apologise(BookingDb db, BookingMail mail, Booking booking, Walk walk, CancellationToken ct)
    {
        await mail.Sorry(booking, walk, ct);
        db.Publish(new BookingCancelled(booking.Id, walk.Id, "force", Reason));
    }
}
