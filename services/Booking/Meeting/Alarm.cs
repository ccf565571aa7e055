using System.Runtime.Serialization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Booking;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.ServiceDefaults.Messaging;

namespace WalkTalk.Booking;

/// <summary>"Something is wrong": said by her or by the officer, or found by a third miss. The alarm goes to coordinator and control room at once.</summary>
internal static class Alarm
{
    /// <summary>By her link. No reason is asked.</summary>
    public static Task<IResult> ByHer([FromHeader(Name = "Authorization")] string? authorization, BookingDb db, BookingMail mail, CancellationToken ct) =>
        db.Atomically<IResult>(async () =>
        {
            if (await db.Open(authorization, LinkPurpose.MyWalk, ct) is not { } booking) return Refusals.LinkUnknown;
            await db.Lock(booking.WalkId, ct);
            await db.Entry(booking).ReloadAsync(ct);
            var walk = await db.Walks.SingleAsync(w => w.Id == booking.WalkId, ct);
            return await Raise(db, mail, walk, booking, ct);
        }, ct);

    public static Task<IResult> ByOfficer(Guid walkId, Guid bookingId, BookingDb db, BookingMail mail, CancellationToken ct) =>
        db.Atomically<IResult>(async () =>
        {
            var (refused, walk) = await db.MyWalk(walkId, ct);
            if (refused is not null) return refused;
            if (await db.Bookings.SingleOrDefaultAsync(b => b.Id == bookingId && b.WalkId == walkId, ct) is not { } booking) return Refusals.BookingUnknown;
            return await Raise(db, mail, walk, booking, ct);
        }, ct);

    /// <summary>The officer needs help, at any time of the walk. Nothing is asked; what the phone could not send at once comes with its own time.</summary>
    public static Task<IResult> ForHelp(Guid walkId, WalkStepRequest? request, BookingDb db, BookingMail mail, CancellationToken ct) =>
        db.Atomically<IResult>(async () =>
        {
            var (refused, walk) = await db.MyWalk(walkId, ct);
            if (refused is not null) return refused;
            if (walk.State == WalkState.Cancelled || db.Now < walk.WordsFrom) return Refusals.WalkNotNow;
            var (no, at) = walk.Happened(request?.HappenedAt, db.Now);
            if (no is not null) return no;
            walk.Seen(at);
            // One open call is enough; a second one finds the first still standing.
            var alert = await db.Alerts.FirstOrDefaultAsync(a => a.WalkId == walkId && a.Kind == AlertKind.Help && a.AcknowledgedAt == null, ct)
                ?? await Raise(db, mail, new Alert { Kind = AlertKind.Help, WalkId = walkId, RaisedAt = db.Now }, walk, ct);
            await db.SaveChangesAsync(ct);
            return TypedResults.Ok(new AlarmRaised(alert.Id, alert.RaisedAt));
        }, ct);

    private static async Task<IResult> Raise(BookingDb db, BookingMail mail, Walk walk, Booking booking, CancellationToken ct)
    {
        // After the walk there is no meeting to be wrong; the pages then lead to 999, 101 and the complaint route.
        if (walk.State is WalkState.Ended or WalkState.Cancelled || booking.State is not (BookingState.Confirmed or BookingState.Met)) return Refusals.WalkNotOpen;
        booking.Meeting = Verification.Mismatched;
        var alert = await Mismatch(db, mail, walk, booking, ct);
        await db.SaveChangesAsync(ct);
        return TypedResults.Ok(new AlarmRaised(alert.Id, alert.RaisedAt));
    }

    /// <summary>One open alarm for a booking is enough: a second cry finds the first still standing.</summary>
    public static async Task<Alert> Mismatch(BookingDb db, BookingMail mail, Walk walk, Booking booking, CancellationToken ct)
    {
        if (await db.Alerts.FirstOrDefaultAsync(a => a.BookingId == booking.Id && a.WalkId == walk.Id && a.AcknowledgedAt == null, ct) is { } standing) return standing;
        if (booking.Meeting == Verification.Mismatched) db.Publish(new MeetingMismatched(walk.Id, booking.Id));
        return await Raise(db, mail, new Alert { Kind = AlertKind.Mismatch, WalkId = walk.Id, BookingId = booking.Id, RaisedAt = db.Now }, walk, ct);
    }

    public static async Task<Alert> Raise(BookingDb db, BookingMail mail, Alert alert, Walk walk, CancellationToken ct)
    {
        db.Alerts.Add(alert);
        db.Audit($"{alert.Kind.Wire()}-alarm", "Walk", $"{walk.Id}");
        await mail.ToDuty(alert, walk, ct);
        await db.Schedule(EscalateAlert.Key(alert.Id), db.Now + alert.EscalatesAfter, new EscalationDue(alert.Id), ct);
        return alert;
    }
}

/// <summary>A reminder to this service: has anybody taken the alarm? Turn is how often it will then have been sent again.</summary>
[DataContract(Name = "booking-escalation-due")]
internal sealed record EscalationDue(Guid AlertId, int Turn = 1);

/// <summary>An alarm that nobody acknowledged goes to the next one on duty, control room first, and so on in turn until somebody has it.</summary>
internal sealed class EscalateAlert(BookingDb db, BookingMail mail) : IConsumeAlone<EscalationDue>
{
    public static string Key(Guid alertId) => $"escalate:{alertId:N}";

    public async Task Consume(EscalationDue message, Delivery delivery, CancellationToken ct)
    {
        if (await db.Alerts.SingleOrDefaultAsync(a => a.Id == message.AlertId, ct) is not { AcknowledgedAt: null } alert) return;
        alert.Escalated = true;
        await mail.ToDuty(alert, await db.Walks.SingleAsync(w => w.Id == alert.WalkId, ct), ct, message.Turn);
        await db.Schedule(Key(alert.Id), db.Now + alert.EscalatesAfter, new EscalationDue(alert.Id, message.Turn + 1), ct);
    }
}
