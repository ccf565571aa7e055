using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;
using WalkTalk.Contracts.Notification;
using WalkTalk.Fixtures;
using WalkTalk.Notification.Data;
using WalkTalk.Notification.Messages;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Notification.Tests.Messages;

public abstract class SendingTests(NotificationApp app)
{
    private int MailsTo(string to) => app.Smtp.Mails.Count(m => m.To.Contains(to));

    [Fact]
    public async Task A_request_arrives_as_one_mail_with_text_html_and_calendar_entry()
    {
        var to = NotificationApp.Somebody();
        var asked = app.Request("walk-confirmed", to, attachment: app.Calendar(), startsAt: new(2026, 11, 25, 18, 30, 0, TimeSpan.Zero));
        await app.Deliver(asked);

        var mail = await app.Smtp.Wait(to);
        var sent = await app.Reaches(asked.RequestId, MessageState.Sent);
        Assert.Equal("Your walk is confirmed: Wednesday 25 November 2026, 18:30 (GMT)", mail.Message.Subject);
        Assert.Contains("https://walktalk.example/metropolitan/sample-of-a-link", mail.Text, StringComparison.Ordinal);
        Assert.Contains("<h1", mail.Message.HtmlBody, StringComparison.Ordinal);
        Assert.Equal($"{sent.Id:N}@notification.walktalk", mail.Message.MessageId);
        Assert.Equal("Metropolitan Police", mail.Message.From.Mailboxes.Single().Name, StringComparer.Ordinal);
        Assert.Equal("walks@police.example", mail.From);
        var entry = Assert.IsAssignableFrom<MimePart>(mail.Message.Attachments.Single());
        Assert.Equal("text/calendar", entry.ContentType.MimeType);
        Assert.Equal("REQUEST", entry.ContentType.Parameters["method"]);
        Assert.Equal("walk.ics", entry.FileName);
        using var content = new MemoryStream();
        await entry.Content!.DecodeToAsync(content);
        Assert.Equal("BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n", System.Text.Encoding.UTF8.GetString(content.ToArray()));
        Assert.Contains(await app.Published<NotificationDelivered>(), d => d.RequestId == asked.RequestId && d.Confirmed is null);
        Assert.Contains(await app.Published<MessageEnded>(), e => e.MessageId == MessageEnds.IdOf(sent) && e is { Template: "walk-confirmed", State: "Sent", Confirms: false, MayBeTwice: false });
    }

