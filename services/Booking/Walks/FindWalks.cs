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
        var walks = search!.Walks;
        if (filter.Date is { } date) walks = OnDays(walks, date, date, pack);
        if (filter.Cursor is { Length: > 0 })
        {
            if (!TryRead(filter.Cursor, out var at, out var id)) return Refusals.CursorInvalid;
            walks = walks.Where(w => w.StartsAt >= at && (w.StartsAt > at || w.Id.CompareTo(id) > 0));
        }

        var take = Math.Clamp(filter.Take ?? 20, 1, 50);
        var found = await search.Soonest(walks, take + 1).Select(w => new { Walk = w, Officers = w.Officers.Count }).AsNoTracking().ToListAsync(ct);
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
            if (await search!.Soonest(OnDays(search.Walks, from, DateOnly.MaxValue, pack), 1).Select(w => (DateOnly?)w.LocalDate).FirstOrDefaultAsync(ct) is not { } day) break;
            days.Add(day);
        }
        return TypedResults.Ok(days);
    }

    /// <summary>The walks of some local days, by the instants these begin and end at: that is what the index is in the order of.</summary>
    private static IQueryable<Walk> OnDays(IQueryable<Walk> walks, DateOnly first, DateOnly last, ForcePack pack)
    {
        if (first > DateOnly.MinValue)
        {
            var from = WallClock.Moment(first, TimeOnly.MinValue, pack.TimeZone);
            walks = walks.Where(w => w.StartsAt >= from);
        }
        if (last < DateOnly.MaxValue)
        {
            var until = WallClock.Moment(last.AddDays(1), TimeOnly.MinValue, pack.TimeZone);
            walks = walks.Where(w => w.StartsAt < until);
        }
        return walks;
    }

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
