using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Booking;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.Fixtures;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking.Tests.Planning;

/// <summary>Availability, leave, limits and plans over HTTP. Each test has officers, wards and weeks of its own.</summary>
public abstract class PlanWalksTests(BookingApp app)
{
    private const string V1 = "/v1/metropolitan";

    [Fact]
    public async Task What_is_previewed_is_what_is_published_and_a_second_plan_makes_nothing()
    {
        var officers = await Officers("E05014105", 2);
        await Offer(officers[0].OfficerId, Day(7), "18:00", "20:00", "FREQ=WEEKLY");
        await Offer(officers[1].OfficerId, Day(8), "18:00", "20:00", "FREQ=WEEKLY");
        var wish = new { from = Day(7), days = 14, wards = new[] { "E05014105" }, eachWeek = 1 };

        var preview = await Plan("plan/preview", wish);
        Assert.InRange(preview.Walks.Count, 2, 3);
        Assert.All(preview.Walks, w => Assert.Null(w.WalkId));
        Assert.DoesNotContain(await Schedule(Day(7)), w => w.Ward == preview.Walks[0].Ward);

        var planned = await Plan("plan", wish);
        Assert.Equal(preview.Walks, planned.Walks.Select(w => w with { WalkId = null }));
        foreach (var walk in planned.Walks)
        {
            Assert.Contains(await app.Published<WalkPublished>(), f => f.WalkId == walk.WalkId && f.WardCode == "E05014105");
            var stands = await app.Walk(walk.WalkId!.Value);
            Assert.Equal((walk.StartsAt.ToUniversalTime(), walk.MeetingPoint, TimeOnly.FromDateTime(walk.StartsAt.DateTime)), (stands.StartsAt.ToUniversalTime(), stands.MeetingPoint, stands.LocalTime));
        }
        // The two share them: who has walked less is asked first.
        Assert.Equal(2, planned.Walks.Take(2).Select(w => w.Officer.CollarNumber).Distinct().Count());
        Assert.Equal(planned.Walks.Count, (await Plan("plan", wish)).Already);
        Assert.Empty((await Plan("plan", wish)).Walks);
        Assert.NotEmpty((await app.Client().GetFromJsonAsync<FoundWalks>($"{V1}/walks?ward=E05014105"))!.Walks);
    }

