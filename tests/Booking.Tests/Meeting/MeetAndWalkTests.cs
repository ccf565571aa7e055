using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using WalkTalk.Contracts.Booking;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.Contracts.Notification;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking.Tests.Meeting;

public abstract class MeetAndWalkTests(BookingApp app)
{
    /// <summary>A walk that begins in five minutes, one booking for two, and everybody's clients.</summary>
    private async Task<(WalkPublishedReply Walk, HttpClient Officer, OfficerRow Row, Guid BookingId, HttpClient Her, WordsView Words)> AtTheMeetingPoint(int officerIndex, int people = 2)
    {
        var (row, officer) = await app.SignedInOfficer(officerIndex);
        var walk = await app.Publish(row.OfficerId, capacity: 4);
        var (bookingId, her) = await app.Book(walk.WalkId, people);
        if (app.Time.GetUtcNow() < walk.StartsAt.AddMinutes(-5)) app.Time.SetUtcNow(walk.StartsAt.AddMinutes(-5));
        return (walk, officer, row, bookingId, her, (await app.MyWalk(her)).Words!);
    }

    private static Task<HttpResponseMessage> Say(HttpClient officer, Guid walkId, Guid bookingId, string heard) =>
        officer.PostAsJsonAsync($"/v1/metropolitan/walks/{walkId}/bookings/{bookingId}/words", new { heard });

    private static string Step(Guid walkId, string step) => $"/v1/metropolitan/walks/{walkId}/{step}";

    [Fact]
    public async Task They_prove_each_other_walk_and_she_gets_her_token()
    {
        var (walk, officer, row, bookingId, her, words) = await AtTheMeetingPoint(0);
        var sheet = (await officer.GetFromJsonAsync<DaySheetView>($"/v1/metropolitan/day-sheet?date={walk.StartsAt:yyyy-MM-dd}"))!;
        var coming = sheet.Walks.Single(w => w.WalkId == walk.WalkId).Bookings.Single();
        Assert.Equal(("Amina", 2, words.OfficerSays), (coming.FirstName, coming.People, coming.YouSay));
        Assert.DoesNotContain(words.YouSay, await officer.GetStringAsync($"/v1/metropolitan/day-sheet?date={walk.StartsAt:yyyy-MM-dd}"), StringComparison.Ordinal);

        Assert.Equal("not-verified", await (await officer.PostAsJsonAsync(Step(walk.WalkId, "start"), new { })).Refusal(409));
        var met = await (await Say(officer, walk.WalkId, bookingId, words.YouSay.ToUpperInvariant())).Content<MeetingVerified>(HttpStatusCode.OK);
        Assert.Equal("matched", met.Outcome);
        Assert.Contains(new BookingMet(bookingId, walk.WalkId), await app.Published<BookingMet>());
        Assert.Equal("nothing-to-verify", await (await Say(officer, walk.WalkId, bookingId, words.YouSay)).Refusal(409));
        Assert.Null((await app.MyWalk(her)).Words);

        Assert.Equal("not-attended", await (await her.PostAsync("/v1/metropolitan/my-walk/attendance-token", null)).Refusal(409));
        var started = await (await officer.PostAsJsonAsync(Step(walk.WalkId, "start"), new { })).Content<WalkStep>(HttpStatusCode.OK);
        Assert.Equal(walk.EndsAt, started.EndDue);
        Assert.Contains(new WalkStarted(walk.WalkId, 1, 0), await app.Published<WalkStarted>());
        (await officer.PostAsync(Step(walk.WalkId, "check-ins"), null)).EnsureSuccessStatusCode();
        (await officer.PostAsync(Step(walk.WalkId, "end"), null)).EnsureSuccessStatusCode();
        Assert.Contains(new WalkEnded(walk.WalkId, 2), await app.Published<WalkEnded>());
        Assert.Equal("walk-not-started", await (await officer.PostAsync(Step(walk.WalkId, "check-ins"), null)).Refusal(409));

        // Thanked by a mail that carries her link and no token; the token comes from the link, once for each of the two.
        var thanks = (await app.Messages("walk-thanks", bookingId)).Single();
        var link = app.With("Link", app.Open(thanks, "!link").Split('/')[^1]);
        using var key = ECDsa.Create();
        key.ImportFromPem(await app.Client().GetStringAsync("/v1/metropolitan/attendance-key"));
        var nonces = new HashSet<string>();
        var auditBefore = await Audits(bookingId);
        for (var i = 0; i < 2; i++)
        {
            var token = await (await link.PostAsync("/v1/metropolitan/my-walk/attendance-token", null)).Content<AttendanceTokenReply>(HttpStatusCode.OK);
            Assert.True(AttendanceToken.TryRead(token.Token, key, out var claims));
            Assert.Equal(("metropolitan", "E05011095", AttendanceToken.QuarterOf(DateOnly.FromDateTime(walk.StartsAt.DateTime))), (claims.Force, claims.Ward, claims.Quarter));
            Assert.True(nonces.Add(claims.Nonce));
            Assert.False(AttendanceToken.TryRead(token.Token.Replace('.', 'x'), key, out _));
            Assert.False(AttendanceToken.TryRead(token.Token + "A", key, out _));
        }
        Assert.Equal("tokens-taken", await (await link.PostAsync("/v1/metropolitan/my-walk/attendance-token", null)).Refusal(409));
        Assert.Equal(auditBefore, await Audits(bookingId)); // nothing tells when she took it
        Assert.Equal(row.FirstName, (await app.MyWalk(link)).Officers.Single().FirstName);
    }

