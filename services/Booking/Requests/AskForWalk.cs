using Microsoft.Extensions.Options;
using WalkTalk.Contracts;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking;

/// <summary>She says what would suit her, with her contact; a code goes there, and nothing is asked of anybody before it has come back.</summary>
internal static class AskForWalk
{
    public static Task<IResult> Handle(
        AskForWalkRequest request, BookingDb db, PersonalData personal, BookingMail mail, ForcePackCatalogue packs, IOptions<BookingOptions> options, CancellationToken ct) =>
        db.Atomically<IResult>(async () =>
        {
            if (request.WardCode is { } ward && packs.Get(db.Force!).FindWard(ward) is null) return Refusals.WardUnknown with { Field = "wardCode" };
            if (mail.NoWayTo(request.Email, "email") is { } nowhere) return nowhere;
            var now = db.Now;
            var address = MobileNumber.OrMail(request.Email);
            var hash = personal.Hash(db, address);
            if (await GiveContact.TooMany(db, hash, now, ct) is { } many) return many;

            var asked = new WalkRequest
            {
                WardCode = request.WardCode, Band = request.Band is { } band ? Enum.Parse<LightBand>(band, ignoreCase: true) : null,
                Days = [.. request.Days.Distinct()], Times = [.. request.Times.Distinct()], People = request.People,
                HoldUntil = now + options.Value.RequestCode, ContactHash = hash, Language = request.Language, Neutral = request.Neutral,
            };
            var code = Secrets.NewCode(6);
            asked.SendCode(code, now);
            if (await Guardian.Ask(request.Guardian, asked, hash, null, request.FirstName.Trim(), db, personal, mail, ct) is { } no) return no;
            asked.NameProtected = await personal.Protect(db, asked.PersonId, BookingMail.Name, request.FirstName.Trim(), ct);
            asked.ContactProtected = await personal.Protect(db, asked.PersonId, BookingMail.Contact, address, ct);
            await Needs.Keep(db, personal, asked, request, ct);
            db.WalkRequests.Add(asked);
            var token = mail.NewLink(asked);
            await mail.Code(asked, code, ct);
            await db.SaveChangesAsync(ct);
            return TypedResults.Created((string?)null, new WalkAskedFor(asked.Id, token, asked.HoldUntil));
        }, ct);
}
