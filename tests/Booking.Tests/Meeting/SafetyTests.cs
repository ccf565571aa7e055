using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking.Tests.Meeting;

/// <summary>From the start of a walk somebody watches: what is late is called out, goes from one to the next until somebody has it, and ends with a word on how.</summary>
public abstract class SafetyTests(BookingApp app)
{
    private static string Step(Guid walkId, string step) => $"/v1/metropolitan/walks/{walkId}/{step}";

    private async Task<(WalkPublishedReply Walk, HttpClient Officer)> BeforeTheStart(int officerIndex)
    {
        var (row, officer) = await app.SignedInOfficer(officerIndex);
        var walk = await app.Publish(row.OfficerId);
        await app.Book(walk.WalkId);
        if (app.Time.GetUtcNow() < walk.StartsAt.AddMinutes(-5)) app.Time.SetUtcNow(walk.StartsAt.AddMinutes(-5));
        return (walk, officer);
    }

    private async Task<(WalkPublishedReply Walk, HttpClient Officer)> UnderWay(int officerIndex)
    {
        var (walk, officer) = await BeforeTheStart(officerIndex);
        (await officer.PostAsJsonAsync(Step(walk.WalkId, "start"), new { @override = "known-person" })).EnsureSuccessStatusCode();
        return (walk, officer);
    }

    [Fact]
    public async Task Nobody_takes_it_so_it_goes_from_one_to_the_next_until_somebody_does()
    {
        var (walk, _) = await UnderWay(0);
        app.Time.SetUtcNow(walk.EndsAt.AddMinutes(10));
        await app.Eventually(async () => (await Alerts(walk.WalkId)).Count == 1, "the alarm");
        var alert = await Alert(walk.WalkId);
        Assert.Equal(["control-room", "coordinator"], await Told(alert, 1));

        // The next turn is planned with each; the platform's own scheduler brings it.
        foreach (var (turn, who) in (IEnumerable<(int, string)>)[(1, "control-room"), (2, "coordinator"), (3, "control-room")])
        {
            app.Time.Advance(TimeSpan.FromMinutes(10));
            await app.Eventually(async () => (await Told(alert, 1 + turn)).Count > 0, $"turn {turn}");
            Assert.Equal([who], await Told(alert, 1 + turn));
        }

        // A restart forgets nothing: the next turn still comes.
        await app.Restart();
        app.Time.Advance(TimeSpan.FromMinutes(10));
        await app.Eventually(async () => (await Told(alert, 5)).Count > 0, "the turn after the restart");

        Assert.True((await Alert(walk.WalkId)).Escalated);
        await Post(await Alert(walk.WalkId), "acknowledge", new { });
        Assert.DoesNotContain(await app.Scheduled<EscalationDue>(), d => d.Message.AlertId == alert.AlertId);
        // One that was on its way as she took it finds that she has it.
        await app.Deliver(new EscalationDue(alert.AlertId, 5));
        Assert.Empty(await Told(alert, 6));
    }

