using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Booking;

/// <summary>What a woman looks for. Everything is optional; wards and bands may repeat. Full: walks she could wait for, instead of those with room.</summary>
internal sealed record WalkFilter(
    [FromQuery] string[]? Ward, [FromQuery] string[]? Band, DateOnly? Date, bool? StepFree, string? Language, int? People, bool? Full, string? Cursor, int? Take);

/// <summary>Anybody finds walks with room (or, when asked, full ones to wait for), soonest first. Ward, time and offer only: nobody can learn here where or for whom to wait.</summary>
internal static class FindWalks
{
    public static async Task<IResult> Handle(
        [AsParameters] WalkFilter filter, BookingDb db, ForcePackCatalogue packs, IOptions<BookingOptions> options, CancellationToken ct)
    {
        if (Matching(db, filter, options.Value) is not { } walks) return Refusals.BandUnknown;
        if (filter.Date is { } date) walks = walks.Where(w => w.LocalDate == date);
        if (filter.Cursor is { Length: > 0 })
        {
            if (!TryRead(filter.Cursor, out var at, out var id)) return Refusals.CursorInvalid;
            walks = walks.Where(w => w.StartsAt > at || (w.StartsAt == at && w.Id.CompareTo(id) > 0));
        }

        var take = Math.Clamp(filter.Take ?? 20, 1, 50);
        var now = db.Now;
        var found = await walks.OrderBy(w => w.StartsAt).ThenBy(w => w.Id).Take(take + 1)
            .Select(w => new { Walk = w, Officers = w.Officers.Count, Lapsed = Lapsed(db, now).Where(b => b.WalkId == w.Id).Sum(b => b.People) })
            .AsNoTracking().ToListAsync(ct);
        var pack = packs.Get(db.Force!);
        var page = found.Take(take).Select(f => f.Walk.Offer(pack, f.Walk.Capacity - f.Walk.Taken + f.Lapsed, f.Officers)).ToList();
        return TypedResults.Ok(new FoundWalks(page, found.Count > take ? Cursor(found[take - 1].Walk) : null));
    }

    /// <summary>How many walks each day has, for the row of days above the list.</summary>
    public static async Task<IResult> Days([AsParameters] WalkFilter filter, BookingDb db, IOptions<BookingOptions> options, CancellationToken ct)
    {
        if (Matching(db, filter, options.Value) is not { } walks) return Refusals.BandUnknown;
        var days = await walks.GroupBy(w => w.LocalDate).Select(g => new { Date = g.Key, Walks = g.Count() }).OrderBy(d => d.Date).ToListAsync(ct);
        return TypedResults.Ok(days.Select(d => new WalkDay(d.Date, d.Walks)).ToList());
    }

    private static IQueryable<Walk>? Matching(BookingDb db, WalkFilter filter, BookingOptions options)
    {
        var now = db.Now;
        var earliest = now + options.MinimumNotice;
        var latest = now.AddDays(options.HorizonDays);
        var people = Math.Clamp(filter.People ?? 1, 1, 4);
        // A hold is over to the second, also before the clean-up has freed its place.
        var walks = db.Walks.Where(w => w.State == WalkState.Published && w.StartsAt >= earliest && w.StartsAt <= latest);
        walks = filter.Full == true
            ? walks.Where(w => people <= w.Capacity && w.Taken - Lapsed(db, now).Where(b => b.WalkId == w.Id).Sum(b => b.People) + people > w.Capacity)
            : walks.Where(w => w.Taken - Lapsed(db, now).Where(b => b.WalkId == w.Id).Sum(b => b.People) + people <= w.Capacity);
        if (filter.Ward is { Length: > 0 } wards) walks = walks.Where(w => wards.Contains(w.WardCode));
        if (filter.StepFree == true) walks = walks.Where(w => w.StepFree);
        if (filter.Language is { } language) walks = walks.Where(w => w.Language == language);
        if (filter.Band is { Length: > 0 } names)
        {
            var bands = new List<LightBand>();
            foreach (var name in names)
            {
                if (!Enum.TryParse<LightBand>(name, ignoreCase: true, out var band) || !Enum.IsDefined(band) || char.IsDigit(name[0])) return null;
                bands.Add(band);
            }
            walks = walks.Where(w => bands.Contains(w.Band));
        }
        return walks;
    }

    /// <summary>Holds that are over free their places at that moment, where nobody waits for them.</summary>
    private static IQueryable<Booking> Lapsed(BookingDb db, DateTimeOffset now) =>
        db.Bookings.Where(b => b.State == BookingState.Held && b.HoldUntil <= now && !db.Bookings.Any(o => o.WalkId == b.WalkId && o.State == BookingState.Waiting));

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
