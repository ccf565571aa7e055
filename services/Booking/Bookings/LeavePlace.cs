using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking;

/// <summary>She does without: the other place that was held, waited for or offered, or her own wait, ends at once.</summary>
internal static class LeavePlace
{
    public static Task<IResult> Handle(
        [FromHeader(Name = "Authorization")] string? authorization, HttpRequest http, BookingDb db, Waitlist waitlist, CancellationToken ct) =>
        db.Atomically<IResult>(async () =>
        {
            if (await db.Open(authorization, LinkPurpose.MyWalk, ct) is not { } booking) return Refusals.LinkUnknown;
            if (Etag.Check(http, booking) is { } overtaken) return overtaken;
            if (await db.PlaceFor(booking, ct) is not { } place) return Refusals.NothingHeld;
            await db.Lock(place.WalkId, ct);
            if (!await db.StillThere(place, ct)) return Refusals.NothingHeld;
            await waitlist.LetGo(place, ct);
            return TypedResults.NoContent();
        }, ct);

    /// <summary>The place that waits for her word, whether or not its time is over: what she waits for herself, or another one beside her booking.</summary>
    public static async Task<Booking?> PlaceFor(this BookingDb db, Booking booking, CancellationToken ct) =>
        booking.State is BookingState.Waiting or BookingState.Offered ? booking
            : await db.Bookings.SingleOrDefaultAsync(b => b.FromBookingId == booking.Id
                && (b.State == BookingState.Held || b.State == BookingState.Waiting || b.State == BookingState.Offered), ct);

    /// <summary>Looks again, once the place's walk is locked.</summary>
    public static async Task<bool> StillThere(this BookingDb db, Booking place, CancellationToken ct)
    {
        await db.Entry(place).ReloadAsync(ct);
        return db.Entry(place).State != EntityState.Detached && place.State is BookingState.Held or BookingState.Waiting or BookingState.Offered;
    }
}
