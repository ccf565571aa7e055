using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;
using Ical.Net.Evaluation;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking;

/// <summary>When an officer can walk: a window of clock time, on one day or again by a rule of RFC 5545.</summary>
internal sealed class Availability : IForceRow, IVersioned
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public string ForceId { get; set; } = "";
    public long Version { get; set; }
    public required Guid OfficerId { get; init; }
    public required DateOnly FirstDate { get; init; }
    public required TimeOnly From { get; init; }

    /// <summary>Not later than <see cref="From"/>: on the next day.</summary>
    public required TimeOnly Until { get; init; }

    /// <summary>RRULE, checked by <see cref="Recurrence"/>; null for one day.</summary>
    public string? Rule { get; init; }

    /// <summary>Days that fall out (EXDATE).</summary>
    public List<DateOnly> Except { get; set; } = [];

    /// <summary>
    /// When officers can walk, from availability and leave: instants in order that neither overlap nor touch. A window keeps its clock times
    /// on both sides of a clock change, so its length may change with the clock; where nothing is left of it, it falls out that day.
    /// </summary>
    /// <param name="rules">One officer's.</param>
    /// <param name="leave">Hers too.</param>
    /// <param name="from">The first local day on which a window begins.</param>
    /// <param name="until">The last one.</param>
    /// <param name="zone">Of the clock they are written by.</param>
    public static List<Window> Windows(IEnumerable<Availability> rules, IEnumerable<Leave> leave, DateOnly from, DateOnly until, TimeZoneInfo zone)
    {
        var windows = new List<Window>();
        foreach (var window in rules.SelectMany(r => r.Days(from, until).Select(day => r.On(day, zone))).Where(w => w.From < w.Until).OrderBy(w => w.From))
        {
            if (windows.Count > 0 && window.From <= windows[^1].Until)
                windows[^1] = windows[^1] with { Until = window.Until > windows[^1].Until ? window.Until : windows[^1].Until };
            else
                windows.Add(window);
        }
        foreach (var away in leave.Select(l => l.Time(zone)))
            windows = [.. windows.SelectMany(w => w.Without(away))];
        return windows;
    }

    private IEnumerable<DateOnly> Days(DateOnly from, DateOnly until) =>
        (Rule is null ? (IEnumerable<DateOnly>)[FirstDate] : Recurrence.Days(Rule, FirstDate, from)).SkipWhile(d => d < from).TakeWhile(d => d <= until).Where(d => !Except.Contains(d));

    private Window On(DateOnly day, TimeZoneInfo zone) =>
        new(WallClock.Moment(day, From, zone), WallClock.Moment(Until > From ? day : day.AddDays(1), Until, zone));
}

/// <summary>A stretch of time: instants with the zone's offset.</summary>
internal sealed record Window(DateTimeOffset From, DateTimeOffset Until)
{
    public bool Covers(DateTimeOffset start, DateTimeOffset end) => From <= start && end <= Until;

    public bool Overlaps(DateTimeOffset start, DateTimeOffset end) => From < end && start < Until;

    public IEnumerable<Window> Without(Window other)
    {
        if (!Overlaps(other.From, other.Until))
        {
            yield return this;
            yield break;
        }
        if (From < other.From) yield return this with { Until = other.From };
        if (other.Until < Until) yield return this with { From = other.Until };
    }
}

/// <summary>Whole local days on which an officer does not walk.</summary>
internal sealed class Leave : IForceRow, IVersioned
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public string ForceId { get; set; } = "";
    public long Version { get; set; }
    public required Guid OfficerId { get; init; }
    public required DateOnly From { get; init; }
    public required DateOnly Until { get; init; }
    public required string Kind { get; init; }

    public Window Time(TimeZoneInfo zone) => new(WallClock.Moment(From, TimeOnly.MinValue, zone), WallClock.Moment(Until.AddDays(1), TimeOnly.MinValue, zone));
}

/// <summary>
/// RRULE of RFC 5545 as far as a week's plan needs it. What could cost more than it is worth (times finer than a day, endless lists, counts
/// beyond a thousand) is refused when it is written, so that reading it is cheap whatever stands there.
/// </summary>
internal static class Recurrence
{
    private static readonly string[] Parts = ["FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "COUNT", "UNTIL", "WKST"];
    private static readonly string[] Frequencies = ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"];

    // Of a rule that matches nothing a thousand steps are looked at: three years of days, or eighty of 29 Februaries.
    private static readonly EvaluationOptions Bounded = new() { MaxUnmatchedIncrementsLimit = 1000 };

    /// <summary>What is wrong with the rule and what would be right, or null.</summary>
    public static string? Fault(string rule, DateOnly first)
    {
        var parts = rule.Split(';').Select(p => p.Split('=')).ToList();
        if (parts.Find(p => p.Length != 2 || !Parts.Contains(p[0], StringComparer.OrdinalIgnoreCase)) is { } unknown)
            return $"\"{string.Join('=', unknown)}\" is none of {string.Join(", ", Parts)}. Write it like FREQ=WEEKLY;BYDAY=TU,TH.";
        if (parts.GroupBy(p => p[0], StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice)
            return $"{twice.Key} stands twice.";
        if (Value("FREQ") is not { } frequency || !Frequencies.Contains(frequency, StringComparer.OrdinalIgnoreCase))
            return $"FREQ is one of {string.Join(", ", Frequencies)}: a window comes once a day at most.";
        if (Value("INTERVAL") is { } interval && !(int.TryParse(interval, out var every) && every is >= 1 and <= 99)) return "INTERVAL is a number from 1 to 99.";
        if (Value("COUNT") is { } count && !(int.TryParse(count, out var times) && times is >= 1 and <= 1000)) return "COUNT is a number from 1 to 1000.";
        if (Value("UNTIL") is { } until && !DateOnly.TryParseExact(until, "yyyyMMdd", out _)) return "UNTIL is a local day, for example UNTIL=20270331.";
        try
        {
            return Days(rule, first, first).TakeWhile(d => d <= first.AddYears(2)).Any() ? null : "No day of the next two years fits the rule.";
        }
        // The library says by exceptions what it cannot read.
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException)
        {
            return "The rule cannot be read. Write it like FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH.";
        }

        string? Value(string part) => parts.Find(p => p[0].Equals(part, StringComparison.OrdinalIgnoreCase))?[1];
    }

    /// <summary>The rule's days from <paramref name="from"/> on, in order. Whole days: what the clock does is not the rule's business.</summary>
    public static IEnumerable<DateOnly> Days(string rule, DateOnly first, DateOnly from)
    {
        var days = new CalendarEvent { Start = new CalDateTime(first), RecurrenceRule = new RecurrencePattern(rule) }.GetOccurrences(new CalDateTime(from), Bounded);
        using var each = days.GetEnumerator();
        while (true)
        {
            try
            {
                if (!each.MoveNext()) yield break;
            }
            catch (EvaluationException)
            {
                yield break;
            }
            yield return each.Current.Period.StartTime.Date;
        }
    }
}
