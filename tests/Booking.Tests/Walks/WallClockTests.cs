namespace WalkTalk.Booking.Tests.Walks;

public sealed class WallClockTests
{
    private static readonly TimeZoneInfo London = TimeZoneInfo.FindSystemTimeZoneById("Europe/London");

    [Theory]
    [InlineData(2026, 3, 29)]
    [InlineData(2027, 3, 28)]
    public void The_missing_hour_has_no_instant(int year, int month, int day)
    {
        var date = new DateOnly(year, month, day);
        Assert.Null(WallClock.Instant(date, new TimeOnly(1, 30), London));
        Assert.Equal(TimeSpan.Zero, WallClock.Instant(date, new TimeOnly(0, 59), London)!.Value.Offset);
        Assert.Equal(TimeSpan.FromHours(1), WallClock.Instant(date, new TimeOnly(2, 0), London)!.Value.Offset);
    }

    [Theory]
    [InlineData(2026, 10, 25)]
    [InlineData(2027, 10, 31)]
    public void The_repeated_hour_has_two(int year, int month, int day)
    {
        var date = new DateOnly(year, month, day);
        Assert.True(WallClock.IsTwice(date, new TimeOnly(1, 30), London));
        var first = WallClock.Instant(date, new TimeOnly(1, 30), London)!.Value;
        var second = WallClock.Instant(date, new TimeOnly(1, 30), London, second: true)!.Value;
        Assert.Equal(TimeSpan.FromHours(1), second - first);
        Assert.False(WallClock.IsTwice(date, new TimeOnly(2, 0), London));
    }
}
