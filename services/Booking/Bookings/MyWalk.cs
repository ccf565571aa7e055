using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking;

/// <summary>Her page: the walk, her first name, and near the start the meeting words; while she only waits, what anybody may know of the walk. Anyone with the link can see it, so it holds nothing more.</summary>
internal static class MyWalk
{
    /// <summary>Her page shows the words when the message brings them.</summary>
    private static readonly TimeSpan WordsShown = TimeSpan.FromHours(2);

    public static async Task<IResult> Handle(
        [FromHeader(Name = "Authorization")] string? authorization, HttpResponse response,
        BookingDb db, BookingMail mail, ForcePackCatalogue packs, CancellationToken ct)
    {
        if (await db.Open(authorization, LinkPurpose.MyWalk, ct) is not { } booking) return Refusals.LinkUnknown;
        var walk = await db.Walks.Include(w => w.Officers).ThenInclude(o => o.Officer).AsNoTracking().SingleAsync(w => w.Id == booking.WalkId, ct);
        var pack = packs.Get(db.Force!);
        var now = db.Now;

        var showWords = booking.State == BookingState.Confirmed && walk.State == WalkState.Published && booking.Meeting == Verification.Issued
            && now >= walk.StartsAt - WordsShown && now <= walk.WordsUntil;
        var words = showWords && await mail.WordsOf(booking, "her page", ct) is { } pair
            ? new WordsView(pair.Officer, pair.Participant, walk.Local(walk.WordsFrom), walk.Local(walk.WordsUntil), booking.WordTriesLeft) : null;

        Etag.Set(response, booking);
        return TypedResults.Ok(new MyWalkView(
            booking.Id, booking.State.Wire(), await mail.NameOf(booking, "her page", ct), booking.People,
            walk.WardCode, walk.Ward(pack), booking.KnowsWalk ? walk.MeetingPoint : null, walk.Lit, walk.StepFree, walk.Language,
            walk.Local(walk.StartsAt), walk.Local(walk.EndsAt), walk.Zone, walk.Band.Wire(), walk.SunView(pack),
            booking.KnowsWalk ? walk.OfficerViews() : [], words, walk.Local(walk.StartsAt - WordsShown),
            CanCancel: booking.CanChange(walk, now),
            CanTell: booking.State == BookingState.Completed && booking.TokensTaken + await db.TokenCounts.Where(t => t.BookingId == booking.Id).SumAsync(t => t.Taken, ct) < booking.People,
            booking.CancelReason, Etag.Of(booking), walk.Id, await Other(db, booking, pack, ct), booking.CanSayNobodyCame(walk, now),
            booking is { State: BookingState.Confirmed, NeedsProtected: not null } ? walk.Local(await OpenNeed.Standing(db).Where(n => n.BookingId == booking.Id).MaxAsync(n => (DateTimeOffset?)n.DueAt, ct)) : null,
            booking.OfficerChanged && booking.State == BookingState.Confirmed, booking.CanRebook));
    }

    private static async Task<OtherPlace?> Other(BookingDb db, Booking booking, ForcePack pack, CancellationToken ct)
    {
        if (await db.PlaceFor(booking, ct) is not { } place || (place.State != BookingState.Waiting && !place.IsHersToTake(db.Now))) return null;
        var walk = await db.Walks.Include(w => w.Officers).AsNoTracking().SingleAsync(w => w.Id == place.WalkId, ct);
        return new OtherPlace(place.State.Wire(), walk.Local(place.HoldUntil), walk.Offer(pack, walk.Officers.Count));
    }

    /// <summary>The walk as a calendar file.</summary>
    public static async Task<IResult> Calendar([FromHeader(Name = "Authorization")] string? authorization, BookingDb db, CancellationToken ct)
    {
        if (await db.Open(authorization, LinkPurpose.MyWalk, ct) is not { } booking) return Refusals.LinkUnknown;
        if (!booking.KnowsWalk) return Refusals.NoPlaceYet;
        var walk = await db.Walks.AsNoTracking().SingleAsync(w => w.Id == booking.WalkId, ct);
        var cancelled = booking.State is BookingState.CancelledByForce or BookingState.CancelledByParticipant;
        return TypedResults.Text(CalendarFile.Of(booking, walk, db.Now, cancelled), CalendarFile.ContentType);
    }
}
