using System.Net;
using System.Net.Http.Json;
using WalkTalk.Contracts.Booking.Api;

namespace WalkTalk.Booking.Tests.Walks;

/// <summary>Apart from the others: it moves the clock through a year.</summary>
public abstract class ClockChangeTests(BookingApp app)
{
    [Fact] // a plan is written as the clock shows it, on both sides of both changes
    public async Task A_walk_is_never_an_hour_off()
    {
        var (officer, _) = await app.SignedInOfficer(11);
        foreach (var (date, time, second, expected) in ((string, string, bool?, string)[])[
            ("2027-03-27", "10:00", null, "2027-03-27T10:00:00+00:00"),
            ("2027-03-28", "01:30", null, "time-does-not-exist"),
            ("2027-03-28", "10:00", null, "2027-03-28T10:00:00+01:00"),
            ("2027-10-30", "10:00", null, "2027-10-30T10:00:00+01:00"),
            ("2027-10-31", "01:30", null, "time-comes-twice"),
            ("2027-10-31", "01:30", false, "2027-10-31T01:30:00+01:00"),
            ("2027-10-31", "01:30", true, "2027-10-31T01:30:00+00:00"),
            ("2027-10-31", "10:00", null, "2027-10-31T10:00:00+00:00")])
        {
            var from = Answers.At($"{date}T00:00Z").AddDays(-14);
            if (app.Time.GetUtcNow() < from) app.Time.SetUtcNow(from);
            var answer = await app.Coordinator.PostAsJsonAsync("/v1/metropolitan/walks", new { meetingPointId = "tate-modern", officerIds = new[] { officer.OfficerId }, date, time, secondTime = second, minutes = 30, capacity = 1, language = "en" });
            if (!expected.Contains('T', StringComparison.Ordinal))
            {
                Assert.Equal(expected, await answer.Refusal(422));
                continue;
            }
            var walk = await answer.Content<WalkPublishedReply>(HttpStatusCode.Created);
            Assert.Equal(Answers.At(expected), walk.StartsAt);
            Assert.Equal(Answers.At(expected).Offset, walk.StartsAt.Offset);
        }
    }
}

public sealed class ClockChangeOnSqlite(BookingApp.Sqlite app) : ClockChangeTests(app), IClassFixture<BookingApp.Sqlite>;

public sealed class ClockChangeOnPostgres(BookingApp.Postgres app) : ClockChangeTests(app), IClassFixture<BookingApp.Postgres>;
