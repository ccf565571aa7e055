using System.Runtime.Serialization;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Booking;
using WalkTalk.ServiceDefaults.Messaging;

namespace WalkTalk.Booking;

/// <summary>A reminder to this service: by now the officer should have ended the walk or checked in.</summary>
[DataContract(Name = "booking-walk-due")]
internal sealed record WalkDue(Guid WalkId);

/// <summary>Calls the coordinator when an officer is overdue.</summary>
internal sealed class RaiseOverdue(BookingDb db, BookingMail mail) : IConsumeAlone<WalkDue>
{
    public static string Key(Guid walkId) => $"overdue:{walkId:N}";

    public async Task Consume(WalkDue message, Delivery delivery, CancellationToken ct)
    {
        await db.Lock(message.WalkId, ct);
        if (await db.Walks.SingleOrDefaultAsync(w => w.Id == message.WalkId, ct) is not { State: WalkState.Started, EndDue: { } due } walk || db.Now < due + Walk.OverdueAfter) return;
        // Told again only when somebody had taken the first alarm and she is overdue once more.
        if (await db.Alerts.AnyAsync(a => a.WalkId == walk.Id && a.Kind == AlertKind.Overdue && a.AcknowledgedAt == null, ct)) return;
        db.Publish(new WalkOverdue(walk.Id));
        await Alarm.Raise(db, mail, new Alert { Kind = AlertKind.Overdue, WalkId = walk.Id, RaisedAt = db.Now }, walk, ct);
    }
}
