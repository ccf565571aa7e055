using System.Text;
using CsCheck;

namespace WalkTalk.Booking.Tests.Calendars;

/// <summary>The file itself, whatever stands in it.</summary>
public sealed class CalendarFileTests
{
    private static readonly TimeZoneInfo London = TimeZoneInfo.FindSystemTimeZoneById("Europe/London");
    private static readonly DateTimeOffset Now = Answers.At("2026-11-24T12:00:00Z");

    [Theory]
    [InlineData("2027-03-28T00:45+00:00", "2027-03-28T02:30+01:00")] // 45 minutes over the hour that is not there
    [InlineData("2027-10-31T01:30+01:00", "2027-10-31T01:15+00:00")] // ends before it began, by the clock
    [InlineData("2027-10-31T01:30+00:00", "2027-10-31T02:15+00:00")] // the second half past one
    [InlineData("2027-06-21T18:30+01:00", "2027-06-21T19:15+01:00")]
    public void A_walk_around_a_clock_change_is_at_the_instant_it_is(string starts, string ends)
    {
        var walk = Walk("Tate Modern", Answers.At(starts), Answers.At(ends));
        var entry = Assert.Single(Parsed.Of(CalendarFile.Of(Booking(walk), walk, Now)).Entries);
        Assert.Equal((Answers.At(starts), Answers.At(ends), Now), (entry.Start, entry.End, entry.Stamp));
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

    private static Walk Walk(string place, DateTimeOffset starts, DateTimeOffset ends)
    {
        var local = TimeZoneInfo.ConvertTime(starts, London);
        return new()
        {
            WardCode = "E05011095", MeetingPoint = place, Lit = true, StepFree = true, Language = "en", StartsAt = starts, EndsAt = ends, LocalDate = DateOnly.FromDateTime(local.DateTime),
            LocalTime = TimeOnly.FromDateTime(local.DateTime), Zone = London.Id, Band = LightBand.Day, Capacity = 2,
        };
    }
}
