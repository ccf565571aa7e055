using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts;
using WalkTalk.Contracts.Booking;
using WalkTalk.Contracts.Booking.Api;

namespace WalkTalk.Booking.Tests;

/// <summary>What is kept no longer than the pack says, seen before it is taken, and held back where a law needs it. Each test has the clock to itself.</summary>
public abstract class RetentionTests(BookingApp app) : IAsyncLifetime
{
    private const string All = "/v1/metropolitan/retention";

    public ValueTask InitializeAsync() => app.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private async Task<RetentionReport> Report() => (await app.Client("oversight").GetFromJsonAsync<RetentionReport>(All))!;

    private async Task<RetentionRule> Rule(string rule) => (await Report()).Rules.Single(r => r.Rule == rule);

    private Task<HttpResponseMessage> Hold(string reference, string reason = "A court has asked for it.", bool lift = false) =>
        app.Client("administrator").PostAsJsonAsync($"{All}/holds", new HoldBack { Reference = reference, Reason = reason, Lift = lift });

    /// <summary>To this moment, at which the round that is due by then has been.</summary>
    private async Task RoundAt(DateTimeOffset at)
    {
        app.Time.SetUtcNow(at);
        await app.Eventually(async () => (await app.Scheduled<DaySheetsDue>()) is [var next] && next.DueAt > at
            && await Handled(nameof(Retention)) == await Handled(nameof(SendDaySheets)), "the round");
    }

    private Task<int> Handled(string consumer) => app.Db<BookingDb, int>(db => db.Database.SqlQuery<int>(
        $"SELECT count(*) AS \"Value\" FROM inbox WHERE consumer = {consumer} AND handled_on IS NOT NULL").SingleAsync());

    private static DateTimeOffset Day(int month, int day, int hour, int year = 2026) => new(year, month, day, hour, 30, 0, TimeSpan.Zero);

    [Fact]
    public async Task The_dry_run_changes_nothing_and_the_round_takes_what_it_said()
    {
        var (officer, _) = await app.SignedInOfficer(0);
        var walk = await app.Publish(officer.OfficerId, at: Day(11, 26, 9));
        var held = await app.Hold(walk.WalkId);
        await app.Code(held);
        var asked = await (await app.Client().PostAsJsonAsync("/v1/metropolitan/requests", new { firstName = "Amina", email = "never@example.org" })).Content<WalkAskedFor>(HttpStatusCode.Created);
        var (bookingId, her) = await app.Book(walk.WalkId);
        Assert.All((await Report()).Rules, r => Assert.Equal((0, 0, null), (r.Due, r.TakenInAll, r.LastOn)));
        Assert.Equal(["7 days", "30 days", "24 hours", "12 months", "12 months"], (await Report()).Rules.Select(r => r.Period));
        // Noon of 1 December is past that day's six; thirty days after the walk are 26 December.
        Assert.Equal((new DateOnly(2026, 12, 2), new DateOnly(2026, 12, 27)), ((await Rule("unconfirmed")).NextOn, (await Rule("contact")).NextOn));

        await RoundAt(Day(12, 1, 7));
        Assert.Equal((0, 1), ((await Rule("unconfirmed")).TakenInAll, await app.Db<BookingDb, int>(db => db.WalkRequests.CountAsync())));
        app.Time.SetUtcNow(Day(12, 1, 13));
        var report = await Report();
        Assert.Equal((2, new DateOnly(2026, 12, 2)), (report.Rules[0].Due, report.Rules[0].NextOn!.Value));
        Assert.Equal(report.Rules, (await Report()).Rules);
        Assert.NotNull((await app.Booking(held.BookingId)).ContactProtected);
        Assert.Equal(1, await app.Db<BookingDb, int>(db => db.WalkRequests.CountAsync(r => r.Id == asked.RequestId)));

        await RoundAt(Day(12, 2, 7));
        var rule = await Rule("unconfirmed");
        Assert.Equal((0, 2, new DateOnly(2026, 12, 2)), (rule.Due, rule.TakenInAll, rule.LastOn!.Value));
        var row = await app.Booking(held.BookingId);
        Assert.Equal((null, null, null), (row.ContactProtected, row.NameProtected, row.ContactHash));
        Assert.Equal(0, await app.Db<BookingDb, int>(db => db.WalkRequests.CountAsync()));
        Assert.Equal("Amina", (await app.MyWalk(her)).FirstName);

        Assert.Equal([(new DateOnly(2026, 12, 1), 0), (new DateOnly(2026, 12, 2), 0)], (await app.Published<BookingRetentionRun>()).Select(r => (r.On, r.Overdue)));

        await RoundAt(Day(12, 27, 7));
        Assert.Null((await app.Booking(bookingId)).ContactProtected);
        Assert.Equal("link-unknown", await (await her.GetAsync("/v1/metropolitan/my-walk")).Refusal(401));
        Assert.Equal((1, null), ((await Rule("contact")).TakenInAll, (await Rule("contact")).NextOn));
    }

