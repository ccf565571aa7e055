using System.Globalization;
using CsCheck;
using WalkTalk.Fixtures;

namespace WalkTalk.Booking.Tests.Planning;

/// <summary>When officers can walk: what must hold for every rule, on every day from 2024 to 2030, and the table of clock changes row by row.</summary>
public sealed class AvailabilityTests
{
    private static readonly TimeZoneInfo London = TimeZoneInfo.FindSystemTimeZoneById("Europe/London");
    private static readonly string[] Names = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];
    private static readonly DateOnly Begin = new(2024, 1, 1), End = new(2030, 12, 31);

    private static readonly Gen<DateOnly> Days = Gen.Int[0, End.DayNumber - Begin.DayNumber].Select(Begin.AddDays);

    // The days on which clocks change come up as often as all others together.
    private static readonly Gen<DateOnly> Changes =
        from year in Gen.Int[2024, 2030]
        from month in Gen.Bool.Select(spring => spring ? 3 : 10)
        select LastSunday(year, month);

    private static readonly Gen<DateOnly> Dates = Gen.OneOf(Days, Changes);
    private static readonly Gen<TimeOnly> Times = Gen.OneOf(Gen.Int[0, 95], Gen.Int[0, 12]).Select(quarter => TimeOnly.MinValue.AddMinutes(15 * quarter));

    private static readonly Gen<(TimeOnly From, TimeOnly Until)> Clock =
        from start in Times
        from minutes in Gen.Int[1, 48]
        select (start, start.AddMinutes(15 * minutes));

    private static readonly Gen<(DateOnly First, int Every, bool[] On, TimeOnly From, TimeOnly Until)> Weekly =
        from first in Dates
        from every in Gen.Int[1, 4]
        from week in Gen.Bool.Array[7]
        from clock in Clock
        where week.Any(b => b)
        select (first, every, week, clock.From, clock.Until);

    [Fact]
    public void A_weekly_rule_gives_its_days_and_each_window_its_clock_times() => Gen.Select(Weekly, Gen.Int[0, 60], Gen.Int[0, 40]).Sample((rule, skip, length) =>
    {
        var (from, until) = (rule.First.AddDays(skip - 10), rule.First.AddDays(skip - 10 + length));
        var windows = Availability.Windows([Of(rule)], [], from, until, London);

        var expected = new List<Window>();
        for (var day = from; day <= until; day = day.AddDays(1))
        {
            if (day < rule.First || !rule.On[(int)day.DayOfWeek] || (Monday(day).DayNumber - Monday(rule.First).DayNumber) / 7 % rule.Every != 0) continue;
            var window = new Window(Reading(day, rule.From), Reading(rule.Until > rule.From ? day : day.AddDays(1), rule.Until));
            if (window.From >= window.Until) continue;
            if (expected.Count > 0 && window.From <= expected[^1].Until) expected[^1] = expected[^1] with { Until = window.Until };
            else expected.Add(window);
        }
        Assert.Equal(expected.Select(w => (w.From.UtcDateTime, w.Until.UtcDateTime)), windows.Select(w => (w.From.UtcDateTime, w.Until.UtcDateTime)));
    }, iter: 20_000);

    [Fact]
    public void A_window_shows_its_own_clock_times_wherever_the_clock_has_them() => Gen.Select(Dates, Clock).Sample((date, clock) =>
    {
        var windows = Availability.Windows([Once(date, clock.From, clock.Until)], [], date, date, London);
        var last = clock.Until > clock.From ? date : date.AddDays(1);
        if (windows.Count == 0)
        {
            // It was in the hour that did not exist, or ended in it.
            Assert.True(London.IsInvalidTime(date.ToDateTime(clock.From)), $"{date} {clock}");
            return;
        }
        var window = Assert.Single(windows);
        if (!London.IsInvalidTime(date.ToDateTime(clock.From))) Assert.Equal(date.ToDateTime(clock.From), window.From.DateTime);
        if (!London.IsInvalidTime(last.ToDateTime(clock.Until))) Assert.Equal(last.ToDateTime(clock.Until), window.Until.DateTime);
        Assert.Equal(London.GetUtcOffset(window.From.UtcDateTime), TimeZoneInfo.ConvertTime(window.From, London).Offset);
        var apart = (window.Until.UtcDateTime - window.From.UtcDateTime) - (last.ToDateTime(clock.Until) - date.ToDateTime(clock.From));
        Assert.Contains(apart, (TimeSpan[])[TimeSpan.Zero, TimeSpan.FromHours(1), TimeSpan.FromHours(-1)]);
        if (LastSunday(date.Year, 3) != date && LastSunday(date.Year, 3) != last && LastSunday(date.Year, 10) != date && LastSunday(date.Year, 10) != last) Assert.Equal(TimeSpan.Zero, apart);
    }, iter: 20_000);

    [Fact]
    public void Windows_are_in_order_apart_from_each_other_and_free_of_leave() =>
        Gen.Select(Weekly.List[1, 5], Gen.Select(Gen.Int[-5, 40], Gen.Int[0, 9]).List[0, 4]).Sample((rules, away) =>
        {
            var first = rules[0].First;
            var leave = away.Select(a => new Leave { OfficerId = Guid.Empty, From = first.AddDays(a.Item1), Until = first.AddDays(a.Item1 + a.Item2), Kind = "annual" }).ToList();
            var (from, until) = (first, first.AddDays(45));
            var all = Availability.Windows(rules.Select(Of), [], from, until, London);
            var free = Availability.Windows(rules.Select(Of), leave, from, until, London);
            Assert.All(free, w => Assert.True(w.From < w.Until));
            Assert.All(all.Zip(all.Skip(1)), pair => Assert.True(pair.First.Until < pair.Second.From));
            Assert.All(free.Zip(free.Skip(1)), pair => Assert.True(pair.First.Until < pair.Second.From));
            Assert.All(free, w => Assert.Contains(all, a => a.Covers(w.From, w.Until)));
            // Every quarter of an hour is in the one exactly when it is in the other and in no leave.
            foreach (var window in all)
            {
                for (var at = window.From; at < window.Until; at += TimeSpan.FromMinutes(15))
                {
                    var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, London).DateTime);
                    Assert.Equal(!leave.Exists(l => l.From <= day && day <= l.Until), free.Exists(w => w.From <= at && at < w.Until));
                }
            }
        }, iter: 2_000);

    [Fact]
    public void An_exception_takes_its_day_and_no_other() => Gen.Select(Weekly, Gen.Int[0, 20]).Sample((rule, nth) =>
    {
        var availability = Of(rule);
        // Apart, so that the windows of two days cannot be one.
        if (rule.Until <= rule.From) return;
        var days = Recurrence.Days(availability.Rule!, availability.FirstDate, availability.FirstDate).Take(21).ToList();
        availability.Except = [days[nth]];
        var without = Availability.Windows([availability], [], days[0], days[^1], London);
        availability.Except = [];
        var with = Availability.Windows([availability], [], days[0], days[^1], London);
        Assert.Equal(with.Where(w => DateOnly.FromDateTime(w.From.DateTime) != days[nth]), without);
    }, iter: 2_000);

    [Theory]
    [InlineData("FREQ=HOURLY", "FREQ is one of")]
    [InlineData("FREQ=SECONDLY;COUNT=1000000000", "FREQ is one of")]
    [InlineData("freq=minutely", "FREQ is one of")]
    [InlineData("BYDAY=MO", "FREQ is one of")]
    [InlineData("FREQ=DAILY;BYHOUR=1,2,3", "BYHOUR=1,2,3\" is none of")]
    [InlineData("FREQ=DAILY;BYSECOND=1", "is none of")]
    [InlineData("FREQ=WEEKLY;FREQ=DAILY", "FREQ stands twice")]
    [InlineData("FREQ=WEEKLY;", "is none of")]
    [InlineData("RRULE:FREQ=WEEKLY", "is none of")]
    [InlineData("nonsense", "is none of")]
    [InlineData("FREQ=WEEKLY;INTERVAL=0", "INTERVAL is a number from 1 to 99")]
    [InlineData("FREQ=DAILY;INTERVAL=999999999", "INTERVAL")]
    [InlineData("FREQ=DAILY;COUNT=99999999999999", "COUNT is a number from 1 to 1000")]
    [InlineData("FREQ=DAILY;COUNT=-1", "COUNT")]
    [InlineData("FREQ=DAILY;UNTIL=20270331T000000Z", "UNTIL is a local day")]
    [InlineData("FREQ=DAILY;UNTIL=20270231", "UNTIL is a local day")]
    [InlineData("FREQ=WEEKLY;BYDAY=XX", "cannot be read")]
    [InlineData("FREQ=MONTHLY;BYMONTHDAY=99", "cannot be read")]
    [InlineData("FREQ=WEEKLY;COUNT=2;UNTIL=20271231", "cannot be read")]
    [InlineData("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "No day of the next two years")]
    [InlineData("FREQ=WEEKLY;UNTIL=20200101", "No day of the next two years")]
    public void A_faulty_or_costly_rule_is_refused_with_what_would_be_right(string rule, string says) =>
        Assert.Contains(says, Recurrence.Fault(rule, new DateOnly(2026, 12, 1)), StringComparison.Ordinal);

    [Theory]
    [InlineData("FREQ=DAILY")]
    [InlineData("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;UNTIL=20271231;WKST=MO")]
    [InlineData("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1")]
    [InlineData("freq=weekly;byday=mo")]
    [InlineData("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24;COUNT=3")]
    public void A_rule_of_days_is_accepted(string rule) => Assert.Null(Recurrence.Fault(rule, new DateOnly(2026, 12, 1)));

    [Fact]
    public void Whatever_stands_in_a_rule_costs_little_and_breaks_nothing()
    {
        string[] some = ["FREQ=DAILY", "FREQ=WEEKLY", "FREQ=YEARLY", "FREQ=MONTHLY", "FREQ=SECONDLY", "INTERVAL=99", "INTERVAL=7", "BYDAY=MO,TU", "BYDAY=5MO", "BYDAY=-53SU",
            "BYMONTHDAY=31,30,-31", "BYMONTHDAY=29", "BYMONTH=2", "BYMONTH=13", "BYSETPOS=-366", "BYSETPOS=0", "COUNT=1000", "COUNT=0", "UNTIL=20991231", "UNTIL=00010101", "WKST=SU", "BYWEEKNO=53", "=", "", "é=1"];
        var parts = Gen.Int[0, some.Length - 1].Select(i => some[i]);
        parts.List[1, 6].Select(p => string.Join(';', p)).Sample(rule =>
        {
            var fault = Recurrence.Fault(rule, new DateOnly(2026, 12, 1));
            if (fault is not null) return;
            var first = Recurrence.Days(rule, new DateOnly(2026, 12, 1), new DateOnly(2026, 12, 1)).First();
            Availability.Windows([new Availability { OfficerId = Guid.Empty, FirstDate = first, From = new(18, 0), Until = new(20, 0), Rule = rule }], [], new DateOnly(2036, 1, 1), new DateOnly(2036, 12, 31), London);
        }, iter: 5_000);
    }

    public static TheoryData<string[]> ByHand => Table("A walk published by hand");
    public static TheoryData<string[]> OfWindows => Table("An officer's window");
    public static TheoryData<string[]> OfSeries => Table("A series across both changes");

    [Theory, MemberData(nameof(ByHand))]
    public void The_table_of_walks_is_true(string[] row)
    {
        var (date, time) = (DateOnly.Parse(row[0], CultureInfo.InvariantCulture), TimeOnly.Parse(row[1], CultureInfo.InvariantCulture));
        bool? second = row[2] switch { "first" => false, "second" => true, _ => null };
        var pack = ForcePacks.ForcePackCatalogue.Load(Path.Combine(Repository.Root, "packs")).Get("metropolitan");
        var (refused, start) = PublishWalk.When(date, time, second, pack, new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero), new BookingOptions { HorizonDays = 365 });
        Assert.Equal(row[3], refused?.Type ?? start.ToString("yyyy-MM-ddTHH:mmzzz", CultureInfo.InvariantCulture));
    }

    [Theory, MemberData(nameof(OfWindows))]
    public void The_table_of_windows_is_true(string[] row)
    {
        var date = DateOnly.Parse(row[0], CultureInfo.InvariantCulture);
        var windows = Availability.Windows([Once(date, TimeOnly.Parse(row[1], CultureInfo.InvariantCulture), TimeOnly.Parse(row[2], CultureInfo.InvariantCulture))], [], date, date, London);
        Assert.Equal(row[3], windows.Count == 0 ? "falls out" : $"{Shown(windows[0].From)} to {Shown(windows[0].Until)}");

        // As every clock in London shows it then.
        static string Shown(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, London).ToString("yyyy-MM-ddTHH:mmzzz", CultureInfo.InvariantCulture);
    }

    [Theory, MemberData(nameof(OfSeries))]
    public void The_table_of_series_is_true(string[] row)
    {
        var start = DateTime.ParseExact(row[1], "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        var (date, time) = (DateOnly.FromDateTime(start), TimeOnly.FromDateTime(start));
        var windows = Availability.Windows([new Availability { OfficerId = Guid.Empty, FirstDate = date, From = time, Until = time.AddHours(3), Rule = row[0] }], [], date, date.AddYears(1), London);
        Assert.Equal(row[2], string.Join(", ", windows.Select(w => TimeZoneInfo.ConvertTime(w.From, London).ToString("yyyy-MM-ddzzz", CultureInfo.InvariantCulture))));
    }

    private static TheoryData<string[]> Table(string heading)
    {
        var lines = File.ReadLines(Path.Combine(Repository.Root, "docs", "clock-changes.md")).SkipWhile(l => l != $"## {heading}").Skip(1).TakeWhile(l => !l.StartsWith("## ", StringComparison.Ordinal));
        return [.. lines.Where(l => l.StartsWith("| ", StringComparison.Ordinal)).Skip(1).Select(l => l.Split('|')[1..^1].Select(c => c.Trim()).ToArray())];
    }

    private static Availability Of((DateOnly First, int Every, bool[] On, TimeOnly From, TimeOnly Until) rule) => new()
    {
        OfficerId = Guid.Empty, FirstDate = rule.First, From = rule.From, Until = rule.Until,
        Rule = $"FREQ=WEEKLY;INTERVAL={rule.Every};BYDAY={string.Join(',', Names.Where((_, i) => rule.On[i]))}",
    };

    private static Availability Once(DateOnly date, TimeOnly from, TimeOnly until) => new() { OfficerId = Guid.Empty, FirstDate = date, From = from, Until = until };

    /// <summary>RFC 5545, said in another way than the code says it: with the offset of the evening before where the clock is at fault.</summary>
    private static DateTimeOffset Reading(DateOnly day, TimeOnly time)
    {
        var wall = day.ToDateTime(time);
        var before = London.GetUtcOffset(day.AddDays(-1).ToDateTime(new TimeOnly(12, 0)));
        return new DateTimeOffset(wall, London.IsInvalidTime(wall) || London.IsAmbiguousTime(wall) ? before : London.GetUtcOffset(wall));
    }

    private static DateOnly Monday(DateOnly day) => day.AddDays(-(((int)day.DayOfWeek + 6) % 7));

    private static DateOnly LastSunday(int year, int month)
    {
        var last = new DateOnly(year, month, 31);
        return last.AddDays(-(int)last.DayOfWeek);
    }
}
