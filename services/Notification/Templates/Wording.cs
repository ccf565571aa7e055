using System.Globalization;

namespace WalkTalk.Notification.Templates;

/// <summary>
/// The one place that writes times and days in a message: in the force's own zone, zone named, in the recipient's language.
/// Names of days and months stand here because a host without ICU data has no Welsh ones.
/// </summary>
internal sealed class Wording(string language, TimeZoneInfo zone)
{
    private static readonly string[] EnglishDays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
    private static readonly string[] WelshDays = ["dydd Sul", "dydd Llun", "dydd Mawrth", "dydd Mercher", "dydd Iau", "dydd Gwener", "dydd Sadwrn"];
    private static readonly string[] EnglishMonths =
        ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
    private static readonly string[] WelshMonths =
        ["Ionawr", "Chwefror", "Mawrth", "Ebrill", "Mai", "Mehefin", "Gorffennaf", "Awst", "Medi", "Hydref", "Tachwedd", "Rhagfyr"];

    /// <summary>Tuesday 24 November 2026, 18:30 (GMT)</summary>
    public string When(string instant)
    {
        var local = TimeZoneInfo.ConvertTime(Instant(instant), zone);
        return $"{Day(DateOnly.FromDateTime(local.DateTime))}, {local.ToString("HH:mm", CultureInfo.InvariantCulture)} ({ZoneName(local)})";
    }

    /// <summary>18:30</summary>
    public string Time(string instant) =>
        TimeZoneInfo.ConvertTime(Instant(instant), zone).ToString("HH:mm", CultureInfo.InvariantCulture);

    /// <summary>Tuesday 24 November 2026, from a day (yyyy-MM-dd) or an instant.</summary>
    public string Day(string dayOrInstant) =>
        Day(DateOnly.TryParseExact(dayOrInstant, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(Instant(dayOrInstant), zone).DateTime));

    public static DateTimeOffset Instant(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    public static bool IsInstant(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _);

    public static bool IsDay(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    private string Day(DateOnly day)
    {
        var (days, months) = language == "cy" ? (WelshDays, WelshMonths) : (EnglishDays, EnglishMonths);
        return $"{days[(int)day.DayOfWeek]} {day.Day} {months[day.Month - 1]} {day.Year}";
    }

    private string ZoneName(DateTimeOffset local) => (zone.Id, local.Offset) switch
    {
        ("Europe/London", { Ticks: 0 }) => "GMT",
        ("Europe/London", _) => "BST",
        _ => $"UTC{local:zzz}",
    };
}
