using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using WalkTalk.Contracts.Notification;
using WalkTalk.Notification.Data;
using WalkTalk.Notification.Messages;

namespace WalkTalk.Notification.Tests.Messages;

/// <summary>Messages by GOV.UK Notify: never two, whatever is lost; limits; and what it says of them afterwards.</summary>
public abstract class NotifySendingTests(NotificationApp fixture)
{
    private readonly NotificationApp app = fixture.Later(TimeSpan.FromMinutes(3));

    private IReadOnlyList<NotifyMail> MailsTo(string to) => [.. app.Notify.Mails.Where(m => m.To == to)];

    private async Task<(string To, NotificationRequested Asked)> Ask(string template = "walk-confirmed", bool urgent = false, string? to = null, TimeSpan? worthFor = null)
    {
        to ??= NotificationApp.Somebody();
        var asked = app.Request(template, to, urgent: urgent, worthFor: worthFor);
        await app.Deliver(asked);
        return (to, asked);
    }

    /// <summary>Notify has answered just now: where it has long been failing, as an earlier test may leave it, a question goes before each mail.</summary>
    private async Task Answers()
    {
        var (_, asked) = await Ask();
        await app.Reaches(asked.RequestId, MessageState.Sent);
    }

    /// <summary>What a crash between Notify's answer and our commit leaves: Sending, under a lease that runs out.</summary>
    private Task Crash(Guid id) => app.Db<NotificationDb>(db => db.Messages.Where(m => m.Id == id).ExecuteUpdateAsync(s => s
        .SetProperty(m => m.State, MessageState.Sending).SetProperty(m => m.EndedAt, (DateTimeOffset?)null).SetProperty(m => m.LeasedUntil, app.Time.GetUtcNow().AddMinutes(2))));

    private Task<DateTimeOffset?> BadSince(Message message) =>
        app.Db<NotificationDb, DateTimeOffset?>(db => db.Recipients.Where(r => r.Id == message.RecipientId).Select(r => r.BadSince).SingleAsync());

    private async Task<int> Tell(Message message, string status, DateTimeOffset? completed = null) => (int)(await app.Notify.Tell(app.Address, message.Id.ToString(), status, completed)).StatusCode;

