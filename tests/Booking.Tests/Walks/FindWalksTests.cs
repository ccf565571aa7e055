using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.ForcePacks;

namespace WalkTalk.Booking.Tests.Walks;

public abstract class FindWalksTests(BookingApp app)
{
    private const string Bankside = "E05011095", Camberwell = "E05011096", Chaucer = "E05011098";

    [Fact]
    public async Task Near_a_place_are_the_wards_whose_centre_is_near_and_never_the_meeting_points()
    {
        var (officer, _) = await app.SignedInOfficer(0);
        var day = DateOnly.FromDateTime(app.Time.GetUtcNow().UtcDateTime).AddDays(30);
        var bankside = await Walk(officer.OfficerId, "tate-modern", day, "09:00");
        var chaucer = await Walk(officer.OfficerId, "borough-station", day, "12:00");
        var camberwell = await Walk(officer.OfficerId, "camberwell-library", day, "15:00");
        Task<List<Guid>> Found(string query) => this.Found($"date={day:yyyy-MM-dd}&{query}");

        Assert.Equal([bankside], await Found($"ward={Bankside}"));
        Assert.Equal([bankside, camberwell], await Found($"ward={Bankside}&ward={Camberwell}"));
        Assert.Equal([bankside], await Found($"near={Bankside}&km=0.5"));
        Assert.Equal([bankside, chaucer], await Found($"near={Bankside}&km=1"));
        Assert.Equal([bankside, chaucer], await Found("near=51.50,-0.095"));
        Assert.Equal([bankside, chaucer, camberwell], await Found($"near={Bankside}&km=4"));
        Assert.Equal([chaucer], await Found($"near={Bankside}&km=4&ward={Chaucer}"));
        Assert.Empty(await Found("near=55.95,-3.19&km=20"));

        // However close one asks around the meeting point, the answer turns at the distance of the ward's centre.
        var ward = ForcePackCatalogue.Load(Path.Combine(AppContext.BaseDirectory, "packs")).Get("metropolitan").FindWard(Bankside)!;
        for (var north = 0.0; north < 3; north += 0.25)
        {
            var found = await Found(FormattableString.Invariant($"near={ward.Lat + (north / 111.195)},{ward.Lng}&km=1.4&ward={Bankside}"));
            Assert.Equal(north <= 1.4, found.Contains(bankside));
        }
    }

    [Fact]
    public async Task Time_of_day_language_and_date_narrow_what_is_found_also_over_midnight()
    {
        var polish = (await app.Coordinator.GetFromJsonAsync<List<OfficerRow>>("/v1/metropolitan/officers"))!.First(o => o.Languages.Contains("pl"));
        var day = DateOnly.FromDateTime(app.Time.GetUtcNow().UtcDateTime).AddDays(20);
        var early = await Walk(polish.OfficerId, "peckham-library", day, "06:00");
        var noon = await Walk(polish.OfficerId, "peckham-library", day, "12:30", "pl");
        var late = await Walk(polish.OfficerId, "peckham-library", day, "23:15");
        const string peckham = "ward=E05011110";

        Assert.Equal([early, noon, late], await Found($"{peckham}&date={day:yyyy-MM-dd}"));
        Assert.Equal([noon], await Found($"{peckham}&date={day:yyyy-MM-dd}&from=12:30&until=18:00"));
        Assert.Equal([early], await Found($"{peckham}&date={day:yyyy-MM-dd}&until=12:29"));
        Assert.Equal([early, late], await Found($"{peckham}&date={day:yyyy-MM-dd}&from=23:00&until=06:00"));
        Assert.Equal([noon], await Found($"{peckham}&date={day:yyyy-MM-dd}&language=pl"));
        Assert.Equal([late], await Found($"{peckham}&date={day:yyyy-MM-dd}&band=late"));
        Assert.Equal([noon], await Found($"{peckham}&date={day:yyyy-MM-dd}&band=day&band=late&from=08:00&until=22:00&language=pl&people=2"));
        Assert.Empty(await Found($"{peckham}&date={day.AddDays(1):yyyy-MM-dd}"));
        Assert.Equal([day], (await app.Client().GetFromJsonAsync<List<DateOnly>>($"/v1/metropolitan/walks/days?{peckham}&date={day.AddDays(-3):yyyy-MM-dd}&take=1"))!);
        Assert.Empty((await app.Client().GetFromJsonAsync<List<DateOnly>>($"/v1/metropolitan/walks/days?{peckham}&date={day.AddDays(1):yyyy-MM-dd}"))!);
    }