    [Fact]
    public async Task What_is_held_stays_and_goes_after_the_hold()
    {
        var (officer, _) = await app.SignedInOfficer(0);
        var walk = await app.Publish(officer.OfficerId, at: Day(11, 26, 9));
        var (other, _) = await app.SignedInOfficer(1);
        var second = await app.Publish(other.OfficerId, capacity: 3, at: Day(11, 26, 9));
        var (onHeldWalk, _) = await app.Book(walk.WalkId);
        var (heldItself, _) = await app.Book(second.WalkId);
        var (free, _) = await app.Book(second.WalkId);
        var asked = await (await app.Client().PostAsJsonAsync("/v1/metropolitan/requests", new { firstName = "Amina", email = "never@example.org" })).Content<WalkAskedFor>(HttpStatusCode.Created);

        Assert.Equal("nothing-to-hold", await (await Hold("the walk on Thursday")).Refusal(404));
        Assert.Equal("nothing-to-hold", await (await Hold($"{Guid.NewGuid()}")).Refusal(404));
        Assert.Equal(HttpStatusCode.BadRequest, (await Hold($"{walk.WalkId}", reason: "because")).StatusCode);
        foreach (var reference in (string[])[$"https://walktalk.example/metropolitan/staff/walks/{walk.WalkId}", $"{heldItself}", $"/staff/requests/{asked.RequestId}", $"{heldItself}"])
            Assert.Equal(HttpStatusCode.NoContent, (await Hold(reference)).StatusCode);
        Assert.Equal([$"booking {heldItself}", $"request {asked.RequestId}", $"walk {walk.WalkId}"], (await Report()).Held.Select(h => h.Reference).Order());
        Assert.All((await Report()).Held, h => Assert.Equal(("A court has asked for it.", new DateOnly(2026, 11, 24)), (h.Reason, h.Since)));

        await RoundAt(Day(12, 27, 7));
        Assert.Null((await app.Booking(free)).ContactProtected);
        foreach (var kept in (Guid[])[onHeldWalk, heldItself]) Assert.NotNull((await app.Booking(kept)).ContactProtected);
        Assert.Equal(1, await app.Db<BookingDb, int>(db => db.WalkRequests.CountAsync(r => r.ContactProtected != null && r.CodeHash != null)));
        Assert.All((await Report()).Rules, r => Assert.Equal(0, r.Due));

        foreach (var held in (await Report()).Held)
            Assert.Equal(HttpStatusCode.NoContent, (await Hold(held.Reference, "The court has decided.", lift: true)).StatusCode);
        Assert.Empty((await Report()).Held);
        Assert.Equal((1, 2), ((await Rule("unconfirmed")).Due, (await Rule("contact")).Due));
        await RoundAt(Day(12, 28, 7));
        foreach (var gone in (Guid[])[onHeldWalk, heldItself]) Assert.Null((await app.Booking(gone)).ContactProtected);
        Assert.Equal((3, 0), ((await Rule("contact")).TakenInAll, await app.Db<BookingDb, int>(db => db.WalkRequests.CountAsync())));
    }

