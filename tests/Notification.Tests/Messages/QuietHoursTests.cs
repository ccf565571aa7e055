using WalkTalk.Notification.Messages;

namespace WalkTalk.Notification.Tests.Messages;

public sealed class QuietHoursTests
{
    private static readonly TimeZoneInfo London = TimeZoneInfo.FindSystemTimeZoneById("Europe/London");

    [Theory]
    [InlineData("2026-11-24T20:59:59Z", "2026-11-24T20:59:59Z")]
    [InlineData("2026-11-24T21:00:00Z", "2026-11-25T08:00:00Z")]
    [InlineData("2026-11-25T07:59:59Z", "2026-11-25T08:00:00Z")]
    [InlineData("2026-11-25T08:00:00Z", "2026-11-25T08:00:00Z")]
    [InlineData("2026-06-01T20:30:00Z", "2026-06-02T07:00:00Z")] // 21:30 by the clocks of June
    [InlineData("2026-10-24T22:00:00Z", "2026-10-25T08:00:00Z")] // the clocks go back in that night
    public void What_is_not_mandatory_waits_for_eight_o_clock_local(string now, string goes) =>
        Assert.Equal(At(goes), QuietHours.MayGoAt(At(now), London, mandatory: false, walkAt: null));

    [Fact]
    public void What_is_mandatory_does_not_wait() =>
        Assert.Equal(At("2026-11-24T23:00:00Z"), QuietHours.MayGoAt(At("2026-11-24T23:00:00Z"), London, mandatory: true, walkAt: null));

    [Theory]
    [InlineData("2026-11-25T02:00:00Z", true)]
    [InlineData("2026-11-25T02:00:01Z", false)]
    public void Near_a_walk_nothing_waits(string walk, bool goesNow) =>
        Assert.Equal(goesNow, QuietHours.MayGoAt(At("2026-11-24T23:00:00Z"), London, mandatory: false, At(walk)) == At("2026-11-24T23:00:00Z"));

    [Fact]
    public void Waits_grow_stay_bounded_and_are_spread()
    {
        Assert.Equal(TimeSpan.FromSeconds(12), Message.Backoff(1, urgent: false, spread: 0));
        Assert.Equal(TimeSpan.FromSeconds(18), Message.Backoff(1, urgent: false, spread: 1));
        Assert.Equal(TimeSpan.FromSeconds(240), Message.Backoff(3, urgent: false, spread: 0.5));
        Assert.Equal(TimeSpan.FromHours(1), Message.Backoff(30, urgent: false, spread: 0.5));
        Assert.Equal(TimeSpan.FromMinutes(1), Message.Backoff(30, urgent: true, spread: 0.5));
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
