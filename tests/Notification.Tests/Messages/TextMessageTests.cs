using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using WalkTalk.Contracts.Notification;
using WalkTalk.Contracts.Notification.Api;
using WalkTalk.Notification.Data;
using WalkTalk.Notification.Messages;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Notification.Tests.Messages;

/// <summary>Messages to a number, by GOV.UK Notify: as mail goes, in few words, never two.</summary>
public abstract class TextMessageTests(NotificationApp fixture)
{
    private readonly NotificationApp app = fixture.Later(TimeSpan.FromMinutes(16));

    private IReadOnlyList<NotifyMail> TextsTo(string to) => [.. app.Notify.Mails.Where(m => m.To == to)];

    private async Task<(string To, NotificationRequested Asked)> Ask(string template = "walk-confirmed", string? to = null, bool neutral = false)
    {
        to ??= NotificationApp.SomebodysNumber();
        var asked = app.Request(template, to, neutral: neutral, attachment: app.Calendar());
        await app.Deliver(asked);
        return (to, asked);
    }

    /// <summary>Notify has answered just now: where it has long been failing a question goes before each message.</summary>
    private async Task Answers() => await app.Reaches((await Ask()).Asked.RequestId, MessageState.Sent);

    [Fact]
    public async Task A_number_gets_one_text_and_Notify_says_that_it_arrived()
    {
        var (to, asked) = await Ask("verify-code");
        await app.Deliver(asked);
        var sent = await app.Reaches(asked.RequestId, MessageState.Sent);
        var text = Assert.Single(TextsTo(to));
        Assert.Equal((sent.Id.ToString(), app.Notify.Named.Id, true, ""), (text.Reference, text.Service, text.Sms, text.Subject));
        Assert.StartsWith("She says first: copper kettle. Only then you say: seven bridges.", text.Body, StringComparison.Ordinal);
        Assert.EndsWith("https://walktalk.example/metropolitan/sample-of-a-link-as-long-as-true-ones", text.Body, StringComparison.Ordinal);
        Assert.Equal((1, "notify", true), (sent.Attempts, sent.Provider, sent.Sms));
        Assert.Empty(app.Notify.Wrong);

        Assert.Equal(204, (int)(await app.Notify.Tell(app.Address, text.Reference, "delivered")).StatusCode);
        await app.Reaches(asked.RequestId, MessageState.Delivered);
    }

