using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking;

/// <summary>She gives her contact and gets a code there. Sent again it corrects the address or sends a new code; three times at most for a place.</summary>
internal static class GiveContact
{
    /// <summary>So many codes an hour go to one address, whoever asks: nobody's inbox is filled by a stranger.</summary>
    private const int CodesAnHour = 6;

    public static Task<IResult> Handle(
        GiveContactRequest request, [FromHeader(Name = "Authorization")] string? authorization,
        BookingDb db, PersonalData personal, BookingMail mail, CancellationToken ct) =>
        db.Atomically<IResult>(async () =>
        {
            if (await db.Open(authorization, LinkPurpose.Hold, ct) is not { } booking) return Refusals.HoldUnknown;
            await db.Lock(booking.WalkId, ct);
            await db.Entry(booking).ReloadAsync(ct);

            var now = db.Now;
            if (mail.NoWayTo(request.Email, "email") is { } nowhere) return nowhere;
            var address = MobileNumber.OrMail(request.Email);
            var hash = personal.Hash(db, address);
            if (await TooMany(db, hash, now, ct) is { } many) return many;
            var walk = request.Needs is null && request.Guardian is null ? null : await db.Walks.AsNoTracking().SingleAsync(w => w.Id == booking.WalkId, ct);
            if (walk is not null && request.Needs?.NeverMetBy(walk) is { } unmet) return unmet;
            var code = Secrets.NewCode(6);
            if (booking.SendCode(code, now) is { } refused) return refused;
            if (await Guardian.Ask(request.Guardian, booking, hash, walk, request.FirstName.Trim(), db, personal, mail, ct) is { } no) return no;

            if (request.Needs is { } needs) await Needs.Keep(db, personal, booking, needs, ct);
            booking.NameProtected = await personal.Protect(db, booking.PersonId, BookingMail.Name, request.FirstName.Trim(), ct);
            booking.ContactProtected = await personal.Protect(db, booking.PersonId, BookingMail.Contact, address, ct);
            booking.ContactHash = hash;
            booking.Language = request.Language;
            booking.Neutral = request.Neutral;
            await mail.Code(booking, code, ct);
            await db.SaveChangesAsync(ct);
            return TypedResults.Ok(new CodeSent(booking.HoldUntil, booking.CodesLeft));
        }, ct);

    public static async Task<Refusal?> TooMany(BookingDb db, string contactHash, DateTimeOffset now, CancellationToken ct)
    {
        var since = now.AddHours(-1);
        var sent = await db.Bookings.Where(b => (b.ContactHash == contactHash || b.GuardianHash == contactHash) && b.CodeSentAt > since).SumAsync(b => b.CodesSent, ct)
            + await db.WalkRequests.Where(r => (r.ContactHash == contactHash || r.GuardianHash == contactHash) && r.CodeSentAt > since).SumAsync(r => r.CodesSent, ct);
        return sent >= CodesAnHour ? Refusals.TooManyCodes with { Detail = "Many codes went there in the last hour. Try again later." } : null;
    }

    /// <summary>What is held, for the pages between hold and confirmation.</summary>
    public static async Task<IResult> Show(
        [FromHeader(Name = "Authorization")] string? authorization, BookingDb db, ForcePackCatalogue packs, CancellationToken ct)
    {
        if (await db.Open(authorization, LinkPurpose.Hold, ct) is not { } booking) return Refusals.HoldUnknown;
        if (!booking.IsOpen(db.Now)) return Refusals.HoldExpired;
        var walk = await db.Walks.Include(w => w.Officers).AsNoTracking().SingleAsync(w => w.Id == booking.WalkId, ct);
        return TypedResults.Ok(new HeldPlace(booking.Id, booking.People, booking.HoldUntil, booking.CodeHash is not null || booking.GuardianAwaited, booking.CodesLeft,
            walk.Offer(packs.Get(db.Force!), walk.Officers.Count), booking.State == BookingState.Joining,
            booking.GuardianCodeHash is not null, booking.GuardianAwaited));
    }
}
