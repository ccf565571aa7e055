using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Booking;
using WalkTalk.Contracts.Booking.Api;

namespace WalkTalk.Booking;

/// <summary>
/// After the walk her link gives a token that says force, ward and quarter and nothing else. It is signed, handed over and forgotten;
/// the booking keeps how many were taken, without a time: no audit entry, no message, no log line, so that nothing ties it to what she says.
/// </summary>
internal static class TakeAttendanceToken
{
    public static async Task<IResult> Handle(
        [FromHeader(Name = "Authorization")] string? authorization, HttpResponse response, BookingDb db, AttendanceKey key, CancellationToken ct)
    {
        if (await db.Open(authorization, LinkPurpose.MyWalk, ct) is not { } booking) return Refusals.LinkUnknown;
        if (booking.State != BookingState.Completed) return Refusals.NotAttended;
        // Not through SaveChanges: that would write the moment into the audit trail.
        if (await db.Bookings.Where(b => b.Id == booking.Id && b.TokensTaken < b.People)
                .ExecuteUpdateAsync(s => s.SetProperty(b => b.TokensTaken, b => b.TokensTaken + 1), ct) == 0) return Refusals.TokensTaken;

        var walk = await db.Walks.Where(w => w.Id == booking.WalkId).Select(w => new { w.WardCode, w.LocalDate }).SingleAsync(ct);
        response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new AttendanceTokenReply(AttendanceToken.For(db.Force!, walk.WardCode, walk.LocalDate).Sign(key.Private)));
    }

    /// <summary>The public half, for whoever verifies the tokens.</summary>
    public static IResult PublicKey(AttendanceKey key) => TypedResults.Text(key.Public, "application/x-pem-file");
}
