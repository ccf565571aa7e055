using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Booking;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking;

/// <summary>Somebody else meets her than she was told: she says that it is all right, or gives her place back and chooses another walk by the same link. No reason is asked.</summary>
internal static class AnswerOfficer
{
    public static Task<IResult> Accept(
        [FromHeader(Name = "Authorization")] string? authorization, HttpRequest http, BookingDb db, CancellationToken ct) =>
        Answer(authorization, http, db, async (booking, _) =>
        {
            await db.SaveChangesAsync(ct);
            return TypedResults.NoContent();
        }, ct);

    public static Task<IResult> Decline(
        [FromHeader(Name = "Authorization")] string? authorization, HttpRequest http, BookingDb db, BookingMail mail, Waitlist waitlist, CancellationToken ct) =>
        Answer(authorization, http, db, (booking, walk) => CancelBooking.End(db, mail, waitlist, booking, walk, Booking.DeclinedOfficer, ct), ct);

    private static Task<IResult> Answer(string? authorization, HttpRequest http, BookingDb db, Func<Booking, Walk, Task<IResult>> then, CancellationToken ct) =>
        db.Atomically<IResult>(async () =>
        {
            if (await db.Open(authorization, LinkPurpose.MyWalk, ct) is not { } booking) return Refusals.LinkUnknown;
            await db.Lock(booking.WalkId, ct);
            await db.Entry(booking).ReloadAsync(ct);
            if (Etag.Check(http, booking) is { } overtaken) return overtaken;
            if (!booking.OfficerChanged || booking.State != BookingState.Confirmed) return Refusals.NothingToAnswer;
            var walk = await db.Walks.Include(w => w.Officers).ThenInclude(o => o.Officer).SingleAsync(w => w.Id == booking.WalkId, ct);
            booking.OfficerChanged = false;
            return await then(booking, walk);
        }, ct);
}