    [Fact]
    public async Task A_request_arrives_once_without_the_file_and_says_where_it_is()
    {
        var to = NotificationApp.Somebody();
        var asked = app.Request("walk-confirmed", to, attachment: app.Calendar(), startsAt: new(2026, 12, 25, 18, 30, 0, TimeSpan.Zero));
        await app.Deliver(asked);
        var sent = await app.Reaches(asked.RequestId, MessageState.Sent);
        var mail = Assert.Single(MailsTo(to));
        Assert.Equal(sent.Id.ToString(), mail.Reference);
        Assert.Equal(app.Notify.Named.Id, mail.Service);
        Assert.Equal("Your walk is confirmed: Friday 25 December 2026, 18:30 (GMT)", mail.Subject);
        Assert.Contains("\nhttps://walktalk.example/metropolitan/sample-of-a-link-as-long-as-true-ones\n", mail.Body, StringComparison.Ordinal);
        Assert.Contains("The page also has the walk as a file for your calendar.", mail.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("attached", mail.Body, StringComparison.Ordinal);
        Assert.Equal((1, "notify", false), (sent.Attempts, sent.Provider, sent.Uncertain));
        Assert.Contains(await app.Published<NotificationDelivered>(), d => d.RequestId == asked.RequestId);
        Assert.Empty(app.Notify.Wrong);
    }

    [Fact]
    public async Task A_neutral_message_goes_by_the_neutral_service()
    {
        var to = NotificationApp.Somebody();
        var asked = app.Request("walk-confirmed", to, neutral: true);
        await app.Deliver(asked);
        await app.Reaches(asked.RequestId, MessageState.Sent);
        var mail = Assert.Single(MailsTo(to));
        Assert.Equal(app.Notify.Neutral.Id, mail.Service);
        Assert.StartsWith("Your appointment is confirmed", mail.Subject, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(NotifyFault.TakesAndDrops)]
    [InlineData(NotifyFault.TakesAndSays500)]
    [InlineData(NotifyFault.TakesAndHangs)]
    public async Task What_Notify_took_although_its_answer_was_lost_is_found_and_not_sent_again(NotifyFault fault)
    {
        app.Notify.Fail(fault);
        var (to, asked) = await Ask();
        Assert.True((await app.Reaches(asked.RequestId, MessageState.TemporaryFailure)).Uncertain);
        var sent = await app.ReachesInTime(asked.RequestId, MessageState.Sent);
        Assert.Equal((1, false), (sent.Attempts, sent.Uncertain));
        Assert.Single(MailsTo(to));
        Assert.Single(app.Notify.Offered, o => o == to);
        Assert.Single(await app.Published<NotificationDelivered>(), d => d.RequestId == asked.RequestId);
    }

    [Theory]
    [InlineData(NotifyFault.Drops)]
    [InlineData(NotifyFault.Says500)]
    [InlineData(NotifyFault.Says403)]
    public async Task What_Notify_did_not_take_is_sent_again_after_it_has_said_so(NotifyFault fault)
    {
        await Answers();
        app.Notify.Fail(fault);
        var (to, asked) = await Ask();
        await app.Reaches(asked.RequestId, MessageState.TemporaryFailure);
        var sent = await app.ReachesInTime(asked.RequestId, MessageState.Sent);
        Assert.Equal((2, false), (sent.Attempts, sent.Uncertain));
        Assert.Single(MailsTo(to));
        Assert.Equal(fault == NotifyFault.Says403 ? 0 : 1, app.Notify.Asked.Count(r => r == sent.Id.ToString()));
    }

    [Fact]
    public async Task As_long_as_Notify_does_not_say_whether_it_took_it_nothing_is_sent()
    {
        await Answers();
        app.Notify.Fail(NotifyFault.TakesAndDrops);
        app.Notify.FailLookups(NotifyFault.Says500, NotifyFault.Drops, NotifyFault.Unreadable, NotifyFault.RateLimit);
        var (to, asked) = await Ask();
        await app.Eventually(async () =>
        {
            app.Time.Advance(TimeSpan.FromSeconds(2));
            return (await app.Message(asked.RequestId)).Reason == "not-answered";
        });
        Assert.True((await app.Message(asked.RequestId)).Uncertain);
        var sent = await app.ReachesInTime(asked.RequestId, MessageState.Sent);
        Assert.Equal(1, sent.Attempts);
        Assert.Single(MailsTo(to));
        Assert.Equal(5, app.Notify.Asked.Count(r => r == sent.Id.ToString()));
    }

    [Fact]
    public async Task What_nobody_could_tell_until_it_is_too_late_fails_and_is_not_sent_again()
    {
        await Answers();
        app.Notify.Fail(NotifyFault.TakesAndDrops);
        app.Notify.FailLookups([.. Enumerable.Repeat(NotifyFault.Says500, 20)]);
        var (to, asked) = await Ask(worthFor: TimeSpan.FromMinutes(5));
        var failed = await app.ReachesInTime(asked.RequestId, MessageState.TechnicalFailure);
        app.Notify.StopFailing();
        Assert.Equal("not-answered", failed.Reason);
        Assert.True(failed.Uncertain);
        Assert.Single(MailsTo(to));
        Assert.Contains(await app.Published<NotificationFailed>(), f => f.RequestId == asked.RequestId);
    }

    [Fact]
    public async Task A_crash_after_acceptance_is_followed_by_a_question_and_no_second_mail()
    {
        var (to, asked) = await Ask();
        var sent = await app.Reaches(asked.RequestId, MessageState.Sent);
        await Crash(sent.Id);
        await app.Restart();
        sent = await app.ReachesInTime(asked.RequestId, MessageState.Sent);
        Assert.Equal((1, false), (sent.Attempts, sent.Uncertain));
        Assert.Single(MailsTo(to));
    }

    [Fact]
    public async Task After_a_crash_before_acceptance_many_workers_send_one_mail()
    {
        var (to, asked) = await Ask();
        var sent = await app.Reaches(asked.RequestId, MessageState.Sent);
        app.Notify.Lose(sent.Id.ToString());
        await Crash(sent.Id);
        app.Time.Advance(TimeSpan.FromMinutes(3));

        async Task Work()
        {
            var until = ClaimMessages.Until(app.Time.GetUtcNow(), 120);
            var claimed = await app.Db<NotificationDb, List<Claimed>>(db => ClaimMessages.Claim(db, app.Time.GetUtcNow(), until, 20, default));
            foreach (var one in claimed.Append(new Claimed(sent.Id, "metropolitan", false)))
            {
                await using var scope = app.Services.CreateAsyncScope();
                scope.ServiceProvider.GetRequiredService<NotificationDb>().Force = one.ForceId;
                // Also those whose claim it is not, as if all had it: the lease is the same instant for each.
                await scope.ServiceProvider.GetRequiredService<SendMessage>().Run(one.Id, until, default);
            }
        }

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Work()));
        Assert.Equal(2, (await app.ReachesInTime(asked.RequestId, MessageState.Sent)).Attempts);
        Assert.Single(MailsTo(to));
    }