    [Fact]
    public async Task The_third_miss_alarms_the_force_and_blocks_the_start_until_somebody_has_it()
    {
        var (walk, officer, _, bookingId, her, words) = await AtTheMeetingPoint(1);
        Assert.Equal(("try-again", 2), await Outcome(await Say(officer, walk.WalkId, bookingId, "wrong words")));
        Assert.Equal(("try-again", 1), await Outcome(await Say(officer, walk.WalkId, bookingId, words.OfficerSays)));
        Assert.Equal(1, (await app.MyWalk(her)).Words!.TriesLeft);
        Assert.Equal(("mismatched", 0), await Outcome(await Say(officer, walk.WalkId, bookingId, "wrong words")));
        Assert.Equal("already-mismatched", await (await Say(officer, walk.WalkId, bookingId, words.YouSay)).Refusal(409));
        Assert.Contains(new MeetingMismatched(walk.WalkId, bookingId), await app.Published<MeetingMismatched>());

        var alert = await Alert(walk.WalkId);
        Assert.Equal("mismatch", alert.Kind);
        var told = await app.Messages("verify-alert", alert.AlertId);
        var addresses = told.Select(m => app.Services.GetRequiredService<Transit>().Open(m.RecipientProtected)).Order().ToList();
        var duty = app.Services.GetRequiredService<ForcePackCatalogue>().Get("metropolitan").DutyContacts;
        Assert.Equal(duty.Where(c => c.Role is "coordinator" or "control-room").Select(c => c.Email).Order(), addresses);
        Assert.All(told, m => Assert.Equal(("urgent", true), (m.Urgency, m.Mandatory)));

        Assert.Equal("alarm-open", await (await officer.PostAsJsonAsync(Step(walk.WalkId, "start"), new { @override = "known-person" })).Refusal(409));
        Assert.Equal("if-match-required", await (await app.Coordinator.PostAsync($"/v1/metropolitan/alerts/{alert.AlertId}/acknowledge", null)).Refusal(428));
        await Acknowledge(alert);
        (await officer.PostAsJsonAsync(Step(walk.WalkId, "start"), new { @override = "known-person" })).EnsureSuccessStatusCode();
        Assert.Contains(new WalkStarted(walk.WalkId, 0, 1), await app.Published<WalkStarted>());
        Assert.NotNull((await Alert(walk.WalkId)).AcknowledgedAt);
        await app.Deliver(new EscalationDue(alert.AlertId));
        Assert.Equal(told.Count, (await app.Messages("verify-alert", alert.AlertId)).Count);
    }

    [Fact]
    public async Task Something_is_wrong_alarms_at_once_from_either_side_and_only_once()
    {
        var (walk, officer, _, bookingId, her, _) = await AtTheMeetingPoint(2);
        var first = await (await her.PostAsync("/v1/metropolitan/my-walk/alarm", null)).Content<AlarmRaised>(HttpStatusCode.OK);
        var second = await (await officer.PostAsync($"/v1/metropolitan/walks/{walk.WalkId}/bookings/{bookingId}/alarm", null)).Content<AlarmRaised>(HttpStatusCode.OK);
        Assert.Equal(first.AlertId, second.AlertId);
        Assert.Contains(new MeetingMismatched(walk.WalkId, bookingId), await app.Published<MeetingMismatched>());
        Assert.Null((await app.MyWalk(her)).Words);

        Assert.Equal([1L, 1L], (await app.Messages("verify-alert", first.AlertId)).Select(m => m.SubjectVersion));
    }

