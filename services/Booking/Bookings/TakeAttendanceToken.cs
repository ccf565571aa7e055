using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Booking;
using WalkTalk.Contracts.Booking.Api;

namespace WalkTalk.Booking;

/// <summary>
/// After the walk her link gives a token that says force, ward and quarter and nothing else. It is signed, handed over and forgotten;
/// what is kept is how many were taken, without a time and apart from the booking: no audit entry, no message, no log line, so that nothing ties it to what she says.
/// </summary>
internal static class TakeAttendanceToken
{
    public static async Task<IResult> Handle(
        [FromHeader(Name = "Authorization")] string? authorization, HttpResponse response, BookingDb db, AttendanceKey key, CancellationToken ct)
    {
        if (await db.Open(authorization, LinkPurpose.MyWalk, ct) is not { } booking) return Refusals.LinkUnknown;
        if (booking.State != BookingState.Completed) return Refusals.NotAttended;
        // Those that the booking itself counted were taken before the count stood apart.
        var left = booking.People - booking.TokensTaken;
        if (left <= 0 || !await db.Count(booking.Id, left, ct)) return Refusals.TokensTaken;

        var walk = await db.Walks.Where(w => w.Id == booking.WalkId).Select(w => new { w.WardCode, w.LocalDate }).SingleAsync(ct);
        response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new AttendanceTokenReply(AttendanceToken.For(db.Force!, walk.WardCode, walk.LocalDate).Sign(key.Private)));
    }

    /// <summary>The public half, for whoever verifies the tokens.</summary>
    public static IResult PublicKey(AttendanceKey key) => TypedResults.Text(key.Public, "application/x-pem-file");
}
