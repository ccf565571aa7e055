using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Booking;

namespace WalkTalk.Booking;

/// <summary>The officer waited until her words work no more and nobody came: every booking ends as not come, the walk is off, and nobody is asked why.</summary>
internal static class NobodyCame
{
    private const string Reason = "nobody-came";

    public static Task<IResult> Handle(Guid walkId, BookingDb db, BookingMail mail, CancellationToken ct) =>
        db.Atomically<IResult>(async () =>
        {
            var (refused, walk) = await db.MyWalk(walkId, ct);
            if (refused is not null) return refused;
            if (walk.State == WalkState.Published && db.Now <= walk.WordsUntil) return Refusals.NotAbsentYet with { Detail = "The words work until 15 minutes after the start." };
            var bookings = await db.Bookings.Where(b => b.WalkId == walkId && (b.State == BookingState.Confirmed || b.State == BookingState.Met)).ToListAsync(ct);
            if (bookings.Exists(b => b.State == BookingState.Met)) return Refusals.WalkNotOpen with { Detail = "Somebody has met you: start the walk and mark the others absent." };
            if (walk.Cancel(Reason) is { } no) return no;
            foreach (var booking in bookings)
            {
                booking.State = BookingState.NoShowParticipant;
                await mail.StopReminders(booking, ct);
            }
            await Alerts.Heard(db, walk, ct);
            db.Publish(new WalkCancelled(walkId, Reason));
            await db.SaveChangesAsync(ct);
            return TypedResults.NoContent();
        }, ct);
}
