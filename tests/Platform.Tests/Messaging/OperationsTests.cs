using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Fixtures;
using WalkTalk.ServiceDefaults.Messaging;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Platform.Tests.Messaging;

/// <summary>What an operator does with many messages at once, and who may not.</summary>
public abstract class OperationsTests
{
    private const string Root = "/v1/metropolitan/operations";
    private readonly Probe.App app;

    private protected OperationsTests(Probe.App app) => this.app = app;

    private async Task<Guid> Park(string consumer, string name, string thing)
    {
        var id = Guid.NewGuid();
        await app.Db<ProbeDb>(async db =>
        {
            db.Inbox.Add(new InboxRow
            {
                MessageId = id, Consumer = consumer, Name = name, Body = JsonSerializer.Serialize(new ThingMade(Guid.NewGuid(), thing), Delivery.Json),
                PublishedAt = db.Now, Attempts = 7, DueAt = db.Now, ParkedAt = db.Now, Error = "InvalidOperationException",
            });
            await db.SaveChangesAsync();
        });
        return id;
    }

    private Task<bool> IsParked(Guid id) => app.Db<ProbeDb, bool>(db => db.Inbox.AnyAsync(r => r.MessageId == id && r.ParkedAt != null));

    private Task<int> Effects(string thing, string consumer) => app.Db<ProbeDb, int>(db => db.Effects.CountAsync(e => e.Name == thing && e.Consumer == consumer));

    [Fact]
    public async Task All_that_is_parked_at_one_consumer_is_released_and_then_all_the_rest_but_what_cannot_be_read()
    {
        var thing = $"parked {Guid.NewGuid():N}";
        var (counted, failed, unreadable) = (await Park(nameof(CountThing), "probe-thing-made", thing), await Park(nameof(SometimesFails), "probe-thing-made", thing), await Park("nobody", Delivery.Unreadable, thing));
        var client = app.Client("operator");

        var one = await client.PostAsJsonAsync($"{Root}/messages/release", new ReleaseMessages { Consumer = nameof(CountThing) });
        Assert.Equal(new MessagesReleased(1), await one.Content.ReadFromJsonAsync<MessagesReleased>());
        await app.Eventually(async () => await Effects(thing, nameof(CountThing)) == 1, "the released message");
        Assert.True(await IsParked(failed));

        var all = await client.PostAsJsonAsync($"{Root}/messages/release", new ReleaseMessages());
        Assert.Equal(new MessagesReleased(1), await all.Content.ReadFromJsonAsync<MessagesReleased>());
        await app.Eventually(async () => await Effects(thing, nameof(SometimesFails)) == 1, "the rest");
        Assert.True(await IsParked(unreadable));
        Assert.Equal(1, await Effects(thing, nameof(CountThing)));
        Assert.False(await IsParked(counted));
        Assert.Equal(2, await app.Db<ProbeDb, int>(db => db.AuditTrail.CountAsync(a => a.Action == "released" && a.SubjectType == "messages" && a.Reason == "1")));

        Assert.Equal(HttpStatusCode.NoContent, (await client.PostAsJsonAsync($"{Root}/messages/{unreadable}/discard", new DiscardMessage { Note = "Nothing can be done with it." })).StatusCode);
    }

    [Theory]
    [InlineData("GET", "status")]
    [InlineData("GET", "messages")]
    [InlineData("POST", "messages/release")]
    [InlineData("POST", "messages/0199a7b2-0000-7000-8000-000000000000/release")]
    [InlineData("POST", "messages/0199a7b2-0000-7000-8000-000000000000/discard")]
    [InlineData("POST", "rebuild")]
    public async Task Only_an_operator_of_this_force_may(string method, string path)
    {
        async Task<HttpStatusCode> Ask(HttpClient client, string force = ServiceApp.Force) => (await client.SendAsync(new HttpRequestMessage(new HttpMethod(method), $"/v1/{force}/operations/{path}")
        {
            Content = method == "POST" ? JsonContent.Create(new { note = "asked by a test" }) : null,
        })).StatusCode;
        Assert.Equal(HttpStatusCode.Unauthorized, await Ask(app.Client()));
        Assert.Equal(HttpStatusCode.Forbidden, await Ask(app.Client("coordinator")));
        Assert.Equal(HttpStatusCode.Forbidden, await Ask(app.Client("operator", force: "north-wales")));
        Assert.Equal(HttpStatusCode.Forbidden, await Ask(app.Client("operator"), "north-wales"));
    }

    [Theory]
    [InlineData("messages/release", "{\"consumer\":1}")]
    [InlineData("messages/release", "{\"nobody\":\"knows\"}")]
    [InlineData("messages/0199a7b2-0000-7000-8000-000000000000/discard", "{}")]
    [InlineData("messages/0199a7b2-0000-7000-8000-000000000000/discard", "not json")]
    public async Task What_cannot_be_read_is_refused_with_its_place(string path, string body)
    {
        var answer = await app.Client("operator").PostAsync($"{Root}/{path}", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("urn:walktalk:problem:malformed-json", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}

public sealed class OperationsOnSqlite(Probe.OnSqlite app) : OperationsTests(app), IClassFixture<Probe.OnSqlite>;

public sealed class OperationsOnPostgres(Probe.OnPostgres app) : OperationsTests(app), IClassFixture<Probe.OnPostgres>;
