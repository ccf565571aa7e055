using WalkTalk.Contracts;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking;

/// <summary>Under 18 she walks with the word of a parent or guardian, who gets a code of her own. Her age is not asked, and nothing else more than of anybody.</summary>
internal static class Guardian
{
    /// <summary>Sends the guardian's code beside hers; whom she named before stands where nobody is named now.</summary>
    public static async Task<Refusal?> Ask(
        GuardianContact? guardian, Participant her, string herHash, Walk? walk, string herName, BookingDb db, PersonalData personal, BookingMail mail, CancellationToken ct)
    {
        if (guardian is null) return null;
        if (mail.NoWayTo(guardian.Email, "guardian.email") is { } nowhere) return nowhere;
        var address = MobileNumber.OrMail(guardian.Email);
        var hash = personal.Hash(db, address);
        if (hash == herHash) return Refusals.GuardianSameContact;
        if (await GiveContact.TooMany(db, hash, db.Now, ct) is { } many) return many with { Field = "guardian.email" };
        var code = Secrets.NewCode(6);
        her.SendGuardianCode(code);
        her.GuardianHash = hash;
        her.GuardianNameProtected = await personal.Protect(db, her.PersonId, BookingMail.GuardianName, guardian.FirstName.Trim(), ct);
        her.GuardianContactProtected = await personal.Protect(db, her.PersonId, BookingMail.GuardianContact, address, ct);
        await mail.GuardianCode(her, code, walk, herName, address, ct);
        return null;
    }

    /// <summary>Her own code was right: the place is kept a while longer, because a guardian may not be at hand.</summary>
    public static async Task Wait(BookingDb db, Booking booking, BookingOptions options, DateTimeOffset startsAt, CancellationToken ct)
    {
        var until = Min(db.Now + options.GuardianHold, startsAt - options.MinimumNotice);
        if (until <= booking.HoldUntil) return;
        booking.HoldUntil = until;
        await db.Schedule(ExpireHold.Key(booking.Id), until, new HoldEnds(booking.Id), ct);
    }

    /// <summary>The same for a walk request, which keeps no place from anybody.</summary>
    public static void Wait(BookingDb db, WalkRequest asked, BookingOptions options) => asked.HoldUntil = db.Now + options.GuardianHold;

    /// <summary>Name and contact, for the coordinator.</summary>
    public static async Task<(string? Name, string? Email)> Of(BookingDb db, PersonalData personal, Participant her, string reason, CancellationToken ct) =>
        (await NameOf(db, personal, her, reason, ct),
         her.GuardianContactProtected is { } contact ? await personal.Open(db, her.PersonId, BookingMail.GuardianContact, contact, reason, ct) : null);

    /// <summary>The name alone, for the officer she will meet.</summary>
    public static async Task<string?> NameOf(BookingDb db, PersonalData personal, Participant her, string reason, CancellationToken ct) =>
        her.GuardianNameProtected is { } name ? await personal.Open(db, her.PersonId, BookingMail.GuardianName, name, reason, ct) : null;

    private static DateTimeOffset Min(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
