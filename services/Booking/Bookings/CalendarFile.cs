using Ical.Net;
using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;
using Ical.Net.Serialization;

namespace WalkTalk.Booking;

/// <summary>
/// A booking as a calendar file (RFC 5545). The UID stays the booking's for ever, also through a move, and SEQUENCE grows with what she is told,
/// so that a calendar replaces the entry instead of adding one. Times are UTC: every calendar shows them in the right zone. It says nothing of police or purpose,
/// because others may see her calendar.
/// </summary>
internal static class CalendarFile
{
    public const string ContentType = "text/calendar; charset=utf-8";

    public static string Of(Booking booking, Walk walk, DateTimeOffset now, bool cancelled = false)
    {
        var entry = new CalendarEvent
        {
            Uid = $"{booking.Id:D}@walktalk",
            Sequence = booking.Told(walk) + (cancelled && walk.State != WalkState.Cancelled ? 1 : 0),
            DtStamp = Utc(now),
            Start = Utc(walk.StartsAt),
            End = Utc(walk.EndsAt),
            Summary = booking.Language == "cy" ? "Tro" : "Walk",
            Location = walk.MeetingPoint,
            Status = cancelled ? EventStatus.Cancelled : EventStatus.Confirmed,
        };
        var calendar = new Calendar { Method = cancelled ? CalendarMethods.Cancel : CalendarMethods.Publish, ProductId = "-//WalkTalk//Booking//EN" };
        calendar.Events.Add(entry);
        return new CalendarSerializer().SerializeToString(calendar)!;
    }

    /// <summary>A walk in its officer's calendar: one entry whatever is booked.</summary>
    public static string OfWalk(Walk walk, DateTimeOffset now)
    {
        var cancelled = walk.State == WalkState.Cancelled;
        var calendar = new Calendar { Method = cancelled ? CalendarMethods.Cancel : CalendarMethods.Publish, ProductId = "-//WalkTalk//Booking//EN" };
        calendar.Events.Add(new CalendarEvent
        {
            Uid = $"{walk.Id:D}@walktalk", Sequence = walk.Revision, DtStamp = Utc(now), Start = Utc(walk.StartsAt), End = Utc(walk.EndsAt),
            Summary = "Walk", Location = walk.MeetingPoint, Status = cancelled ? EventStatus.Cancelled : EventStatus.Confirmed,
        });
        return new CalendarSerializer().SerializeToString(calendar)!;
    }

    private static CalDateTime Utc(DateTimeOffset at) => new(at.UtcDateTime, "UTC");
}
