using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking;

/// <summary>
/// An officer leaves: a coordinator closes her with a last day, and may open her again. Whoever gives her a walk takes her row first and so does this: either the walk
/// is seen here, or her last day there. What she has walked, the audit trail and the figures keep her.
/// </summary>
internal static class CloseOfficer
{
    /// <summary>So many of her walks are named at once.</summary>
    public const int Most = 20;

    public static Task<IResult> Handle(Guid officerId, CloseOfficerRequest request, BookingDb db, ForcePackCatalogue packs, CancellationToken ct) =>
        db.Atomically<IResult>(async () =>
        {
            var pack = packs.Get(db.Force!);
            if (OfficerAvailabilities.TooFar(request.LastDay, OfficerAvailabilities.Today(db, pack.TimeZone), "lastDay") is { } far) return far;
            if (await db.LockOfficers([officerId], ct) is []) return OfficerAvailabilities.Unknown;
            var left = WallClock.Moment(request.LastDay.AddDays(1), TimeOnly.MinValue, pack.TimeZone).ToUniversalTime();
            var walks = Ahead(db, officerId, left > db.Now ? left : db.Now);
            if (await walks.CountAsync(ct) is > 0 and var count) return InTheWay(count, await walks.OrderBy(w => w.StartsAt).Take(Most).AsNoTracking().ToListAsync(ct));
            return await Set(officerId, request.LastDay, db, ct);
        }, ct);

    public static Task<IResult> Open(Guid officerId, BookingDb db, CancellationToken ct) =>
        db.Atomically<IResult>(async () => await db.LockOfficers([officerId], ct) is [] ? OfficerAvailabilities.Unknown : await Set(officerId, null, db, ct), ct);

    /// <summary>Her walks that are not over by then, and what she still walks.</summary>
    public static IQueryable<Walk> Ahead(BookingDb db, Guid officerId, DateTimeOffset then) =>
        db.Walks.Where(w => (w.State == WalkState.Published || w.State == WalkState.Started) && (w.EndDue ?? w.EndsAt) > then && w.Officers.Any(o => o.Active && o.OfficerId == officerId));

    private static async Task<IResult> Set(Guid officerId, DateOnly? lastDay, BookingDb db, CancellationToken ct)
    {
        var officer = await db.Officers.SingleAsync(o => o.Id == officerId, ct);
        officer.LastDay = lastDay;
        db.Audit(lastDay is null ? "officer-opened" : "officer-closed", nameof(Officer), $"{officerId}", lastDay is { } day ? $"{day:yyyy-MM-dd}" : null);
        await db.SaveChangesAsync(ct);
        return TypedResults.NoContent();
    }

    private static Refusal InTheWay(int count, List<Walk> first) => Refusals.OfficerStillWalks with
    {
        Detail = $"Give to somebody else or call off first: {string.Join("; ", first.Select(w => $"{w.Local(w.StartsAt):yyyy-MM-dd HH:mm} {w.Id}"))}{(count > first.Count ? $"; and {count - first.Count} more" : "")}.",
    };
}