    [Fact]
    public async Task At_the_rate_limit_all_wait_no_try_is_lost_and_urgent_goes_first()
    {
        app.Notify.Fail(NotifyFault.RateLimit);
        var asked = new List<NotificationRequested> { (await Ask()).Asked };
        await app.Eventually(async () => (await app.Message(asked[0].RequestId)).Reason == "rate-limit");
        var before = app.Notify.Offered.Count;
        for (var i = 0; i < 12; i++) asked.Add((await Ask()).Asked);
        var urgent = await Ask("verify-alert", urgent: true);
        asked.Add(urgent.Asked);
        await app.Eventually(async () => (await Task.WhenAll(asked.Select(a => app.Message(a.RequestId)))).All(m => m.DueAt > app.Time.GetUtcNow()));
        Assert.Equal(before, app.Notify.Offered.Count);

        app.Time.Advance(TimeSpan.FromSeconds(11));
        foreach (var one in asked) Assert.Equal(1, (await app.Reaches(one.RequestId, MessageState.Sent)).Attempts);
        // Four go side by side.
        Assert.Contains(urgent.To, app.Notify.Offered.Skip(before).Take(4));
    }

    [Fact]
    public async Task At_the_daily_limit_messages_wait_for_its_end_without_losing_tries()
    {
        app.Notify.Fail([.. Enumerable.Repeat(NotifyFault.DailyLimit, 10)]);
        var (to, asked) = await Ask();
        await app.Eventually(async () => (await app.Message(asked.RequestId)).Reason == "daily-limit");
        for (var i = 0; i < 9; i++)
        {
            app.Time.Advance(TimeSpan.FromMinutes(16));
            var more = i;
            await app.Eventually(() => Task.FromResult(app.Notify.Offered.Count(o => o == to) == more + 2));
            await app.Eventually(async () => await app.Message(asked.RequestId) is { State: MessageState.TemporaryFailure } m && m.DueAt > app.Time.GetUtcNow());
        }
        Assert.Equal(0, (await app.Message(asked.RequestId)).Attempts);
        app.Time.Advance(TimeSpan.FromMinutes(16));
        Assert.Equal(1, (await app.Reaches(asked.RequestId, MessageState.Sent)).Attempts);
        Assert.Single(MailsTo(to));
    }

