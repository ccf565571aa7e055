using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using WalkTalk.Contracts.Booking;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.Contracts.Notification;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking.Tests.Requests;

public abstract class WalkRequestTests(BookingApp app)
{
    private const string Mine = "/v1/metropolitan/my-request", All = "/v1/metropolitan/requests";

    /// <summary>Asked, verified, and with its clock running. Noon of another day for each test.</summary>
    private async Task<(Guid Id, HttpClient Her)> Ask(bool stepFree = false, int people = 1, string spoken = "en", string? band = "dark")
    {
        app.Time.SetUtcNow(new DateTimeOffset(app.Time.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero).AddDays(1).AddHours(12));
        var asked = await (await app.Client().PostAsJsonAsync(All, new
        {
            wardCode = "E05011095", band, days = new[] { "weekdays" }, times = new[] { "evening" }, people, spoken, stepFree, firstName = "Amina", email = $"{Guid.NewGuid():N}@example.org",
        })).Content<WalkAskedFor>(HttpStatusCode.Created);
        var her = app.With("Request", asked.Token);
        var code = app.Open((await app.Messages("contact-verify", asked.RequestId)).Single(), "!code");
        Assert.Equal(HttpStatusCode.NoContent, (await her.PostAsJsonAsync($"{Mine}/confirm", new { code })).StatusCode);
        return (asked.RequestId, her);
    }

    private async Task<MyRequestView> View(HttpClient her) => (await her.GetFromJsonAsync<MyRequestView>(Mine))!;
    private async Task<RequestBoard> Board() => (await app.Coordinator.GetFromJsonAsync<RequestBoard>(All))!;
    private async Task<RequestDetail> Detail(Guid id) => (await app.Coordinator.GetFromJsonAsync<RequestDetail>($"{All}/{id}"))!;

    private async Task<HttpResponseMessage> Answer(Guid id, string how, object body, string? seen = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{All}/{id}/{how}") { Content = JsonContent.Create(body) };
        request.Headers.Add("If-Match", seen ?? (await Detail(id)).Request.ETag);
        return await app.Coordinator.SendAsync(request);
    }