    [Fact]
    public async Task A_neutral_text_goes_by_the_neutral_service_and_a_draft_says_that_it_is_one()
    {
        var (to, asked) = await Ask(neutral: true);
        await app.Reaches(asked.RequestId, MessageState.Sent);
        var text = Assert.Single(TextsTo(to));
        Assert.Equal(app.Notify.Neutral.Id, text.Service);
        Assert.StartsWith("Confirmed: ", text.Body, StringComparison.Ordinal);

        var welsh = app.Request("walk-confirmed", to, language: "cy");
        await app.Deliver(welsh);
        await app.Reaches(welsh.RequestId, MessageState.Sent);
        Assert.EndsWith(" (drafft)", TextsTo(to).Single(t => t.Service == app.Notify.Named.Id).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(NotifyFault.TakesAndDrops)]
    [InlineData(NotifyFault.TakesAndSays500)]
    [InlineData(NotifyFault.TakesAndHangs)]
    public async Task What_Notify_took_although_its_answer_was_lost_is_found_and_not_sent_again(NotifyFault fault)
    {
        await Answers();
        app.Notify.Fail(fault);
        var (to, asked) = await Ask();
        Assert.True((await app.Reaches(asked.RequestId, MessageState.TemporaryFailure)).Uncertain);
        var sent = await app.ReachesInTime(asked.RequestId, MessageState.Sent);
        Assert.Equal((1, false), (sent.Attempts, sent.Uncertain));
        Assert.Single(TextsTo(to));
        Assert.Single(app.Notify.Offered, o => o == to);
    }

    [Theory]
    [InlineData(NotifyFault.Drops)]
    [InlineData(NotifyFault.Says500)]
    [InlineData(NotifyFault.Says502)]
    public async Task What_Notify_did_not_take_is_sent_again_after_it_has_said_so(NotifyFault fault)
    {
        await Answers();
        app.Notify.Fail(fault);
        var (to, asked) = await Ask();
        Assert.True((await app.Reaches(asked.RequestId, MessageState.TemporaryFailure)).Uncertain);
        var sent = await app.ReachesInTime(asked.RequestId, MessageState.Sent);
        Assert.Equal((2, false), (sent.Attempts, sent.Uncertain));
        Assert.Single(TextsTo(to));
        Assert.Single(app.Notify.Asked, r => r == sent.Id.ToString());
    }

    [Fact]
    public async Task At_the_days_limit_of_texts_they_wait_without_losing_a_try_and_mail_goes_on()
    {
        await Answers();
        app.Notify.Fail(NotifyFault.DailyLimit);
        var (to, asked) = await Ask();
        var waits = await app.Reaches(asked.RequestId, MessageState.TemporaryFailure);
        Assert.Equal(("daily-limit", 0), (waits.Reason, waits.Attempts));

        var (mail, other) = await Ask(to: NotificationApp.Somebody());
        await app.Reaches(other.RequestId, MessageState.Sent);
        Assert.False(Assert.Single(TextsTo(mail)).Sms);
        Assert.Empty(TextsTo(to));

        app.Time.Advance(TimeSpan.FromMinutes(16));
        Assert.Equal(1, (await app.ReachesInTime(asked.RequestId, MessageState.Sent)).Attempts);
        Assert.Single(TextsTo(to));
    }

    [Fact]
    public async Task A_number_that_is_none_is_bad_until_something_arrives_there()
    {
        var (to, asked) = await Ask();
        var sent = await app.Reaches(asked.RequestId, MessageState.Sent);
        Task<DateTimeOffset?> BadSince() => app.Db<NotificationDb, DateTimeOffset?>(db => db.Recipients.Where(r => r.Id == sent.RecipientId).Select(r => r.BadSince).SingleAsync());
        await app.Notify.Tell(app.Address, sent.Id.ToString(), "permanent-failure");
        await app.Reaches(asked.RequestId, MessageState.PermanentFailure);
        Assert.NotNull(await BadSince());

        var (_, again) = await Ask("walk-cancelled", to);
        var second = await app.Reaches(again.RequestId, MessageState.Sent);
        Assert.Equal(sent.RecipientId, second.RecipientId);
        await app.Notify.Tell(app.Address, second.Id.ToString(), "delivered");
        Assert.Null(await BadSince());
    }

    [Fact]
    public async Task What_is_for_staff_has_no_text_and_fails_where_a_person_sees_it()
    {
        var (to, asked) = await Ask("sla-warning");
        Assert.Equal("template-without-sms", (await app.Reaches(asked.RequestId, MessageState.TechnicalFailure)).Reason);
        Assert.DoesNotContain(to, app.Notify.Offered);
        await app.Eventually(async () => (await app.Published<NotificationFailed>()).Any(f => f.RequestId == asked.RequestId));
    }

    [Fact]
    public async Task An_administrator_sends_a_test_to_a_number_as_it_is_typed()
    {
        var to = NotificationApp.SomebodysNumber();
        var typed = $"0{to[3..7]} {to[7..10]} {to[10..]}";
        (await app.Client("administrator").PostAsJsonAsync("/v1/metropolitan/templates/contact-verify/en/test", new { to = typed })).EnsureSuccessStatusCode();
        await app.Eventually(() => Task.FromResult(TextsTo(to).Count == 1));
        Assert.Equal("482913 is your code. It works for 10 minutes.", TextsTo(to)[0].Body);
    }

    [Fact]
    public async Task A_number_stands_in_no_log_and_in_no_column()
    {
        var (to, asked) = await Ask();
        var sent = await app.Reaches(asked.RequestId, MessageState.Sent);
        Assert.DoesNotContain(app.Logs.GetSnapshot(), r => r.Message.Contains(to, StringComparison.Ordinal) || r.Message.Contains(to[3..], StringComparison.Ordinal));
        var hash = await app.Db<NotificationDb, string>(db => db.Recipients.Where(r => r.Id == sent.RecipientId).Select(r => r.ContactHash).SingleAsync());
        Assert.DoesNotContain(to[3..], $"{sent.Payload}{hash}", StringComparison.Ordinal);
    }
}

public sealed class TextMessagesOnSqlite(NotificationApp.NotifyOnSqlite app) : TextMessageTests(app), IClassFixture<NotificationApp.NotifyOnSqlite>;

public sealed class TextMessagesOnPostgres(NotificationApp.NotifyOnPostgres app) : TextMessageTests(app), IClassFixture<NotificationApp.NotifyOnPostgres>;

/// <summary>A mail server beside Notify takes no number, whatever becomes of Notify.</summary>
public abstract class TextsBesideMailTests(NotificationApp fixture)
{
    private readonly NotificationApp app = fixture.Later(TimeSpan.FromMinutes(16));

