using Ical.Net;
using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;
using Ical.Net.Serialization;
using WalkTalk.ForcePacks;

namespace WalkTalk.Booking;

/// <summary>
/// A booking, or an officer's walks, as a calendar file (RFC 5545). The UID stays the booking's for ever, also through a move, and SEQUENCE grows with what she is told,
/// so that a calendar replaces the entry instead of adding one. Times are UTC: every calendar shows them in the right zone, and the hour that a clock shows twice
/// has no other name (docs/decisions/0016). It says nothing of police or purpose, because others may see her calendar.
/// </summary>
internal static class CalendarFile
{
    public const string ContentType = "text/calendar; charset=utf-8";

    public static string Of(Booking booking, Walk walk, DateTimeOffset now, bool cancelled = false)
    {
        var entry = Entry(booking.Id, booking.Told(walk) + (cancelled && walk.State != WalkState.Cancelled ? 1 : 0), walk, now, cancelled);
        (entry.Summary, entry.Location) = (booking.Language == "cy" ? "Tro" : "Walk", walk.MeetingPoint);
        return Text([entry], cancelled ? CalendarMethods.Cancel : CalendarMethods.Publish);
    }

    /// <summary>An officer's walks, each with her own row alone: ward and time, for she may lose her phone.</summary>
    public static string Of(IEnumerable<Walk> walks, ForcePack pack, DateTimeOffset now) =>
        Text(walks.Select(walk =>
        {
            var entry = Entry(walk.Id, walk.Revision, walk, now, walk.State == WalkState.Cancelled || !walk.Officers[0].Active);
            (entry.Summary, entry.Location) = ("Walk", walk.Ward(pack));
            return entry;
        }), CalendarMethods.Publish);

    private static CalendarEvent Entry(Guid id, int sequence, Walk walk, DateTimeOffset now, bool cancelled) => new()
    {
        Uid = $"{id:D}@walktalk", Sequence = sequence, DtStamp = Utc(now), Start = Utc(walk.StartsAt), End = Utc(walk.EndsAt),
        Status = cancelled ? EventStatus.Cancelled : EventStatus.Confirmed,
    };

    private static string Text(IEnumerable<CalendarEvent> entries, string method)
    {
        var calendar = new Calendar { Method = method, ProductId = "-//WalkTalk//Booking//EN" };
        calendar.Events.AddRange(entries);
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
