using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Booking;

namespace WalkTalk.Booking;

/// <summary>
/// Places that come free go first to those who wait: whoever came first of those whose party fits, one offer for each place. What is offered counts
/// as taken, so neither search nor a hold can give it away. Every change here is made with the walk's row locked, in the transaction that frees the place.
/// </summary>
internal sealed class Waitlist(BookingDb db, BookingMail mail)
{
    public static readonly TimeSpan TimeToAnswer = TimeSpan.FromHours(12), TimeToAnswerNear = TimeSpan.FromHours(2), Near = TimeSpan.FromHours(24);

    /// <summary>Nobody is woken between these hours of the walk's place, except so shortly before the walk.</summary>
    private static readonly TimeOnly Evening = new(21, 0), Morning = new(8, 0);
    private static readonly TimeSpan NearWalk = TimeSpan.FromHours(3);

    public static string BeginsKey(Guid bookingId) => $"waitlist:{bookingId:N}";
    public static string OpensKey(Guid bookingId) => $"waitlist-opens:{bookingId:N}";
    public static string EndsKey(Guid bookingId) => $"waitlist-ends:{bookingId:N}";

    /// <summary>She gave back what she waited from. A key of its own: an offer made her before that is known sets the other times anew.</summary>
    public static string GoneKey(Guid bookingId) => $"waitlist-gone:{bookingId:N}";

    /// <summary>
    /// When an offer is told and until when it stands: twelve hours, two when the walk is less than a day away, and never beyond its start. The time runs
    /// from the telling: a place that comes free at night is told at eight, or three hours before the walk where that is earlier.
    /// </summary>
    public static (DateTimeOffset Told, DateTimeOffset Until) Clock(DateTimeOffset now, DateTimeOffset startsAt, TimeZoneInfo zone)
    {
        var told = now;
        var local = TimeZoneInfo.ConvertTime(now, zone).DateTime;
        if (TimeOnly.FromDateTime(local).IsBetween(Evening, Morning))
        {
            var day = DateOnly.FromDateTime(local).AddDays(TimeOnly.FromDateTime(local) >= Evening ? 1 : 0);
            var eight = WallClock.Instant(day, Morning, zone)!.Value;
            told = Min(eight, Max(now, startsAt - NearWalk));
        }
        return (told, Min(told + (startsAt - told < Near ? TimeToAnswerNear : TimeToAnswer), startsAt));
    }

    /// <summary>Contact verified: she waits, until a place is hers or the walk begins.</summary>
    public async Task<string> Join(Booking booking, Walk walk, CancellationToken ct)
    {
        var link = await mail.Waiting(booking, walk, ct);
        await db.Withdraw(ExpireHold.Key(booking.Id), ct);
        await Queue(booking, walk, ct);
        return link;
    }

    /// <summary>From now on she is asked when a place comes free; at once where one has meanwhile.</summary>
    public async Task Queue(Booking booking, Walk walk, CancellationToken ct)
    {
        await db.Schedule(BeginsKey(booking.Id), walk.StartsAt, new WaitlistDue(booking.Id), ct);
        await db.SaveChangesAsync(ct);
        await Offer(walk.Id, ct);
    }

    /// <summary>Gives places back, to the list first. What gave them back is saved with it.</summary>
    public async Task Free(Guid walkId, int people, CancellationToken ct)
    {
        await db.SaveChangesAsync(ct);
        await db.Walks.Where(w => w.Id == walkId).ExecuteUpdateAsync(s => s.SetProperty(w => w.Taken, w => w.Taken - people), ct);
        await Offer(walkId, ct);
    }

    /// <summary>A hold that is over, or a time to join that is.</summary>
    public async Task Expire(Booking booking, CancellationToken ct)
    {
        var held = booking.State == BookingState.Held;
        booking.State = BookingState.Expired;
        booking.CodeHash = null;
        if (held) await Free(booking.WalkId, booking.People, ct);
    }