    [Fact]
    public async Task A_refused_mail_fails_for_good_and_says_nothing_about_the_address()
    {
        app.Notify.Fail(NotifyFault.Says400);
        var (_, asked) = await Ask();
        var failed = await app.Reaches(asked.RequestId, MessageState.TechnicalFailure);
        Assert.Equal("400-BadRequestError", failed.Reason);
        Assert.Null(await BadSince(failed));
        Assert.Contains(await app.Published<NotificationFailed>(), f => f.RequestId == asked.RequestId);
    }

    [Fact]
    public async Task While_Notify_is_away_for_long_messages_wait_and_all_arrive_once()
    {
        app.Notify.Down = true;
        var (to, asked) = await Ask();
        await app.Reaches(asked.RequestId, MessageState.TemporaryFailure);
        for (var i = 0; i < 30; i++)
        {
            app.Time.Advance(TimeSpan.FromMinutes(1));
            await Task.Delay(50);
        }
        var (later, other) = await Ask();
        app.Notify.Down = false;
        await app.ReachesInTime(asked.RequestId, MessageState.Sent);
        Assert.Equal(1, (await app.ReachesInTime(other.RequestId, MessageState.Sent)).Attempts);
        Assert.Single(MailsTo(to));
        Assert.Single(MailsTo(later));
    }

