using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Booking;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking.Tests.Walks;

public abstract class PublishAndFindTests(BookingApp app)
{
    [Fact]
    public async Task A_published_walk_is_found_by_ward_and_shows_neither_officer_nor_place()
    {
        var (officer, _) = await app.SignedInOfficer(0);
        var start = app.Time.GetUtcNow().Date.AddDays(3).AddHours(15).AddMinutes(45);
        var walk = await app.Publish(officer.OfficerId, at: new DateTimeOffset(start, TimeSpan.Zero));
        Assert.Equal("dusk", walk.LightBand);
        Assert.Contains(await app.Published<WalkPublished>(), f => f.WalkId == walk.WalkId && f.LightBand == "dusk" && f.WardCode == "E05011095");

        var text = await app.Client().GetStringAsync("/v1/metropolitan/walks?ward=E05011095&band=dusk&people=2");
        var offer = (await app.Client().GetFromJsonAsync<FoundWalks>("/v1/metropolitan/walks?ward=E05011095&band=dusk&people=2"))!.Walks.Single(w => w.WalkId == walk.WalkId);
        Assert.Equal(("Borough & Bankside", "Europe/London"), (offer.Ward, offer.Zone));
        Assert.NotNull(offer.Sun.Sunset);
        Assert.DoesNotContain(officer.FirstName, text, StringComparison.Ordinal);
        Assert.DoesNotContain(officer.CollarNumber, text, StringComparison.Ordinal);
        Assert.DoesNotContain("Tate Modern", text, StringComparison.Ordinal);

        Assert.DoesNotContain((await app.Client().GetFromJsonAsync<FoundWalks>("/v1/metropolitan/walks?band=late"))!.Walks, w => w.WalkId == walk.WalkId);
        Assert.DoesNotContain((await app.Client().GetFromJsonAsync<FoundWalks>("/v1/metropolitan/walks?people=3"))!.Walks, w => w.WalkId == walk.WalkId);
        Assert.DoesNotContain((await app.Client().GetFromJsonAsync<FoundWalks>("/v1/metropolitan/walks?stepFree=true"))!.Walks, w => w.WalkId == walk.WalkId);
        Assert.DoesNotContain((await app.Client().GetFromJsonAsync<FoundWalks>("/v1/west-mercia/walks"))!.Walks, w => w.WalkId == walk.WalkId);
        Assert.Contains(DateOnly.FromDateTime(start), (await app.Client().GetFromJsonAsync<List<DateOnly>>("/v1/metropolitan/walks/days?band=dusk"))!);
    }

    [Fact]
    public async Task Pages_follow_each_other_without_gap_or_repeat()
    {
        var (officer, _) = await app.SignedInOfficer(5);
        var (other, _) = await app.SignedInOfficer(6);
        for (var i = 0; i < 4; i++)
        {
            var at = app.NextFreeTime();
            await app.Publish(officer.OfficerId, at: at);
            await app.Publish(other.OfficerId, at: at); // the same moment: the id decides
        }
        var all = (await app.Client().GetFromJsonAsync<FoundWalks>("/v1/metropolitan/walks?take=50"))!.Walks.Select(w => w.WalkId).ToList();
        var paged = new List<Guid>();
        string? cursor = null;
        do
        {
            var page = (await app.Client().GetFromJsonAsync<FoundWalks>($"/v1/metropolitan/walks?take=3&cursor={cursor}"))!;
            paged.AddRange(page.Walks.Select(w => w.WalkId));
            cursor = page.Next;
        }
        while (cursor is not null);
        Assert.Equal(all, paged);
        Assert.Equal("cursor-invalid", await (await app.Client().GetAsync("/v1/metropolitan/walks?cursor=x")).Refusal(400));
        Assert.Equal("band-unknown", await (await app.Client().GetAsync("/v1/metropolitan/walks?band=gloom")).Refusal(400));
    }

    [Fact]
    public async Task Notice_and_horizon_bound_what_is_found_and_booked()
    {
        var (officer, _) = await app.SignedInOfficer(7);
        Assert.Equal("walk-too-soon", await (await Try(BookingApp.Plan(officer.OfficerId, Minute(app.Time.GetUtcNow().AddMinutes(119))))).Refusal(422));
        var soon = await app.Publish(officer.OfficerId, at: Minute(app.Time.GetUtcNow().AddMinutes(122)));
        app.Time.Advance(TimeSpan.FromMinutes(3));
        Assert.DoesNotContain((await app.Client().GetFromJsonAsync<FoundWalks>("/v1/metropolitan/walks?take=50"))!.Walks, w => w.WalkId == soon.WalkId);
        Assert.Equal("too-late-to-book", await (await app.Client().PostAsJsonAsync($"/v1/metropolitan/walks/{soon.WalkId}/holds", new { people = 1 })).Refusal(409));
        Assert.Equal("walk-beyond-horizon", await (await Try(BookingApp.Plan(officer.OfficerId, app.Time.GetUtcNow().AddDays(57)))).Refusal(422));
        Assert.Equal("walk-in-past", await (await Try(BookingApp.Plan(officer.OfficerId, app.Time.GetUtcNow().AddHours(-1)))).Refusal(422));
    }

