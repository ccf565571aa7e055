using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Booking;

/// <summary>Anybody finds walks with room (or, when asked, full ones to wait for), soonest first. Ward, time and offer only: nobody can learn here where or for whom to wait.</summary>
internal static class FindWalks
{
    public static async Task<IResult> Handle(
        [AsParameters] WalkFilter filter, BookingDb db, ForcePackCatalogue packs, IOptions<BookingOptions> options, CancellationToken ct)
    {
        var pack = packs.Get(db.Force!);
        var (refused, search) = Search.For(db, filter, pack, options.Value);
        if (refused is not null) return refused;
        var (from, until) = filter.Date is { } date ? (Midnight(date, pack), Midnight(date.AddDays(1), pack)) : (search!.Earliest, DateTimeOffset.MaxValue);
        var after = Guid.Empty;
        if (filter.Cursor is { Length: > 0 })
        {
            if (!TryRead(filter.Cursor, out var at, out after)) return Refusals.CursorInvalid;
            // Of another day she turns to the first page.
            (from, after) = at >= from ? (at, after) : (from, Guid.Empty);
        }

        var take = Math.Clamp(filter.Take ?? 20, 1, 50);
        var found = await search!.Soonest(from, after, until, take + 1, ct);
        return TypedResults.Ok(new FoundWalks([.. found.Take(take).Select(f => f.Walk.Offer(pack, f.Officers))], found.Count > take ? Cursor(found[take - 1].Walk) : null));
    }

    /// <summary>The next days that have a walk, from the date asked for: one short look for each, however many walks there are.</summary>
    public static async Task<IResult> Days([AsParameters] WalkFilter filter, BookingDb db, ForcePackCatalogue packs, IOptions<BookingOptions> options, CancellationToken ct)
    {
        var pack = packs.Get(db.Force!);
        var (refused, search) = Search.For(db, filter, pack, options.Value);
        if (refused is not null) return refused;
        var days = new List<DateOnly>();
        for (var from = filter.Date ?? DateOnly.MinValue; days.Count < Math.Clamp(filter.Take ?? 8, 1, 31); from = days[^1].AddDays(1))
        {
            if (await search!.Soonest(from > DateOnly.MinValue ? Midnight(from, pack) : search.Earliest, Guid.Empty, DateTimeOffset.MaxValue, 1, ct) is not [{ Walk.LocalDate: var day }]) break;
            days.Add(day);
        }
        return TypedResults.Ok(days);
    }

    /// <summary>A day begins at this instant: that is what the index is in the order of.</summary>
    private static DateTimeOffset Midnight(DateOnly day, ForcePack pack) => WallClock.Moment(day, TimeOnly.MinValue, pack.TimeZone).ToUniversalTime();

    private static string Cursor(Walk last) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{last.StartsAt.UtcTicks}:{last.Id:N}")));

    private static bool TryRead(string cursor, out DateTimeOffset at, out Guid id)
    {
        (at, id) = (default, default);
        if (cursor.Length > 100 || !Base64Url.IsValid(cursor)) return false;
        if (Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)).Split(':') is not [var ticks, var guid]
            || !long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value > DateTime.MaxValue.Ticks || !Guid.TryParse(guid, out id)) return false;
        at = new DateTimeOffset(value, TimeSpan.Zero);
        return true;
    }
}
