using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking;

/// <summary>She stays where she is: the other place is free at once instead of when its hold ends.</summary>
internal static class LeavePlace
{
    public static Task<IResult> Handle(
        [FromHeader(Name = "Authorization")] string? authorization, HttpRequest http, BookingDb db, CancellationToken ct) =>
        db.Atomically<IResult>(async () =>
        {
            if (await db.Open(authorization, LinkPurpose.MyWalk, ct) is not { } booking) return Refusals.LinkUnknown;
            if (Etag.Check(http, booking) is { } overtaken) return overtaken;
            if (await db.PlaceFor(booking, ct) is not { } place) return Refusals.NothingHeld;
            await db.Lock(place.WalkId, ct);
            await db.LetGo(place, ct);
            return TypedResults.NoContent();
        }, ct);

    /// <summary>The place that is held for her beside her booking, whether or not its time is over.</summary>
    public static Task<Booking?> PlaceFor(this BookingDb db, Booking booking, CancellationToken ct) =>
        db.Bookings.SingleOrDefaultAsync(b => b.FromBookingId == booking.Id && b.State == BookingState.Held, ct);

    /// <summary>To be called with the place's walk locked. Nothing to do where it has gone meanwhile.</summary>
    public static async Task LetGo(this BookingDb db, Booking? place, CancellationToken ct)
    {
        if (place is null) return;
        await db.Entry(place).ReloadAsync(ct);
        if (place.State != BookingState.Held || db.Entry(place).State == EntityState.Detached) return;
        await ExpireHold.Expire(db, place, ct);
        await db.Withdraw(ExpireHold.Key(place.Id), ct);
        await db.SaveChangesAsync(ct);
    }
}
