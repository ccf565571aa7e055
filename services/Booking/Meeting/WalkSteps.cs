using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Booking;
using WalkTalk.Contracts.Booking.Api;

namespace WalkTalk.Booking;

/// <summary>Start, check-in and end of a walk, by its officer. From the start a clock runs: neither ended nor checked in ten minutes after it is due, the coordinator is called.</summary>
internal static class WalkSteps
{
    public static Task<IResult> Start(Guid walkId, StartWalkRequest request, BookingDb db, CancellationToken ct) =>
        db.Atomically<IResult>(async () =>
        {
            var (refused, walk) = await db.MyWalk(walkId, ct);
            if (refused is not null) return refused;
            var bookings = await db.Bookings.Where(b => b.WalkId == walkId).ToListAsync(ct);
            var alarmOpen = await db.Alerts.AnyAsync(a => a.WalkId == walkId && a.Kind == AlertKind.Mismatch && a.AcknowledgedAt == null, ct);
            var (no, verified, overridden) = walk.Start(bookings, request.Absent, request.Override, alarmOpen, db.Now);
            if (no is not null) return no;

            if (overridden > 0) db.Audit("start-override", "Walk", $"{walk.Id}", request.Override);
            db.Publish(new WalkStarted(walk.Id, verified, overridden));
            return await Watched(db, walk, ct);
        }, ct);

    public static Task<IResult> CheckIn(Guid walkId, BookingDb db, CancellationToken ct) =>
        db.Atomically<IResult>(async () =>
        {
            var (refused, walk) = await db.MyWalk(walkId, ct);
            if ((refused ?? walk.CheckIn(db.Now)) is { } no) return no;
            return await Watched(db, walk, ct);
        }, ct);

    public static Task<IResult> End(Guid walkId, BookingDb db, BookingMail mail, CancellationToken ct) =>
        db.Atomically<IResult>(async () =>
        {
            var (refused, walk) = await db.MyWalk(walkId, ct);
            if (refused is not null) return refused;
            var bookings = await db.Bookings.Where(b => b.WalkId == walkId).ToListAsync(ct);
            var (no, attended) = walk.End(bookings, db.Now);
            if (no is not null) return no;

            foreach (var booking in bookings.Where(b => b.State == BookingState.Completed)) await mail.Thanks(booking, walk, ct);
            await db.Withdraw(RaiseOverdue.Key(walk.Id), ct);
            db.Publish(new WalkEnded(walk.Id, attended));
            await db.SaveChangesAsync(ct);
            return TypedResults.Ok(new WalkStep(walk.State.Wire(), null));
        }, ct);

    private static async Task<IResult> Watched(BookingDb db, Walk walk, CancellationToken ct)
    {
        await db.Schedule(RaiseOverdue.Key(walk.Id), walk.EndDue!.Value + Walk.OverdueAfter, new WalkDue(walk.Id), ct);
        await db.SaveChangesAsync(ct);
        return TypedResults.Ok(new WalkStep(walk.State.Wire(), walk.Local(walk.EndDue)));
    }
}
