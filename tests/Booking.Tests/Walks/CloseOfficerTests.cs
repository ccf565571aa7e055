using System.Net;
using System.Net.Http.Json;
using System.Text;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking.Tests.Walks;

public abstract class CloseOfficerTests(BookingApp app)
{
    private const string V1 = "/v1/metropolitan", Ward = "E05011095";

    [Fact]
    public async Task Who_has_a_last_day_is_in_no_plan_no_suggestion_and_no_walk_after_it_until_she_is_opened_again()
    {
        var (leaves, stays) = (await New(), await New());
        foreach (var officer in (Guid[])[leaves, stays])
            (await app.Coordinator.PostAsJsonAsync($"{V1}/officers/{officer}/availability", new { firstDate = Day(3), from = "18:00", until = "20:00", rule = "FREQ=DAILY" })).EnsureSuccessStatusCode();
        Assert.Equal(HttpStatusCode.NoContent, (await Close(leaves, Day(10))).StatusCode);
        Assert.Equal(Day(10), (await Row(leaves)).LastDay);

        // Until then she walks; a walk that is over at midnight of her last day is hers, one that goes beyond is not.
        const string why = "She knows the women there.";
        Assert.Equal(HttpStatusCode.Created, (await Publish(leaves, At(Day(9), 10), why)).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await Publish(leaves, At(Day(10), 23, 15), why)).StatusCode);
        var late = await Publish(leaves, At(Day(11), 18, 30), why);
        Assert.Contains($"walks until {Day(10):yyyy-MM-dd}", await late.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("officer-left", await late.Refusal(422));
        Assert.DoesNotContain(await Suggested(Day(11)), s => s.OfficerId == leaves);
        Assert.Contains(await Suggested(Day(9)), s => s.OfficerId == leaves);
        Assert.Contains(await Suggested(Day(11)), s => s.OfficerId == stays);
        Assert.All((await app.Coordinator.GetFromJsonAsync<OfficerAvailability>($"{V1}/officers/{leaves}/availability?days=60"))!.Windows, w => Assert.True(DateOnly.FromDateTime(w.From.DateTime) <= Day(10)));

        Assert.Equal("officer-left", await (await Publish(leaves, At(Day(10), 23, 20), why)).Refusal(422));

        var walk = await app.Publish(stays, 4, At(Day(12), 18));
        Assert.Equal("officer-left", await (await Add(walk.WalkId, leaves, why)).Refusal(422));
        var plan = await (await app.Coordinator.PostAsJsonAsync($"{V1}/plan", new { from = Day(11), days = 14, wards = new[] { Ward }, eachWeek = 7 })).Content<WalksPlanned>(HttpStatusCode.OK);
        Assert.NotEmpty(plan.Walks);
        var (hers, others) = (await Row(leaves), await Row(stays));
        Assert.DoesNotContain(plan.Walks, w => w.Officer.CollarNumber == hers.CollarNumber);
        Assert.DoesNotContain(plan.Skipped, s => s.Officer.CollarNumber == hers.CollarNumber);
        Assert.Contains(plan.Walks, w => w.Officer.CollarNumber == others.CollarNumber);
        var pair = await (await app.Coordinator.PostAsJsonAsync($"{V1}/plan/preview", new { from = Day(25), days = 7, wards = new[] { Ward }, eachWeek = 1, officers = 2 })).Content<WalksPlanned>(HttpStatusCode.OK);
        Assert.Empty(pair.Walks);

        Assert.Equal(HttpStatusCode.NoContent, (await Open(leaves)).StatusCode);
        Assert.Null((await Row(leaves)).LastDay);
        Assert.Equal(HttpStatusCode.OK, (await Add(walk.WalkId, leaves)).StatusCode);
        Assert.Equal(["officer-closed", "officer-opened"], await app.Db<BookingDb, List<string>>(db => db.Database.SqlQuery<string>(
            $"SELECT action AS \"Value\" FROM audit WHERE subject_id = {leaves.ToString()} AND action LIKE 'officer-%' ORDER BY action").ToListAsync()));
    }

