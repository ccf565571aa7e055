namespace WalkTalk.Booking;

/// <summary>
/// What a coordinator writes (a date, a time on the clock, a place's zone) as an instant. Twice a year a clock time does not exist
/// or exists twice: the first is refused, the second must be named, so that no walk is ever an hour off.
/// </summary>
public static class WallClock
{
    /// <summary>The instant, or null when the clock never shows that time that day.</summary>
    /// <param name="second">Of the two, the later one; ignored on every other hour of the year.</param>
    public static DateTimeOffset? Instant(DateOnly date, TimeOnly time, TimeZoneInfo zone, bool second = false)
    {
        var wall = date.ToDateTime(time);
        if (zone.IsInvalidTime(wall)) return null;
        if (!zone.IsAmbiguousTime(wall)) return new DateTimeOffset(wall, zone.GetUtcOffset(wall));
        var offsets = zone.GetAmbiguousTimeOffsets(wall);
        // The clock is put back: the greater offset (summer time) comes first.
        return new DateTimeOffset(wall, second ? offsets.Min() : offsets.Max());
    }

    /// <summary>
    /// The instant as RFC 5545 reads a clock time that nobody asked about again: one that does not exist is counted with the offset before
    /// the change (01:30 is then what the clock calls 02:30), of two the first is meant.
    /// </summary>
    public static DateTimeOffset Moment(DateOnly date, TimeOnly time, TimeZoneInfo zone) =>
        Instant(date, time, zone) ?? new DateTimeOffset(date.ToDateTime(time), zone.GetUtcOffset(date.ToDateTime(time).AddHours(-3)));

    /// <summary>The hour between 01:00 and 02:00 that the clock shows twice in autumn.</summary>
    public static bool IsTwice(DateOnly date, TimeOnly time, TimeZoneInfo zone) => zone.IsAmbiguousTime(date.ToDateTime(time));
}