    [Fact]
    public async Task However_many_replicas_find_her_overdue_one_alarm_is_raised()
    {
        var (walk, _) = await UnderWay(1);
        app.Time.SetUtcNow(walk.EndsAt.AddMinutes(10));
        // Beside the scheduler's own, many consumers in transactions of their own, as replicas have them.
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            await using var scope = app.Services.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<BookingDb>();
            db.Force = "metropolitan";
            await db.Atomically(async () =>
            {
                await new RaiseOverdue(db, scope.ServiceProvider.GetRequiredService<BookingMail>()).Consume(new WalkDue(walk.WalkId), null!, default);
                return await db.SaveChangesAsync();
            });
        })));
        Assert.Single(await Alerts(walk.WalkId));
        Assert.Equal(2, (await app.Messages("checkin-overdue", (await Alert(walk.WalkId)).AlertId)).Count);
    }

    [Fact]
    public async Task It_is_said_how_an_alarm_ended()
    {
        var (walk, officer) = await UnderWay(2);
        app.Time.SetUtcNow(walk.EndsAt.AddMinutes(10));
        await app.Eventually(async () => (await Alerts(walk.WalkId)).Count == 1, "the alarm");
        var alert = await Alert(walk.WalkId);
        Assert.Equal("if-match-required", await (await app.Coordinator.PostAsJsonAsync($"/v1/metropolitan/alerts/{alert.AlertId}/resolve", new { outcome = "well" })).Refusal(428));
        Assert.Equal(HttpStatusCode.BadRequest, (await Send(alert, "resolve", new { outcome = "heard" })).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await Send(alert, "resolve", new { outcome = "well", note = new string('x', 501) })).StatusCode);
        await Post(alert, "resolve", new { outcome = "well", note = "Her battery was empty." });
        var ended = await Alert(walk.WalkId);
        Assert.Equal(("well", "Her battery was empty.", true), (ended.Outcome, ended.Note, ended.AcknowledgedAt is not null));
        Assert.Equal("changed-meanwhile", await (await Send(alert, "resolve", new { outcome = "mistake" })).Refusal(412));
        Assert.DoesNotContain(await app.Scheduled<EscalationDue>(), d => d.Message.AlertId == alert.AlertId);

        (await officer.PostAsync(Step(walk.WalkId, "end"), null)).EnsureSuccessStatusCode();
        Assert.Equal("well", (await Alert(walk.WalkId)).Outcome);
    }

    [Fact]
    public async Task She_calls_for_help_at_any_time_and_everybody_on_duty_has_it_at_once()
    {
        var (walk, officer) = await BeforeTheStart(3);
        var (_, stranger) = await app.SignedInOfficer(4);
        Assert.Equal("not-your-walk", await (await stranger.PostAsync(Step(walk.WalkId, "help"), null)).Refusal(403));
        var help = await (await officer.PostAsync(Step(walk.WalkId, "help"), null)).Content<AlarmRaised>(HttpStatusCode.OK);
        Assert.Equal(help.AlertId, (await (await officer.PostAsync(Step(walk.WalkId, "help"), null)).Content<AlarmRaised>(HttpStatusCode.OK)).AlertId);
        var alert = await Alert(walk.WalkId);
        Assert.Equal("help", alert.Kind);
        Assert.Equal(["control-room", "coordinator"], await Told(alert, 1, "officer-help"));
        Assert.All(await app.Messages("officer-help", alert.AlertId), m => Assert.Equal(("urgent", true), (m.Urgency, m.Mandatory)));

        Assert.Equal(("help", null), (await Hers(officer, walk)).Select(a => (a.Kind, a.TakenAt)).Single());

        // Sooner than for any other alarm.
        app.Time.Advance(TimeSpan.FromMinutes(2));
        await app.Eventually(async () => (await Told(alert, 2, "officer-help")).Count > 0, "the next turn");
        // It does not stand in the way of the walk, and a sign of life does not end it: only a person does.
        (await officer.PostAsJsonAsync(Step(walk.WalkId, "start"), new { @override = "known-person" })).EnsureSuccessStatusCode();
        (await officer.PostAsync(Step(walk.WalkId, "end"), null)).EnsureSuccessStatusCode();
        Assert.Null((await Alert(walk.WalkId)).ResolvedAt);
        // On her own page she sees that somebody has it, and nothing any more when it is over.
        await Post(await Alert(walk.WalkId), "acknowledge", new { });
        Assert.Equal(app.Time.GetUtcNow(), (await Hers(officer, walk)).Single().TakenAt);
        await Post(await Alert(walk.WalkId), "resolve", new { outcome = "helped" });
        Assert.Empty(await Hers(officer, walk));
        Assert.Equal("alert-unknown", await (await Send(alert with { AlertId = Guid.NewGuid() }, "acknowledge", new { })).Refusal(404));

        var (early, _) = await app.SignedInOfficer(3);
        var later = await app.Publish(early.OfficerId, at: walk.EndsAt.AddDays(2));
        Assert.Equal("walk-not-now", await (await officer.PostAsync(Step(later.WalkId, "help"), null)).Refusal(409));
    }

    [Fact]
    public async Task A_booked_walk_that_nobody_started_is_called_out_ten_minutes_after_its_end()
    {
        var (row, officer) = await app.SignedInOfficer(7);
        var walk = await app.Publish(row.OfficerId);
        var (bookingId, _) = await app.Book(walk.WalkId);
        var empty = await app.Publish(row.OfficerId);
        app.Time.SetUtcNow(walk.EndsAt.AddMinutes(9));
        await app.Deliver(new WalkDue(walk.WalkId));
        Assert.Empty(await Alerts(walk.WalkId));

        app.Time.SetUtcNow(walk.EndsAt.AddMinutes(10));
        await app.Eventually(async () => (await Alerts(walk.WalkId)).Count == 1, "the alarm");
        var alert = await Alert(walk.WalkId);
        Assert.Equal(("overdue", "published"), (alert.Kind, alert.WalkState));
        Assert.Equal(["control-room", "coordinator"], await Told(alert, 1));
        var hers = Assert.Single(await Hers(officer, walk));
        Assert.Equal(("overdue", null), (hers.Kind, hers.TakenAt));

        // She waited in vain and was well all the time.
        (await officer.PostAsync(Step(walk.WalkId, "nobody-came"), null)).EnsureSuccessStatusCode();
        Assert.Equal(BookingState.NoShowParticipant, (await app.Booking(bookingId)).State);
        Assert.Equal("heard", (await Alert(walk.WalkId)).Outcome);
        Assert.DoesNotContain(await app.Scheduled<EscalationDue>(), d => d.Message.AlertId == alert.AlertId);

        // To a walk that nobody has booked nobody went.
        Assert.Equal(empty.EndsAt.AddMinutes(10), (await app.Scheduled<WalkDue>()).Single(d => d.Message.WalkId == empty.WalkId).DueAt);
        app.Time.SetUtcNow(empty.EndsAt.AddMinutes(10));
        await app.Deliver(new WalkDue(empty.WalkId));
        Assert.Empty(await Alerts(empty.WalkId));
    }

    [Fact]
    public async Task A_planned_walk_is_watched_like_one_published_by_hand()
    {
        var (row, _) = await app.SignedInOfficer(8);
        var day = DateOnly.FromDateTime(app.Time.GetUtcNow().UtcDateTime).AddDays(3);
        (await app.Coordinator.PostAsJsonAsync($"/v1/metropolitan/officers/{row.OfficerId}/availability", new { firstDate = day, from = "12:00", until = "14:00" })).EnsureSuccessStatusCode();
        var plan = await (await app.Coordinator.PostAsJsonAsync("/v1/metropolitan/plan", new { from = day, days = 1, minutes = 90, wards = row.Areas })).Content<WalksPlanned>(HttpStatusCode.OK);
        var planned = plan.Walks.First(w => w.Officer.CollarNumber == row.CollarNumber);
        Assert.Equal(planned.EndsAt.AddMinutes(10), (await app.Scheduled<WalkDue>()).Single(d => d.Message.WalkId == planned.WalkId).DueAt);
    }

    [Fact]
    public async Task What_had_no_signal_comes_later_and_is_told_as_it_was()
    {
        var (walk, officer) = await BeforeTheStart(5);
        // Her phone has no signal from before the start until twenty minutes after the end.
        app.Time.SetUtcNow(walk.EndsAt.AddMinutes(20));
        var start = new { @override = "no-signal", happenedAt = walk.StartsAt.AddMinutes(2) };
        var started = await (await officer.PostAsJsonAsync(Step(walk.WalkId, "start"), start)).Content<WalkStep>(HttpStatusCode.OK);
        Assert.Equal(walk.EndsAt.AddMinutes(2), started.EndDue);
        // It is overdue by now, but the rest of what she did may be on its way: nobody is called in that moment.
        Assert.Equal(walk.EndsAt.AddMinutes(22), (await app.Scheduled<WalkDue>()).Single(d => d.Message.WalkId == walk.WalkId).DueAt);
        (await officer.PostAsJsonAsync(Step(walk.WalkId, "check-ins"), new { happenedAt = walk.StartsAt.AddMinutes(30) })).EnsureSuccessStatusCode();
        Assert.Equal(walk.StartsAt.AddMinutes(30), (await app.Walk(walk.WalkId)).LastSeenAt);

        // It does not come in time after all: the alarm is raised, and her word ends it where everybody sees it.
        app.Time.SetUtcNow(walk.EndsAt.AddMinutes(22));
        await app.Eventually(async () => (await Alerts(walk.WalkId)).Count == 1, "the alarm");
        (await officer.PostAsJsonAsync(Step(walk.WalkId, "check-ins"), new { happenedAt = walk.EndsAt.AddMinutes(-20) })).EnsureSuccessStatusCode();
        Assert.Null((await Alert(walk.WalkId)).ResolvedAt);
        (await officer.PostAsJsonAsync(Step(walk.WalkId, "end"), new { happenedAt = walk.EndsAt.AddMinutes(-1) })).EnsureSuccessStatusCode();
        var alert = await Alert(walk.WalkId);
        Assert.Equal(("heard", "ended"), (alert.Outcome, alert.WalkState));
        Assert.DoesNotContain(await app.Scheduled<EscalationDue>(), d => d.Message.AlertId == alert.AlertId);
        Assert.Equal(walk.EndsAt.AddMinutes(-1), alert.LastSeenAt);

        // The start without words waits for somebody to look at it, with both times.
        var row = (await app.Coordinator.GetFromJsonAsync<List<OverrideRow>>("/v1/metropolitan/overrides"))!.Single(o => o.WalkId == walk.WalkId);
        Assert.Equal(("no-signal", 1, walk.StartsAt.AddMinutes(2), walk.EndsAt.AddMinutes(20)), (row.Reason, row.Bookings, row.HappenedAt, row.ReceivedAt));
        Assert.Equal("if-match-required", await (await app.Coordinator.PostAsJsonAsync($"/v1/metropolitan/overrides/{row.OverrideId}/close", new { note = "Both sides were asked." })).Refusal(428));
        var coordinator = app.Coordinator;
        coordinator.DefaultRequestHeaders.Add("If-Match", row.ETag);
        Assert.Equal(HttpStatusCode.BadRequest, (await coordinator.PostAsJsonAsync($"/v1/metropolitan/overrides/{row.OverrideId}/close", new { note = "" })).StatusCode);
        (await coordinator.PostAsJsonAsync($"/v1/metropolitan/overrides/{row.OverrideId}/close", new { note = "Both sides were asked." })).EnsureSuccessStatusCode();
        row = (await app.Coordinator.GetFromJsonAsync<List<OverrideRow>>("/v1/metropolitan/overrides"))!.Single(o => o.WalkId == walk.WalkId);
        Assert.Equal(("Both sides were asked.", true), (row.Note, row.ClosedAt is not null));
        Assert.Equal("override-unknown", await (await coordinator.PostAsJsonAsync($"/v1/metropolitan/overrides/{Guid.NewGuid()}/close", new { note = "Both sides were asked." })).Refusal(404));
    }

    [Fact]
    public async Task A_time_that_cannot_be_is_refused_by_name()
    {
        var (walk, officer) = await BeforeTheStart(6);
        var now = app.Time.GetUtcNow();
        Assert.Equal("not-happened-yet", await (await Start(now.AddMinutes(3))).Refusal(422));
        Assert.Equal("happened-before-its-day", await (await Start(walk.StartsAt.AddDays(-1))).Refusal(422));
        Assert.Equal("walk-not-now", await (await Start(walk.StartsAt.AddMinutes(-31))).Refusal(409));
        // A phone's clock may be a little fast: then it happens now.
        (await Start(now.AddMinutes(1))).EnsureSuccessStatusCode();
        Assert.Equal(now, (await app.Walk(walk.WalkId)).LastSeenAt);

        Task<HttpResponseMessage> Start(DateTimeOffset at) => officer.PostAsJsonAsync(Step(walk.WalkId, "start"), new { @override = "no-signal", happenedAt = at });
    }

    private static async Task<IReadOnlyList<OfficerAlarm>> Hers(HttpClient officer, WalkPublishedReply walk) =>
        (await officer.GetFromJsonAsync<DaySheetView>($"/v1/metropolitan/day-sheet?date={walk.StartsAt:yyyy-MM-dd}"))!.Walks.Single(w => w.WalkId == walk.WalkId).Alarms;

    private async Task<List<AlertRow>> Alerts(Guid walkId) =>
        [.. (await app.Coordinator.GetFromJsonAsync<List<AlertRow>>("/v1/metropolitan/alerts"))!.Where(a => a.WalkId == walkId)];

    private async Task<AlertRow> Alert(Guid walkId) => (await Alerts(walkId)).Single();

    private async Task<List<string>> Told(AlertRow alert, int version, string template = "checkin-overdue")
    {
        var duty = app.Services.GetRequiredService<ForcePackCatalogue>().Get("metropolitan").DutyContacts;
        return [.. (await app.Messages(template, alert.AlertId)).Where(m => m.SubjectVersion == version)
            .Select(m => app.Services.GetRequiredService<Transit>().Open(m.RecipientProtected)).Select(address => duty.Single(c => c.Email == address).Role).Order()];
    }

    private async Task<HttpResponseMessage> Send(AlertRow alert, string step, object body)
    {
        var coordinator = app.Coordinator;
        coordinator.DefaultRequestHeaders.Add("If-Match", alert.ETag);
        return await coordinator.PostAsJsonAsync($"/v1/metropolitan/alerts/{alert.AlertId}/{step}", body);
    }

    private async Task Post(AlertRow alert, string step, object body) => Assert.Equal(HttpStatusCode.NoContent, (await Send(alert, step, body)).StatusCode);
}

public sealed class SafetyOnSqlite(BookingApp.Sqlite app) : SafetyTests(app), IClassFixture<BookingApp.Sqlite>;

public sealed class SafetyOnPostgres(BookingApp.Postgres app) : SafetyTests(app), IClassFixture<BookingApp.Postgres>;