    [Fact]
    public async Task She_cannot_be_closed_while_walks_are_hers_that_are_not_over_by_then()
    {
        var (leaves, other) = (await New(), await New());
        var before = await app.Publish(leaves, at: At(Day(5), 10));
        var after = await app.Publish(leaves, at: At(Day(7), 10));
        var overMidnight = await app.Publish(leaves, at: At(Day(5), 23, 30));

        var refused = await Close(leaves, Day(5));
        var text = await refused.Content.ReadAsStringAsync();
        Assert.Equal("officer-still-walks", await refused.Refusal(409));
        Assert.Contains("\"lastDay\"", text, StringComparison.Ordinal);
        Assert.Contains($"{Day(7):yyyy-MM-dd} 10:00 {after.WalkId}", text, StringComparison.Ordinal);
        Assert.Contains($"{Day(5):yyyy-MM-dd} 23:30 {overMidnight.WalkId}", text, StringComparison.Ordinal);
        Assert.DoesNotContain($"{before.WalkId}", text, StringComparison.Ordinal);
        Assert.Null((await Row(leaves)).LastDay);
        Assert.Equal([before.WalkId, overMidnight.WalkId, after.WalkId], (await app.Coordinator.GetFromJsonAsync<OfficerAvailability>($"{V1}/officers/{leaves}/availability"))!.Walks.Select(w => w.WalkId));

        Assert.Equal(HttpStatusCode.OK, (await Add(after.WalkId, other, remove: leaves)).StatusCode);
        (await app.Coordinator.PostAsJsonAsync($"{V1}/walks/{overMidnight.WalkId}/cancel", new { reason = "weather" })).EnsureSuccessStatusCode();
        Assert.Equal(HttpStatusCode.NoContent, (await Close(leaves, Day(5))).StatusCode);
        // Her last day may move; it is looked at as the first time.
        Assert.Equal("officer-still-walks", await (await Close(leaves, Day(4))).Refusal(409));
        Assert.Equal(Day(5), (await Row(leaves)).LastDay);
    }