    [Fact]
    public async Task A_hold_that_is_over_counts_for_nothing_before_anybody_has_cleaned_up()
    {
        var (officer, _) = await app.SignedInOfficer(1);
        var walk = await app.Publish(officer.OfficerId);
        await app.Hold(walk.WalkId, 2);
        Assert.DoesNotContain(walk.WalkId, await Found($"ward={Bankside}"));
        Assert.Contains(walk.WalkId, await Found($"ward={Bankside}&full=true"));
        // Its end comes nearer than its clean-up knows.
        var over = app.Time.GetUtcNow();
        await app.Db<BookingDb>(db => db.Bookings.Where(b => b.WalkId == walk.WalkId).ExecuteUpdateAsync(s => s.SetProperty(b => b.HoldUntil, over)));
        Assert.Contains(walk.WalkId, await Found($"ward={Bankside}&people=2"));
        Assert.DoesNotContain(walk.WalkId, await Found($"ward={Bankside}&full=true"));
    }

    [Fact]
    public async Task What_a_stranger_is_told_is_the_same_whoever_walks_and_however_many_have_booked()
    {
        var (first, _) = await app.SignedInOfficer(2);
        var (second, _) = await app.SignedInOfficer(3);
        var at = app.NextFreeTime();
        var one = await app.Publish(first.OfficerId, at: at);
        var other = await app.Publish(second.OfficerId, at: at);
        var before = await Told(one.WalkId);
        Assert.Equal(before, await Told(other.WalkId));
        await app.Book(one.WalkId);
        Assert.Equal(before, await Told(one.WalkId));
        Assert.Equal(["endsAt", "language", "lightBand", "officers", "startsAt", "stepFree", "sun", "walkId", "ward", "wardCode", "zone"],
            JsonNode.Parse(before)!.AsObject().Select(p => p.Key).Order(StringComparer.Ordinal));
        // Ids in order of time would say which walks were published together.
        Assert.Equal((4, 4), (one.WalkId.Version, other.WalkId.Version));

        async Task<string> Told(Guid walk)
        {
            var offer = JsonNode.Parse(await app.Client().GetStringAsync($"/v1/metropolitan/walks?ward={Bankside}&date={at:yyyy-MM-dd}"))!["walks"]!.AsArray().Single(w => w!["walkId"]!.GetValue<Guid>() == walk)!;
            offer["walkId"] = "";
            return offer.ToJsonString();
        }
    }

