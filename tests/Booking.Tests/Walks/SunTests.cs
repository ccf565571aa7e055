using System.Globalization;

namespace WalkTalk.Booking.Tests.Walks;

/// <summary>Against the published almanac for London (51.5072 N, 0.1276 W), to two minutes: what is printed there is rounded to one.</summary>
public sealed class SunTests
{
    private const double Lat = 51.5072, Lng = -0.1276;
    private static readonly TimeZoneInfo London = TimeZoneInfo.FindSystemTimeZoneById("Europe/London");

    [Theory]
    [InlineData("2026-01-01", "08:06", "16:02")]
    [InlineData("2026-06-21", "04:43", "21:21")]
    [InlineData("2026-12-21", "08:04", "15:53")]
    public void Sunrise_and_sunset_are_the_published_ones(string day, string sunrise, string sunset)
    {
        var sun = Sun.Times(Lat, Lng, DateOnly.Parse(day, CultureInfo.InvariantCulture), London);
        Near(sunrise, sun.Sunrise);
        Near(sunset, sun.Sunset);
    }

    [Theory]
    [InlineData("2026-06-21", "03:56", "22:09")]
    [InlineData("2026-12-21", "07:24", "16:33")]
    public void Civil_twilight_is_the_published_one(string day, string dawn, string dusk)
    {
        var sun = Sun.Times(Lat, Lng, DateOnly.Parse(day, CultureInfo.InvariantCulture), London);
        Near(dawn, sun.Dawn);
        Near(dusk, sun.Dusk);
    }

    [Fact]
    public void Before_the_evening_walk_the_sun_sets_when_every_calendar_says()
    {
        var sun = Sun.Times(Lat, Lng, new DateOnly(2026, 11, 24), London);
        Near("15:59", sun.Sunset);
        Near("16:37", sun.Dusk);
    }

    [Theory] // "the first sunrise before six": in London 22 March 2026 by winter time and 18 April by summer time
    [InlineData(3, 22)]
    [InlineData(4, 18)]
    public void On_both_sides_of_the_clock_change_the_hour_is_right(int month, int day)
    {
        var six = new TimeSpan(6, 0, 0);
        var before = Sun.Times(Lat, Lng, new DateOnly(2026, month, day - 1), London).Sunrise!.Value.TimeOfDay;
        var first = Sun.Times(Lat, Lng, new DateOnly(2026, month, day), London).Sunrise!.Value.TimeOfDay;
        Assert.InRange((before - six).TotalMinutes, -2, 3);
        Assert.InRange((first - six).TotalMinutes, -3, 2);
        Assert.True(first < before);
    }

    [Fact]
    public void In_the_far_north_the_midsummer_night_never_gets_dark()
    {
        var sun = Sun.Times(60.8, -0.8, new DateOnly(2026, 6, 21), London);
        Assert.NotNull(sun.Sunset);
        Assert.Null(sun.Dusk);
        Assert.Equal(LightBand.Dusk, Sun.Band(60.8, -0.8, London, At("2026-06-21T22:40+01:00"), At("2026-06-21T23:00+01:00")));
    }

    [Theory]
    [InlineData("2026-11-24T14:30+00:00", 45, "Day")]
    [InlineData("2026-11-24T15:45+00:00", 45, "Dusk")] // sunset on the way
    [InlineData("2026-11-24T16:00+00:00", 45, "Dark")] // the last minutes are dark, so it is dark
    [InlineData("2026-11-24T06:30+00:00", 90, "Dark")] // before dawn
    [InlineData("2026-11-24T07:10+00:00", 45, "Dusk")] // dawn is dusk's twin
    [InlineData("2026-11-24T22:00+00:00", 60, "Dark")] // ends at 23:00 sharp
    [InlineData("2026-11-24T22:15+00:00", 60, "Late")]
    [InlineData("2026-06-21T04:30+01:00", 60, "Late")] // broad dusk, but before five
    [InlineData("2026-06-21T05:00+01:00", 60, "Day")]
    [InlineData("2026-10-25T01:30+00:00", 30, "Late")] // the second 01:30
    [InlineData("2026-03-29T04:15+01:00", 60, "Late")] // 03:15 by yesterday's clock
    public void A_walk_is_as_dark_as_its_darkest_moment(string start, int minutes, string band) =>
        Assert.Equal(band, Sun.Band(Lat, Lng, London, At(start), At(start).AddMinutes(minutes)).ToString());

    [Fact]
    public void The_bands_change_when_the_almanac_says_so_all_year()
    {
        for (var day = new DateOnly(2026, 1, 1); day.Year == 2026; day = day.AddDays(1))
        {
            var sun = Sun.Times(Lat, Lng, day, London);
            Assert.Equal(LightBand.Day, Sun.Band(Lat, Lng, London, sun.Sunset!.Value.AddMinutes(-31), sun.Sunset.Value.AddMinutes(-1)));
            Assert.NotEqual(LightBand.Day, Sun.Band(Lat, Lng, London, sun.Sunset.Value.AddMinutes(1), sun.Sunset.Value.AddMinutes(2)));
            Assert.Equal(LightBand.Dark, Sun.Band(Lat, Lng, London, sun.Dusk!.Value.AddMinutes(1), sun.Dusk.Value.AddMinutes(5)));
        }
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static void Near(string published, DateTimeOffset? computed)
    {
        var minutes = (computed!.Value.TimeOfDay - TimeOnly.Parse(published, CultureInfo.InvariantCulture).ToTimeSpan()).TotalMinutes;
        Assert.True(Math.Abs(minutes) <= 2, $"{computed:HH:mm:ss}, published {published}");
    }
}
