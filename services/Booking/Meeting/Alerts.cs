using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking;

/// <summary>The coordinator's alarms: what stands, who took it, and how it ended.</summary>
internal static class Alerts
{
    public static async Task<IResult> List(BookingDb db, ForcePackCatalogue packs, CancellationToken ct)
    {
        var pack = packs.Get(db.Force!);
        var since = db.Now.AddDays(-7);
        var alerts = await db.Alerts.Where(a => a.ResolvedAt == null || a.RaisedAt > since).AsNoTracking().ToListAsync(ct);
        var ids = alerts.Select(a => a.WalkId).Distinct().ToList();
        var walks = await db.Walks.Where(w => ids.Contains(w.Id)).Include(w => w.Officers).ThenInclude(o => o.Officer).AsNoTracking().ToDictionaryAsync(w => w.Id, ct);
        return TypedResults.Ok(alerts.OrderBy(a => a.AcknowledgedAt is not null).ThenBy(a => a.ResolvedAt is not null).ThenByDescending(a => a.RaisedAt).Select(a =>
        {
            var walk = walks[a.WalkId];
            return new AlertRow(a.Id, a.Kind.Wire(), walk.Local(a.RaisedAt), walk.Id, walk.State.Wire(), walk.Ward(pack), walk.MeetingPoint,
                walk.Local(walk.StartsAt), walk.Local(walk.LastSeenAt), walk.OfficerViews(), walk.Local(a.AcknowledgedAt), a.Escalated, Etag.Of(a),
                walk.Local(a.ResolvedAt), a.Outcome?.Wire(), a.Note);
        }).ToList());
    }

    /// <summary>Acknowledged means: a person has it in hand. It stops the escalation and lets the walk start.</summary>
    public static Task<IResult> Acknowledge(Guid alertId, HttpRequest http, BookingDb db, CancellationToken ct) =>
        On(alertId, http, db, alert => alert.Acknowledge(db.Caller.Sub, db.Now), ct);

    /// <summary>How it ended. A word of hers that was on its way may have ended it meanwhile; what the coordinator found is then kept as well.</summary>
    public static Task<IResult> Resolve(Guid alertId, ResolveAlertRequest request, HttpRequest http, BookingDb db, CancellationToken ct) =>
        On(alertId, http, db, alert =>
        {
            alert.Resolve(Enum.Parse<AlertOutcome>(request.Outcome, ignoreCase: true), request.Note, db.Caller.Sub, db.Now);
            db.Audit($"{alert.Kind.Wire()}-resolved", nameof(Walk), $"{alert.WalkId}", request.Outcome);
        }, ct);

    /// <summary>What was raised because nobody had heard of her ends with what she says, unless she is overdue all the same.</summary>
    public static async Task Heard(BookingDb db, Walk walk, CancellationToken ct)
    {
        if (walk.State == WalkState.Started && db.Now >= walk.OverdueAt) return;
        foreach (var alert in await db.Alerts.Where(a => a.WalkId == walk.Id && a.Kind == AlertKind.Overdue && a.ResolvedAt == null).ToListAsync(ct))
        {
            alert.Resolve(AlertOutcome.Heard, null, db.Caller.Sub, db.Now);
            db.Audit("overdue-resolved", nameof(Walk), $"{walk.Id}", "heard");
            await db.Withdraw(EscalateAlert.Key(alert.Id), ct);
        }
    }

    private static async Task<IResult> On(Guid alertId, HttpRequest http, BookingDb db, Action<Alert> change, CancellationToken ct)
    {
        if (await db.Alerts.SingleOrDefaultAsync(a => a.Id == alertId, ct) is not { } alert) return Refusals.AlertUnknown;
        if (Etag.Check(http, alert) is { } overtaken) return overtaken;
        change(alert);
        await db.Withdraw(EscalateAlert.Key(alert.Id), ct);
        await db.SaveChangesAsync(ct);
        return TypedResults.NoContent();
    }
}
