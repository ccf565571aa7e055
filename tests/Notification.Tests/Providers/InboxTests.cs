using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using WalkTalk.Contracts.Notification;
using WalkTalk.Contracts.Notification.Api;
using WalkTalk.Notification.Data;
using WalkTalk.Notification.Messages;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Notification.Tests.Providers;

/// <summary>Without a mail server: the local inbox, the endpoints, quiet hours, retention.</summary>
public abstract class InboxTests(NotificationApp app)
{
    private const string At = "/v1/metropolitan";

    private async Task<(string To, InboxEntry Entry)> Received(string template = "verify-code")
    {
        var to = NotificationApp.Somebody();
        var asked = app.Request(template, to, attachment: template == "walk-confirmed" ? app.Calendar() : null);
        await app.Deliver(asked);
        var message = await app.Reaches(asked.RequestId, MessageState.Sent);
        var list = await app.Client("operator").GetFromJsonAsync<InboxList>($"{At}/inbox");
        return (to, list!.Mails.Single(m => m.Id == message.Id));
    }

    [Fact]
    public async Task An_operator_opens_a_mail_and_the_read_is_audited()
    {
        var (to, entry) = await Received();
        Assert.Equal("verify-code", entry.Template);

        var mail = await app.Client("operator", sub: "op-7").GetFromJsonAsync<OpenedMail>($"{At}/inbox/{entry.Id}");
        Assert.Equal(to, mail!.To);
        Assert.Contains("She says first: copper kettle", mail.Text, StringComparison.Ordinal);
        Assert.Contains("Only then you say: seven bridges", mail.Text, StringComparison.Ordinal);

        var reads = await app.Db<NotificationDb, List<string>>(db => db.Database
            .SqlQuery<string>($"SELECT reason AS value FROM audit WHERE actor = 'staff:op-7' AND action = 'read'").ToListAsync());
        Assert.Contains($"local inbox {entry.Id}", reads);
    }

    [Fact]
    public async Task What_lies_in_the_inbox_has_reached_nobody()
    {
        var asked = app.Request("verify-code", NotificationApp.Somebody());
        await app.Deliver(asked);
        await app.Reaches(asked.RequestId, MessageState.Sent);
        Assert.Single(await app.Published<NotificationDelivered>(), d => d.RequestId == asked.RequestId && d.Confirmed == false);
    }

