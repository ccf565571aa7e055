using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Booking;
using WalkTalk.Contracts.Booking.Api;

namespace WalkTalk.Booking;

/// <summary>
/// The officer has said her words and types what she hears. A match proves both; two misses may be tried again, the third is a mismatch
/// and raises the alarm. Every check is in the audit trail, its words never.
/// </summary>
internal static class VerifyMeeting
{
    public static Task<IResult> Handle(Guid walkId, Guid bookingId, VerifyMeetingRequest request, BookingDb db, BookingMail mail, CancellationToken ct) =>
        db.Atomically<IResult>(async () =>
        {
            var (refused, walk) = await db.MyWalk(walkId, ct);
            if (refused is not null) return refused;
            if (await db.Bookings.SingleOrDefaultAsync(b => b.Id == bookingId && b.WalkId == walkId, ct) is not { } booking) return Refusals.BookingUnknown;

            var words = await mail.WordsOf(booking, "meeting", ct);
            var (no, outcome) = booking.Hear(words?.Match(request.Heard) == true, walk, db.Now);
            if (no is not null) return no;
            db.Audit($"words-{Name(outcome)}", "Booking", $"{booking.Id}");
            if (outcome == Heard.Matched) db.Publish(new BookingMet(booking.Id, walk.Id));
            if (outcome == Heard.Mismatched) await Alarm.Mismatch(db, mail, walk, booking, ct);
            await db.SaveChangesAsync(ct);
            return TypedResults.Ok(new MeetingVerified(Name(outcome), booking.WordTriesLeft));
        }, ct);

    private static string Name(Heard outcome) => outcome switch { Heard.Matched => "matched", Heard.TryAgain => "try-again", _ => "mismatched" };
}