    private static async Task<HttpResponseMessage> Send(HttpClient her, string path, string etag)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Headers.Add("If-Match", etag);
        return await her.SendAsync(request);
    }

    /// <summary>A walk some days ahead, and the clients it takes.</summary>
    private async Task<WalkPublishedReply> Walk(int officer, int capacity = 1)
    {
        var (row, _) = await app.SignedInOfficer(officer);
        return await app.Publish(row.OfficerId, capacity, app.NextFreeTime().AddDays(3));
    }

    private async Task<List<(DateTimeOffset DueAt, RequestDue Message)>> Planned(Guid id) => [.. (await app.Scheduled<RequestDue>()).Where(r => r.Message.RequestId == id)];

    [Fact]
    public async Task She_asks_is_offered_a_place_and_takes_it_without_another_code()
    {
        var (id, her) = await Ask();
        var asked = await View(her);
        Assert.Equal(("received", "Amina", "Borough & Bankside", "dark"), (asked.State, asked.FirstName, asked.Ward, asked.LightBand));
        var received = (await app.Messages("request-received", id)).Single();
        Assert.Equal(asked.DueAt, Answers.At(received.Fields["until"]));
        Assert.Equal(id, (await View(app.With("Request", app.Open(received, "!link").Split('/')[^1]))).RequestId);
        Assert.Contains(new WalkRequested(id, "E05011095", "dark"), await app.Published<WalkRequested>());
        Assert.Contains((await Board()).Open, r => r.RequestId == id && r is { State: "received", Used: 0, Days: ["weekdays"], Times: ["evening"] });

        var walk = await Walk(0);
        var matched = await (await Answer(id, "match", new { walkId = walk.WalkId })).Content<RequestMatched>(HttpStatusCode.OK);
        Assert.Equal(app.Time.GetUtcNow().AddHours(12), matched.OfferUntil);
        Assert.Equal(1, (await app.Walk(walk.WalkId)).Taken);
        Assert.Equal("matched", (await View(her)).State);
        Assert.Equal("request-answered", await (await Answer(id, "match", new { walkId = walk.WalkId })).Refusal(409));

        var place = await app.Db<BookingDb, Booking>(db => db.Bookings.AsNoTracking().SingleAsync(b => b.RequestId == id));
        var offer = (await app.Messages("slot-offer", place.Id)).Single();
        var link = app.With("Link", app.Open(offer, "!link").Split('/')[^1]);
        var mine = await app.MyWalk(link);
        Assert.Equal(("offered", "Amina", null), (mine.State, mine.FirstName, mine.MeetingPoint));
        Assert.Equal(HttpStatusCode.NoContent, (await Send(link, "/v1/metropolitan/my-walk/place/take", mine.ETag)).StatusCode);
        Assert.Equal("confirmed", (await app.MyWalk(link)).State);
        Assert.Single(await app.Messages("walk-confirmed", place.Id));
        Assert.Contains(new BookingConfirmed(place.Id, walk.WalkId, 1), await app.Published<BookingConfirmed>());
        Assert.Contains(new WalkRequestAnswered(id, "matched"), await app.Published<WalkRequestAnswered>());
        Assert.Contains(new WalkRequestOffered(id, 0), await app.Published<WalkRequestOffered>());
        Assert.Empty(await Planned(id));
        Assert.DoesNotContain((await Board()).Open, r => r.RequestId == id);

        // The request is forgotten a week later, the booking lives on with a key of its own.
        await app.ForgetRequest(id);
        Assert.Equal("link-unknown", await (await her.GetAsync(Mine)).Refusal(401));
        Assert.Equal("Amina", (await app.MyWalk(link)).FirstName);
    }

    [Fact]
    public async Task A_request_that_waits_always_has_its_next_reminder_and_the_coordinator_hears_of_it()
    {
        var (id, _) = await Ask();
        var due = (await Detail(id)).Request.DueAt;
        Assert.Equal(1.6, ((await Planned(id)).Single().DueAt - app.Time.GetUtcNow()) / (due - app.Time.GetUtcNow()) * 2, 2);
        string[] told = ["sla-warning", "sla-breach", "sla-breach", "sla-breach"];
        for (var reminder = 0; reminder < told.Length; reminder++)
        {
            var (at, message) = Assert.Single(await Planned(id));
            Assert.Equal(reminder, message.Reminder);
            app.Time.SetUtcNow(at);
            await app.Deliver(message);
            await app.Deliver(message); // a second time says nothing more
            Assert.NotEmpty(await app.Messages(told[reminder], id));
        }
        Assert.Equal([1L, 2L, 3L], (await app.Messages("sla-breach", id)).Select(m => m.SubjectVersion).Distinct().Order());
        Assert.Equal(due.AddDays(3), (await Planned(id)).Single().DueAt);
        var duty = app.Services.GetRequiredService<ForcePackCatalogue>().Get("metropolitan").DutyContacts.Where(c => c.Role == "coordinator").Select(c => c.Email);
        Assert.Equal(duty, (await app.Messages("sla-warning", id)).Select(m => app.Services.GetRequiredService<Transit>().Open(m.RecipientProtected)));
        Assert.Equal(100, (await Detail(id)).Request.Used);
        Assert.Contains((await Board()).Unmet, u => u is { Ward: "Borough & Bankside", LightBand: "dark" });
        // Nobody forgets her while she waits.
        await app.Deliver(new DaySheetsDue());
        Assert.Equal("Amina", (await Detail(id)).FirstName);
    }

    [Fact]
    public async Task When_the_offered_place_comes_to_nothing_the_request_waits_again()
    {
        var (id, her) = await Ask();
        foreach (var how in (string[])["leave", "lapse", "call off"])
        {
            var walk = await Walk(1);
            (await Answer(id, "match", new { walkId = walk.WalkId })).EnsureSuccessStatusCode();
            var place = await app.Db<BookingDb, Booking>(db => db.Bookings.AsNoTracking().SingleAsync(b => b.RequestId == id && b.State == BookingState.Offered));
            switch (how)
            {
                case "leave":
                    var link = app.With("Link", app.Open((await app.Messages("slot-offer", place.Id)).Single(), "!link").Split('/')[^1]);
                    (await Send(link, "/v1/metropolitan/my-walk/place/leave", (await app.MyWalk(link)).ETag)).EnsureSuccessStatusCode();
                    break;
                case "lapse":
                    app.Time.SetUtcNow(place.HoldUntil);
                    await app.Deliver(new WaitlistDue(place.Id));
                    break;
                default:
                    (await app.Coordinator.PostAsJsonAsync($"/v1/metropolitan/walks/{walk.WalkId}/cancel", new { reason = "weather" })).EnsureSuccessStatusCode();
                    break;
            }
            Assert.Equal("received", (await View(her)).State);
            Assert.Equal(0, (await app.Walk(walk.WalkId)).Taken);
            Assert.Single(await Planned(id));
        }
    }

    [Fact]
    public async Task How_long_she_waited_for_an_offer_and_that_she_walked_is_told_also_when_the_first_walk_was_called_off()
    {
        var (id, her) = await Ask();
        // Offered at night, she is told at eight: her wait ends then.
        var asked = app.Time.GetUtcNow();
        app.Time.SetUtcNow(asked.AddHours(11));
        var link = await Taken(id, (await Walk(3)).WalkId, told: asked.AddHours(20));
        Assert.Contains(new WalkRequestOffered(id, 20 * 60), await app.Published<WalkRequestOffered>());

        (await app.Coordinator.PostAsJsonAsync($"/v1/metropolitan/walks/{(await app.MyWalk(link)).WalkId}/cancel", new { reason = "weather" })).EnsureSuccessStatusCode();
        // She waits again, and somebody is reminded of it.
        Assert.Equal("received", (await View(her)).State);
        Assert.Single(await Planned(id));
        Assert.Contains((await Board()).Open, r => r.RequestId == id);

        // She chooses another walk by the mail's link: what she asked for is answered by it.
        var booking = (await app.MyWalk(link)).BookingId;
        var cancelled = (await app.Messages("walk-cancelled", booking)).Single();
        var page = app.With("Link", app.Open(cancelled, "!link").Split('/')[^1]);
        var (officer, walks) = await app.SignedInOfficer(4);
        var other = await app.Publish(officer.OfficerId, 1, app.NextFreeTime().AddDays(3));
        using var move = new HttpRequestMessage(HttpMethod.Post, "/v1/metropolitan/my-walk/move") { Content = JsonContent.Create(new { walkId = other.WalkId }) };
        move.Headers.Add("If-Match", (await app.MyWalk(page)).ETag);
        (await page.SendAsync(move)).EnsureSuccessStatusCode();
        (await Send(page, "/v1/metropolitan/my-walk/place/take", (await app.MyWalk(page)).ETag)).EnsureSuccessStatusCode();
        Assert.Equal("matched", (await View(her)).State);
        Assert.Empty(await Planned(id));

        app.Time.SetUtcNow(other.StartsAt);
        Assert.DoesNotContain(new WalkRequestWalked(id), await app.Published<WalkRequestWalked>());
        (await walks.PostAsJsonAsync($"/v1/metropolitan/walks/{other.WalkId}/start", new { absent = Array.Empty<Guid>(), @override = "no-signal" })).EnsureSuccessStatusCode();
        (await walks.PostAsJsonAsync($"/v1/metropolitan/walks/{other.WalkId}/end", new { })).EnsureSuccessStatusCode();
        Assert.Contains(new WalkRequestWalked(id), await app.Published<WalkRequestWalked>());
    }

    /// <summary>Matched with this walk, told and taken; answers her page.</summary>
    private async Task<HttpClient> Taken(Guid id, Guid walkId, DateTimeOffset told)
    {
        (await Answer(id, "match", new { walkId })).EnsureSuccessStatusCode();
        var place = await app.Db<BookingDb, Booking>(db => db.Bookings.AsNoTracking().SingleAsync(b => b.RequestId == id && b.State == BookingState.Offered));
        Assert.Empty(await app.Messages("slot-offer", place.Id));
        app.Time.SetUtcNow(told);
        await app.Eventually(async () => (await app.Messages("slot-offer", place.Id)).Count > 0, "the morning's offer");
        var link = app.With("Link", app.Open((await app.Messages("slot-offer", place.Id)).Single(), "!link").Split('/')[^1]);
        (await Send(link, "/v1/metropolitan/my-walk/place/take", (await app.MyWalk(link)).ETag)).EnsureSuccessStatusCode();
        return link;
    }

    [Fact]
    public async Task A_walk_that_has_not_what_she_needs_is_no_match()
    {
        var (id, _) = await Ask(stepFree: true, people: 2, spoken: "pt");
        var walk = await Walk(2, capacity: 1);
        var refusal = await (await Answer(id, "match", new { walkId = walk.WalkId })).Content.ReadAsStringAsync();
        Assert.Contains("needs-not-met", refusal, StringComparison.Ordinal);
        Assert.Contains("step-free", refusal, StringComparison.Ordinal);
        var (portuguese, _) = await Ask(spoken: "pt");
        Assert.Equal("needs-not-met", await (await Answer(portuguese, "match", new { walkId = walk.WalkId })).Refusal(409));
        Assert.Equal("walk-unknown", await (await Answer(id, "match", new { walkId = Guid.NewGuid() })).Refusal(404));
        Assert.Equal("changed-meanwhile", await (await Answer(id, "match", new { walkId = walk.WalkId }, seen: "\"99\"")).Refusal(412));

        var (other, _) = await Ask(people: 2);
        Assert.Equal("walk-full", await (await Answer(other, "match", new { walkId = walk.WalkId })).Refusal(409));
        Assert.Equal("received", (await Detail(other)).Request.State);
        Assert.Equal(0, (await app.Walk(walk.WalkId)).Taken);
    }

    [Fact]
    public async Task A_no_has_its_reason_and_counts_as_demand_not_met()
    {
        var before = (await Board()).Unmet.Where(u => u.LightBand == "late").Sum(u => u.Requests);
        var (id, her) = await Ask(band: "late");
        Assert.Equal(HttpStatusCode.NoContent, (await Answer(id, "decline", new { reason = "no-officer" })).StatusCode);
        Assert.Equal(("declined", "no-officer"), ((await View(her)).State, (await View(her)).DeclineReason));
        Assert.Equal("No officer is free at those times.", (await app.Messages("request-declined", id)).Single().Fields["reason"]);
        Assert.Contains(new WalkRequestAnswered(id, "declined"), await app.Published<WalkRequestAnswered>());
        Assert.Equal(before + 1, (await Board()).Unmet.Where(u => u.LightBand == "late").Sum(u => u.Requests));
        Assert.Empty(await Planned(id));
        Assert.Equal("request-answered", await (await Send(her, $"{Mine}/withdraw", (await View(her)).ETag)).Refusal(409));
    }

    [Fact]
    public async Task She_takes_it_back_and_what_was_offered_is_free()
    {
        var (id, her) = await Ask();
        var walk = await Walk(3);
        (await Answer(id, "match", new { walkId = walk.WalkId })).EnsureSuccessStatusCode();
        Assert.Equal("if-match-required", await (await her.PostAsync($"{Mine}/withdraw", null)).Refusal(428));
        Assert.Equal(HttpStatusCode.NoContent, (await Send(her, $"{Mine}/withdraw", (await View(her)).ETag)).StatusCode);
        Assert.Equal(("withdrawn", 0), ((await View(her)).State, (await app.Walk(walk.WalkId)).Taken));
        Assert.DoesNotContain((await Board()).Open, r => r.RequestId == id);
        Assert.Empty(await Planned(id));
    }

    [Fact]
    public async Task Without_the_code_nothing_is_asked_of_anybody_and_nothing_is_kept()
    {
        var asked = await (await app.Client().PostAsJsonAsync(All, new { firstName = "Amina", email = "never@example.org" })).Content<WalkAskedFor>(HttpStatusCode.Created);
        var her = app.With("Request", asked.Token);
        Assert.Equal("code-wrong", await (await her.PostAsJsonAsync($"{Mine}/confirm", new { code = "not it" })).Refusal(422));
        Assert.Equal(1, await app.Db<BookingDb, int>(db => db.WalkRequests.Where(r => r.Id == asked.RequestId).Select(r => r.CodeTries).SingleAsync()));
        Assert.Equal("request-unknown", await (await app.Coordinator.GetAsync($"{All}/{asked.RequestId}")).Refusal(404));
        Assert.Equal("ward-unknown", await (await app.Client().PostAsJsonAsync(All, new { wardCode = "E09999999", firstName = "A", email = "a@example.org" })).Refusal(422));
        foreach (var broken in (object[])[new { firstName = "A", email = "a@example.org", days = new[] { "someday" } }, new { firstName = "A", email = "a@example.org", band = "noon" }, new { email = "a@example.org" }])
            Assert.InRange((int)(await app.Client().PostAsJsonAsync(All, broken)).StatusCode, 400, 422);

        app.Time.Advance(TimeSpan.FromMinutes(30));
        var code = app.Open((await app.Messages("contact-verify", asked.RequestId)).Single(), "!code");
        Assert.Equal("hold-expired", await (await her.PostAsJsonAsync($"{Mine}/confirm", new { code })).Refusal(409));
        await app.ForgetRequest(asked.RequestId);
        Assert.False(await app.Db<BookingDb, bool>(db => db.WalkRequests.AnyAsync(r => r.Id == asked.RequestId)));
    }

    [Fact]
    public async Task What_she_needs_is_kept_like_her_contact_and_its_reading_is_audited()
    {
        var (id, her) = await Ask(stepFree: true, spoken: "cy");
        var row = await app.Db<BookingDb, WalkRequest>(db => db.WalkRequests.AsNoTracking().SingleAsync(r => r.Id == id));
        Assert.DoesNotContain("StepFree", row.NeedsProtected, StringComparison.Ordinal);
        Assert.DoesNotContain("tepFree", await her.GetStringAsync(Mine), StringComparison.Ordinal);
        Assert.DoesNotContain("Amina", await app.Coordinator.GetStringAsync(All), StringComparison.Ordinal);
        var detail = await Detail(id);
        Assert.Equal(("cy", true), (detail.Needs!.Spoken, detail.Needs.StepFree));
        Assert.NotEqual(0, await app.Db<BookingDb, int>(db => db.Database.SqlQuery<int>(
            $"SELECT count(*) AS \"Value\" FROM audit WHERE subject_id = {row.PersonId.ToString()} AND action = 'read' AND subject_type = 'needs'").SingleAsync()));
        Assert.DoesNotContain(await app.Published<NotificationRequested>(), m => m.SubjectId == id && m.Fields.Keys.Any(k => k.Contains("need", StringComparison.Ordinal)));
    }
}

public sealed class WalkRequestOnSqlite(BookingApp.Sqlite app) : WalkRequestTests(app), IClassFixture<BookingApp.Sqlite>;

public sealed class WalkRequestOnPostgres(BookingApp.Postgres app) : WalkRequestTests(app), IClassFixture<BookingApp.Postgres>;

public sealed class RequestClockTests
{
    private static readonly ForcePack Pack = ForcePackCatalogue.Load(Path.Combine(AppContext.BaseDirectory, "packs")).Get("metropolitan");

    [Theory]
    [InlineData("2026-11-24T12:00Z", "2026-11-26T20:00Z")] // Tuesday: Thursday, when the scheme closes
    [InlineData("2026-11-27T12:00Z", "2026-12-01T20:00Z")] // Friday: over the weekend
    [InlineData("2026-12-24T12:00Z", "2026-12-30T20:00Z")] // over Christmas and its bank holidays
    [InlineData("2026-07-01T12:00Z", "2026-07-03T19:00Z")] // summer time
    public void The_clock_counts_working_days_of_the_pack(string now, string due) => Assert.Equal(Answers.At(due), WalkRequest.Due(Pack, Answers.At(now), 2));
}
