using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Booking;

/// <summary>
/// An officer's walks in her own calendar: it fetches them from an address that holds a secret. Only the secret's hash is kept; a new address ends the one before.
/// Whoever has the address, or the phone, learns when and in which ward she walks: neither where she stands nor anything of whom she meets.
/// </summary>
internal static class OfficerCalendar
{
    private static readonly TimeSpan Past = TimeSpan.FromDays(30);

    public static async Task<IResult> Show(BookingDb db, ForcePackCatalogue packs, CancellationToken ct) =>
        await Officers.SignedIn(db, packs.Get(db.Force!), ct) is { } officer ? TypedResults.Ok(new OfficerCalendarView(officer.CalendarHash is not null)) : Refusals.NotYourWalk with { Detail = DaySheet.NoAccount };

    public static async Task<IResult> Make(BookingDb db, ForcePackCatalogue packs, CancellationToken ct)
    {
        if (await Officers.SignedIn(db, packs.Get(db.Force!), ct) is not { } officer) return Refusals.NotYourWalk with { Detail = DaySheet.NoAccount };
        var secret = Secrets.NewToken();
        officer.CalendarHash = Secrets.HashOf(secret);
        await db.SaveChangesAsync(ct);
        return TypedResults.Ok(new OfficerCalendarMade(secret));
    }

    public static async Task<IResult> End(BookingDb db, ForcePackCatalogue packs, CancellationToken ct)
    {
        if (await Officers.SignedIn(db, packs.Get(db.Force!), ct) is not { } officer) return Refusals.NotYourWalk with { Detail = DaySheet.NoAccount };
        officer.CalendarHash = null;
        await db.SaveChangesAsync(ct);
        return TypedResults.NoContent();
    }

    /// <summary>What her calendar fetches, again and again, with <c>Authorization: Calendar {secret}</c>.</summary>
    public static async Task<IResult> Feed([FromHeader(Name = "Authorization")] string? authorization, BookingDb db, ForcePackCatalogue packs, IOptions<BookingOptions> options, CancellationToken ct)
    {
        const string scheme = "Calendar ";
        if (authorization is null || authorization.Length > 200 || !authorization.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) return Refusals.CalendarUnknown;
        var hash = Secrets.HashOf(authorization[scheme.Length..].Trim());
        var (pack, now, from, until) = (packs.Get(db.Force!), db.Now, db.Now - Past, db.Now.AddDays(options.Value.HorizonDays + 1));
        if (await db.Officers.AsNoTracking().SingleOrDefaultAsync(o => o.CalendarHash == hash, ct) is not { } officer || officer.HasLeft(pack.Local(now))) return Refusals.CalendarUnknown;
        var walks = await db.Walks.Where(w => w.StartsAt >= from && w.StartsAt < until && w.Officers.Any(o => o.OfficerId == officer.Id))
            .Include(w => w.Officers.Where(o => o.OfficerId == officer.Id)).OrderBy(w => w.StartsAt).ThenBy(w => w.Id).AsNoTracking().ToListAsync(ct);
        return TypedResults.Text(CalendarFile.Of(walks, pack, now), CalendarFile.ContentType);
    }
}
