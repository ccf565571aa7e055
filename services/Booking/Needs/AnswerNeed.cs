using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using WalkTalk.Contracts.Booking;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking;

/// <summary>The coordinator has arranged what somebody needs, or cannot for this walk: then she offers another one, or a walk request is opened with all she needs. She keeps her place meanwhile.</summary>
internal static class AnswerNeed
{
    public static Task<IResult> Arrange(Guid needId, HttpRequest http, BookingDb db, PersonalData personal, BookingMail mail, CancellationToken ct) =>
        db.Atomically<IResult>(async () =>
        {
            var (refused, need, booking, walk) = await Find(needId, [], http, db, ct);
            if ((refused ?? need.Answer(NeedState.Arranged, booking)) is { } no) return no;
            await Tell(need, booking, walk, db, personal, mail, ct);
            return TypedResults.NoContent();
        }, ct);

    public static Task<IResult> Decline(
        Guid needId, DeclineNeedRequest request, HttpRequest http, BookingDb db, PersonalData personal, BookingMail mail, Waitlist waitlist,
        ForcePackCatalogue packs, IOptions<BookingOptions> options, CancellationToken ct) =>
        db.Atomically<IResult>(async () =>
        {
            var (refused, need, booking, walk) = await Find(needId, request.WalkId is { } id ? [id] : [], http, db, ct);
            if ((refused ?? need.Answer(NeedState.Declined, booking)) is { } no) return no;
            if (request.WalkId is { } other)
            {
                if (await Offer(other, booking, db, personal, waitlist, options.Value, ct) is { } unfit) return unfit;
            }
            else
            {
                await AskForHer(booking, walk, db, mail, packs.Get(db.Force!), options.Value, ct);
            }
            await Tell(need, booking, walk, db, personal, mail, ct);
            return TypedResults.NoContent();
        }, ct);

    private static async Task<(Refusal? Refused, OpenNeed Need, Booking Booking, Walk Walk)> Find(Guid needId, Guid[] others, HttpRequest http, BookingDb db, CancellationToken ct)
    {
        if (await db.OpenNeeds.SingleOrDefaultAsync(n => n.Id == needId, ct) is not { } need) return (Refusals.NeedUnknown, null!, null!, null!);
        await db.Lock([need.WalkId, .. others], ct);
        await db.Entry(need).ReloadAsync(ct);
        var booking = await db.Bookings.SingleAsync(b => b.Id == need.BookingId, ct);
        var walk = await db.Walks.AsNoTracking().SingleAsync(w => w.Id == need.WalkId, ct);
        return (Etag.Check(http, need), need, booking, walk);
    }

    private static async Task Tell(OpenNeed need, Booking booking, Walk walk, BookingDb db, PersonalData personal, BookingMail mail, CancellationToken ct)
    {
        await need.Withdraw(db, ct);
        if (await need.What(db, personal, booking, "answering a need", ct) is { } kind) await mail.NeedAnswered(need, kind, booking, walk, ct);
        await db.SaveChangesAsync(ct);
    }

    /// <summary>A place on another walk, hers to take like one from the waiting list.</summary>
    private static async Task<Refusal?> Offer(Guid walkId, Booking booking, BookingDb db, PersonalData personal, Waitlist waitlist, BookingOptions options, CancellationToken ct)
    {
        if (await db.Walks.Include(w => w.Officers).ThenInclude(o => o.Officer).AsNoTracking().SingleOrDefaultAsync(w => w.Id == walkId, ct) is not { } to) return Refusals.WalkUnknown;
        if (walkId == booking.WalkId) return Refusals.SameWalk;
        if (to.RefusesBooking(db.Now, options) is { } refused) return refused;
        if (await Needs.Of(db, personal, booking, "offering another walk", ct) is { } needs)
        {
            if (needs.NeverMetBy(to) is { } never) return never with { Field = "walkId" };
            if (needs.ToArrange(to).ToList() is { Count: > 0 } open)
                return Refusals.NeedsNotMet with { Detail = $"That walk has not what she needs either: {string.Join(", ", open.Select(n => n.Words("en")))}." };
        }
        if (await db.PlaceFor(booking, ct) is not null) return Refusals.OtherPlaceHeld;
        if (!await HoldPlace.TryTake(db, waitlist, to.Id, booking.People, ct)) return Refusals.WalkFull;
        var place = new Booking { WalkId = to.Id, People = booking.People, FromBookingId = booking.Id, HoldUntil = to.StartsAt };
        db.Bookings.Add(place);
        await db.SaveChangesAsync(ct);
        await waitlist.OfferHeld(place, to, ct);
        return null;
    }

    /// <summary>In her name, where and in which light her walk is: its clock runs at once, because her contact is verified.</summary>
    private static async Task AskForHer(Booking booking, Walk walk, BookingDb db, BookingMail mail, ForcePack pack, BookingOptions options, CancellationToken ct)
    {
        var asked = new WalkRequest { WardCode = walk.WardCode, Band = walk.Band, Days = [], Times = [], People = booking.People, HoldUntil = db.Now };
        await mail.Copy(booking, asked, "a walk request in her name", ct);
        asked.Receive(WalkRequest.Due(pack, db.Now, options.RequestWorkingDays), db.Now);
        db.WalkRequests.Add(asked);
        await RequestTurn.Plan(db, asked, ct);
        await mail.RequestReceived(asked, ct);
        db.Publish(new WalkRequested(asked.Id, asked.WardCode, asked.Band?.Wire()));
    }
}