    [Fact]
    public async Task She_asks_whether_the_officer_is_on_this_walk_now()
    {
        var (walk, _, row, bookingId, her, _) = await AtTheMeetingPoint(3);
        var (other, _) = await app.SignedInOfficer(4);
        var spoken = $" {row.CollarNumber.Replace(" ", "").ToLowerInvariant()} ";
        Assert.Equal(("genuine", false), await Check(her, spoken));
        Assert.Empty(await app.Db<BookingDb, List<Alert>>(db => db.Alerts.Where(a => a.WalkId == walk.WalkId).ToListAsync()));
        // An officer who walks elsewhere and a number nobody has look the same; a third wrong one, or none, is no slip.
        Assert.Equal(("not-on-this-walk", true), await Check(her, other.CollarNumber));
        Assert.Equal(("not-on-this-walk", true), await Check(her, "9999 ZZ"));
        Assert.Equal(("stop-call-999", true), await Check(her, other.CollarNumber));
        Assert.Equal(("stop-call-999", true), await Check(her, null));
        Assert.Equal(("genuine", false), await Check(her, row.CollarNumber));
        Assert.Equal("mismatch", (await Alert(walk.WalkId)).Kind);
        // A typing slip alarms, but does not spoil her words: the right officer can still prove herself.
        Assert.Equal(Verification.Issued, (await app.Booking(bookingId)).Meeting);

        app.Time.SetUtcNow(walk.EndsAt.AddMinutes(1));
        Assert.Equal(("not-on-this-walk", false), await Check(her, row.CollarNumber));
    }

    [Fact]
    public async Task It_cannot_be_used_to_follow_an_officer_about()
    {
        var (row, _) = await app.SignedInOfficer(9);
        var walk = await app.Publish(row.OfficerId, capacity: 4);
        var (_, her) = await app.Book(walk.WalkId);
        var (_, gone) = await app.Book(walk.WalkId);
        app.Time.SetUtcNow(walk.StartsAt.AddMinutes(-61));
        foreach (var number in (string?[])[row.CollarNumber, "9999 ZZ", null]) Assert.Equal(("not-on-this-walk", false), await Check(her, number));
        Assert.Empty(await app.Db<BookingDb, List<Alert>>(db => db.Alerts.Where(a => a.WalkId == walk.WalkId).ToListAsync()));
        using var cancel = new HttpRequestMessage(HttpMethod.Post, "/v1/metropolitan/my-walk/cancel") { Content = JsonContent.Create(new { }) };
        cancel.Headers.Add("If-Match", (await app.MyWalk(gone)).ETag);
        (await gone.SendAsync(cancel)).EnsureSuccessStatusCode();

        app.Time.SetUtcNow(walk.StartsAt.AddMinutes(-59));
        Assert.Equal(("not-on-this-walk", false), await Check(gone, row.CollarNumber));
        Assert.Equal(("genuine", false), await Check(her, row.CollarNumber));
        for (var i = 0; i < 10; i++) await Check(her, $"{1000 + i} AS");
        Assert.Equal(("stop-call-999", true), await Check(her, row.CollarNumber));
        Assert.Single(await app.Db<BookingDb, List<Alert>>(db => db.Alerts.Where(a => a.WalkId == walk.WalkId).ToListAsync()));
    }

    [Fact]
    public async Task Only_the_assigned_officer_may_act()
    {
        var (walk, _, _, bookingId, _, words) = await AtTheMeetingPoint(5);
        var (_, stranger) = await app.SignedInOfficer(6);
        Assert.Equal("not-your-walk", await (await Say(stranger, walk.WalkId, bookingId, words.YouSay)).Refusal(403));
        Assert.Equal("not-your-walk", await (await stranger.PostAsJsonAsync(Step(walk.WalkId, "start"), new { @override = "no-signal" })).Refusal(403));
        Assert.Equal("not-your-walk", await (await stranger.PostAsync(Step(walk.WalkId, "check-ins"), null)).Refusal(403));
        Assert.Equal("not-your-walk", await (await stranger.PostAsync(Step(walk.WalkId, "end"), null)).Refusal(403));
        Assert.Equal("not-your-walk", await (await app.Client("officer", sub: "nobody").GetAsync("/v1/metropolitan/day-sheet")).Refusal(403));
        Assert.Equal("walk-unknown", await (await stranger.PostAsync(Step(Guid.NewGuid(), "end"), null)).Refusal(404));
        Assert.Empty((await stranger.GetFromJsonAsync<DaySheetView>($"/v1/metropolitan/day-sheet?date={walk.StartsAt:yyyy-MM-dd}"))!.Walks);
    }