    [Theory]
    [InlineData(NotifyFault.DailyLimit)]
    [InlineData(NotifyFault.Says403)]
    public async Task A_number_waits_for_Notify(NotifyFault fault)
    {
        var to = NotificationApp.SomebodysNumber();
        app.Notify.Fail([.. Enumerable.Repeat(fault, fault == NotifyFault.DailyLimit ? 1 : 3)]);
        var asked = app.Request("walk-confirmed", to);
        await app.Deliver(asked);
        await app.ReachesInTime(asked.RequestId, MessageState.Sent);
        Assert.True(Assert.Single(app.Notify.Mails, m => m.To == to).Sms);
        Assert.DoesNotContain(app.Smtp.Mails, m => m.To.Any(t => t.Contains(to[3..], StringComparison.Ordinal)));
    }
}

public sealed class TextsBesideMailOnSqlite(NotificationApp.BothOnSqlite app) : TextsBesideMailTests(app), IClassFixture<NotificationApp.BothOnSqlite>;

public sealed class TextsBesideMailOnPostgres(NotificationApp.BothOnPostgres app) : TextsBesideMailTests(app), IClassFixture<NotificationApp.BothOnPostgres>;

/// <summary>With a mail server alone no text can be sent: said at the start to whoever asks, and not tried.</summary>
public abstract class NoTextsTests(NotificationApp app)
{
    [Fact]
    public async Task A_number_fails_at_once_and_reaches_no_mail_server()
    {
        Assert.False(TextMessages.AreSent(app.Services.GetRequiredService<IConfiguration>()));
        var to = NotificationApp.SomebodysNumber();
        var asked = app.Request("walk-confirmed", to);
        await app.Deliver(asked);
        var failed = await app.Reaches(asked.RequestId, MessageState.TechnicalFailure);
        Assert.Equal(("texts-not-sent", 0), (failed.Reason, failed.Attempts));
        await app.Eventually(async () => (await app.Published<NotificationFailed>()).Any(f => f.RequestId == asked.RequestId));
        Assert.DoesNotContain(app.Smtp.Mails, m => m.To.Any(t => t.Contains(to[3..], StringComparison.Ordinal)));
    }
}

public sealed class NoTextsOnSqlite(NotificationApp.SmtpOnSqlite app) : NoTextsTests(app), IClassFixture<NotificationApp.SmtpOnSqlite>;

public sealed class NoTextsOnPostgres(NotificationApp.SmtpOnPostgres app) : NoTextsTests(app), IClassFixture<NotificationApp.SmtpOnPostgres>;

/// <summary>With nothing configured a text lies in the local inbox, and is shown as one.</summary>
public abstract class TextsInInboxTests(NotificationApp app)
{
    [Fact]
    public async Task A_text_lies_in_the_inbox_as_a_text()
    {
        Assert.True(TextMessages.AreSent(app.Services.GetRequiredService<IConfiguration>()));
        var to = NotificationApp.SomebodysNumber();
        var (text, mail) = (app.Request("walk-confirmed", to, attachment: app.Calendar()), app.Request("walk-confirmed", NotificationApp.Somebody()));
        await app.Deliver(text);
        await app.Deliver(mail);
        var (sent, other) = (await app.Reaches(text.RequestId, MessageState.Sent), await app.Reaches(mail.RequestId, MessageState.Sent));

        var list = await app.Client("operator").GetFromJsonAsync<InboxList>("/v1/metropolitan/inbox");
        Assert.Equal((true, false), (list!.Mails.Single(m => m.Id == sent.Id) is { Sms: true, HasFile: false }, list.Mails.Single(m => m.Id == other.Id).Sms));
        var opened = await app.Client("operator").GetFromJsonAsync<OpenedMail>($"/v1/metropolitan/inbox/{sent.Id}");
        Assert.Equal((to, "", true, null), (opened!.To, opened.Subject, opened.Sms, opened.FileName));
        Assert.StartsWith("Confirmed: ", opened.Text, StringComparison.Ordinal);
    }
}

public sealed class TextsInInboxOnSqlite(NotificationApp.InboxOnSqlite app) : TextsInInboxTests(app), IClassFixture<NotificationApp.InboxOnSqlite>;

public sealed class TextsInInboxOnPostgres(NotificationApp.InboxOnPostgres app) : TextsInInboxTests(app), IClassFixture<NotificationApp.InboxOnPostgres>;

public sealed class TextMessageSettingTests
{
    [Fact]
    public async Task A_host_that_is_told_to_take_numbers_and_cannot_send_texts_does_not_start()
    {
        await using var app = new Told();
        var fault = await Assert.ThrowsAsync<OptionsValidationException>(async () => await app.InitializeAsync());
        Assert.Contains("Contact:Sms", fault.Message, StringComparison.Ordinal);
        Assert.Contains("Notify:SmsTemplateId", fault.Message, StringComparison.Ordinal);
    }

    private sealed class Told() : NotificationApp(Fixtures.TestOn.OneProcess, withMailServer: true)
    {
        protected override IEnumerable<(string Key, string? Value)> Settings() => [.. base.Settings(), ("Contact:Sms", "true")];
    }
}