    [Fact]
    public async Task Many_coordinators_at_once_plan_each_walk_once()
    {
        foreach (var officer in (await Officers("E05011100", 2)).Concat(await Officers("E05011101", 2))) await Offer(officer.OfficerId, Day(7), "09:00", "16:00", "FREQ=DAILY");
        var wish = new { from = Day(7), days = 14, wards = new[] { "E05011100", "E05011101" }, eachWeek = 9 };
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Plan("plan", wish)));

        var made = answers.SelectMany(a => a.Walks).Select(w => w.WalkId!.Value).ToList();
        Assert.NotEmpty(made);
        Assert.Equal(made.Count, made.Distinct().Count());
        await app.Db<BookingDb>(async db =>
        {
            var walks = await db.Walks.Where(w => made.Contains(w.Id)).Include(w => w.Officers).AsNoTracking().ToListAsync();
            Assert.Equal(made.Count, walks.Count);
            Assert.All(walks.GroupBy(w => (w.WardCode, w.PlanKey![..^2])), g => Assert.InRange(g.Count(), 1, 9));
            foreach (var hers in walks.SelectMany(w => w.Officers.Select(o => (o.OfficerId, Walk: w, o.BusyFrom, o.BusyUntil))).GroupBy(o => o.OfficerId))
            {
                var inOrder = hers.OrderBy(o => o.BusyFrom).ToList();
                Assert.All(inOrder.Zip(inOrder.Skip(1)), pair => Assert.True(pair.First.BusyUntil <= pair.Second.BusyFrom));
                Assert.All(hers.GroupBy(o => o.Walk.LocalDate), day => Assert.InRange(day.Count(), 1, 3));
            }
        });
        Assert.Equal(made.Count, (await app.Published<WalkPublished>()).Count(f => made.Contains(f.WalkId)));
        Assert.Empty((await Plan("plan", wish)).Walks);
    }

    [Fact]
    public async Task A_plan_and_walks_published_by_hand_at_the_same_moment_never_share_an_officer()
    {
        var officer = (await Officers("E05011110", 1))[0];
        await Offer(officer.OfficerId, Day(9), "08:00", "20:00");
        var byHand = Enumerable.Range(0, 12).Select(i => app.Coordinator.PostAsJsonAsync($"{V1}/walks", BookingApp.Plan(officer.OfficerId, At(Day(9), 8, 0).AddMinutes(55 * i)))).ToList();
        var plans = Enumerable.Range(0, 8).Select(_ => Plan("plan", new { from = Day(9), days = 1, wards = officer.Areas, eachWeek = 9 })).ToList();
        await Task.WhenAll(plans);
        foreach (var answer in await Task.WhenAll(byHand))
            Assert.True(answer.StatusCode is HttpStatusCode.Created or HttpStatusCode.Conflict, await answer.Content.ReadAsStringAsync());
        var mine = await app.Db<BookingDb, List<(DateTimeOffset From, DateTimeOffset Until)>>(async db =>
            [.. (await db.WalkOfficers.Where(o => o.OfficerId == officer.OfficerId && o.Active).OrderBy(o => o.BusyFrom).AsNoTracking().ToListAsync()).Select(o => (o.BusyFrom, o.BusyUntil))]);
        Assert.Equal(3, mine.Count);
        Assert.All(mine.Zip(mine.Skip(1)), pair => Assert.True(pair.First.Until <= pair.Second.From));
    }

    [Fact]
    public async Task Each_window_that_becomes_no_walk_says_why()
    {
        var officers = await Officers("E05014118", 4);
        var wish = new { from = Day(14), days = 1, wards = new[] { "E05014118" }, eachWeek = 1 };
        foreach (var officer in officers) await Offer(officer.OfficerId, Day(14), "18:00", "18:45");
        await Offer(officers[1].OfficerId, Day(14), "18:45", "20:00");
        await Offer(officers[2].OfficerId, Day(15), "05:00", "06:00");
        await Away(officers[0].OfficerId, Day(14), Day(15));
        await app.Publish(officers[1].OfficerId, at: At(Day(14), 18, 30));
        await app.Publish(officers[2].OfficerId, at: At(Day(15), 5, 0));

        // The walk published by hand elsewhere counts for its own ward alone.
        var preview = await Plan("plan/preview", wish);
        Assert.Equal("leave", Why(officers[0]));
        Assert.Equal("busy", Why(officers[1]));
        Assert.Equal("rest", Why(officers[2]));
        Assert.Equal("language", (await Plan("plan/preview", new { wish.from, wish.days, wish.wards, language = "xx" })).Skipped.First(s => s.Officer.CollarNumber == officers[3].CollarNumber).Reason);
        Assert.Equal("area", (await Plan("plan/preview", new { wish.from, wish.days, wards = new[] { "E05011095" } })).Skipped.First(s => s.Officer.CollarNumber == officers[3].CollarNumber).Reason);
        var nobody = Assert.Single((await Plan("plan/preview", new { from = Day(40), days = 1, wish.wards })).Unmet);
        Assert.Equal(("nobody", 1), (nobody.Reason, nobody.Missing));

        string? Why(OfficerRow officer) => preview.Skipped.FirstOrDefault(s => s.Officer.CollarNumber == officer.CollarNumber)?.Reason;
    }

    [Fact]
    public async Task What_was_called_off_is_not_planned_again()
    {
        foreach (var officer in await Officers("E05014112", 2)) await Offer(officer.OfficerId, Day(21), "12:00", "14:00");
        var wish = new { from = Day(21), days = 1, wards = new[] { "E05014112" } };
        var walk = Assert.Single((await Plan("plan", wish)).Walks);
        (await app.Coordinator.PostAsJsonAsync($"{V1}/walks/{walk.WalkId}/cancel", new { reason = "weather" })).EnsureSuccessStatusCode();
        var again = await Plan("plan", wish);
        Assert.Empty(again.Walks);
        Assert.Equal(1, again.Already);
    }

    [Fact]
    public async Task The_database_itself_refuses_a_second_walk_of_the_same_plan()
    {
        foreach (var officer in await Officers("E05014119", 1)) await Offer(officer.OfficerId, Day(28), "12:00", "14:00");
        var walk = await app.Walk(Assert.Single((await Plan("plan", new { from = Day(28), days = 1, wards = new[] { "E05014119" } })).Walks).WalkId!.Value);
        var refused = await Assert.ThrowsAsync<DbUpdateException>(() => app.Db<BookingDb>(async db =>
        {
            db.Walks.Add(new Walk
            {
                WardCode = walk.WardCode, MeetingPoint = "x", Lit = true, StepFree = true, Language = "en", StartsAt = walk.StartsAt.AddDays(3), EndsAt = walk.EndsAt.AddDays(3),
                LocalDate = walk.LocalDate.AddDays(3), LocalTime = walk.LocalTime, Zone = walk.Zone, Band = walk.Band, Capacity = 1, PlanKey = walk.PlanKey,
            });
            await db.SaveChangesAsync();
        }));
        Assert.True(refused.IsUniqueViolation("plan_key"));
    }

    [Fact]
    public async Task Leave_availability_rest_and_a_full_day_give_way_to_a_reason_and_a_clash_to_none()
    {
        var officer = (await Officers("E05014101", 1))[0];
        await Offer(officer.OfficerId, Day(30), "08:00", "20:00", "FREQ=DAILY");
        await Away(officer.OfficerId, Day(33), Day(33));
        for (var i = 0; i < 3; i++) Assert.Equal(HttpStatusCode.Created, (await Publish(officer, At(Day(30), 9 + (3 * i), 0))).StatusCode);

        foreach (var (at, refusal) in new[]
        {
            (At(Day(30), 18, 0), "officer-day-full"), (At(Day(31), 21, 0), "officer-not-available"), (At(Day(33), 12, 0), "officer-on-leave"),
        })
        {
            Assert.Equal(refusal, await (await Publish(officer, at)).Refusal(409));
            var walk = await (await Publish(officer, at, "She asked for it herself.")).Content<WalkPublishedReply>(HttpStatusCode.Created);
            var subject = $"{walk.WalkId}";
            var audited = await app.Db<BookingDb, List<string>>(db => db.Database.SqlQuery<string>($"SELECT actor || ': ' || reason AS \"Value\" FROM audit WHERE subject_id = {subject} AND action LIKE 'override-%'").ToListAsync());
            Assert.Equal(["staff:test-coordinator: She asked for it herself."], audited);
        }
        // Eleven hours after 21:45 are over at 08:45.
        Assert.Equal("officer-needs-rest", await (await Publish(officer, At(Day(32), 8, 30))).Refusal(409));
        Assert.Equal(HttpStatusCode.Created, (await Publish(officer, At(Day(32), 8, 45))).StatusCode);
        Assert.Equal("officer-busy", await (await Publish(officer, At(Day(32), 9, 0))).Refusal(409));
        Assert.Equal("officer-busy", await (await Publish(officer, At(Day(32), 9, 0), "It has to be.")).Refusal(409));
        Assert.Equal(HttpStatusCode.BadRequest, (await Publish(officer, At(Day(35), 9, 0), "x")).StatusCode);
    }

    [Fact]
    public async Task The_one_with_the_fewest_walks_is_suggested_first_and_the_others_with_what_stands_against_them()
    {
        var officers = await Officers("E05014097", 3);
        foreach (var officer in officers) await Offer(officer.OfficerId, Day(42), "12:00", "15:00");
        await Offer(officers[0].OfficerId, Day(41), "12:00", "15:00");
        await app.Publish(officers[0].OfficerId, at: At(Day(41), 12, 0));
        await Away(officers[1].OfficerId, Day(42), Day(42));
        var point = ForcePacks.ForcePackCatalogue.Load(Path.Combine(Repository.Root, "packs")).Get("metropolitan").MeetingPoints.First(p => p.WardCode == "E05014097").Id;
        var suggested = (await app.Coordinator.GetFromJsonAsync<List<SuggestedOfficer>>($"{V1}/officers/suggested?meetingPointId={point}&date={Day(42):yyyy-MM-dd}&time=12:30"))!;
        Assert.Empty(suggested.Single(s => s.OfficerId == officers[2].OfficerId).Against);
        Assert.Contains("leave", suggested.Single(s => s.OfficerId == officers[1].OfficerId).Against);
        Assert.True(suggested.FindIndex(s => s.OfficerId == officers[2].OfficerId) < suggested.FindIndex(s => s.OfficerId == officers[0].OfficerId));
        Assert.Equal(suggested.Where(s => s.Against.Count == 0).Select(s => s.Recent).Order(), suggested.TakeWhile(s => s.Against.Count == 0).Select(s => s.Recent));
        var all = (await app.Coordinator.GetFromJsonAsync<List<OfficerRow>>($"{V1}/officers"))!.ToDictionary(o => o.OfficerId);
        Assert.All(suggested, s => Assert.Equal(!all[s.OfficerId].Areas.Contains("E05014097"), s.Against.Contains("area")));
        var signing = (await app.Coordinator.GetFromJsonAsync<List<SuggestedOfficer>>($"{V1}/officers/suggested?meetingPointId={point}&date={Day(42):yyyy-MM-dd}&time=12:30&language=cy&signLanguage=true"))!;
        Assert.All(signing, s => Assert.Equal((!all[s.OfficerId].Languages.Contains("cy"), !all[s.OfficerId].SignLanguage), (s.Against.Contains("language"), s.Against.Contains("signlanguage"))));
        Assert.Equal("meeting-point-unknown", await (await app.Coordinator.GetAsync($"{V1}/officers/suggested?meetingPointId=x&date={Day(42):yyyy-MM-dd}&time=12:30")).Refusal(422));
        Assert.Equal("walk-in-past", await (await app.Coordinator.GetAsync($"{V1}/officers/suggested?meetingPointId={point}&date=2020-01-01&time=12:30")).Refusal(422));
    }

    [Fact]
    public async Task Availability_is_written_shown_excepted_and_taken_away()
    {
        var officer = (await Officers("E05014103", 1))[0];
        var added = await Offer(officer.OfficerId, Day(7), "22:00", "00:30", "FREQ=WEEKLY;BYDAY=MO;COUNT=3");
        Assert.Equal(DayOfWeek.Monday, added.FirstDate.DayOfWeek);
        Assert.Equal(3, (await Show(officer)).Windows.Count);
        Assert.Equal("Europe/London", (await Show(officer)).Zone);

        Assert.Equal("no-day-of-rule", await (await app.Coordinator.PutAsync($"{V1}/availability/{added.AvailabilityId}/except/{added.FirstDate.AddDays(1):yyyy-MM-dd}", null)).Refusal(422));
        for (var twice = 0; twice < 2; twice++) Assert.Equal(HttpStatusCode.NoContent, (await app.Coordinator.PutAsync($"{V1}/availability/{added.AvailabilityId}/except/{added.FirstDate:yyyy-MM-dd}", null)).StatusCode);
        Assert.Equal(2, (await Show(officer)).Windows.Count);
        Assert.Equal(added.FirstDate, Assert.Single(Assert.Single((await Show(officer)).Rules).Except));
        Assert.Equal(HttpStatusCode.NoContent, (await app.Coordinator.DeleteAsync($"{V1}/availability/{added.AvailabilityId}/except/{added.FirstDate:yyyy-MM-dd}")).StatusCode);
        Assert.Equal(3, (await Show(officer)).Windows.Count);

        await app.Publish(officer.OfficerId, at: At(added.FirstDate, 22, 0));
        var leave = await (await app.Coordinator.PostAsJsonAsync($"{V1}/officers/{officer.OfficerId}/leave", new { from = added.FirstDate, until = added.FirstDate, kind = "sick" })).Content<LeaveAdded>(HttpStatusCode.Created);
        Assert.Equal(1, leave.WalksInIt);
        // From midnight she is back: the half hour of Tuesday is left of that night.
        Assert.Equal(TimeSpan.FromMinutes(30), (await Show(officer)).Windows[0] is var first ? first.Until - first.From : default);
        using var others = app.Client("coordinator", force: BookingApp.OtherForce);
        Assert.Equal("leave-unknown", await (await others.DeleteAsync($"/v1/west-mercia/leave/{leave.LeaveId}")).Refusal(404));
        Assert.Equal("availability-unknown", await (await others.DeleteAsync($"/v1/west-mercia/availability/{added.AvailabilityId}")).Refusal(404));
        Assert.Equal("officer-unknown", await (await others.GetAsync($"/v1/west-mercia/officers/{officer.OfficerId}/availability")).Refusal(404));
        Assert.Equal("date-too-far", await (await app.Coordinator.GetAsync($"{V1}/officers/{officer.OfficerId}/availability?from=9999-12-31")).Refusal(422));
        Assert.Equal("date-too-far", await (await app.Coordinator.PutAsync($"{V1}/availability/{added.AvailabilityId}/except/9999-12-31", null)).Refusal(422));
        Assert.Equal(HttpStatusCode.NoContent, (await app.Coordinator.DeleteAsync($"{V1}/leave/{leave.LeaveId}")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await app.Coordinator.DeleteAsync($"{V1}/availability/{added.AvailabilityId}")).StatusCode);
        Assert.Empty((await Show(officer)).Windows);
    }

    [Theory]
    [InlineData("availability", "rule", "\"FREQ=SECONDLY\"", 422, "rule-faulty")]
    [InlineData("availability", "rule", "\"FREQ=WEEKLY;BYDAY=XX\"", 422, "rule-faulty")]
    [InlineData("availability", "until", "\"09:00\"", 422, "window-too-long")]
    [InlineData("availability", "until", "\"22:00\"", 422, "window-too-long")]
    [InlineData("availability", "firstDate", "\"2040-01-01\"", 422, "date-too-far")]
    [InlineData("availability", "from", "\"noon\"", 400, null)]
    [InlineData("leave", "until", "\"2026-01-01\"", 422, "leave-ends-wrongly")]
    [InlineData("leave", "from", "\"9999-12-31\"", 422, "date-too-far")]
    [InlineData("leave", "kind", "\"holiday\"", 400, null)]
    [InlineData("plan", "wards", "[\"E0\"]", 422, "ward-unknown")]
    [InlineData("plan", "from", "\"2020-01-01\"", 422, "walk-in-past")]
    [InlineData("plan", "from", "\"2040-01-01\"", 422, "walk-beyond-horizon")]
    [InlineData("plan", "days", "57", 400, null)]
    [InlineData("plan", "eachWeek", "0", 400, null)]
    public async Task A_faulty_request_is_refused_by_name(string path, string field, string value, int status, string? type)
    {
        var officer = (await Officers("E05014104", 1))[0];
        var body = JsonNode.Parse(path switch
        {
            "availability" => """{"firstDate":"2026-12-01","from":"09:00","until":"12:00"}""",
            "leave" => """{"from":"2026-12-01","until":"2026-12-01","kind":"annual"}""",
            _ => "{}",
        })!;
        body[field] = JsonNode.Parse(value);
        var answer = await app.Coordinator.PostAsJsonAsync(path == "plan" ? $"{V1}/plan/preview" : $"{V1}/officers/{officer.OfficerId}/{path}", body);
        Assert.Equal(status, (int)answer.StatusCode);
        if (type is not null) Assert.Equal(type, await answer.Refusal(status));
    }

    [Fact]
    public async Task Nobody_keeps_rules_without_end()
    {
        var officer = (await Officers("E05014106", 1))[0];
        for (var i = 0; i < 30; i++) await Offer(officer.OfficerId, Day(i + 2), "03:00", "03:30");
        Assert.Equal("too-many-rules", await (await app.Coordinator.PostAsJsonAsync($"{V1}/officers/{officer.OfficerId}/availability", new { firstDate = Day(2), from = "05:00", until = "06:00" })).Refusal(409));
    }

    private DateOnly Day(int ahead) => DateOnly.FromDateTime(app.Time.GetUtcNow().UtcDateTime).AddDays(ahead);

    // It is winter in these tests: the clock shows UTC.
    private static DateTimeOffset At(DateOnly day, int hour, int minute) => new(day.ToDateTime(new TimeOnly(hour, minute)), TimeSpan.Zero);

    /// <summary>New officers of a ward that no other test uses.</summary>
    private async Task<List<OfficerRow>> Officers(string ward, int count)
    {
        var officers = Enumerable.Range(0, count).Select(i => $"{ward[^3..]}{(char)('A' + i)} {Guid.NewGuid().ToString("N")[..6]}")
            .Select(collar => new Officer { FirstName = "Olwen", CollarNumber = collar, CollarKey = Officer.KeyOf(collar), Areas = [ward] }).ToList();
        await app.Db<BookingDb>(async db =>
        {
            db.Officers.AddRange(officers);
            await db.SaveChangesAsync();
        });
        return [.. officers.Select(o => o.Row())];
    }

    private async Task<AvailabilityAdded> Offer(Guid officer, DateOnly first, string from, string until, string? rule = null) =>
        await (await app.Coordinator.PostAsJsonAsync($"{V1}/officers/{officer}/availability", new { firstDate = first, from, until, rule })).Content<AvailabilityAdded>(HttpStatusCode.Created);

    private async Task Away(Guid officer, DateOnly from, DateOnly until) =>
        await (await app.Coordinator.PostAsJsonAsync($"{V1}/officers/{officer}/leave", new { from, until, kind = "annual" })).Content<LeaveAdded>(HttpStatusCode.Created);

    private async Task<OfficerAvailability> Show(OfficerRow officer) => (await app.Coordinator.GetFromJsonAsync<OfficerAvailability>($"{V1}/officers/{officer.OfficerId}/availability?days=60"))!;

    private async Task<List<ScheduledWalk>> Schedule(DateOnly from) => (await app.Coordinator.GetFromJsonAsync<List<ScheduledWalk>>($"{V1}/schedule?from={from:yyyy-MM-dd}&days=14"))!;

    private async Task<WalksPlanned> Plan(string path, object wish) => await (await app.Coordinator.PostAsJsonAsync($"{V1}/{path}", wish)).Content<WalksPlanned>(HttpStatusCode.OK);

    private Task<HttpResponseMessage> Publish(OfficerRow officer, DateTimeOffset at, string? overrideReason = null)
    {
        var plan = System.Text.Json.JsonSerializer.SerializeToNode(BookingApp.Plan(officer.OfficerId, at))!;
        plan["overrideReason"] = overrideReason;
        return app.Coordinator.PostAsJsonAsync($"{V1}/walks", plan);
    }
}

/// <summary>With the limits that a force starts with.</summary>
public sealed class PlanningOnSqlite(PlanningOnSqlite.App app) : PlanWalksTests(app), IClassFixture<PlanningOnSqlite.App>
{
    public sealed class App() : BookingApp(TestOn.OneProcess)
    {
        protected override IEnumerable<(string Key, string? Value)> Settings() => [.. base.Settings(), .. Limits];
    }

    internal static readonly (string, string?)[] Limits = [("Booking:Rest", "11:00:00"), ("Booking:MaximumADay", "3")];
}

public sealed class PlanningOnPostgres(PlanningOnPostgres.App app) : PlanWalksTests(app), IClassFixture<PlanningOnPostgres.App>
{
    public sealed class App() : BookingApp(TestOn.PostgresAndRabbit)
    {
        protected override IEnumerable<(string Key, string? Value)> Settings() =>
            [.. base.Settings(), .. PlanningOnSqlite.Limits, ("Attendance:PrivateKey", System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256).ExportPkcs8PrivateKeyPem())];
    }
}