    [Fact]
    public async Task What_is_told_for_counting_says_neither_whose_nor_about_what_nor_when()
    {
        var asked = app.Request("walk-confirmed", NotificationApp.Somebody());
        await app.Deliver(asked);
        var sent = await app.Reaches(asked.RequestId, MessageState.Sent);
        var row = await app.Db<NotificationDb, OutboxRow>(async db => (await db.Outbox.AsNoTracking().Where(r => r.Name == "message-ended").ToListAsync())
            .Single(r => r.Body.Contains($"{MessageEnds.IdOf(sent)}", StringComparison.OrdinalIgnoreCase)));
        Assert.Equal(TimeSpan.Zero, row.CreatedAt.TimeOfDay);
        foreach (var id in new[] { sent.Id, asked.RequestId, asked.SubjectId, sent.RecipientId })
        {
            Assert.DoesNotContain($"{id}", row.Body, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task What_quiet_hours_hold_back_is_not_slow()
    {
        app.Time.SetUtcNow(new DateTimeOffset(app.Time.GetUtcNow().Date.AddDays(1).AddHours(22), TimeSpan.Zero));
        var asked = app.Request("walk-thanks", NotificationApp.Somebody());
        await app.Deliver(asked);
        await app.Eventually(async () => (await app.Message(asked.RequestId)).Reason == "quiet-hours");
        app.Time.Advance(TimeSpan.FromHours(10) + TimeSpan.FromSeconds(7));
        var sent = await app.Reaches(asked.RequestId, MessageState.Sent);
        Assert.InRange((await app.Published<MessageEnded>()).Single(e => e.MessageId == MessageEnds.IdOf(sent)).Seconds, 7, 60);
    }

    [Fact]
    public async Task Welsh_is_sent_in_Welsh_and_says_that_it_is_a_draft()
    {
        var to = NotificationApp.Somebody();
        await app.Deliver(app.Request("walk-thanks", to, language: "cy"));
        var mail = await app.Smtp.Wait(to);
        Assert.Equal("Diolch am gerdded gyda ni", mail.Message.Subject);
        Assert.Contains("Cyfieithiad drafft", mail.Text, StringComparison.Ordinal);
        Assert.Equal("cy", mail.Message.Body!.Headers["Content-Language"]);
    }

    [Fact]
    public async Task A_neutral_message_gives_nothing_away_on_a_locked_screen()
    {
        var to = NotificationApp.Somebody();
        await app.Deliver(app.Request("walk-confirmed", to, neutral: true));
        var mail = await app.Smtp.Wait(to);
        Assert.Equal("Appointments", mail.Message.From.Mailboxes.Single().Name);
        Assert.StartsWith("Your appointment is confirmed", mail.Message.Subject, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whatever_comes_twice_is_sent_once()
    {
        var to = NotificationApp.Somebody();
        var asked = app.Request("walk-confirmed", to);
        var delivery = await app.Deliver(asked);
        await app.Reaches(asked.RequestId, MessageState.Sent);

        await app.Deliver(asked, id: delivery);                                          // the broker delivers again
        await app.Deliver(asked);                                                        // the owner's outbox sends again
        await app.Deliver(asked with { RequestId = Guid.CreateVersion7() });             // a replayed event asks again
        await app.Deliver(asked with { Fields = app.Request("walk-confirmed", to).Fields }); // the same request, told differently
        var other = app.Request("walk-confirmed", to, asked.SubjectId, version: 2);
        await app.Deliver(other);                                                        // only a new version is a new message
        await app.Reaches(other.RequestId, MessageState.Sent);

        Assert.Equal(2, MailsTo(to));
    }

    [Fact]
    public async Task Twenty_at_the_same_time_are_sent_once()
    {
        var to = NotificationApp.Somebody();
        var asked = app.Request("walk-confirmed", to);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => app.Deliver(asked with { RequestId = Guid.CreateVersion7() })));
        // Those that lost the race are tried again and then find the message there.
        app.Time.Advance(TimeSpan.FromSeconds(30));
        await app.Smtp.Wait(to);
        await app.Eventually(async () => await app.Db<NotificationDb, bool>(db => db.Messages.AnyAsync(m => m.SubjectId == asked.SubjectId && m.State == MessageState.Sent)));
        Assert.Equal(1, await app.Db<NotificationDb, int>(db => db.Messages.CountAsync(m => m.SubjectId == asked.SubjectId)));
        Assert.Equal(1, MailsTo(to));
    }

    [Fact]
    public async Task The_same_person_of_another_service_is_another_recipient()
    {
        var to = NotificationApp.Somebody();
        var asked = app.Request("walk-thanks", to);
        await app.Deliver(asked);
        var theirs = asked with { RequestId = Guid.CreateVersion7(), Service = "feedback" };
        await app.Deliver(theirs);
        Assert.NotEqual((await app.Reaches(asked.RequestId, MessageState.Sent)).RecipientId, (await app.Reaches(theirs.RequestId, MessageState.Sent)).RecipientId);
    }

    [Theory]
    [InlineData(SmtpStage.Connect, "421 4.3.2 busy")]
    [InlineData(SmtpStage.MailFrom, "451 4.3.0 later")]
    [InlineData(SmtpStage.RcptTo, "450 4.2.1 full")]
    [InlineData(SmtpStage.Data, "452 4.3.1 no room")]
    [InlineData(SmtpStage.AfterData, "451 4.7.1 greylisted")]
    [InlineData(SmtpStage.Connect, null)]
    [InlineData(SmtpStage.MailFrom, null)]
    [InlineData(SmtpStage.Data, null)]
    public async Task A_passing_fault_is_tried_again_and_the_mail_arrives_once(SmtpStage stage, string? reply)
    {
        app.Smtp.Fail(new SmtpFault(stage, reply));
        var to = NotificationApp.Somebody();
        var asked = app.Request("walk-confirmed", to);
        await app.Deliver(asked);
        var waiting = await app.Reaches(asked.RequestId, MessageState.TemporaryFailure);
        Assert.False(waiting.Uncertain);
        Assert.Equal(0, MailsTo(to));

        var sent = await app.ReachesInTime(asked.RequestId, MessageState.Sent);
        Assert.Equal(2, sent.Attempts);
        Assert.Equal(1, MailsTo(to));
    }

    [Fact]
    public async Task A_refused_address_is_marked_bad_until_something_mandatory_gets_through()
    {
        app.Smtp.Fail(new SmtpFault(SmtpStage.RcptTo, "550 5.1.1 nobody here"));
        var to = NotificationApp.Somebody();
        var first = app.Request("walk-confirmed", to);
        await app.Deliver(first);
        Assert.Equal("550", (await app.Reaches(first.RequestId, MessageState.PermanentFailure)).Reason);
        Assert.Contains(await app.Published<NotificationFailed>(), f => f.RequestId == first.RequestId && f.Reason == "PermanentFailure");

        var reminder = app.Request("walk-reminder-24h", to);
        await app.Deliver(reminder);
        Assert.Equal("channel-bad", (await app.Reaches(reminder.RequestId, MessageState.Suppressed)).Reason);

        var words = app.Request("verify-code", to);
        await app.Deliver(words);
        await app.Reaches(words.RequestId, MessageState.Sent);
        var next = app.Request("walk-reminder-24h", to);
        await app.Deliver(next);
        await app.Reaches(next.RequestId, MessageState.Sent);
    }

    [Fact]
    public async Task A_refused_content_fails_for_good_and_says_nothing_about_the_address()
    {
        app.Smtp.Fail(new SmtpFault(SmtpStage.AfterData, "554 5.7.1 we do not like it"));
        var to = NotificationApp.Somebody();
        var asked = app.Request("walk-confirmed", to);
        await app.Deliver(asked);
        var message = await app.Reaches(asked.RequestId, MessageState.TechnicalFailure);
        Assert.Equal("554", message.Reason);
        Assert.Null(await app.Db<NotificationDb, DateTimeOffset?>(db => db.Recipients.Where(r => r.Id == message.RecipientId).Select(r => r.BadSince).SingleAsync()));
    }

    [Fact]
    public async Task A_lost_answer_is_followed_by_one_resend_under_the_same_message_id()
    {
        app.Smtp.Fail(new SmtpFault(SmtpStage.AfterData));
        var to = NotificationApp.Somebody();
        var asked = app.Request("walk-confirmed", to);
        await app.Deliver(asked);
        Assert.True((await app.Reaches(asked.RequestId, MessageState.TemporaryFailure)).Uncertain);

        var sent = await app.ReachesInTime(asked.RequestId, MessageState.Sent);
        Assert.True(sent.Uncertain);
        Assert.True((await app.Published<MessageEnded>()).Single(e => e.MessageId == MessageEnds.IdOf(sent)).MayBeTwice);
        var mails = app.Smtp.Mails.Where(m => m.To.Contains(to)).ToList();
        Assert.Equal(2, mails.Count);
        Assert.Single(mails.Select(m => m.Message.MessageId).Distinct());
    }

    [Fact]
    public async Task Two_lost_answers_are_not_followed_by_a_third_mail()
    {
        app.Smtp.Fail(new SmtpFault(SmtpStage.AfterData), new SmtpFault(SmtpStage.AfterData));
        var to = NotificationApp.Somebody();
        var asked = app.Request("walk-confirmed", to);
        await app.Deliver(asked);
        Assert.Equal("uncertain-twice", (await app.ReachesInTime(asked.RequestId, MessageState.TechnicalFailure)).Reason);
        Assert.Equal(2, MailsTo(to));
        Assert.Contains(await app.Published<NotificationFailed>(), f => f.RequestId == asked.RequestId);
    }

    [Fact]
    public async Task A_crash_after_acceptance_is_followed_by_one_resend_and_counted()
    {
        var to = NotificationApp.Somebody();
        var asked = app.Request("walk-confirmed", to);
        await app.Deliver(asked);
        var sent = await app.Reaches(asked.RequestId, MessageState.Sent);
        // What a crash between the server's 250 and our commit leaves: Sending, under a lease that runs out.
        var lease = app.Time.GetUtcNow().AddMinutes(2);
        await app.Db<NotificationDb>(db => db.Messages.Where(m => m.Id == sent.Id).ExecuteUpdateAsync(s => s
            .SetProperty(m => m.State, MessageState.Sending).SetProperty(m => m.EndedAt, (DateTimeOffset?)null).SetProperty(m => m.LeasedUntil, lease)));
        await Task.Delay(700);
        Assert.Equal(1, MailsTo(to));

        Assert.True((await app.ReachesInTime(asked.RequestId, MessageState.Sent)).Uncertain);
        Assert.Equal(2, MailsTo(to));
    }

    [Fact]
    public async Task A_worker_whose_lease_has_passed_to_another_leaves_the_message_alone()
    {
        var to = NotificationApp.Somebody();
        var asked = app.Request("walk-confirmed", to);
        await app.Deliver(asked);
        var sent = await app.Reaches(asked.RequestId, MessageState.Sent);
        var (mine, theirs) = (ClaimMessages.Until(app.Time.GetUtcNow(), 600), ClaimMessages.Until(app.Time.GetUtcNow(), 700));
        await app.Db<NotificationDb>(db => db.Messages.Where(m => m.Id == sent.Id).ExecuteUpdateAsync(s => s
            .SetProperty(m => m.State, MessageState.Queued).SetProperty(m => m.EndedAt, (DateTimeOffset?)null).SetProperty(m => m.LeasedUntil, theirs)));

        async Task<MessageState> Work(DateTimeOffset until)
        {
            await using var scope = app.Services.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<NotificationDb>();
            db.Force = "metropolitan";
            await scope.ServiceProvider.GetRequiredService<SendMessage>().Run(sent.Id, until, default);
            return (await db.Messages.AsNoTracking().SingleAsync(m => m.Id == sent.Id)).State;
        }

        Assert.Equal(MessageState.Queued, await Work(mine));
        Assert.Equal(1, MailsTo(to));
        Assert.Equal(MessageState.Sent, await Work(theirs));
        Assert.Equal(2, MailsTo(to));
    }

    [Fact]
    public async Task A_withdrawal_overtakes_what_waits_and_what_is_still_on_its_way()
    {
        app.Smtp.Fail(new SmtpFault(SmtpStage.Connect, "421 busy"));
        var to = NotificationApp.Somebody();
        var asked = app.Request("walk-confirmed", to);
        await app.Deliver(asked);
        await app.Reaches(asked.RequestId, MessageState.TemporaryFailure);
        await app.Deliver(new NotificationWithdrawn(asked.SubjectId, null, UpToVersion: 1));
        var cancelled = await app.Reaches(asked.RequestId, MessageState.Cancelled);
        Assert.Null(cancelled.Payload);

        var late = app.Request("walk-reminder-2h", to, asked.SubjectId, version: 1);
        await app.Deliver(late);
        Assert.Equal("withdrawn", (await app.Message(late.RequestId)).Reason);
        app.Time.Advance(TimeSpan.FromMinutes(10));
        var next = app.Request("walk-reminder-2h", to, asked.SubjectId, version: 2);
        await app.Deliver(next);
        await app.Reaches(next.RequestId, MessageState.Sent);
        Assert.Equal(1, MailsTo(to));
    }

    [Fact]
    public async Task A_withdrawal_of_one_template_leaves_the_others()
    {
        app.Smtp.Fail(new SmtpFault(SmtpStage.Connect, "421 busy"), new SmtpFault(SmtpStage.Connect, "421 busy"));
        var to = NotificationApp.Somebody();
        var confirmed = app.Request("walk-confirmed", to);
        var reminder = app.Request("walk-reminder-24h", to, confirmed.SubjectId);
        await app.Deliver(confirmed);
        await app.Deliver(reminder);
        await app.Reaches(confirmed.RequestId, MessageState.TemporaryFailure);
        await app.Reaches(reminder.RequestId, MessageState.TemporaryFailure);
        await app.Deliver(new NotificationWithdrawn(confirmed.SubjectId, "walk-reminder-24h"));
        await app.Reaches(reminder.RequestId, MessageState.Cancelled);
        await app.ReachesInTime(confirmed.RequestId, MessageState.Sent);
        Assert.Equal(1, MailsTo(to));
    }

    [Fact]
    public async Task Who_is_to_be_told_of_version_2_is_not_told_of_version_1()
    {
        app.Smtp.Fail(new SmtpFault(SmtpStage.Connect, "421 busy"));
        var to = NotificationApp.Somebody();
        var first = app.Request("walk-changed", to);
        await app.Deliver(first);
        await app.Reaches(first.RequestId, MessageState.TemporaryFailure);
        var second = app.Request("walk-changed", to, first.SubjectId, version: 2);
        await app.Deliver(second);
        Assert.Equal("superseded", (await app.Reaches(first.RequestId, MessageState.Cancelled)).Reason);
        await app.Reaches(second.RequestId, MessageState.Sent);

        var straggler = app.Request("walk-changed", to, first.SubjectId, version: 0);
        await app.Deliver(straggler);
        Assert.Equal(MessageState.Cancelled, (await app.Message(straggler.RequestId)).State);
        Assert.Equal(1, MailsTo(to));
    }

    [Fact]
    public async Task What_is_not_worth_sending_any_more_is_not_sent_and_somebody_hears_of_it()
    {
        var asked = app.Request("verify-code", NotificationApp.Somebody(), worthFor: TimeSpan.FromMinutes(-1));
        await app.Deliver(asked);
        Assert.Equal("too-late", (await app.Reaches(asked.RequestId, MessageState.TechnicalFailure)).Reason);
        Assert.Contains(await app.Published<NotificationFailed>(), f => f.RequestId == asked.RequestId);
    }

    [Fact]
    public async Task A_server_that_stays_away_is_asked_a_bounded_number_of_times()
    {
        app.Smtp.Fail([.. Enumerable.Repeat(new SmtpFault(SmtpStage.MailFrom, "451 later"), 8)]);
        var asked = app.Request("verify-alert", NotificationApp.Somebody(), urgent: true);
        await app.Deliver(asked);
        var failed = await app.ReachesInTime(asked.RequestId, MessageState.TechnicalFailure);
        Assert.Equal((8, "gave-up:451"), (failed.Attempts, failed.Reason));
    }

    [Theory]
    [InlineData("no-such-template", "template-unknown")]
    [InlineData("contact-verify", "field-missing:code")]
    [InlineData("walk-thanks", "field-unprotected:link")]
    [InlineData("walk-reminder-24h", "field-not-an-instant:starts_at")]
    public async Task What_cannot_be_sent_as_asked_fails_at_once_and_visibly(string template, string reason)
    {
        var good = app.Request(template, NotificationApp.Somebody());
        var fields = good.Fields.ToDictionary();
        fields.Remove("!code");
        if (template == "walk-thanks")
        {
            fields.Remove("!link");
            fields["link"] = "/in-clear";
        }
        if (fields.ContainsKey("starts_at")) fields["starts_at"] = "tomorrow";
        var asked = good with { Fields = fields };
        await app.Deliver(asked);
        var message = await app.Message(asked.RequestId);
        Assert.Equal((MessageState.TechnicalFailure, reason), (message.State, message.Reason));
        Assert.Null(message.Payload);
    }

    [Fact]
    public async Task An_address_that_is_none_fails_for_good()
    {
        var asked = app.Request("walk-confirmed", "not an address");
        await app.Deliver(asked);
        Assert.Equal("address-malformed", (await app.Reaches(asked.RequestId, MessageState.PermanentFailure)).Reason);
    }

    [Fact]
    public async Task Two_workers_never_claim_the_same_message_and_urgent_comes_first()
    {
        var recipient = new Recipient { ContactHash = $"{Guid.NewGuid()}" };
        var tomorrow = app.Time.GetUtcNow().AddDays(365);
        await app.Db<NotificationDb>(async db =>
        {
            db.Recipients.Add(recipient);
            for (var i = 0; i < 40; i++)
            {
                db.Messages.Add(new Message
                {
                    RequestId = Guid.NewGuid(), Service = "test", RecipientId = recipient.Id, Template = "walk-thanks", TemplateVersion = 1, Language = "en",
                    SubjectId = Guid.NewGuid(), SubjectVersion = 1, Urgent = i >= 36, Mandatory = true, Neutral = false, Sms = false, QueuedAt = tomorrow, DueAt = tomorrow,
                    WorthUntil = tomorrow.AddDays(1),
                });
            }
            await db.SaveChangesAsync();
        });
        var first = await app.Db<NotificationDb, List<Claimed>>(db => ClaimMessages.Claim(db, tomorrow, ClaimMessages.Until(tomorrow, 120), 4, default));
        var urgent = await app.Db<NotificationDb, List<Guid>>(db => db.Messages.Where(m => m.RecipientId == recipient.Id && m.Urgent).Select(m => m.Id).ToListAsync());
        Assert.Equal(urgent.Order(), first.Select(c => c.Id).Order());

        var rest = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            app.Db<NotificationDb, List<Claimed>>(db => ClaimMessages.Claim(db, tomorrow, ClaimMessages.Until(tomorrow, 120), 9, default))));
        var claimed = rest.SelectMany(r => r).Select(c => c.Id).ToList();
        Assert.Equal(36, claimed.Count);
        Assert.Equal(36, claimed.Distinct().Count());
        Assert.Empty(claimed.Intersect(first.Select(c => c.Id)));
        await app.Db<NotificationDb>(db => db.Messages.Where(m => m.RecipientId == recipient.Id).ExecuteDeleteAsync());
    }

    [Fact]
    public async Task Nothing_personal_stands_in_log_or_database()
    {
        var to = NotificationApp.Somebody();
        app.Smtp.Fail(new SmtpFault(SmtpStage.RcptTo, $"450 4.2.1 <{to}> is full"));
        var asked = app.Request("verify-code", to, attachment: app.Calendar());
        await app.Deliver(asked);
        await app.ReachesInTime(asked.RequestId, MessageState.Sent);

        var logged = string.Join('\n', app.Logs.GetSnapshot().Select(r => $"{r.Message} {r.Exception}"));
        Assert.Contains("MessageBrought", string.Join('\n', app.Logs.GetSnapshot().Select(r => r.Id.Name)), StringComparison.Ordinal);
        foreach (var secret in new[] { to, "copper kettle", "seven bridges", "sample-of-a-link", "Windrush Square" })
        {
            Assert.DoesNotContain(secret, logged, StringComparison.OrdinalIgnoreCase);
            foreach (var row in await app.Db<NotificationDb, List<Message>>(db => db.Messages.AsNoTracking().Where(m => m.RequestId == asked.RequestId).ToListAsync()))
                Assert.DoesNotContain(secret, System.Text.Json.JsonSerializer.Serialize(row), StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task With_a_mail_server_there_is_no_inbox() =>
        Assert.False((await app.Client("operator").GetAsync("/v1/metropolitan/inbox")).IsSuccessStatusCode);

    [Fact]
    public async Task Without_Notify_nobody_can_say_that_a_message_was_delivered()
    {
        var answer = await app.Client().PostAsync("/v1/metropolitan/delivery-receipts",
            new StringContent($"{{\"reference\":\"{Guid.NewGuid()}\",\"status\":\"delivered\"}}", System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal(System.Net.HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task What_was_queued_survives_a_restart()
    {
        app.Smtp.Fail(new SmtpFault(SmtpStage.Connect, "421 busy"));
        var to = NotificationApp.Somebody();
        var asked = app.Request("walk-confirmed", to);
        await app.Deliver(asked);
        await app.Reaches(asked.RequestId, MessageState.TemporaryFailure);
        await app.Restart();
        await app.ReachesInTime(asked.RequestId, MessageState.Sent);
        Assert.Equal(1, MailsTo(to));
    }
}

public sealed class SendingOnSqlite(NotificationApp.SmtpOnSqlite app) : SendingTests(app), IClassFixture<NotificationApp.SmtpOnSqlite>;

public sealed class SendingOnPostgres(NotificationApp.SmtpOnPostgres app) : SendingTests(app), IClassFixture<NotificationApp.SmtpOnPostgres>;