    [Fact]
    public async Task Who_pages_while_others_publish_and_book_sees_each_walk_that_was_there_once()
    {
        var officers = (await app.Coordinator.GetFromJsonAsync<List<OfficerRow>>("/v1/metropolitan/officers"))!;
        var start = new DateTimeOffset(app.Time.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero).AddDays(40).AddHours(9);
        var there = new HashSet<Guid>();
        for (var i = 0; i < 12; i++) there.Add((await app.Publish(officers[i].OfficerId, at: start.AddMinutes(i / 3 * 20))).WalkId); // three at each moment

        var publishing = Parallel.ForAsync(0, 24, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (i, ct) =>
            await app.Publish(officers[i % 12].OfficerId, at: start.AddHours(i % 2 == 0 ? -3 : 3).AddMinutes(i / 12 * 80)));
        var paging = Enumerable.Range(1, 4).Select(async size =>
        {
            for (var round = 0; round < 3; round++)
            {
                var seen = new List<(DateTimeOffset At, Guid Id)>();
                for (string? cursor = ""; cursor is not null;)
                {
                    var page = (await app.Client().GetFromJsonAsync<FoundWalks>($"/v1/metropolitan/walks?ward={Bankside}&date={start:yyyy-MM-dd}&take={size}&cursor={cursor}"))!;
                    seen.AddRange(page.Walks.Select(w => (w.StartsAt, w.WalkId)));
                    cursor = page.Next;
                }
                Assert.Equal(seen.Count, seen.DistinctBy(w => w.Id).Count());
                Assert.Superset(there, seen.Select(w => w.Id).ToHashSet());
                Assert.Equal(seen.Select(w => w.At).Order(), seen.Select(w => w.At));
            }
        });
        await Task.WhenAll([publishing, .. paging]);
    }

    [Theory]
    [InlineData("near=somewhere", "near-invalid", "near")]
    [InlineData("near=51.5", "near-invalid", "near")]
    [InlineData("near=91,0", "near-invalid", "near")]
    [InlineData("near=NaN,0", "near-invalid", "near")]
    [InlineData("near=51.5,0,3", "near-invalid", "near")]
    [InlineData("km=2", "near-invalid", "near")]
    [InlineData("near=51.5,0&km=0", "distance-invalid", "km")]
    [InlineData("near=51.5,0&km=21", "distance-invalid", "km")]
    [InlineData("near=51.5,0&km=NaN", "distance-invalid", "km")]
    [InlineData("ward=E05000001", "ward-unknown", "ward")]
    [InlineData("band=gloom", "band-unknown", "band")]
    [InlineData("from=25:00", "malformed", null)]
    [InlineData("until=soon", "malformed", null)]
    [InlineData("km=far", "malformed", null)]
    public async Task A_filter_that_means_nothing_is_refused_by_name(string query, string type, string? field)
    {
        foreach (var path in (string[])["walks", "walks/days"])
        {
            var answer = await app.Client().GetAsync($"/v1/metropolitan/{path}?{query}");
            Assert.Equal(type, await answer.Refusal(400));
            Assert.Equal(field, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["errors"]?.AsObject().Single().Key);
        }
    }

    [Theory]
    [InlineData("0001-01-01", "date-too-far", 422)]
    [InlineData("9999-12-31", "date-too-far", 422)]
    public async Task A_day_out_of_all_time_is_refused(string date, string type, int status)
    {
        Assert.Equal(type, await (await app.Client().GetAsync($"/v1/metropolitan/walks?date={date}")).Refusal(status));
        Assert.Equal(type, await (await app.Client().GetAsync($"/v1/metropolitan/walks/days?date={date}")).Refusal(status));
    }

    private async Task<List<Guid>> Found(string query) =>
        [.. (await app.Client().GetFromJsonAsync<FoundWalks>($"/v1/metropolitan/walks?take=50&{query}"))!.Walks.Select(w => w.WalkId)];

    private async Task<Guid> Walk(Guid officer, string point, DateOnly date, string time, string language = "en") =>
        (await (await app.Coordinator.PostAsJsonAsync("/v1/metropolitan/walks", new PublishWalkRequest
        {
            MeetingPointId = point, OfficerIds = [officer], Date = date, Time = TimeOnly.Parse(time, System.Globalization.CultureInfo.InvariantCulture), Language = language,
        })).Content<WalkPublishedReply>(System.Net.HttpStatusCode.Created)).WalkId;
}

public sealed class FindWalksOnSqlite(BookingApp.Sqlite app) : FindWalksTests(app), IClassFixture<BookingApp.Sqlite>;

public sealed class FindWalksOnPostgres(BookingApp.Postgres app) : FindWalksTests(app), IClassFixture<BookingApp.Postgres>;
