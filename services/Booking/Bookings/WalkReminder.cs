using System.Runtime.Serialization;
using Microsoft.EntityFrameworkCore;
using WalkTalk.ServiceDefaults.Messaging;

namespace WalkTalk.Booking;

/// <summary>A reminder to this service: a message about a walk may be due. Revision is what she had been told when it was planned.</summary>
[DataContract(Name = "booking-reminder-due")]
internal sealed record ReminderDue(Guid BookingId, string Template, int Revision);

/// <summary>Sends a planned message if the walk and the booking still stand as they did; nothing follows a cancellation.</summary>
internal sealed class WalkReminder(BookingDb db, BookingMail mail) : IConsume<ReminderDue>
{
    public const string DayBefore = "walk-reminder-24h", HoursBefore = "walk-reminder-2h", VerifyCode = "verify-code";
    public static readonly string[] Templates = [DayBefore, HoursBefore, VerifyCode];

    public static string Key(Guid bookingId, string template) => $"{template}:{bookingId:N}";

    /// <summary>Which messages are still worth planning: reminders whose time has passed are left out, the words never are.</summary>
    public static IEnumerable<(string Template, DateTimeOffset Due)> Plan(DateTimeOffset startsAt, DateTimeOffset now)
    {
        if (startsAt.AddHours(-24) > now) yield return (DayBefore, startsAt.AddHours(-24));
        if (startsAt.AddHours(-2) > now) yield return (HoursBefore, startsAt.AddHours(-2));
        yield return (VerifyCode, startsAt.AddHours(-2) > now ? startsAt.AddHours(-2) : now);
    }

    public async Task Consume(ReminderDue message, Delivery delivery, CancellationToken ct)
    {
        if (await db.Bookings.SingleOrDefaultAsync(b => b.Id == message.BookingId, ct) is not { State: BookingState.Confirmed } booking) return;
        var walk = await db.Walks.Include(w => w.Officers).ThenInclude(o => o.Officer).SingleAsync(w => w.Id == booking.WalkId, ct);
        if (walk.State != WalkState.Published || booking.Told(walk) != message.Revision || db.Now >= walk.WordsUntil) return;
        await (message.Template == VerifyCode ? mail.VerifyCode(booking, walk, ct) : mail.Reminder(message.Template, booking, walk, ct));
    }
}
