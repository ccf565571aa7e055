namespace WalkTalk.Notification.Messages;

/// <summary>D6: 21:00–08:00 local for what is not mandatory, except within three hours of a walk.</summary>
internal static class QuietHours
{
    private static readonly TimeOnly From = new(21, 0), Until = new(8, 0);
    private static readonly TimeSpan NearWalk = TimeSpan.FromHours(3);

    /// <summary>When the message may go: now, or at eight o'clock by the force's clocks.</summary>
    public static DateTimeOffset MayGoAt(DateTimeOffset now, TimeZoneInfo zone, bool mandatory, DateTimeOffset? walkAt)
    {
        if (mandatory || (walkAt is { } walk && (walk - now).Duration() <= NearWalk)) return now;
        var local = TimeZoneInfo.ConvertTime(now, zone).DateTime;
        if (!TimeOnly.FromDateTime(local).IsBetween(From, Until)) return now;
        var morning = DateOnly.FromDateTime(local).AddDays(TimeOnly.FromDateTime(local) >= From ? 1 : 0).ToDateTime(Until);
        return new DateTimeOffset(morning, zone.GetUtcOffset(morning)).ToUniversalTime();
    }
}
