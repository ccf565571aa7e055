using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Booking;

/// <summary>
/// Holds places for ten minutes. The last place goes to one caller, however many ask at once: they are decided one after the other with the walk's row
/// locked, a conditional update says it again, a check constraint stands behind it.
/// </summary>
internal sealed class HoldPlace(BookingDb db, BookingMail mail, Waitlist waitlist, IOptions<BookingOptions> options) : IDecideTogether<HoldPlace.Asked>
{
    internal sealed record Asked(Guid WalkId, int People);

    private readonly Dictionary<Guid, int> taken = [];
    private Dictionary<Guid, Walk> walks = [];

    public static Task<IResult> Handle(Guid walkId, HoldPlaceRequest request, HttpContext http, Together<HoldPlace, Asked> together) =>
        together.Ask(http, new Asked(walkId, request.People));

    public async Task Prepare(IReadOnlyCollection<Asked> asked, CancellationToken ct)
    {
        walks = await db.LockAndRead(asked.Select(a => a.WalkId), ct);
        foreach (var walk in asked.GroupBy(a => a.WalkId).Where(w => walks.TryGetValue(w.Key, out var walk) && walk.Taken + w.Sum(a => a.People) > walk.Capacity))
        {
            await FreeLapsed(db, waitlist, walk.Key, ct);
            walks[walk.Key] = await db.Walks.AsNoTracking().SingleAsync(w => w.Id == walk.Key, ct);
        }
    }

    public IResult Decide(Asked asked)
    {
        var now = db.Now;
        if (!walks.TryGetValue(asked.WalkId, out var walk)) return Refusals.WalkUnknown;
        if (walk.RefusesBooking(now, options.Value) is { } refused) return refused;
        var before = taken.GetValueOrDefault(walk.Id);
        if (walk.Taken + before + asked.People > walk.Capacity) return Refusals.WalkFull;
        taken[walk.Id] = before + asked.People;

        var booking = new Booking { WalkId = walk.Id, People = asked.People, HoldUntil = now + options.Value.Hold };
        db.Bookings.Add(booking);
        var token = mail.NewLink(booking, LinkPurpose.Hold);
        db.ScheduleFirst(ExpireHold.Key(booking.Id), booking.HoldUntil, new HoldEnds(booking.Id));
        return TypedResults.Created((string?)null, new PlaceHeld(booking.Id, token, booking.HoldUntil));
    }

    public async Task Save(CancellationToken ct)
    {
        if (await db.Take(taken, ct) < taken.Count) throw new InvalidOperationException("A locked walk has fewer places than it had.");
        await db.SaveChangesAsync(ct);
    }

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
        await db.Take(new Dictionary<Guid, int> { [walkId] = people }, ct) == 1;
}
