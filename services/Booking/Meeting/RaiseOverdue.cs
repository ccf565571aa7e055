using System.Runtime.Serialization;
using Microsoft.EntityFrameworkCore;
using WalkTalk.ServiceDefaults.Messaging;

namespace WalkTalk.Booking;

/// <summary>A reminder to this service: by now the officer should have ended the walk, checked in, or said that nobody came.</summary>
[DataContract(Name = "booking-walk-due")]
internal sealed record WalkDue(Guid WalkId);

/// <summary>Calls the coordinator when an officer is overdue; one who never started a walk that somebody has booked is, too (docs/decisions/0039).</summary>
internal sealed class RaiseOverdue(BookingDb db, BookingMail mail) : IConsumeAlone<WalkDue>
{
    public static string Key(Guid walkId) => $"overdue:{walkId:N}";

    /// <summary>From its publication a walk is watched; its start and each check-in put the moment off.</summary>
    public static void Watch(BookingDb db, Walk walk) => db.ScheduleFirst(Key(walk.Id), walk.OverdueAt, new WalkDue(walk.Id));

    public async Task Consume(WalkDue message, Delivery delivery, CancellationToken ct)
    {
        await db.Lock(message.WalkId, ct);
        if (await db.Walks.SingleOrDefaultAsync(w => w.Id == message.WalkId, ct) is not { State: WalkState.Published or WalkState.Started } walk || db.Now < walk.OverdueAt) return;
        if (walk.State == WalkState.Published && !await db.Bookings.AnyAsync(b => b.WalkId == walk.Id && (b.State == BookingState.Confirmed || b.State == BookingState.Met), ct)) return;
        // Told again only when somebody had taken the first alarm and she is overdue once more.
        if (await db.Alerts.AnyAsync(a => a.WalkId == walk.Id && a.Kind == AlertKind.Overdue && a.AcknowledgedAt == null, ct)) return;
        await Alarm.Raise(db, mail, new Alert { Kind = AlertKind.Overdue, WalkId = walk.Id, RaisedAt = db.Now }, walk, ct);
    }
}
