using System.Globalization;
using CsCheck;

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

    /// <summary>As calendars print them (HM Nautical Almanac Office and USNO agree to the minute): the solstices, which people know by heart, to two minutes.</summary>
    [Theory]
    [InlineData(51.481, -3.179, "2026-06-21", "04:55", "21:33")] // Cardiff
    [InlineData(51.481, -3.179, "2026-12-21", "08:16", "16:06")]
    [InlineData(54.597, -5.930, "2026-06-21", "04:47", "22:03")] // Belfast
    [InlineData(54.597, -5.930, "2026-12-21", "08:45", "15:58")]
    [InlineData(60.155, -1.145, "2026-06-21", "03:38", "22:34")] // Lerwick
    [InlineData(60.155, -1.145, "2026-12-21", "09:08", "14:57")]
    public void Over_the_country_sunrise_and_sunset_at_the_solstices_are_the_published_ones(double lat, double lng, string day, string sunrise, string sunset)
    {
        var sun = Sun.Times(lat, lng, DateOnly.Parse(day, CultureInfo.InvariantCulture), London);
        Near(sunrise, sun.Sunrise);
        Near(sunset, sun.Sunset);
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

    /// <summary>Places over the length of the country, from its south-western end to Shetland.</summary>
    public static TheoryData<string, double, double> Places => new()
    {
        { "Penzance", 50.119, -5.537 }, { "London", Lat, Lng }, { "Cardiff", 51.481, -3.179 }, { "Belfast", 54.597, -5.930 }, { "Lerwick", 60.155, -1.145 }, { "Unst", 60.800, -0.800 },
    };

    /// <summary>
    /// Against another published series: the Astronomical Almanac's low precision sun (page C5: 0.01° from 1950 to 2050) with Greenwich sidereal time, which
    /// shares neither terms nor method with what is checked. At each instant the sun has to stand at the height that defines it, to 0.03° (in London seven
    /// seconds of time, in Shetland's midsummer twilight half a minute). Where there is no such instant, the sun must not reach that height all day.
    /// </summary>
    [Theory, MemberData(nameof(Places))]
    public void All_year_the_sun_stands_where_another_almanac_puts_it(string place, double lat, double lng)
    {
        for (var day = new DateOnly(2026, 1, 1); day.Year < 2028; day = day.AddDays(1))
        {
            var sun = Sun.Times(lat, lng, day, London);
            foreach (var (at, height) in new[] { (sun.Dawn, -6), (sun.Sunrise, -0.833), (sun.Sunset, -0.833), (sun.Dusk, -6) })
            {
                if (at is { } moment)
                {
                    Assert.True(Math.Abs(AlmanacHeight(lat, lng, moment) - height) < 0.03, $"{place} {moment}: {AlmanacHeight(lat, lng, moment)}");
                    continue;
                }
                var midnight = new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero).AddMinutes(-4 * lng);
                Assert.True(AlmanacHeight(lat, lng, midnight) > height - 0.05 || AlmanacHeight(lat, lng, midnight.AddDays(1)) > height - 0.05, $"{place} {day}: it does go down to {height}");
            }
        }
    }

    [Fact]
    public void On_Unst_civil_twilight_lasts_all_night_around_midsummer_and_the_sun_still_sets()
    {
        // The sun goes 29.2° less its declination below the horizon at midnight: less than 6° where the declination is more than 23.2°, by the almanac from 10 June to 2 July.
        var without = Enumerable.Range(0, 365).Select(n => new DateOnly(2026, 1, 1).AddDays(n)).Where(day => Sun.Times(60.8, -0.8, day, London).Dusk is null).ToList();
        Assert.Equal(without.Count - 1, without[^1].DayNumber - without[0].DayNumber); // one stretch
        Assert.InRange(without[0], new DateOnly(2026, 6, 8), new DateOnly(2026, 6, 13));
        Assert.InRange(without[^1], new DateOnly(2026, 6, 29), new DateOnly(2026, 7, 5));
    }

    [Fact]
    public void In_Lerwick_twilight_ends_after_midnight_in_June_and_winter_has_less_than_six_hours_of_day()
    {
        var june = Sun.Times(60.155, -1.145, new DateOnly(2026, 6, 21), London);
        Assert.Equal(new DateOnly(2026, 6, 22), DateOnly.FromDateTime(june.Dusk!.Value.DateTime));
        // Whatever the sun does, from eleven to five it is late.
        Assert.Equal(LightBand.Late, Sun.Band(60.155, -1.145, London, At("2026-06-21T23:30+01:00"), At("2026-06-22T00:30+01:00")));
        Assert.Equal(LightBand.Dusk, Sun.Band(60.155, -1.145, London, At("2026-06-21T22:15+01:00"), At("2026-06-21T23:00+01:00")));
        Assert.Equal(LightBand.Dark, Sun.Band(60.155, -1.145, London, At("2026-12-21T15:45+00:00"), At("2026-12-21T16:30+00:00")));
        Assert.Equal(LightBand.Day, Sun.Band(60.155, -1.145, London, At("2026-12-21T10:00+00:00"), At("2026-12-21T14:30+00:00")));
    }

    [Fact]
    public void For_any_place_of_the_country_and_any_day_there_is_an_answer_in_order() =>
        Gen.Select(Gen.Double[49.8, 60.9], Gen.Double[-8.7, 1.8], Gen.Int[0, 73_000], Gen.Int[0, 1439]).Sample((lat, lng, days, minute) =>
        {
            var day = new DateOnly(1950, 1, 1).AddDays(days);
            var sun = Sun.Times(lat, lng, day, London);
            var start = new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero).AddMinutes(minute);
            var (band, longer) = (Sun.Band(lat, lng, London, start, start.AddMinutes(45)), Sun.Band(lat, lng, London, start, start.AddMinutes(90)));
            return sun is { Sunrise: { } rise, Sunset: { } set } && rise < set && (sun.Dawn is not { } dawn || dawn < rise) && (sun.Dusk is not { } dusk || dusk > set)
                && longer >= band;
        }, iter: 3_000);

    /// <summary>Degrees above the horizon after the Astronomical Almanac: ecliptic longitude, right ascension and sidereal time; no equation of time.</summary>
    private static double AlmanacHeight(double lat, double lng, DateTimeOffset at)
    {
        const double radian = Math.PI / 180;
        var n = (at - new DateTimeOffset(2000, 1, 1, 12, 0, 0, TimeSpan.Zero)).TotalDays;
        var (mean, anomaly) = (280.460 + (0.9856474 * n), (357.528 + (0.9856003 * n)) * radian);
        var longitude = (mean + (1.915 * Math.Sin(anomaly)) + (0.020 * Math.Sin(2 * anomaly))) * radian;
        var tilt = (23.439 - (0.0000004 * n)) * radian;
        var ascension = Math.Atan2(Math.Cos(tilt) * Math.Sin(longitude), Math.Cos(longitude));
        var declination = Math.Asin(Math.Sin(tilt) * Math.Sin(longitude));
        var hourAngle = ((280.46062 + (360.98564737 * n) + lng) * radian) - ascension;
        return Math.Asin((Math.Sin(lat * radian) * Math.Sin(declination)) + (Math.Cos(lat * radian) * Math.Cos(declination) * Math.Cos(hourAngle))) / radian;
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static void Near(string published, DateTimeOffset? computed)
    {
        var minutes = (computed!.Value.TimeOfDay - TimeOnly.Parse(published, CultureInfo.InvariantCulture).ToTimeSpan()).TotalMinutes;
        Assert.True(Math.Abs(minutes) <= 2, $"{computed:HH:mm:ss}, published {published}");
    }
}
