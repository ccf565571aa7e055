using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking;

/// <summary>The coordinator's side of requests: what waits and until when, a place on a walk that suits, or a no with its reason. What women asked for in vain is shown beside it.</summary>
internal static class AnswerRequest
{
    private const int DaysOfDemand = 90, Most = 200;

    public static async Task<IResult> List(BookingDb db, ForcePackCatalogue packs, CancellationToken ct)
    {
        var pack = packs.Get(db.Force!);
        // The most urgent first. A matched one whose place is taken has ended.
        var open = await db.WalkRequests.Where(r => r.State == RequestState.Received
                || (r.State == RequestState.Matched && db.Bookings.Any(b => b.RequestId == r.Id && b.State == BookingState.Offered)))
            .OrderBy(r => r.DueAt).ThenBy(r => r.Id).Take(Most).AsNoTracking().ToListAsync(ct);
        var since = db.Now.AddDays(-DaysOfDemand);
        var unmet = await db.WalkRequests.Where(r => r.ReceivedAt > since && (r.State == RequestState.Received || r.State == RequestState.Declined))
            .GroupBy(r => new { r.WardCode, r.Band }).Select(g => new { g.Key.WardCode, g.Key.Band, Requests = g.Count() }).ToListAsync(ct);
        return TypedResults.Ok(new RequestBoard(
            [.. open.Select(r => Row(r, pack, db.Now))],
            [.. unmet.Select(u => new UnmetDemand(Ward(pack, u.WardCode), u.Band?.Wire(), u.Requests)).OrderByDescending(u => u.Requests).ThenBy(u => u.Ward, StringComparer.Ordinal)]));
    }

    /// <summary>One request with what she needs; each reading of it is audited.</summary>
    public static async Task<IResult> Read(Guid requestId, HttpResponse response, BookingDb db, PersonalData personal, BookingMail mail, ForcePackCatalogue packs, CancellationToken ct)
    {
        if (await db.WalkRequests.AsNoTracking().SingleOrDefaultAsync(r => r.Id == requestId && r.State != RequestState.ContactPending, ct) is not { } asked) return Refusals.RequestUnknown;
        var needs = await Needs.Of(db, personal, asked, "walk request", ct);
        var (guardian, guardianEmail) = await Guardian.Of(db, personal, asked, "walk request", ct);
        Etag.Set(response, asked);
        response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new RequestDetail(Row(asked, packs.Get(db.Force!), db.Now), await mail.NameOf(asked, "walk request", ct), needs, guardian, guardianEmail));
    }

    public static Task<IResult> Match(
        Guid requestId, MatchRequestRequest request, HttpRequest http, BookingDb db, PersonalData personal, BookingMail mail, Waitlist waitlist,
        IOptions<BookingOptions> options, CancellationToken ct) =>
        db.Atomically<IResult>(async () =>
        {
            if (await db.WalkRequests.SingleOrDefaultAsync(r => r.Id == requestId, ct) is not { } asked) return Refusals.RequestUnknown;
            if (Etag.Check(http, asked) is { } overtaken) return overtaken;
            if (await db.Lock(request.WalkId, ct) == 0) return Refusals.WalkUnknown;
            var walk = await db.Walks.Include(w => w.Officers).ThenInclude(o => o.Officer).AsNoTracking().SingleAsync(w => w.Id == request.WalkId, ct);
            if (walk.RefusesBooking(db.Now, options.Value) is { } refused) return refused;
            if (await Needs.Of(db, personal, asked, "matching a walk", ct) is { } needs)
            {
                if (needs.NeverMetBy(walk) is { } never) return never;
                if (!request.Arrange && needs.ToArrange(walk).ToList() is { Count: > 0 } open)
                    return Refusals.NeedsNotMet with { Detail = $"To be arranged: {string.Join(", ", open.Select(n => n.Words("en")))}. Choose another walk, or send arrange: true and arrange it." };
            }
            if (asked.Match() is { } answered) return answered;
            if (!await HoldPlace.TryTake(db, waitlist, walk.Id, asked.People, ct)) return Refusals.WalkFull;

            var place = new Booking { WalkId = walk.Id, People = asked.People, HoldUntil = walk.StartsAt, RequestId = asked.Id };
            await mail.Copy(asked, place, "matching a walk", ct);
            db.Bookings.Add(place);
            await db.SaveChangesAsync(ct);
            await waitlist.OfferHeld(place, walk, ct);
            return TypedResults.Ok(new RequestMatched(place.HoldUntil));
        }, ct);

    public static Task<IResult> Decline(
        Guid requestId, DeclineRequestRequest request, HttpRequest http, BookingDb db, BookingMail mail, CancellationToken ct) =>
        db.Atomically<IResult>(async () =>
        {
            if (await db.WalkRequests.SingleOrDefaultAsync(r => r.Id == requestId, ct) is not { } asked) return Refusals.RequestUnknown;
            if (Etag.Check(http, asked) is { } overtaken) return overtaken;
            if (asked.Decline(request.Reason) is { } answered) return answered;
            await mail.RequestDeclined(asked, request.Reason, ct);
            await RequestTurn.Close(db, asked, "declined", ct);
            await db.SaveChangesAsync(ct);
            return TypedResults.NoContent();
        }, ct);

    private static RequestRow Row(WalkRequest asked, ForcePack pack, DateTimeOffset now) => new(
        asked.Id, asked.State.Wire(), asked.WardCode, Ward(pack, asked.WardCode), asked.Band?.Wire(), asked.Days, asked.Times, asked.People,
        TimeZoneInfo.ConvertTime(asked.ReceivedAt!.Value, pack.TimeZone), TimeZoneInfo.ConvertTime(asked.DueAt!.Value, pack.TimeZone),
        Used: (int)Math.Clamp((now - asked.ReceivedAt.Value) / (asked.DueAt.Value - asked.ReceivedAt.Value) * 100, 0, 100), asked.DeclineReason, Etag.Of(asked));

    private static string? Ward(ForcePack pack, string? code) => code is null ? null : pack.FindWard(code)?.Name ?? code;
}
