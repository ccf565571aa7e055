using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking;

/// <summary>She picks another walk by her link: a place there is held (or, where it is full, waited for) while she keeps the one she has. Her contact is known, no code is asked; so too after a walk that is over or that the force called off.</summary>
internal static class MoveBooking
{
    public static Task<IResult> Handle(
        MoveBookingRequest request, [FromHeader(Name = "Authorization")] string? authorization, HttpRequest http,
        BookingDb db, PersonalData personal, Waitlist waitlist, IOptions<BookingOptions> options, CancellationToken ct) =>
        db.Atomically<IResult>(async () =>
        {
            if (await db.Open(authorization, LinkPurpose.MyWalk, ct) is not { } booking) return Refusals.LinkUnknown;
            var earlier = await db.PlaceFor(booking, ct);
            await db.Lock([booking.WalkId, request.WalkId, earlier?.WalkId ?? booking.WalkId], ct);
            await db.Entry(booking).ReloadAsync(ct);
            if (Etag.Check(http, booking) is { } overtaken) return overtaken;

            var now = db.Now;
            var from = await db.Walks.AsNoTracking().SingleAsync(w => w.Id == booking.WalkId, ct);
            if (!booking.CanChange(from, now) && !booking.CanRebook)
                return !booking.IsOver ? Refusals.NotMovable : booking.GuardianContactProtected is null ? Refusals.NotRebookable : Refusals.GuardianAgain;
            if (request.WalkId == from.Id) return Refusals.SameWalk;
            if (await db.Walks.Include(w => w.Officers).ThenInclude(o => o.Officer).AsNoTracking().SingleOrDefaultAsync(w => w.Id == request.WalkId, ct) is not { } to) return Refusals.WalkUnknown;
            if (to.RefusesBooking(now, options.Value) is { } refused) return refused;
            // She has proved herself and has met, or been told of, whom she would rather not meet: here it may be said.
            if (await Needs.Of(db, personal, booking, "choosing another walk", ct) is { } needs && (needs.NeverMetBy(to) is not null || needs.ToArrange(to).Contains(Need.OtherOfficer)))
                return Refusals.NeedsNotMet with { Title = "This walk has not what you need" };
            // Another click of hers was quicker: what it asked for is on a walk that is not locked here.
            if ((await db.PlaceFor(booking, ct))?.Id != earlier?.Id) return Etag.ChangedMeanwhile;
            if (earlier is not null) await db.Entry(earlier).ReloadAsync(ct);
            if (earlier?.WalkId == to.Id && (earlier.IsHersToTake(now) || earlier.State == BookingState.Waiting)) return Reply(earlier);
            if (booking.People > to.Capacity) return Refusals.PartyTooBig with { Field = null };
            // First the new place, then the one held before: a full walk costs her nothing.
            var held = await HoldPlace.TryTake(db, waitlist, to.Id, booking.People, ct);
            if (!held && !request.Wait) return Refusals.WalkFull;
            if (earlier is not null) await waitlist.LetGo(earlier, ct);

            var place = new Booking
            {
                WalkId = to.Id, People = booking.People, FromBookingId = booking.Id, State = held ? BookingState.Held : BookingState.Waiting,
                HoldUntil = held ? now + options.Value.Hold : to.StartsAt, WaitingSince = held ? null : now,
            };
            db.Bookings.Add(place);
            if (held)
            {
                await db.Schedule(ExpireHold.Key(place.Id), place.HoldUntil, new HoldEnds(place.Id), ct);
                await db.SaveChangesAsync(ct);
            }
            else
            {
                await waitlist.Queue(place, to, ct);
            }
            return Reply(place);
        }, ct);

    private static IResult Reply(Booking place) => TypedResults.Ok(new OtherPlaceAsked(place.WalkId, place.State.Wire(), place.HoldUntil));
}