    [Fact]
    public async Task Delivered_is_said_once_with_its_time_and_nothing_after_it_counts()
    {
        var (_, asked) = await Ask();
        var sent = await app.Reaches(asked.RequestId, MessageState.Sent);
        var at = app.Time.GetUtcNow();
        app.Time.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal(204, await Tell(sent, "delivered", at));
        var delivered = await app.Message(asked.RequestId);
        Assert.Equal((MessageState.Delivered, at), (delivered.State, delivered.EndedAt));
        foreach (var status in new[] { "delivered", "permanent-failure", "temporary-failure", "technical-failure" }) Assert.Equal(204, await Tell(sent, status));
        Assert.Equal(delivered.Version, (await app.Message(asked.RequestId)).Version);
        Assert.DoesNotContain(await app.Published<NotificationFailed>(), f => f.RequestId == asked.RequestId);
        Assert.Equal([false, true], (await app.Published<NotificationDelivered>()).Where(d => d.RequestId == asked.RequestId).Select(d => d.Confirmed).Order());
        // For counting: accepted, then arrived, with the time Notify says, and the day alone.
        var ends = (await app.Published<MessageEnded>()).Where(e => e.MessageId == MessageEnds.IdOf(sent)).OrderBy(e => e.State, StringComparer.Ordinal).ToList();
        Assert.Equal([("Delivered", true, false), ("Sent", true, false)], ends.Select(e => (e.State, e.Confirms, e.MayBeTwice)));
        Assert.Equal((int)Math.Round((at - sent.QueuedAt).TotalSeconds), ends[0].Seconds);
        var list = await app.Client("operator").GetStringAsync("/v1/metropolitan/messages?state=Delivered");
        Assert.Contains($"{sent.Id}", list, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_time_that_cannot_be_is_not_believed()
    {
        var (_, asked) = await Ask();
        var sent = await app.Reaches(asked.RequestId, MessageState.Sent);
        Assert.Equal(204, await Tell(sent, "delivered", app.Time.GetUtcNow().AddYears(1)));
        Assert.Equal(app.Time.GetUtcNow(), (await app.Message(asked.RequestId)).EndedAt);
    }

    [Fact]
    public async Task An_address_that_is_wrong_is_marked_bad_until_something_mandatory_is_delivered()
    {
        var (to, asked) = await Ask();
        var sent = await app.Reaches(asked.RequestId, MessageState.Sent);
        Assert.Equal(204, await Tell(sent, "permanent-failure"));
        var failed = await app.Message(asked.RequestId);
        Assert.Equal((MessageState.PermanentFailure, "permanent-failure"), (failed.State, failed.Reason));
        Assert.Contains(await app.Published<NotificationFailed>(), f => f.RequestId == asked.RequestId && f.Reason == "PermanentFailure");
        Assert.Contains(await app.Published<MessageEnded>(), e => e.MessageId == MessageEnds.IdOf(sent) && e is { State: "PermanentFailure", Confirms: true });

        var (_, reminder) = await Ask("walk-reminder-24h", to: to);
        Assert.Equal("channel-bad", (await app.Reaches(reminder.RequestId, MessageState.Suppressed)).Reason);
        var (_, words) = await Ask("verify-code", to: to);
        var taken = await app.Reaches(words.RequestId, MessageState.Sent);
        Assert.NotNull(await BadSince(taken));
        Assert.Equal(204, await Tell(taken, "delivered"));
        Assert.Null(await BadSince(taken));
    }

    [Theory]
    [InlineData("temporary-failure", "gave-up:temporary-failure")]
    [InlineData("technical-failure", "technical-failure")]
    public async Task What_Notify_gives_up_reaches_a_person_and_may_still_be_delivered(string status, string reason)
    {
        var (_, asked) = await Ask();
        var sent = await app.Reaches(asked.RequestId, MessageState.Sent);
        Assert.Equal(204, await Tell(sent, status));
        var failed = await app.Message(asked.RequestId);
        Assert.Equal((MessageState.TechnicalFailure, reason), (failed.State, failed.Reason));
        Assert.Null(await BadSince(failed));
        Assert.Equal(204, await Tell(sent, status));
        Assert.Single(await app.Published<NotificationFailed>(), f => f.RequestId == asked.RequestId);
        Assert.Equal(204, await Tell(sent, "delivered"));
        Assert.Equal(MessageState.Delivered, (await app.Message(asked.RequestId)).State);
    }

    [Fact]
    public async Task What_is_delivered_before_we_have_noted_that_it_was_taken_stays_delivered()
    {
        var to = NotificationApp.Somebody();
        app.Notify.Taken = async mail =>
        {
            if (mail.To == to) await app.Notify.Tell(app.Address, mail.Reference, "delivered");
        };
        try
        {
            var (_, asked) = await Ask(to: to);
            await app.Reaches(asked.RequestId, MessageState.Delivered);
            await Task.Delay(700);
            Assert.Equal(MessageState.Delivered, (await app.Message(asked.RequestId)).State);
            Assert.Single(await app.Published<NotificationDelivered>(), d => d.RequestId == asked.RequestId);
        }
        finally
        {
            app.Notify.Taken = null;
        }
        Assert.Single(MailsTo(to));
    }

    [Fact]
    public async Task Twenty_receipts_at_the_same_time_are_one()
    {
        var (_, asked) = await Ask();
        var sent = await app.Reaches(asked.RequestId, MessageState.Sent);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Tell(sent, "permanent-failure")));
        Assert.All(answers, a => Assert.Equal(204, a));
        Assert.Equal(sent.Version + 1, (await app.Message(asked.RequestId)).Version);
        Assert.Single(await app.Published<NotificationFailed>(), f => f.RequestId == asked.RequestId);
    }

    [Fact]
    public async Task A_receipt_finds_the_message_of_another_force()
    {
        var (_, asked) = await Ask();
        var sent = await app.Reaches(asked.RequestId, MessageState.Sent);
        await app.Db<NotificationDb>(async db =>
        {
            await db.Recipients.Where(r => r.Id == sent.RecipientId).ExecuteUpdateAsync(s => s.SetProperty(r => r.ForceId, "kent"));
            await db.Messages.Where(m => m.Id == sent.Id).ExecuteUpdateAsync(s => s.SetProperty(m => m.ForceId, "kent"));
        });
        Assert.Equal(204, await Tell(sent, "permanent-failure"));
        Assert.Equal(MessageState.PermanentFailure, await app.Db<NotificationDb, MessageState>(db => db.Messages.Where(m => m.Id == sent.Id).Select(m => m.State).SingleAsync(), force: "kent"));
        Assert.Contains(await app.Published<NotificationFailed>("kent"), f => f.RequestId == asked.RequestId);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("walk-42")]
    [InlineData("7c9e6679-7425-40de-944b-e07fc1f90ae7")]
    public async Task A_receipt_for_what_is_not_ours_is_acknowledged(string? reference) =>
        Assert.Equal(204, (int)(await app.Notify.Tell(app.Address, reference, "delivered")).StatusCode);

