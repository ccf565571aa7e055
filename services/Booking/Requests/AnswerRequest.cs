using System.Text.Json;
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
        var needs = await Needs(db, personal, asked, "walk request", ct);
        Etag.Set(response, asked);
        response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new RequestDetail(Row(asked, packs.Get(db.Force!), db.Now), await mail.NameOf(asked, "walk request", ct), needs?.Spoken, needs?.StepFree ?? false));
    }

    public static Task<IResult> Match(
        Guid requestId, MatchRequestRequest request, HttpRequest http, BookingDb db, PersonalData personal, BookingMail mail, Waitlist waitlist,
        IOptions<BookingOptions> options, CancellationToken ct) =>
        db.Atomically<IResult>(async () =>
        {
            if (await db.WalkRequests.SingleOrDefaultAsync(r => r.Id == requestId, ct) is not { } asked) return Refusals.RequestUnknown;
            if (Etag.Check(http, asked) is { } overtaken) return overtaken;
            if (await db.Lock(request.WalkId, ct) == 0) return Refusals.WalkUnknown;
            var walk = await db.Walks.AsNoTracking().SingleAsync(w => w.Id == request.WalkId, ct);
            if (walk.RefusesBooking(db.Now, options.Value) is { } refused) return refused;
            if (await Needs(db, personal, asked, "matching a walk", ct) is { } needs)
            {
                if (needs.StepFree && !walk.StepFree) return Refusals.NeedsNotMet with { Detail = "The way has to be step-free, and this walk's is not." };
                if (needs.Spoken != walk.Language) return Refusals.NeedsNotMet with { Detail = "The walk is in another language than the one she asked for." };
            }
            if (asked.Match() is { } answered) return answered;
            if (!await HoldPlace.TryTake(db, waitlist, walk.Id, asked.People, ct)) return Refusals.WalkFull;

            var place = new Booking
            {
                WalkId = walk.Id, People = asked.People, HoldUntil = walk.StartsAt, RequestId = asked.Id,
                ContactHash = asked.ContactHash, Language = asked.Language, Neutral = asked.Neutral,
            };
            // Her booking has a life and an end of its own, so it has a key of its own.
            place.NameProtected = await Copy(BookingMail.Name, asked.NameProtected);
            place.ContactProtected = await Copy(BookingMail.Contact, asked.ContactProtected);
            db.Bookings.Add(place);
            await db.SaveChangesAsync(ct);
            await waitlist.OfferHeld(place, walk, ct);
            return TypedResults.Ok(new RequestMatched(place.HoldUntil));

            async Task<string?> Copy(string field, string? text) =>
                text is not null && await personal.Open(db, asked.PersonId, field, text, "matching a walk", ct) is { } plain ? await personal.Protect(db, place.PersonId, field, plain, ct) : null;
        }, ct);

    public static Task<IResult> Decline(
        Guid requestId, DeclineRequestRequest request, HttpRequest http, BookingDb db, BookingMail mail, ForcePackCatalogue packs, CancellationToken ct) =>
        db.Atomically<IResult>(async () =>
        {
            if (await db.WalkRequests.SingleOrDefaultAsync(r => r.Id == requestId, ct) is not { } asked) return Refusals.RequestUnknown;
            if (Etag.Check(http, asked) is { } overtaken) return overtaken;
            if (asked.Decline(request.Reason) is { } answered) return answered;
            await mail.RequestDeclined(asked, request.Reason, ct);
            await RequestTurn.Close(db, asked, packs.Get(db.Force!), "declined", ct);
            await db.SaveChangesAsync(ct);
            return TypedResults.NoContent();
        }, ct);

    private static async Task<RequestNeeds?> Needs(BookingDb db, PersonalData personal, WalkRequest asked, string reason, CancellationToken ct) =>
        asked.NeedsProtected is { } text && await personal.Open(db, asked.PersonId, BookingMail.Needs, text, reason, ct) is { } needs ? JsonSerializer.Deserialize<RequestNeeds>(needs) : null;

    private static RequestRow Row(WalkRequest asked, ForcePack pack, DateTimeOffset now) => new(
        asked.Id, asked.State.Wire(), asked.WardCode, Ward(pack, asked.WardCode), asked.Band?.Wire(), asked.Days, asked.Times, asked.People,
        TimeZoneInfo.ConvertTime(asked.ReceivedAt!.Value, pack.TimeZone), TimeZoneInfo.ConvertTime(asked.DueAt!.Value, pack.TimeZone),
        Used: (int)Math.Clamp((now - asked.ReceivedAt.Value) / (asked.DueAt.Value - asked.ReceivedAt.Value) * 100, 0, 100), asked.DeclineReason, Etag.Of(asked));

    private static string? Ward(ForcePack pack, string? code) => code is null ? null : pack.FindWard(code)?.Name ?? code;
}