    /// <summary>She does without: what was held or offered goes on, what was waited for is waited for no more.</summary>
    public async Task LetGo(Booking booking, CancellationToken ct)
    {
        if (booking.State == BookingState.Held)
        {
            await db.Withdraw(ExpireHold.Key(booking.Id), ct);
            await Expire(booking, ct);
        }
        else
        {
            await Forget(booking, ct);
            await End(booking, BookingState.Declined, ct);
        }
    }

    /// <summary>She has answered: nothing about her waiting falls due any more.</summary>
    public async Task Forget(Booking booking, CancellationToken ct)
    {
        foreach (var key in (string[])[BeginsKey(booking.Id), OpensKey(booking.Id), EndsKey(booking.Id)]) await db.Withdraw(key, ct);
    }

    public async Task End(Booking booking, BookingState state, CancellationToken ct)
    {
        var offered = booking.State == BookingState.Offered;
        booking.State = state;
        await Reopen(booking, ct);
        if (offered) await Free(booking.WalkId, booking.People, ct);
        else await db.SaveChangesAsync(ct);
    }

    /// <summary>A place that answered a request came to nothing: the request waits again, and somebody is reminded of it.</summary>
    public async Task Reopen(Booking place, CancellationToken ct)
    {
        if (place.RequestId is { } id && await db.WalkRequests.SingleOrDefaultAsync(r => r.Id == id, ct) is { } asked && asked.Reopen()) await RequestTurn.Plan(db, asked, ct);
    }

    /// <summary>She is told of her offer; of a walk she asked for it is counted how long that took.</summary>
    public async Task TellOffer(Booking place, Walk walk, CancellationToken ct)
    {
        await mail.Offered(place, walk, ct);
        if (place.RequestId is { } id && await db.WalkRequests.Where(r => r.Id == id).Select(r => r.ReceivedAt).SingleOrDefaultAsync(ct) is { } received)
            db.Publish(new WalkRequestOffered(id, (int)(db.Now - received).TotalMinutes));
    }

    private async Task Offer(Guid walkId, CancellationToken ct)
    {
        var now = db.Now;
        var walk = await db.Walks.AsNoTracking().SingleAsync(w => w.Id == walkId, ct);
        var free = walk.Capacity - walk.Taken;
        if (free <= 0 || walk.State != WalkState.Published || now >= walk.StartsAt) return;
        var waiting = await db.Bookings.Where(b => b.WalkId == walkId && b.State == BookingState.Waiting && b.People <= free)
            .OrderBy(b => b.WaitingSince).ThenBy(b => b.Id).ToListAsync(ct);
        foreach (var next in waiting.Where(b => b.People <= free))
        {
            free -= next.People;
            await db.Walks.Where(w => w.Id == walkId).ExecuteUpdateAsync(s => s.SetProperty(w => w.Taken, w => w.Taken + next.People), ct);
            await Tell(next, walk, ct);
        }
        await db.SaveChangesAsync(ct);
    }

    /// <summary>A place the coordinator has taken for a request: hers to take like one from the list.</summary>
    public async Task OfferHeld(Booking place, Walk walk, CancellationToken ct)
    {
        await db.Schedule(BeginsKey(place.Id), walk.StartsAt, new WaitlistDue(place.Id), ct);
        await Tell(place, walk, ct);
        await db.SaveChangesAsync(ct);
    }

    private async Task Tell(Booking place, Walk walk, CancellationToken ct)
    {
        var (told, until) = Clock(db.Now, walk.StartsAt, TimeZoneInfo.FindSystemTimeZoneById(walk.Zone));
        (place.State, place.HoldUntil) = (BookingState.Offered, until);
        await db.Schedule(EndsKey(place.Id), until, new WaitlistDue(place.Id), ct);
        if (told > db.Now) await db.Schedule(OpensKey(place.Id), told, new WaitlistDue(place.Id), ct);
        else await TellOffer(place, walk, ct);
    }

    private static DateTimeOffset Min(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
    private static DateTimeOffset Max(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
