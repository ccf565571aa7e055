using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using WalkTalk.Contracts.Booking;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking;

/// <summary>Her request by her link ("Request …"): where it stands, the code that begins its clock, and the way back. Anyone with the link can see it, so it holds no needs.</summary>
internal static class MyRequest
{
    public static async Task<IResult> Show(
        [FromHeader(Name = "Authorization")] string? authorization, HttpResponse response, BookingDb db, BookingMail mail, ForcePackCatalogue packs, CancellationToken ct)
    {
        if (await db.Request(authorization, ct) is not { } asked) return Refusals.LinkUnknown;
        var pack = packs.Get(db.Force!);
        Etag.Set(response, asked);
        return TypedResults.Ok(new MyRequestView(
            asked.Id, asked.State.Wire(), await mail.NameOf(asked, "her page", ct), asked.WardCode is { } ward ? pack.FindWard(ward)?.Name ?? ward : null,
            asked.Band?.Wire(), asked.People, asked.DueAt is { } due ? TimeZoneInfo.ConvertTime(due, pack.TimeZone) : null, asked.DeclineReason, asked.IsOpen(db.Now), Etag.Of(asked),
            asked.GuardianCodeHash is not null, asked.GuardianAwaited));
    }

    public static Task<IResult> Confirm(
        ConfirmBookingRequest request, [FromHeader(Name = "Authorization")] string? authorization,
        BookingDb db, BookingMail mail, ForcePackCatalogue packs, IOptions<BookingOptions> options, CancellationToken ct) =>
        db.Atomically<IResult>(async () =>
        {
            if (await db.Request(authorization, ct) is not { } asked) return Refusals.LinkUnknown;
            var awaited = asked.GuardianAwaited;
            if (asked.Receive(request.Code, request.GuardianCode, WalkRequest.Due(packs.Get(db.Force!), db.Now, options.Value.RequestWorkingDays), db.Now) is { } refused)
            {
                if (!awaited && asked.GuardianAwaited) Guardian.Wait(db, asked, options.Value);
                // A wrong try is counted although it is refused.
                await db.SaveChangesAsync(ct);
                return refused with { Counts = true };
            }
            await RequestTurn.Plan(db, asked, ct);
            await mail.RequestReceived(asked, ct);
            db.Publish(new WalkRequested(asked.Id, asked.WardCode, asked.Band?.Wire()));
            await db.SaveChangesAsync(ct);
            return TypedResults.NoContent();
        }, ct);

    public static Task<IResult> Withdraw(
        [FromHeader(Name = "Authorization")] string? authorization, HttpRequest http, BookingDb db, Waitlist waitlist, CancellationToken ct) =>
        db.Atomically<IResult>(async () =>
        {
            if (await db.Request(authorization, ct) is not { } asked) return Refusals.LinkUnknown;
            if (Etag.Check(http, asked) is { } overtaken) return overtaken;
            if (asked.Withdraw() is { } refused) return refused;
            await RequestTurn.Close(db, asked, "withdrawn", ct);
            if (await db.Bookings.SingleOrDefaultAsync(b => b.RequestId == asked.Id && b.State == BookingState.Offered, ct) is { } place)
            {
                await db.Lock(place.WalkId, ct);
                if (await db.StillThere(place, ct)) await waitlist.LetGo(place, ct);
            }
            await db.SaveChangesAsync(ct);
            return TypedResults.NoContent();
        }, ct);

    private static async Task<WalkRequest?> Request(this BookingDb db, string? authorization, CancellationToken ct)
    {
        const string scheme = "Request ";
        if (authorization is null || authorization.Length > 200 || !authorization.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) return null;
        var hash = Secrets.HashOf(authorization[scheme.Length..].Trim());
        var asked = await db.RequestLinks.Where(l => l.Hash == hash).Join(db.WalkRequests, l => l.RequestId, r => r.Id, (_, r) => r).SingleOrDefaultAsync(ct);
        if (asked is not null) db.Caller.Actor = "participant";
        return asked;
    }
}
