using Ical.Net;
using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;
using Ical.Net.Serialization;
using WalkTalk.ForcePacks;

namespace WalkTalk.Booking;

/// <summary>
/// A booking, a walk or an officer's walks as a calendar file (RFC 5545). The UID stays the booking's for ever, also through a move, and SEQUENCE grows with what she is told,
/// so that a calendar replaces the entry instead of adding one. Times are the clock's with the force's zone beside them; in the hour that the clock shows twice they are
/// UTC, because there a clock time has no other name (docs/decisions/0016). It says nothing of police or purpose, because others may see her calendar.
/// </summary>
internal static class CalendarFile
{
    public const string ContentType = "text/calendar; charset=utf-8";

    public static string Of(Booking booking, Walk walk, DateTimeOffset now, bool cancelled = false) => Text(
        [Entry(booking.Id, booking.Told(walk) + (cancelled && walk.State != WalkState.Cancelled ? 1 : 0), walk, walk.MeetingPoint, now, cancelled, booking.Language)],
        [walk], cancelled ? CalendarMethods.Cancel : CalendarMethods.Publish);

    /// <summary>An officer's walks, each with her own row alone: ward and time, for she may lose her phone.</summary>
    public static string Of(IReadOnlyCollection<Walk> walks, ForcePack pack, DateTimeOffset now) => Text(
        walks.Select(walk => Entry(walk.Id, walk.Revision, walk, walk.Ward(pack), now, walk.State == WalkState.Cancelled || !walk.Officers[0].Active)), walks, CalendarMethods.Publish);

    /// <summary>A walk in its officer's calendar: one entry whatever is booked.</summary>
    /// <param name="hers">False: the walk stands, but she does not walk it any more.</param>
    public static string OfWalk(Walk walk, DateTimeOffset now, bool hers = true)
    {
        var cancelled = !hers || walk.State == WalkState.Cancelled;
        return Text([Entry(walk.Id, walk.Revision, walk, walk.MeetingPoint, now, cancelled)], [walk], cancelled ? CalendarMethods.Cancel : CalendarMethods.Publish);
    }

    private static CalendarEvent Entry(Guid id, int sequence, Walk walk, string where, DateTimeOffset now, bool cancelled, string language = "en")
    {
        var twice = CalendarZone.IsTwice(walk);
        return new()
        {
            Uid = $"{id:D}@walktalk", Sequence = sequence, DtStamp = Utc(now), Summary = language == "cy" ? "Tro" : "Walk", Location = where,
            Start = At(walk.StartsAt), End = At(walk.EndsAt), Status = cancelled ? EventStatus.Cancelled : EventStatus.Confirmed,
        };

        CalDateTime At(DateTimeOffset at) => twice ? Utc(at) : new(DateTime.SpecifyKind(walk.Local(at).DateTime, DateTimeKind.Unspecified), walk.Zone);
    }

    private static string Text(IEnumerable<CalendarEvent> entries, IReadOnlyCollection<Walk> walks, string method)
    {
        var calendar = new Calendar { Method = method, ProductId = "-//WalkTalk//Booking//EN" };
        foreach (var zone in CalendarZone.Of(walks)) calendar.AddChild(zone);
        calendar.Events.AddRange(entries);
        return new CalendarSerializer().SerializeToString(calendar)!;
    }

    private static CalDateTime Utc(DateTimeOffset at) => new(at.UtcDateTime, "UTC");
}
