using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Booking;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Booking;

/// <summary>
/// Start, check-in and end of a walk, by its officer. From the start a clock runs: neither ended nor checked in ten minutes after it is due, the coordinator is called.
/// What had no signal comes later with the time it happened; then the clock, the alarms and what she is told are as if it had come in time.
/// </summary>
internal static class WalkSteps
{
    public static Task<IResult> Start(Guid walkId, StartWalkRequest request, BookingDb db, CancellationToken ct) =>
        db.Atomically<IResult>(async () =>
        {
            var (refused, walk, at) = await Step(db, walkId, request.HappenedAt, ct);
            if (refused is not null) return refused;
            var bookings = await db.Bookings.Where(b => b.WalkId == walkId).ToListAsync(ct);
            var alarmOpen = await db.Alerts.AnyAsync(a => a.WalkId == walkId && a.Kind == AlertKind.Mismatch && a.AcknowledgedAt == null, ct);
            var (no, verified, overridden) = walk.Start(bookings, request.Absent, request.Override, alarmOpen, at);
            if (no is not null) return no;

            if (overridden > 0)
            {
                db.Audit("start-override", "Walk", $"{walk.Id}", request.Override);
                db.StartOverrides.Add(new StartOverride { WalkId = walk.Id, Reason = request.Override!, Bookings = overridden, HappenedAt = at, ReceivedAt = db.Now });
            }
            db.Publish(new WalkStarted(walk.Id, verified, overridden));
            return await Watched(db, walk, ct);
        }, ct);

    public static Task<IResult> CheckIn(Guid walkId, WalkStepRequest? request, BookingDb db, CancellationToken ct) =>
        db.Atomically<IResult>(async () =>
        {
            var (refused, walk, at) = await Step(db, walkId, request?.HappenedAt, ct);
            if ((refused ?? walk.CheckIn(at)) is { } no) return no;
            return await Watched(db, walk, ct);
        }, ct);

    public static Task<IResult> End(Guid walkId, WalkStepRequest? request, BookingDb db, BookingMail mail, CancellationToken ct) =>
        db.Atomically<IResult>(async () =>
        {
            var (refused, walk, at) = await Step(db, walkId, request?.HappenedAt, ct);
            if (refused is not null) return refused;
            var bookings = await db.Bookings.Where(b => b.WalkId == walkId).ToListAsync(ct);
            var (no, attended) = walk.End(bookings, at);
            if (no is not null) return no;

            foreach (var booking in bookings.Where(b => b.State == BookingState.Completed))
            {
                await mail.Thanks(booking, walk, ct);
                if (booking.RequestId is { } asked) db.Publish(new WalkRequestWalked(asked));
            }
            await db.Withdraw(RaiseOverdue.Key(walk.Id), ct);
            await Alerts.Heard(db, walk, ct);
            db.Publish(new WalkEnded(walk.Id, attended));
            await db.SaveChangesAsync(ct);
            return TypedResults.Ok(new WalkStep(walk.State.Wire(), null));
        }, ct);

    private static async Task<(Refusal? Refused, Walk Walk, DateTimeOffset At)> Step(BookingDb db, Guid walkId, DateTimeOffset? told, CancellationToken ct)
    {
        var (refused, walk) = await db.MyWalk(walkId, ct);
        if (refused is not null) return (refused, walk, default);
        var (no, at) = walk.Happened(told, db.Now);
        return (no, walk, at);
    }

    private static async Task<IResult> Watched(BookingDb db, Walk walk, CancellationToken ct)
    {
        await db.Schedule(RaiseOverdue.Key(walk.Id), walk.OverdueAt > db.Now ? walk.OverdueAt : db.Now + Walk.RestOfThePhone, new WalkDue(walk.Id), ct);
        await Alerts.Heard(db, walk, ct);
        await db.SaveChangesAsync(ct);
        return TypedResults.Ok(new WalkStep(walk.State.Wire(), walk.Local(walk.EndDue)));
    }
}