    [Fact]
    public async Task An_officer_is_never_on_two_walks_at_once_buffers_included()
    {
        var (officer, _) = await app.SignedInOfficer(8);
        var at = app.NextFreeTime();
        await app.Publish(officer.OfficerId, at: at);
        Assert.Equal("officer-busy", await (await Try(BookingApp.Plan(officer.OfficerId, at.AddMinutes(74)))).Refusal(409));
        // 45 minutes of walk, 15 after it and 15 before the next: then they only touch.
        await app.Publish(officer.OfficerId, at: at.AddMinutes(75));
    }

    [Fact]
    public async Task Of_many_coordinators_at_once_one_gets_the_officer()
    {
        var (officer, _) = await app.SignedInOfficer(9);
        var at = app.NextFreeTime();
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Try(BookingApp.Plan(officer.OfficerId, at.AddMinutes(5 * i)))));
        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.Created);
        foreach (var refused in answers.Where(a => a.StatusCode != HttpStatusCode.Created)) Assert.Equal("officer-busy", await refused.Refusal(409));
    }

    [Fact]
    public async Task The_database_itself_refuses_the_clash()
    {
        var (officer, _) = await app.SignedInOfficer(10);
        var at = app.NextFreeTime();
        var one = await app.Publish(officer.OfficerId, at: at);
        var two = await app.Publish(officer.OfficerId, at: at.AddHours(2));
        var refused = await Assert.ThrowsAsync<DbUpdateException>(() => app.Db<BookingDb>(async db =>
        {
            db.WalkOfficers.Remove(await db.WalkOfficers.SingleAsync(o => o.WalkId == two.WalkId));
            await db.SaveChangesAsync();
            db.WalkOfficers.Add(new WalkOfficer { WalkId = two.WalkId, OfficerId = officer.OfficerId, BusyFrom = at, BusyUntil = at.AddHours(1) });
            await db.SaveChangesAsync();
        }));
        Assert.True(refused.IsUniqueViolation("walk_officers_busy"));
        Assert.NotEqual(one.WalkId, two.WalkId);
    }

    [Theory]
    [InlineData("meetingPointId", "\"nowhere\"", 422, "meeting-point-unknown")]
    [InlineData("officerIds", "[\"00000000-0000-0000-0000-000000000001\"]", 422, "officer-unknown")]
    [InlineData("language", "\"xx\"", 422, "language-not-spoken")]
    [InlineData("meetingPointId", "\"nunhead-station\"", 422, "not-step-free")]
    [InlineData("minutes", "29", 400, null)]
    [InlineData("capacity", "0", 400, null)]
    [InlineData("language", "\"English\"", 400, null)]
    [InlineData("officerIds", "[]", 400, null)]
    [InlineData("date", "\"soon\"", 400, null)]
    public async Task A_faulty_plan_is_refused_by_name(string field, string value, int status, string? type)
    {
        var (officer, _) = await app.SignedInOfficer(12);
        var plan = System.Text.Json.JsonSerializer.SerializeToNode(BookingApp.Plan(officer.OfficerId, app.NextFreeTime()))!;
        plan["stepFree"] = true;
        plan[field] = JsonNode.Parse(value);
        var answer = await Try(plan);
        Assert.Equal(status, (int)answer.StatusCode);
        if (type is not null) Assert.Equal(type, await answer.Refusal(status));
    }

    [Fact]
    public async Task The_coordinator_sees_her_list_and_no_other_forces()
    {
        var (officer, _) = await app.SignedInOfficer(13);
        var walk = await app.Publish(officer.OfficerId);
        var list = (await app.Coordinator.GetFromJsonAsync<List<ScheduledWalk>>("/v1/metropolitan/schedule?days=60"))!;
        Assert.Equal(officer.CollarNumber, list.Single(w => w.WalkId == walk.WalkId).Officers.Single().CollarNumber);
        using var others = app.Client("coordinator", force: BookingApp.OtherForce);
        Assert.Empty((await others.GetFromJsonAsync<List<ScheduledWalk>>("/v1/west-mercia/schedule?days=60"))!);
        Assert.Equal("walk-unknown", await (await others.PostAsJsonAsync($"/v1/west-mercia/walks/{walk.WalkId}/cancel", new { reason = "other" })).Refusal(404));
    }

    [Fact]
    public async Task An_account_belongs_to_one_officer()
    {
        var (first, _) = await app.SignedInOfficer(14);
        var second = await app.SignedInOfficer(15);
        var answer = await app.Coordinator.PutAsJsonAsync($"/v1/metropolitan/officers/{second.Officer.OfficerId}/account", new { sub = $"sub-of-{first.CollarNumber.Replace(" ", "")}" });
        Assert.Equal("account-taken", await answer.Refusal(409));
    }

    private Task<HttpResponseMessage> Try(object plan) => app.Coordinator.PostAsJsonAsync("/v1/metropolitan/walks", plan);

    private static DateTimeOffset Minute(DateTimeOffset at) => new(at.Year, at.Month, at.Day, at.Hour, at.Minute, 0, TimeSpan.Zero);
}

public sealed class PublishAndFindOnSqlite(BookingApp.Sqlite app) : PublishAndFindTests(app), IClassFixture<BookingApp.Sqlite>;

public sealed class PublishAndFindOnPostgres(BookingApp.Postgres app) : PublishAndFindTests(app), IClassFixture<BookingApp.Postgres>;
