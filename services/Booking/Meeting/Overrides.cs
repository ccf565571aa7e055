using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking;

/// <summary>A walk that began without everybody's words: why, when, and who looked at it afterwards.</summary>
internal sealed class StartOverride : IForceRow, IVersioned
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public string ForceId { get; set; } = "";
    public long Version { get; set; }
    public required Guid WalkId { get; init; }
    public required string Reason { get; init; }

    /// <summary>Bookings that met without their words.</summary>
    public required int Bookings { get; init; }
    public required DateTimeOffset HappenedAt { get; init; }

    /// <summary>When it reached us: later than <see cref="HappenedAt"/> where there was no signal.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }
    public DateTimeOffset? ClosedAt { get; set; }
    public string? ClosedBy { get; set; }
    public string? Note { get; set; }
}

/// <summary>Every start without words is checked afterwards: a coordinator asks both sides and closes it with what she found.</summary>
internal static class Overrides
{
    public static async Task<IResult> List(BookingDb db, ForcePackCatalogue packs, Retention retention, CancellationToken ct)
    {
        var pack = packs.Get(db.Force!);
        var since = db.Now.AddDays(-7);
        var rows = await db.StartOverrides.Where(o => o.ClosedAt == null || o.ReceivedAt > since).OrderBy(o => o.ReceivedAt).Take(200).AsNoTracking().ToListAsync(ct);
        var ids = rows.Select(o => o.WalkId).ToList();
        var walks = await db.Walks.Where(w => ids.Contains(w.Id)).Include(w => w.Officers).ThenInclude(o => o.Officer).AsNoTracking().ToDictionaryAsync(w => w.Id, ct);
        return TypedResults.Ok(rows.OrderBy(o => o.ClosedAt is not null).Select(o =>
        {
            var walk = walks[o.WalkId];
            return new OverrideRow(o.Id, o.Reason, o.Bookings, walk.Local(o.HappenedAt), walk.Local(o.ReceivedAt), walk.Id, walk.State.Wire(), walk.Ward(pack),
                walk.MeetingPoint, walk.Local(walk.StartsAt), walk.OfficerViews(), walk.Local(o.ClosedAt), o.Note, Etag.Of(o), retention.GoesOn(walk));
        }).ToList());
    }

    public static async Task<IResult> Close(Guid overrideId, CloseOverrideRequest request, HttpRequest http, BookingDb db, CancellationToken ct)
    {
        if (await db.StartOverrides.SingleOrDefaultAsync(o => o.Id == overrideId, ct) is not { } start) return Refusals.OverrideUnknown;
        if (Etag.Check(http, start) is { } overtaken) return overtaken;
        (start.ClosedAt, start.ClosedBy, start.Note) = (start.ClosedAt ?? db.Now, db.Caller.Sub, request.Note);
        await db.SaveChangesAsync(ct);
        return TypedResults.NoContent();
    }
}