    [Fact]
    public async Task Words_of_another_booking_prove_nothing_and_early_words_are_not_heard()
    {
        var (row, officer) = await app.SignedInOfficer(7);
        var walk = await app.Publish(row.OfficerId, capacity: 4);
        var (first, her) = await app.Book(walk.WalkId);
        var (second, _) = await app.Book(walk.WalkId);
        app.Time.SetUtcNow(walk.StartsAt.AddMinutes(-31));
        var words = (await app.MyWalk(her)).Words!;
        Assert.Equal("words-not-now", await (await Say(officer, walk.WalkId, first, words.YouSay)).Refusal(409));
        app.Time.SetUtcNow(walk.StartsAt.AddMinutes(-30));
        Assert.Equal(("try-again", 2), await Outcome(await Say(officer, walk.WalkId, second, words.YouSay)));
        Assert.Equal("booking-unknown", await (await Say(officer, walk.WalkId, Guid.NewGuid(), words.YouSay)).Refusal(404));
        Assert.Equal(("matched", 3), await Outcome(await Say(officer, walk.WalkId, first, words.YouSay)));

        Assert.Equal("not-verified", await (await officer.PostAsJsonAsync(Step(walk.WalkId, "start"), new { })).Refusal(409));
        (await officer.PostAsJsonAsync(Step(walk.WalkId, "start"), new { absent = new[] { second } })).EnsureSuccessStatusCode();
        Assert.Equal(BookingState.NoShowParticipant, (await app.Booking(second)).State);
    }

    [Fact]
    public async Task Overdue_by_ten_minutes_calls_the_coordinator_and_a_check_in_puts_it_off()
    {
        var (walk, officer, _, bookingId, _, words) = await AtTheMeetingPoint(8);
        (await Say(officer, walk.WalkId, bookingId, words.YouSay)).EnsureSuccessStatusCode();
        (await officer.PostAsJsonAsync(Step(walk.WalkId, "start"), new { })).EnsureSuccessStatusCode();
        Assert.Equal(walk.EndsAt.AddMinutes(10), await Due());

        app.Time.SetUtcNow(walk.EndsAt.AddMinutes(5));
        (await officer.PostAsync(Step(walk.WalkId, "check-ins"), null)).EnsureSuccessStatusCode();
        Assert.Equal(walk.EndsAt.AddMinutes(30), await Due());
        app.Time.SetUtcNow(walk.EndsAt.AddMinutes(11));
        await app.Deliver(new WalkDue(walk.WalkId)); // the reminder that was put off
        Assert.DoesNotContain((await app.Coordinator.GetFromJsonAsync<List<AlertRow>>("/v1/metropolitan/alerts"))!, a => a.WalkId == walk.WalkId);

        app.Time.SetUtcNow(walk.EndsAt.AddMinutes(30));
        await app.Deliver(new WalkDue(walk.WalkId));
        var alert = await Alert(walk.WalkId);
        Assert.Equal(("overdue", "started"), (alert.Kind, alert.WalkState));
        var told = await app.Messages("checkin-overdue", alert.AlertId);
        Assert.All(told, m => Assert.Equal("urgent", m.Urgency));
        Assert.Equal(2, told.Count);
        await Acknowledge(alert);
        (await officer.PostAsync(Step(walk.WalkId, "end"), null)).EnsureSuccessStatusCode();
        Assert.DoesNotContain(await app.Scheduled<WalkDue>(), d => d.Message.WalkId == walk.WalkId);

        async Task<DateTimeOffset> Due() => (await app.Scheduled<WalkDue>()).Single(d => d.Message.WalkId == walk.WalkId).DueAt;
    }

    private async Task<AlertRow> Alert(Guid walkId) =>
        (await app.Coordinator.GetFromJsonAsync<List<AlertRow>>("/v1/metropolitan/alerts"))!.Single(a => a.WalkId == walkId);

    private async Task Acknowledge(AlertRow alert)
    {
        var coordinator = app.Coordinator;
        coordinator.DefaultRequestHeaders.Add("If-Match", alert.ETag);
        Assert.Equal(HttpStatusCode.NoContent, (await coordinator.PostAsync($"/v1/metropolitan/alerts/{alert.AlertId}/acknowledge", null)).StatusCode);
    }

    private static async Task<(string, int)> Outcome(HttpResponseMessage answer)
    {
        var verified = await answer.Content<MeetingVerified>(HttpStatusCode.OK);
        return (verified.Outcome, verified.TriesLeft);
    }

    private static async Task<(string, bool)> Check(HttpClient her, string? collarNumber)
    {
        var check = await (await her.PostAsJsonAsync("/v1/metropolitan/my-walk/officer-check", new { collarNumber })).Content<OfficerChecked>(HttpStatusCode.OK);
        return (check.Answer, check.AlarmRaised);
    }

    private Task<int> Audits(Guid bookingId) => app.Db<BookingDb, int>(db =>
        db.Database.SqlQuery<int>($"SELECT count(*) AS \"Value\" FROM audit WHERE subject_id = {bookingId.ToString()}").SingleAsync());
}

public sealed class MeetAndWalkOnSqlite(BookingApp.Sqlite app) : MeetAndWalkTests(app), IClassFixture<BookingApp.Sqlite>;

public sealed class MeetAndWalkOnPostgres(BookingApp.Postgres app) : MeetAndWalkTests(app), IClassFixture<BookingApp.Postgres>;