    [Fact]
    public async Task Of_many_walks_in_the_way_the_first_twenty_are_named_and_the_others_counted()
    {
        var leaves = await New();
        foreach (var i in Enumerable.Range(0, 23)) await app.Publish(leaves, at: At(Day(20 + i), 6));
        var text = await (await Close(leaves, Day(10))).Content.ReadAsStringAsync();
        Assert.Contains("; and 3 more.", text, StringComparison.Ordinal);
        Assert.Contains($"{Day(39):yyyy-MM-dd} 06:00", text, StringComparison.Ordinal);
        Assert.DoesNotContain($"{Day(40):yyyy-MM-dd}", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_who_give_her_walks_while_she_is_closed_never_leave_her_with_one()
    {
        var ended = new List<HttpStatusCode>();
        for (var round = 0; round < 10; round++)
        {
            var (leaves, other) = (await New(), await New());
            var walk = await app.Publish(other, 4, At(Day(30), 4 + round));
            var seen = await Seen(walk.WalkId);
            var givers = Enumerable.Range(0, 6).Select(i => (Func<Task<HttpResponseMessage>>)(() => Publish(leaves, At(Day(31 + i), 10 + round))))
                .Append(() => Add(walk.WalkId, leaves, seen: seen)).ToList();
            // Each round it comes in at another place.
            var place = round % givers.Count;
            givers.Insert(place, () => Close(leaves, Day(8)));
            var answers = await Task.WhenAll(givers.Select(ask => Task.Run(ask)));

            var closed = answers[place];
            var given = answers.Where(a => a != closed).ToList();
            ended.Add(closed.StatusCode);
            var walks = await app.Db<BookingDb, int>(db => db.WalkOfficers.CountAsync(o => o.OfficerId == leaves && o.Active));
            if (closed.StatusCode == HttpStatusCode.NoContent)
            {
                Assert.Equal(0, walks);
                foreach (var answer in given) Assert.Equal("officer-left", await answer.Refusal(422));
            }
            else
            {
                Assert.Equal("officer-still-walks", await closed.Refusal(409));
                Assert.Null((await Row(leaves)).LastDay);
                Assert.NotEqual(0, walks);
                Assert.All(given, a => Assert.True(a.IsSuccessStatusCode, $"{a.StatusCode}"));
            }
        }
        Assert.Equal(10, ended.Count);
    }

    [Fact]
    public async Task When_her_last_day_is_over_no_page_opens_to_her_and_nobody_is_told_that_she_is_genuine()
    {
        var id = await New();
        var sub = $"sub-{id:N}";
        (await app.Coordinator.PutAsJsonAsync($"{V1}/officers/{id}/account", new { sub })).EnsureSuccessStatusCode();
        var officer = app.Client("officer", sub: sub);
        var secret = (await (await officer.PostAsync($"{V1}/calendar-address", null)).Content<OfficerCalendarMade>(HttpStatusCode.OK)).Secret;
        // Two walks whose time will be over: one she has begun and not ended, one she has not begun.
        var (begun, never) = (await app.Publish(id, 2, At(Day(2), 10)), await app.Publish(id, 2, At(Day(2), 13)));
        var (booking, her) = await app.Book(begun.WalkId);
        await app.Book(never.WalkId);
        app.Time.SetUtcNow(begun.StartsAt);
        Assert.Equal("officer-still-walks", await (await Close(id, Day(-1))).Refusal(409));
        (await officer.PostAsJsonAsync($"{V1}/walks/{begun.WalkId}/start", new { @override = "no-signal" })).EnsureSuccessStatusCode();
        app.Time.SetUtcNow(never.EndsAt.AddMinutes(1));
        Assert.Equal("genuine", await Check(her, id));

        Assert.Equal(HttpStatusCode.NoContent, (await Close(id, Day(-1))).StatusCode);
        Assert.Equal("not-your-walk", await (await officer.GetAsync($"{V1}/day-sheet")).Refusal(403));
        Assert.Equal("calendar-unknown", await (await app.With("Calendar", secret).GetAsync($"{V1}/officer-calendar.ics")).Refusal(401));
        Assert.Equal("not-your-walk", await (await officer.GetAsync($"{V1}/calendar-address")).Refusal(403));
        Assert.Equal("not-your-walk", await (await officer.PostAsync($"{V1}/calendar-address", null)).Refusal(403));
        Assert.Equal("not-your-walk", await (await officer.DeleteAsync($"{V1}/calendar-address")).Refusal(403));
        Assert.Equal("not-your-walk", await (await officer.PostAsJsonAsync($"{V1}/walks/{never.WalkId}/start", new { @override = "no-signal", happenedAt = never.StartsAt })).Refusal(403));
        Assert.Equal("not-on-this-walk", await Check(her, id));
        // Somebody is still out with her: she may call for help, and say that it has ended.
        (await officer.PostAsJsonAsync($"{V1}/walks/{begun.WalkId}/help", new { })).EnsureSuccessStatusCode();
        (await officer.PostAsJsonAsync($"{V1}/walks/{begun.WalkId}/end", new { })).EnsureSuccessStatusCode();
        // Who walked stays known.
        Assert.Equal(id, (await app.Coordinator.GetFromJsonAsync<WalkDetail>($"{V1}/schedule/{begun.WalkId}"))!.Officers.Single().OfficerId);
        Assert.Equal(BookingState.Completed, (await app.Booking(booking)).State);

        Assert.Equal(HttpStatusCode.NoContent, (await Open(id)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await officer.GetAsync($"{V1}/day-sheet")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await app.With("Calendar", secret).GetAsync($"{V1}/officer-calendar.ics")).StatusCode);
    }

    [Fact]
    public async Task A_file_that_names_her_says_so_on_her_line()
    {
        var id = await New();
        var collar = (await Row(id)).CollarNumber;
        var file = $"first_name,collar,areas,languages,bsl\nOlwen,{collar},{Ward},en,yes\n";
        (await Close(id, Day(0))).EnsureSuccessStatusCode();
        Assert.Equal(1, (await Preview(file)).Changed);
        (await Close(id, Day(-1))).EnsureSuccessStatusCode();
        var fault = Assert.Single((await Preview(file)).Faults);
        Assert.Equal((2, "collar"), (fault.Line, fault.Field));
        Assert.Contains($"her last day was {Day(-1):yyyy-MM-dd}", fault.Problem, StringComparison.Ordinal);
        Assert.Equal("import-faulty", await (await Import("import/officers", file)).Refusal(422));
        Assert.False((await Row(id)).SignLanguage);
    }

    [Fact]
    public async Task A_day_too_far_away_and_an_officer_nobody_knows_are_refused()
    {
        var far = await Close(await New(), Day(800));
        Assert.Contains("\"lastDay\"", await far.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("date-too-far", await far.Refusal(422));
        Assert.Equal("officer-unknown", await (await Close(Guid.NewGuid(), Day(1))).Refusal(404));
        Assert.Equal("officer-unknown", await (await Open(Guid.NewGuid())).Refusal(404));
    }

    private DateOnly Day(int ahead) => DateOnly.FromDateTime(app.Time.GetUtcNow().UtcDateTime).AddDays(ahead);

    // It is winter in these tests: the clock shows UTC.
    private static DateTimeOffset At(DateOnly day, int hour, int minute = 0) => new(day.ToDateTime(new TimeOnly(hour, minute)), TimeSpan.Zero);

    private async Task<Guid> New()
    {
        var collar = $"L {Guid.NewGuid().ToString("N")[..8]}";
        var officer = new Officer { FirstName = "Olwen", CollarNumber = collar, CollarKey = Officer.KeyOf(collar), Areas = [Ward] };
        await app.Db<BookingDb>(async db =>
        {
            db.Officers.Add(officer);
            await db.SaveChangesAsync();
        });
        return officer.Id;
    }

    private async Task<OfficerRow> Row(Guid id) => (await app.Coordinator.GetFromJsonAsync<List<OfficerRow>>($"{V1}/officers"))!.Single(o => o.OfficerId == id);

    private Task<HttpResponseMessage> Close(Guid officer, DateOnly lastDay) => app.Coordinator.PutAsJsonAsync($"{V1}/officers/{officer}/last-day", new { lastDay });

    private Task<HttpResponseMessage> Open(Guid officer) => app.Coordinator.DeleteAsync($"{V1}/officers/{officer}/last-day");

    private Task<HttpResponseMessage> Publish(Guid officer, DateTimeOffset at, string? overrideReason = null)
    {
        var plan = System.Text.Json.JsonSerializer.SerializeToNode(BookingApp.Plan(officer, at))!;
        plan["overrideReason"] = overrideReason;
        return app.Coordinator.PostAsJsonAsync($"{V1}/walks", plan);
    }

    private async Task<string> Seen(Guid walkId) => (await app.Coordinator.GetFromJsonAsync<WalkDetail>($"{V1}/schedule/{walkId}"))!.Walk.ETag;

    private async Task<HttpResponseMessage> Add(Guid walkId, Guid add, string? overrideReason = null, Guid? remove = null, string? seen = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{V1}/walks/{walkId}/officers") { Content = JsonContent.Create(new { add, remove, overrideReason }) };
        request.Headers.Add("If-Match", seen ?? await Seen(walkId));
        return await app.Coordinator.SendAsync(request);
    }

    private async Task<List<SuggestedOfficer>> Suggested(DateOnly day) =>
        (await app.Coordinator.GetFromJsonAsync<List<SuggestedOfficer>>($"{V1}/officers/suggested?meetingPointId=tate-modern&date={day:yyyy-MM-dd}&time=15:00"))!;

    private async Task<string> Check(HttpClient her, Guid officer) =>
        (await (await her.PostAsJsonAsync($"{V1}/my-walk/officer-check", new { collarNumber = (await Row(officer)).CollarNumber })).Content<OfficerChecked>(HttpStatusCode.OK)).Answer;

    private Task<HttpResponseMessage> Import(string path, string file) => app.Coordinator.PostAsync($"{V1}/{path}", new StringContent(file, Encoding.UTF8, "text/csv"));

    private async Task<ImportReply> Preview(string file) => await (await Import("import/officers/preview", file)).Content<ImportReply>(HttpStatusCode.OK);
}

public sealed class CloseOfficerOnSqlite(BookingApp.Sqlite app) : CloseOfficerTests(app), IClassFixture<BookingApp.Sqlite>;

public sealed class CloseOfficerOnPostgres(BookingApp.Postgres app) : CloseOfficerTests(app), IClassFixture<BookingApp.Postgres>;
