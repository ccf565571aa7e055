namespace WalkTalk.Booking;

/// <summary>How light it is on a walk. A walk's band is its darkest moment; late is 23:00 to 05:00 local, whatever the sun does.</summary>
public enum LightBand { Day, Dusk, Dark, Late }

/// <summary>The sun on one local day. Null where it does not cross that height that day (far north in midsummer).</summary>
public sealed record SunTimes(DateTimeOffset? Dawn, DateTimeOffset? Sunrise, DateTimeOffset? Sunset, DateTimeOffset? Dusk);

/// <summary>
/// The sun over a place, after NOAA's Solar Calculator (Meeus, Astronomical Algorithms, low precision series):
/// within a minute of the published almanac up to 72° of latitude, with standard refraction and a level horizon.
/// Pure arithmetic: no time zone enters but to name the local day.
/// </summary>
public static class Sun
{
    // The sun's upper edge on the horizon, refraction included; and the end of civil twilight, after which lamps are needed to see by.
    private const double Horizon = -0.833, Civil = -6;
    private static readonly TimeOnly LateFrom = new(23, 0), LateUntil = new(5, 0);

    /// <summary>The band of a walk from start to end (exclusive), looked at minute by minute.</summary>
    public static LightBand Band(double latitude, double longitude, TimeZoneInfo zone, DateTimeOffset start, DateTimeOffset end)
    {
        var darkest = LightBand.Day;
        for (var at = start; at < end; at = at.AddMinutes(1))
        {
            var band = At(latitude, longitude, zone, at);
            if (band > darkest) darkest = band;
        }
        return darkest;
    }

    /// <summary>Dawn and dusk are the civil ones. Instants carry the zone's offset of that moment.</summary>
    public static SunTimes Times(double latitude, double longitude, DateOnly day, TimeZoneInfo zone)
    {
        return new(Crossing(Civil, -1), Crossing(Horizon, -1), Crossing(Horizon, +1), Crossing(Civil, +1));

        DateTimeOffset? Crossing(double height, int side)
        {
            // Solar noon first, then outward to the hour angle of that height; each round uses the sun of the moment found before it.
            var local = day.ToDateTime(new TimeOnly(12, 0));
            var at = new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
            var midnight = new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
            for (var round = 0; round < 4; round++)
            {
                var (declination, equation) = Place(at);
                var cos = (Sin(height) - Sin(latitude) * Sin(declination)) / (Cos(latitude) * Cos(declination));
                if (cos is < -1 or > 1) return null;
                var hourAngle = Math.Acos(cos) / Radian;
                at = midnight.AddMinutes(720 - 4 * longitude - equation + side * 4 * hourAngle);
            }
            return TimeZoneInfo.ConvertTime(at, zone);
        }
    }

    private static LightBand At(double latitude, double longitude, TimeZoneInfo zone, DateTimeOffset at)
    {
        var clock = TimeOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime);
        if (clock >= LateFrom || clock < LateUntil) return LightBand.Late;
        var height = Height(latitude, longitude, at);
        return height >= Horizon ? LightBand.Day : height >= Civil ? LightBand.Dusk : LightBand.Dark;
    }

    /// <summary>Degrees of the sun's centre above the horizon, without refraction.</summary>
    internal static double Height(double latitude, double longitude, DateTimeOffset at)
    {
        var (declination, equation) = Place(at);
        var solarMinutes = at.UtcDateTime.TimeOfDay.TotalMinutes + equation + 4 * longitude;
        var hourAngle = solarMinutes / 4 - 180;
        return Math.Asin(Sin(latitude) * Sin(declination) + Cos(latitude) * Cos(declination) * Cos(hourAngle)) / Radian;
    }

    /// <summary>Declination in degrees and equation of time in minutes.</summary>
    private static (double Declination, double EquationOfTime) Place(DateTimeOffset at)
    {
        var t = (at - new DateTimeOffset(2000, 1, 1, 12, 0, 0, TimeSpan.Zero)).TotalDays / 36525;
        var meanLongitude = (280.46646 + t * (36000.76983 + t * 0.0003032)) % 360;
        var anomaly = 357.52911 + t * (35999.05029 - t * 0.0001537);
        var eccentricity = 0.016708634 - t * (0.000042037 + t * 0.0000001267);
        var centre = Sin(anomaly) * (1.914602 - t * (0.004817 + t * 0.000014)) + Sin(2 * anomaly) * (0.019993 - t * 0.000101) + Sin(3 * anomaly) * 0.000289;
        var node = 125.04 - 1934.136 * t;
        var apparent = meanLongitude + centre - 0.00569 - 0.00478 * Sin(node);
        var tilt = 23 + (26 + (21.448 - t * (46.815 + t * (0.00059 - t * 0.001813))) / 60) / 60 + 0.00256 * Cos(node);
        var declination = Math.Asin(Sin(tilt) * Sin(apparent)) / Radian;

        var y = Math.Pow(Math.Tan(tilt / 2 * Radian), 2);
        var equation = y * Sin(2 * meanLongitude) - 2 * eccentricity * Sin(anomaly) + 4 * eccentricity * y * Sin(anomaly) * Cos(2 * meanLongitude)
            - y * y / 2 * Sin(4 * meanLongitude) - 1.25 * eccentricity * eccentricity * Sin(2 * anomaly);
        return (declination, 4 * equation / Radian);
    }

    private const double Radian = Math.PI / 180;
    private static double Sin(double degrees) => Math.Sin(degrees * Radian);
    private static double Cos(double degrees) => Math.Cos(degrees * Radian);
}
