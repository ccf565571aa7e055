using System.Globalization;
using Microsoft.Extensions.Localization;
using WalkTalk.Contracts.Booking.Api;

namespace WalkTalk.Gateway.Pages.Walks;

/// <summary>Words of the staff pages, which are in English; with texts those that officers' pages and the alarms share, in the page's language.</summary>
internal static class WalkWords
{
    public static string Band(string band) => band switch { "day" => "Daylight", "dusk" => "Dusk", "dark" => "Dark", _ => "Late" };

    public static string State(string state) => state switch { "published" => "Published", "started" => "Under way", "ended" => "Ended", _ => "Called off" };

    public static string Band(string band, IStringLocalizer t) => band switch { "day" => t["Daylight"], "dusk" => t["Dusk"], "dark" => t["Dark"], _ => t["Late"] };

    public static string Who(OfficerBooking booking, IStringLocalizer t) => (booking.FirstName ?? t["Name erased"]) is var name && booking.People > 1
        ? booking.People == 2 ? t["{0} and one companion", name] : t["{0} and {1} companions", name, booking.People - 1] : name;

    /// <summary>A time of day as people write it, or null: 18:30, 6:30, 18.30, 1830.</summary>
    public static TimeOnly? Clock(string? typed) =>
        TimeOnly.TryParseExact(typed, ["HH:mm", "H:mm", "HH.mm", "H.mm", "HHmm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;

    public static string Officers(IEnumerable<OfficerView> officers) => string.Join(", ", officers.Select(o => $"{o.FirstName} {o.CollarNumber}"));

    /// <summary>Her last day is over.</summary>
    public static bool HasLeft(OfficerRow officer, DateOnly today) => officer.LastDay < today;

    /// <summary>What stands against a time or an officer.</summary>
    public static string Against(string code) => code switch
    {
        "busy" => "Walks at that time",
        "leave" => "On leave",
        "unavailable" => "Has not offered that time",
        "rest" => "Needs her rest between two days",
        "dayfull" => "Has enough walks that day",
        "notice" => "Too soon to be booked",
        "language" => "Does not speak the language",
        "signlanguage" => "Does not sign BSL",
        "area" => "Walks in other wards",
        "place" => "No meeting point fits: lit, step-free",
        "second" => "Nobody to walk with her",
        "notneeded" => "Not needed",
        _ => "No officer offers a time there",
    };

    /// <summary>Why a ward goes without a walk it was to have: what stands in the way of most times its officers offer.</summary>
    public static string Without(string code) => code switch
    {
        "busy" => "Its officers walk elsewhere then",
        "leave" => "Its officers are on leave",
        "rest" => "Its officers need their rest between two days",
        "dayfull" => "Its officers have enough walks that day",
        "language" => "None of its officers speaks the language",
        "signlanguage" => "None of its officers signs BSL",
        "second" => "Nobody is free to walk as the second officer",
        _ => Against(code),
    };

    public static string Leave(string kind) => kind switch { "annual" => "Annual leave", "sick" => "Sick", "training" => "Training", _ => "Other" };

    public static readonly IReadOnlyList<(string Code, string Name)> Weekdays =
        [("MO", "Monday"), ("TU", "Tuesday"), ("WE", "Wednesday"), ("TH", "Thursday"), ("FR", "Friday"), ("SA", "Saturday"), ("SU", "Sunday")];

    /// <summary>A rule as people say it; one that no page of ours has made is shown as it stands.</summary>
    public static string Often(AvailabilityRow row)
    {
        if (row.Rule is null) return row.FirstDate.ToString("dddd d MMMM yyyy", CultureInfo.CurrentCulture);
        if (Part(row, "FREQ") != "WEEKLY" || row.Rule.Contains("BYSETPOS", StringComparison.Ordinal) || row.Rule.Contains("BYMONTH", StringComparison.Ordinal)) return row.Rule;
        var days = DaysOf(row).Select(code => Weekdays.FirstOrDefault(w => w.Code == code).Name + "s").ToList();
        var named = days.Count == 7 ? "Every day" : days.Count == 1 ? days[0] : $"{string.Join(", ", days[..^1])} and {days[^1]}";
        return Part(row, "INTERVAL") switch { null or "1" => named, "2" => $"{named}, every second week", var n => $"{named}, every {n} weeks" };
    }

    /// <summary>From when to when a rule holds.</summary>
    public static string Span(AvailabilityRow row) =>
        $"From {Day(row.FirstDate)}" + (Part(row, "UNTIL") is { } until && DateOnly.TryParseExact(until, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var last) ? $" to {Day(last)}"
            : Part(row, "COUNT") is { } count ? $", {count} times" : ", until it is taken away");

    /// <summary>Whether a weekly rule may fall on that day; of other rules the service knows.</summary>
    public static bool Falls(AvailabilityRow row, DateOnly day) => Part(row, "FREQ") == "WEEKLY" && DaysOf(row).Contains(Code(day));

    private static List<string> DaysOf(AvailabilityRow row) => [.. (Part(row, "BYDAY") ?? Code(row.FirstDate)).Split(',')];

    private static string Code(DateOnly day) => Weekdays[((int)day.DayOfWeek + 6) % 7].Code;

    private static string? Part(AvailabilityRow row, string name) => row.Rule?.Split(';').Select(p => p.Split('=')).FirstOrDefault(p => p[0] == name)?[^1];

    private static string Day(DateOnly day) => day.ToString("d MMMM yyyy", CultureInfo.CurrentCulture);
}
