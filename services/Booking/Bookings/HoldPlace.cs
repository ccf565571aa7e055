using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Booking;

/// <summary>Holds places for ten minutes. The last place goes to one caller, however many ask at once: a conditional update decides, a check constraint stands behind it.</summary>
internal static class HoldPlace
{
    public static Task<IResult> Handle(
        Guid walkId, HoldPlaceRequest request, BookingDb db, BookingMail mail, Waitlist waitlist, IOptions<BookingOptions> options, CancellationToken ct) =>
        db.Atomically<IResult>(async () =>
        {
            var now = db.Now;
            if (await db.Walks.AsNoTracking().SingleOrDefaultAsync(w => w.Id == walkId, ct) is not { } walk) return Refusals.WalkUnknown;
            if (walk.RefusesBooking(now, options.Value) is { } refused) return refused;
            if (!await TryTake(db, waitlist, walkId, request.People, ct)) return Refusals.WalkFull;

            var booking = new Booking { WalkId = walkId, People = request.People, HoldUntil = now + options.Value.Hold };
            db.Bookings.Add(booking);
            var token = mail.NewLink(booking, LinkPurpose.Hold);
            await db.Schedule(ExpireHold.Key(booking.Id), booking.HoldUntil, new HoldEnds(booking.Id), ct);
            await db.SaveChangesAsync(ct);
            return TypedResults.Created((string?)null, new PlaceHeld(booking.Id, token, booking.HoldUntil));
        }, ct);

    /// <summary>Takes so many places of the walk, or none where they are not there.</summary>
    public static async Task<bool> TryTake(BookingDb db, Waitlist waitlist, Guid walkId, int people, CancellationToken ct)
    {
        if (await Take(db, walkId, people, ct)) return true;
        // Once more in any case: a lapsed hold may have been freed between the two looks.
        await FreeLapsed(db, waitlist, walkId, ct);
        return await Take(db, walkId, people, ct);
    }

    /// <summary>A hold or an offer that is over counts for nothing, even if its clean-up is late; what it frees goes to those who wait.</summary>
    public static async Task FreeLapsed(BookingDb db, Waitlist waitlist, Guid walkId, CancellationToken ct)
    {
        var now = db.Now;
        var lapsed = db.Bookings.Where(b => b.WalkId == walkId && (b.State == BookingState.Held || b.State == BookingState.Offered) && b.HoldUntil <= now);
        if (!await lapsed.AnyAsync(ct)) return;
        await db.Lock(walkId, ct);
        foreach (var booking in await lapsed.ToListAsync(ct))
        {
            if (booking.State == BookingState.Held) await waitlist.Expire(booking, ct);
            else await waitlist.End(booking, BookingState.Lapsed, ct);
        }
    }

    private static async Task<bool> Take(BookingDb db, Guid walkId, int people, CancellationToken ct) =>
        await db.Walks.Where(w => w.Id == walkId && w.State == WalkState.Published && w.Taken + people <= w.Capacity)
            .ExecuteUpdateAsync(s => s.SetProperty(w => w.Taken, w => w.Taken + people), ct) == 1;
}