    [Fact]
    public async Task The_attachment_can_be_downloaded()
    {
        var (_, entry) = await Received("walk-confirmed");
        Assert.True(entry.HasFile);
        var answer = await app.Client("operator").GetAsync($"{At}/inbox/{entry.Id}/file");
        Assert.Equal("text/calendar", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("walk.ics", answer.Content.Headers.ContentDisposition!.FileName);
        Assert.StartsWith("BEGIN:VCALENDAR", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        var (_, without) = await Received();
        Assert.Equal(HttpStatusCode.NotFound, (await app.Client("operator").GetAsync($"{At}/inbox/{without.Id}/file")).StatusCode);
    }

    [Fact]
    public async Task An_erased_recipient_leaves_nothing_to_open()
    {
        var (_, entry) = await Received();
        await app.Db<NotificationDb>(async db =>
        {
            var personal = app.Services.GetRequiredService<PersonalData>();
            await personal.Erase(db, await db.Messages.Where(m => m.Id == entry.Id).Select(m => m.RecipientId).SingleAsync());
            await db.SaveChangesAsync();
        });
        Assert.Equal(HttpStatusCode.NotFound, (await app.Client("operator").GetAsync($"{At}/inbox/{entry.Id}")).StatusCode);
    }

    [Fact]
    public async Task States_are_listed_without_anything_personal()
    {
        var (to, entry) = await Received();
        var text = await app.Client("coordinator").GetStringAsync($"{At}/messages?state=Sent");
        Assert.Contains($"{entry.Id}", text, StringComparison.Ordinal);
        foreach (var secret in new[] { to, "copper", "seven bridges", "Windrush" }) Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase);

        var list = await app.Client("oversight").GetFromJsonAsync<MessageList>($"{At}/messages");
        Assert.True(list!.ByState["Sent"] > 0);
    }

    [Fact]
    public async Task Long_lists_come_in_pages_that_miss_nothing()
    {
        var sent = new List<Guid>();
        for (var i = 0; i < 55; i++)
        {
            var asked = app.Request("walk-confirmed", NotificationApp.Somebody());
            await app.Deliver(asked);
            sent.Add(asked.RequestId);
        }
        foreach (var id in sent) await app.Reaches(id, MessageState.Sent);
        var all = await app.Db<NotificationDb, List<Guid>>(db => db.Messages.Select(m => m.Id).ToListAsync());

        var (seen, inbox) = (new List<Guid>(), new List<Guid>());
        for (string? next = ""; next is not null;)
        {
            var page = await app.Client("operator").GetFromJsonAsync<MessageList>($"{At}/messages?before={next}");
            seen.AddRange(page!.Messages.Select(m => m.Id));
            next = page.Next;
        }
        for (string? next = ""; next is not null;)
        {
            var page = await app.Client("operator").GetFromJsonAsync<InboxList>($"{At}/inbox?before={next}");
            inbox.AddRange(page!.Mails.Select(m => m.Id));
            next = page.Next;
        }
        Assert.Equal(all.Order(), seen.Order());
        Assert.Equal(await app.Db<NotificationDb, List<Guid>>(db => db.Mails.Select(m => m.Id).OrderBy(i => i).ToListAsync()), inbox.Order());
    }

    [Fact]
    public async Task A_template_is_previewed_and_sent_as_a_test()
    {
        var administrator = app.Client("administrator");
        var templates = await administrator.GetFromJsonAsync<List<TemplateInfo>>($"{At}/templates");
        Assert.Contains(templates!, t => t is { Id: "walk-confirmed", Language: "cy", Draft: true });
        var preview = await administrator.GetFromJsonAsync<TemplatePreview>($"{At}/templates/verify-code/en");
        Assert.Empty(preview!.Faults);
        Assert.Contains("copper kettle", preview.Text, StringComparison.Ordinal);
        Assert.InRange(preview.Sms!.Segments, 1, 3);

        var to = NotificationApp.Somebody();
        var answer = await administrator.PostAsJsonAsync($"{At}/templates/verify-code/en/test", new TestSend(to));
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var id = (await answer.Content.ReadFromJsonAsync<TestQueued>())!.MessageId;
        await app.Eventually(async () => (await app.Client("operator").GetAsync($"{At}/inbox/{id}")).IsSuccessStatusCode);
        Assert.Equal(to, (await app.Client("operator").GetFromJsonAsync<OpenedMail>($"{At}/inbox/{id}"))!.To);
    }

    public static TheoryData<string, string, string> Endpoints => new()
    {
        { "GET", "/messages", "participant safeguarding" },
        { "GET", "/templates", "operator" },
        { "GET", "/templates/verify-code/en", "operator" },
        { "POST", "/templates/verify-code/en/test", "coordinator" },
        { "GET", "/inbox", "administrator coordinator oversight" },
        { "GET", "/inbox/7c9e6679-7425-40de-944b-e07fc1f90ae7", "administrator coordinator oversight" },
        { "GET", "/inbox/7c9e6679-7425-40de-944b-e07fc1f90ae7/file", "administrator coordinator oversight" },
    };

    [Theory, MemberData(nameof(Endpoints))]
    public async Task Only_the_right_role_of_the_right_force_comes_in(string method, string path, string wrongRoles)
    {
        async Task<HttpStatusCode> Status(HttpClient client, string force = "metropolitan")
        {
            var request = new HttpRequestMessage(new(method), $"/v1/{force}{path}");
            if (method == "POST") request.Content = JsonContent.Create(new TestSend("somebody@example.org"));
            return (await client.SendAsync(request)).StatusCode;
        }
        const string Everything = "operator coordinator administrator oversight";
        Assert.Equal(HttpStatusCode.Unauthorized, await Status(app.Client()));
        Assert.Equal(HttpStatusCode.Forbidden, await Status(app.Client(wrongRoles)));
        Assert.Equal(HttpStatusCode.Forbidden, await Status(app.Client(Everything, force: "gwent")));
        Assert.Equal(HttpStatusCode.NotFound, await Status(app.Client(Everything, force: "atlantis"), "atlantis"));
    }

    [Theory]
    [InlineData("/messages?state=Lost", 400)]
    [InlineData("/messages?state=1", 400)]
    [InlineData("/messages?before=yesterday", 400)]
    [InlineData("/messages?before=7c9e6679-7425-40de-944b-e07fc1f90ae7", 400)]
    [InlineData("/inbox?before=1%20or%201=1", 400)]
    [InlineData("/inbox/not-an-id", 400)]
    [InlineData("/inbox/7c9e6679-7425-40de-944b-e07fc1f90ae7", 404)]
    [InlineData("/inbox/7c9e6679-7425-40de-944b-e07fc1f90ae7/file", 404)]
    [InlineData("/templates/verify-code/fr", 404)]
    [InlineData("/templates/..%2Fsecret/en", 404)]
    public async Task What_makes_no_sense_is_answered_by_a_problem(string path, int status)
    {
        var answer = await app.Client("operator administrator").GetAsync(At + path);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("{\"to\":\"not an address\"}")]
    [InlineData("{\"to\":null}")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"to\":")]
    [InlineData("")]
    public async Task A_malformed_test_send_is_refused(string body)
    {
        var answer = await app.Client("administrator").PostAsync($"{At}/templates/verify-code/en/test",
            new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task A_message_of_another_force_is_not_there()
    {
        var (_, entry) = await Received();
        var count = await app.Db<NotificationDb, int>(db => db.Messages.CountAsync(m => m.Id == entry.Id), force: "gwent");
        Assert.Equal(0, count);
    }
}

/// <summary>Moves the clock by months, so it has its own host.</summary>
public abstract class ForgettingTests(NotificationApp app)
{
    [Fact]
    public async Task Bodies_go_after_seven_days_everything_after_ninety_and_quiet_hours_hold_till_the_morning()
    {
        // 23:00: a thank-you waits for the morning, the meeting words do not.
        app.Time.SetUtcNow(new(2026, 11, 25, 23, 0, 0, TimeSpan.Zero));
        var (to, quiet, words) = (NotificationApp.Somebody(), app.Request("walk-thanks", NotificationApp.Somebody()), app.Request("verify-code", NotificationApp.Somebody()));
        await app.Deliver(quiet);
        await app.Deliver(words);
        await app.Reaches(words.RequestId, MessageState.Sent);
        await app.Eventually(async () => (await app.Message(quiet.RequestId)).Reason == "quiet-hours");
        Assert.Equal(new(2026, 11, 26, 8, 0, 0, TimeSpan.Zero), (await app.Message(quiet.RequestId)).DueAt);
        var tooShort = app.Request("walk-thanks", to, worthFor: TimeSpan.FromHours(2));
        await app.Deliver(tooShort);
        await app.Reaches(tooShort.RequestId, MessageState.Suppressed);

        app.Time.SetUtcNow(new(2026, 11, 26, 8, 0, 1, TimeSpan.Zero));
        await app.Reaches(quiet.RequestId, MessageState.Sent);

        app.Time.Advance(TimeSpan.FromDays(6));
        await Forget();
        Assert.NotNull((await app.Message(words.RequestId)).Payload);
        app.Time.Advance(TimeSpan.FromDays(2));
        await Forget();
        Assert.Null((await app.Message(words.RequestId)).Payload);
        Assert.Equal(0, await app.Db<NotificationDb, int>(db => db.Mails.CountAsync()));
        Assert.Equal(MessageState.Sent, (await app.Message(words.RequestId)).State);

        app.Time.Advance(TimeSpan.FromDays(90));
        await Forget();
        Assert.Equal(0, await app.Db<NotificationDb, int>(db => db.Messages.CountAsync()));
        Assert.Equal(0, await app.Db<NotificationDb, int>(db => db.Recipients.CountAsync()));
        Assert.Equal(0, await app.Db<NotificationDb, int>(db => db.Database.SqlQuery<int>($"SELECT CAST(COUNT(*) AS integer) AS \"Value\" FROM person_key").SingleAsync()));
    }

    private async Task Forget()
    {
        await using var scope = app.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<ForgetMessages>().Run("metropolitan", default);
    }
}

public sealed class InboxOnSqlite(NotificationApp.InboxOnSqlite app) : InboxTests(app), IClassFixture<NotificationApp.InboxOnSqlite>;

public sealed class InboxOnPostgres(NotificationApp.InboxOnPostgres app) : InboxTests(app), IClassFixture<NotificationApp.InboxOnPostgres>;

public sealed class ForgettingOnSqlite(NotificationApp.InboxOnSqlite app) : ForgettingTests(app), IClassFixture<NotificationApp.InboxOnSqlite>;

public sealed class ForgettingOnPostgres(NotificationApp.InboxOnPostgres app) : ForgettingTests(app), IClassFixture<NotificationApp.InboxOnPostgres>;