    [Fact]
    public async Task Only_Notify_says_that_something_was_delivered()
    {
        var (_, asked) = await Ask();
        var sent = await app.Reaches(asked.RequestId, MessageState.Sent);
        foreach (var token in new[] { null, "", "x", NotifyServer.CallbackToken + "x", NotifyServer.CallbackToken[..^1] })
            Assert.Equal(401, (int)(await app.Notify.Tell(app.Address, sent.Id.ToString(), "delivered", token: token)).StatusCode);
        var staff = app.Client("operator coordinator administrator oversight");
        var body = new StringContent($"{{\"reference\":\"{sent.Id}\",\"status\":\"delivered\"}}", System.Text.Encoding.UTF8, "application/json");
        Assert.Equal(401, (int)(await staff.PostAsync("/v1/metropolitan/delivery-receipts", body)).StatusCode);
        Assert.Equal(404, (int)(await staff.PostAsync("/v1/atlantis/delivery-receipts", body)).StatusCode);
        Assert.Equal(MessageState.Sent, (await app.Message(asked.RequestId)).State);
    }

    [Theory]
    [InlineData("{\"reference\":\"7c9e6679-7425-40de-944b-e07fc1f90ae7\",\"status\":\"lost\"}", "status")]
    [InlineData("{\"reference\":\"7c9e6679-7425-40de-944b-e07fc1f90ae7\"}", "status")]
    [InlineData("{\"status\":\"delivered\",\"completed_at\":\"soon\"}", "completed_at")]
    [InlineData("[]", null)]
    [InlineData("", null)]
    public async Task A_receipt_that_makes_no_sense_is_answered_by_a_problem(string body, string? field)
    {
        var client = app.Client();
        client.DefaultRequestHeaders.Authorization = new("Bearer", NotifyServer.CallbackToken);
        var answer = await client.PostAsync("/v1/metropolitan/delivery-receipts", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal((400, "application/problem+json"), ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        if (field is not null) Assert.Contains(field, await answer.Content.ReadAsStringAsync(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Neither_contact_nor_secret_stands_in_the_log()
    {
        app.Notify.Fail(NotifyFault.TakesAndDrops);
        var (to, asked) = await Ask("verify-code");
        var sent = await app.ReachesInTime(asked.RequestId, MessageState.Sent);
        await Tell(sent, "delivered");
        var logged = string.Join('\n', app.Logs.GetSnapshot().Select(r => $"{r.Message} {r.Exception}"));
        Assert.Contains("ReceiptTaken", string.Join('\n', app.Logs.GetSnapshot().Select(r => r.Id.Name)), StringComparison.Ordinal);
        foreach (var secret in new[] { to, "amina@example.org", "copper kettle", "sample-of-a-link", $"{app.Notify.Named.Secret}", NotifyServer.CallbackToken })
            Assert.DoesNotContain(secret, logged, StringComparison.OrdinalIgnoreCase);
    }
}

public sealed class NotifySendingOnSqlite(NotificationApp.NotifyOnSqlite app) : NotifySendingTests(app), IClassFixture<NotificationApp.NotifyOnSqlite>;

public sealed class NotifySendingOnPostgres(NotificationApp.NotifyOnPostgres app) : NotifySendingTests(app), IClassFixture<NotificationApp.NotifyOnPostgres>;
