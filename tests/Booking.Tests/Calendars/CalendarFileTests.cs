using System.Text;
using CsCheck;
using WalkTalk.Fixtures;
using WalkTalk.ForcePacks;

namespace WalkTalk.Booking.Tests.Calendars;

/// <summary>The file itself, whatever stands in it.</summary>
public sealed class CalendarFileTests
{
    private static readonly ForcePack Pack = ForcePackCatalogue.Load(Path.Combine(Repository.Root, "packs")).Get("metropolitan");
    private static readonly DateTimeOffset Now = Answers.At("2026-11-24T12:00:00Z");

    [Theory]
    [InlineData("2027-03-28T00:45+00:00", "2027-03-28T02:30+01:00", "DTSTART;TZID=Europe/London:20270328T004500")] // 45 minutes over the hour that is not there
    [InlineData("2027-10-31T00:30+01:00", "2027-10-31T01:15+01:00", "DTSTART:20271030T233000Z")] // its end comes twice by the clock
    [InlineData("2027-10-31T01:30+01:00", "2027-10-31T01:15+00:00", "DTSTART:20271031T003000Z")] // ends before it began, by the clock
    [InlineData("2027-10-31T01:30+00:00", "2027-10-31T02:15+00:00", "DTSTART:20271031T013000Z")] // the second half past one
    [InlineData("2027-06-21T18:30+01:00", "2027-06-21T19:15+01:00", "DTSTART;TZID=Europe/London:20270621T183000")]
    public void A_walk_around_a_clock_change_is_at_the_instant_it_is(string starts, string ends, string said)
    {
        var walk = Walk("Tate Modern", Answers.At(starts), Answers.At(ends));
        foreach (var file in (string[])[CalendarFile.Of(Booking(walk), walk, Now), CalendarFile.OfWalk(walk, Now)])
        {
            var entry = Assert.Single(Parsed.Of(file).Entries);
            Assert.Equal((Answers.At(starts), Answers.At(ends), Now), (entry.Start, entry.End, entry.Stamp));
            Assert.Contains(said + "\r\n", file, StringComparison.Ordinal);
            // A zone that is named is told, and none that is not.
            Assert.Equal(said.Contains("TZID", StringComparison.Ordinal), file.Contains("BEGIN:VTIMEZONE", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("Europe/London", "2026-03-29", "2026-10-25", "2027-03-28", "2027-10-31", "2028-03-26", "2028-10-29")]
    [InlineData("America/Mexico_City", "2021-04-04", "2021-10-31", "2022-04-03", "2022-10-30", "2023-04-02", "2023-10-29")] // summer time was given up in 2022
    [InlineData("Asia/Kolkata", "2026-03-29", "2026-10-25")] // the clock never changes
    public void Every_quarter_of_an_hour_around_every_change_both_parsers_say_the_same_instant(string zone, params string[] days)
    {
        var walks = days.SelectMany(day => Enumerable.Range(-24, 64).Select(i => new DateTimeOffset(DateTime.Parse(day, System.Globalization.CultureInfo.InvariantCulture), TimeSpan.Zero).AddMinutes(15 * i + (zone[0] == 'A' ? 360 : 0))))
            .Select((at, i) => Walk($"{i}", at, at.AddMinutes(40), zone)).ToList();
        var entries = Parsed.Of(CalendarFile.Of(walks, Pack, Now)).Entries;
        Assert.Equal(walks.Select(w => (w.StartsAt, w.EndsAt)), entries.Select(e => (e.Start, e.End)));
    }

    [Fact]
    public void A_zone_is_two_rules_and_what_a_calendar_needs_of_a_zone_that_gives_summer_time_up_is_said_one_by_one()
    {
        var walk = Walk("Tate Modern", Now.AddDays(3), Now.AddDays(3).AddMinutes(45));
        var file = CalendarFile.Of(Booking(walk), walk, Now);
        Assert.Equal(("20250330T010000", "+0000", "+0100"), Rule("DAYLIGHT", "BYMONTH=3"));
        Assert.Equal(("20251026T020000", "+0100", "+0000"), Rule("STANDARD", "BYMONTH=10"));
        Assert.InRange(file.Length, 0, 1_000);
        var given = Walk("x", Answers.At("2022-07-01T12:00Z"), Answers.At("2022-07-01T13:00Z"), "America/Mexico_City");
        Assert.DoesNotContain("RRULE", CalendarFile.OfWalk(given, Now), StringComparison.Ordinal);

        (string Start, string From, string To) Rule(string kind, string month)
        {
            var lines = Assert.Single(file.Split($"BEGIN:{kind}\r\n").Skip(1)).Split($"END:{kind}")[0].Split("\r\n").Where(l => l.Length > 0).Select(l => l.Split(':', 2)).ToDictionary(l => l[0], l => l[1]);
            Assert.Equal(["BYDAY=-1SU", month, "FREQ=YEARLY"], lines["RRULE"].Split(';').Order(StringComparer.Ordinal));
            return (lines["DTSTART"], lines["TZOFFSETFROM"], lines["TZOFFSETTO"]);
        }
    }

    [Fact]
    public void The_entry_stays_the_same_one_and_grows_newer_until_it_is_cancelled()
    {
        var walk = Walk("Tate Modern", Now.AddDays(3), Now.AddDays(3).AddMinutes(45));
        var booking = Booking(walk);
        var first = Parsed.Of(CalendarFile.Of(booking, walk, Now));
        walk.Cancel("weather");
        var last = Parsed.Of(CalendarFile.Of(booking, walk, Now, cancelled: true));
        Assert.Equal(("PUBLISH", "CANCEL"), (first.Method, last.Method));
        Assert.Equal(("CONFIRMED", "CANCELLED"), (first.Entries[0].Status, last.Entries[0].Status));
        Assert.Equal($"{booking.Id:D}@walktalk", first.Entries[0].Uid);
        Assert.Equal(first.Entries[0].Uid, last.Entries[0].Uid);
        Assert.True(last.Entries[0].Sequence > first.Entries[0].Sequence);
    }

    [Fact]
    public void Whatever_a_place_is_called_comes_back_as_it_was_and_no_line_is_longer_than_allowed() =>
        Gen.String[Gen.OneOf(Gen.Char[' ', '~'], Gen.Const('\\'), Gen.Const(';'), Gen.Const(','), Gen.Const('\n'), Gen.Const('ŵ'), Gen.Const('…'), Gen.Const('日')), 1, 200]
            .Select(name => name.Trim()).Where(name => name.Length > 0).Sample(name =>
            {
                var walk = Walk(name, Now.AddDays(3), Now.AddDays(3).AddMinutes(45));
                var file = CalendarFile.Of(Booking(walk), walk, Now);
                Assert.All(file.Split("\r\n"), line => Assert.InRange(Encoding.UTF8.GetByteCount(line), 0, 75));
                Assert.DoesNotContain('\n', file.Replace("\r\n", "", StringComparison.Ordinal));
                return Parsed.Of(file).Entries.Single().Location == name;
            }, iter: 200, threads: 1);

    private static Booking Booking(Walk walk) => new() { WalkId = walk.Id, People = 1, HoldUntil = Now };

    private static Walk Walk(string place, DateTimeOffset starts, DateTimeOffset ends, string zone = "Europe/London")
    {
        var local = TimeZoneInfo.ConvertTime(starts, TimeZoneInfo.FindSystemTimeZoneById(zone));
        return new()
        {
            Officers = [new WalkOfficer { BusyFrom = starts, BusyUntil = ends }],
            WardCode = "E05011095", MeetingPoint = place, Lit = true, StepFree = true, Language = "en", StartsAt = starts, EndsAt = ends, LocalDate = DateOnly.FromDateTime(local.DateTime),
            LocalTime = TimeOnly.FromDateTime(local.DateTime), Zone = zone, Band = LightBand.Day, Capacity = 2,
        };
    }
}
