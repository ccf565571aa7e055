using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking;

/// <summary>The coordinator's alarms: what stands, and who took it.</summary>
internal static class Alerts
{
    public static async Task<IResult> List(BookingDb db, ForcePackCatalogue packs, CancellationToken ct)
    {
        var pack = packs.Get(db.Force!);
        var since = db.Now.AddDays(-7);
        var alerts = await db.Alerts.Where(a => a.AcknowledgedAt == null || a.RaisedAt > since).AsNoTracking().ToListAsync(ct);
        var ids = alerts.Select(a => a.WalkId).Distinct().ToList();
        var walks = await db.Walks.Where(w => ids.Contains(w.Id)).Include(w => w.Officers).ThenInclude(o => o.Officer).AsNoTracking().ToDictionaryAsync(w => w.Id, ct);
        return TypedResults.Ok(alerts.OrderBy(a => a.AcknowledgedAt is not null).ThenByDescending(a => a.RaisedAt).Select(a =>
        {
            var walk = walks[a.WalkId];
            return new AlertRow(a.Id, a.Kind.Wire(), walk.Local(a.RaisedAt), walk.Id, walk.State.Wire(), walk.Ward(pack), walk.MeetingPoint,
                walk.Local(walk.StartsAt), walk.Local(walk.LastSeenAt), walk.OfficerViews(), walk.Local(a.AcknowledgedAt), a.Escalated, Etag.Of(a));
        }).ToList());
    }

    /// <summary>Acknowledged means: a person has it in hand. It stops the escalation and lets the walk start.</summary>
    public static async Task<IResult> Acknowledge(Guid alertId, HttpRequest http, BookingDb db, CancellationToken ct)
    {
        if (await db.Alerts.SingleOrDefaultAsync(a => a.Id == alertId, ct) is not { } alert) return Refusals.AlertUnknown;
        if (Etag.Check(http, alert) is { } overtaken) return overtaken;
        if (alert.AcknowledgedAt is null)
        {
            alert.AcknowledgedAt = db.Now;
            alert.AcknowledgedBy = db.Caller.Sub;
            await db.Withdraw(EscalateAlert.Key(alert.Id), ct);
            await db.SaveChangesAsync(ct);
        }
        return TypedResults.NoContent();
    }
}