    [Fact]
    public async Task A_code_goes_after_a_day_but_never_while_its_time_runs()
    {
        var (officer, _) = await app.SignedInOfficer(0);
        var walk = await app.Publish(officer.OfficerId, at: Day(11, 28, 9));
        var lost = await app.Hold(walk.WalkId);
        await app.Code(lost);
        var held = await app.Hold(walk.WalkId);
        var hold = app.With("Hold", held.HoldToken);
        (await hold.PostAsJsonAsync("/v1/metropolitan/booking/contact", new { firstName = "Amina", email = "amina@example.org", guardian = new { firstName = "Zahra", email = "zahra@example.org" } })).EnsureSuccessStatusCode();
        app.Time.Advance(TimeSpan.FromMinutes(5));
        var code = app.Open((await app.Messages("contact-verify", held.BookingId)).Single(), "!code");
        var hers = app.Open((await app.Messages("guardian-code", held.BookingId)).Single(), "!code");
        Assert.Equal("guardian-awaited", await (await hold.PostAsJsonAsync("/v1/metropolitan/booking/confirm", new { code })).Refusal(409));
        await app.Eventually(async () => { app.Time.Advance(TimeSpan.FromMinutes(1)); return (await app.Booking(lost.BookingId)).State == BookingState.Expired; }, "the hold to end");
        Assert.Null((await app.Booking(lost.BookingId)).CodeHash);
        // As a clean-up that failed would leave it.
        await app.Db<BookingDb>(db => db.Bookings.Where(b => b.Id == lost.BookingId).ExecuteUpdateAsync(s => s.SetProperty(b => b.CodeHash, new byte[] { 1 })));

        // The codes are a day old; the guardian has a few minutes left.
        app.Time.SetUtcNow((await app.Booking(held.BookingId)).HoldUntil.AddMinutes(-1));
        // A round of its own has fallen due meanwhile, and may have been sooner than this look.
        var lostOnes = await Rule("code");
        Assert.Equal(1, lostOnes.Due + lostOnes.TakenInAll);
        await app.Deliver(new DaySheetsDue());
        Assert.Equal((0, 1), ((await Rule("code")).Due, (await Rule("code")).TakenInAll));
        Assert.Null((await app.Booking(lost.BookingId)).CodeHash);
        Assert.NotNull((await app.Booking(lost.BookingId)).ContactProtected);
        Assert.Equal("code-wrong", await (await hold.PostAsJsonAsync("/v1/metropolitan/booking/confirm", new { guardianCode = hers == "111111" ? "222222" : "111111" })).Refusal(422));
        (await hold.PostAsJsonAsync("/v1/metropolitan/booking/confirm", new { guardianCode = hers })).EnsureSuccessStatusCode();
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task What_was_noted_of_a_meeting_goes_a_year_after_the_walk_and_how_it_ended_stays(bool check)
    {
        var (row, officer) = await app.SignedInOfficer(0);
        var walk = await app.Publish(row.OfficerId, at: Day(11, 26, 9));
        var (bookingId, her) = await app.Book(walk.WalkId);
        app.Time.SetUtcNow(walk.StartsAt.AddMinutes(-5));
        (await officer.PostAsJsonAsync($"/v1/metropolitan/walks/{walk.WalkId}/bookings/{bookingId}/words", new { heard = "not it" })).EnsureSuccessStatusCode();
        (await her.PostAsJsonAsync("/v1/metropolitan/my-walk/officer-check", new { collarNumber = "9999 ZZ" })).EnsureSuccessStatusCode();
        (await officer.PostAsync($"/v1/metropolitan/walks/{walk.WalkId}/help", null)).EnsureSuccessStatusCode();
        foreach (var alert in (await app.Coordinator.GetFromJsonAsync<List<AlertRow>>("/v1/metropolitan/alerts"))!)
            await With(alert.ETag, $"alerts/{alert.AlertId}/resolve", new { outcome = "well", note = "Both were found." });
        (await officer.PostAsJsonAsync($"/v1/metropolitan/walks/{walk.WalkId}/start", new { @override = "words-lost" })).EnsureSuccessStatusCode();
        app.Time.SetUtcNow(walk.EndsAt);
        (await officer.PostAsync($"/v1/metropolitan/walks/{walk.WalkId}/end", null)).EnsureSuccessStatusCode();
        var met = await app.Booking(bookingId);
        Assert.Equal((1, 1, "words-lost", true), (met.Misses, met.CheckMisses, met.OverrideReason, met.MetAt is not null));

        var start = (await app.Coordinator.GetFromJsonAsync<List<OverrideRow>>("/v1/metropolitan/overrides"))!.Single();
        Assert.Equal(new DateOnly(2027, 11, 27), start.GoesOn);
        if (check) await With(start.ETag, $"overrides/{start.OverrideId}/close", new { note = "Both sides were asked." });
        Assert.Equal((0, check ? null : (DateOnly?)start.GoesOn), ((await Rule("unchecked")).Due, (await Rule("unchecked")).NextOn));

        await RoundAt(Day(11, 26, 7, 2027));
        Assert.Equal((0, 0, 1), ((await Rule("log")).TakenInAll, (await Rule("unchecked")).TakenInAll, await app.Db<BookingDb, int>(db => db.StartOverrides.CountAsync())));
        app.Time.SetUtcNow(Day(11, 26, 12, 2027));
        Assert.Equal((check ? 4 : 3, check ? 0 : 1), ((await Rule("log")).Due, (await Rule("unchecked")).Due));
        await RoundAt(Day(11, 27, 7, 2027));
        // A start without words that nobody has checked goes too, but not without being counted as one.
        Assert.Equal((check ? 4 : 3, check ? 0 : 1), ((await Rule("log")).TakenInAll, (await Rule("unchecked")).TakenInAll));
        Assert.Equal(0, await app.Db<BookingDb, int>(db => db.StartOverrides.CountAsync()));
        Assert.Empty((await app.Coordinator.GetFromJsonAsync<List<OverrideRow>>("/v1/metropolitan/overrides"))!);
        met = await app.Booking(bookingId);
        Assert.Equal((0, 0, null, null), (met.Misses, met.CheckMisses, met.OverrideReason, met.MetAt));
        Assert.Equal((BookingState.Completed, Verification.Overridden), (met.State, met.Meeting));
        // That she called for help, and how it ended, stays; what was found does not.
        var help = await app.Db<BookingDb, Alert>(db => db.Alerts.SingleAsync());
        Assert.Equal((AlertKind.Help, AlertOutcome.Well, null), (help.Kind, help.Outcome!.Value, help.Note));
    }

    private async Task With(string etag, string path, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/metropolitan/{path}") { Content = JsonContent.Create(body) };
        request.Headers.Add("If-Match", etag);
        (await app.Coordinator.SendAsync(request)).EnsureSuccessStatusCode();
    }
}

public sealed class RetentionOnSqlite() : RetentionTests(new BookingApp.Sqlite());

public sealed class RetentionOnPostgres() : RetentionTests(new BookingApp.Postgres());
