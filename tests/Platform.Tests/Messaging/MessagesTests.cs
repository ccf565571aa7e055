using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using RabbitMQ.Client;
using WalkTalk.Fixtures;
using WalkTalk.ServiceDefaults.Messaging;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Platform.Tests.Messaging;

public abstract class MessagesTests
{
    private readonly Probe.App app;

    private protected MessagesTests(Probe.App app) => this.app = app;

    private async Task<Guid> Make(string name)
    {
        var answer = await app.Client("coordinator").PostAsJsonAsync("/v1/metropolitan/things", new NewThing { Name = name });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<ThingView>())!.Id;
    }

    private protected Task<int> Effects(string name, string consumer) =>
        app.Db<ProbeDb, int>(db => db.Effects.CountAsync(e => e.Name == name && e.Consumer == consumer));

    /// <summary>Moves the clock past the next delay until it is so.</summary>
    private Task After(TimeSpan step, Func<Task<bool>> isSo, string what) => app.Eventually(async () =>
    {
        if (await isSo())
        {
            return true;
        }

        app.Time.Advance(step);
        return false;
    }, what);

    private protected static string Unique(string prefix) => $"{prefix} {Guid.NewGuid():N}";

    [Fact]
    public async Task A_fact_reaches_each_consumer_once()
    {
        var name = Unique("plain");
        await Make(name);
        await app.Eventually(async () => await Effects(name, nameof(CountThing)) == 1 && await Effects(name, nameof(SometimesFails)) == 1, "both consumers");
    }

    [Fact]
    public async Task A_fact_stays_as_history_after_it_was_sent()
    {
        var name = Unique("kept");
        await Make(name);
        await app.Eventually(() => app.Db<ProbeDb, bool>(db => db.Outbox.AnyAsync(r => r.Body.Contains(name) && r.SentAt != null)), "the fact to be sent");
    }

    [Fact]
    public async Task A_message_that_comes_twice_takes_effect_once()
    {
        var name = Unique("twice");
        var message = new ThingMade(Guid.NewGuid(), name);
        var id = Guid.NewGuid();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => app.Deliver(message, id: id)));
        await app.Deliver(message, id: id);
        Assert.Equal(1, await Effects(name, nameof(CountThing)));
        Assert.Equal(1, await Effects(name, nameof(SometimesFails)));
    }

    [Fact]
    public async Task A_consumer_that_fails_twice_is_tried_again_and_leaves_one_effect()
    {
        var name = Unique("fails 2");
        await Make(name);
        await After(TimeSpan.FromSeconds(10), async () => await Effects(name, nameof(SometimesFails)) == 1, "the third try");
        Assert.Equal(1, await Effects(name, nameof(CountThing)));
    }

    [Fact]
    public async Task A_poison_message_parks_alone_and_an_operator_releases_it()
    {
        var name = Unique("fails always");
        var id = await Make(name);
        var operatorClient = app.Client("operator");
        var message = await app.Db<ProbeDb, Guid>(db => db.Outbox.Where(r => r.Body.Contains(name)).Select(r => r.Id).SingleAsync());
        StuckMessage? stuck = null;
        await After(TimeSpan.FromHours(2), async () =>
        {
            var all = await operatorClient.GetFromJsonAsync<List<StuckMessage>>("/v1/metropolitan/operations/messages");
            stuck = all!.FirstOrDefault(m => m.Id == message && m.ParkedAt is not null);
            return stuck is not null;
        }, "the message to be parked");
        Assert.Contains(nameof(InvalidOperationException), stuck!.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Secret", stuck.Error, StringComparison.Ordinal);
        Assert.Contains("Degraded", await app.Client().GetStringAsync("/health"), StringComparison.Ordinal);
        Assert.Equal(0, await Effects(name, nameof(SometimesFails)));

        var other = Unique("not held up");
        await Make(other);
        await app.Eventually(async () => await Effects(other, nameof(SometimesFails)) == 1, "another message to pass the poison");

        SometimesFails.Mended[id] = true;
        var released = await operatorClient.PostAsync($"/v1/metropolitan/operations/messages/{stuck.Id}/release", null);
        Assert.Equal(HttpStatusCode.NoContent, released.StatusCode);
        await app.Eventually(async () => await Effects(name, nameof(SometimesFails)) == 1, "the released message");
        Assert.Equal(HttpStatusCode.NotFound, (await operatorClient.PostAsync($"/v1/metropolitan/operations/messages/{stuck.Id}/release", null)).StatusCode);
    }

    [Fact]
    public async Task A_parked_message_can_be_discarded_with_a_note_and_not_without()
    {
        var name = Unique("fails always");
        await Make(name);
        var operatorClient = app.Client("operator");
        StuckMessage? stuck = null;
        await After(TimeSpan.FromHours(2), async () =>
            (stuck = (await operatorClient.GetFromJsonAsync<List<StuckMessage>>("/v1/metropolitan/operations/messages"))!.FirstOrDefault(m => m.ParkedAt is not null)) is not null, "a parked message");
        var url = $"/v1/metropolitan/operations/messages/{stuck!.Id}/discard";
        Assert.Equal(HttpStatusCode.BadRequest, (await operatorClient.PostAsJsonAsync(url, new { note = " " })).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await operatorClient.PostAsJsonAsync(url, new { note = "A probe; it can never succeed." })).StatusCode);
        Assert.DoesNotContain(await operatorClient.GetFromJsonAsync<List<StuckMessage>>("/v1/metropolitan/operations/messages") ?? [], m => m.Id == stuck.Id);
        Assert.True(await app.Db<ProbeDb, bool>(db => db.AuditTrail.AnyAsync(a => a.Action == "discarded" && a.Reason == "A probe; it can never succeed.")));
    }

    [Fact]
    public async Task A_reminder_comes_when_it_is_due_and_not_before()
    {
        var name = Unique("due");
        await app.Db<ProbeDb>(async db =>
        {
            await db.Schedule(name, db.Now.AddHours(5), new ThingDue(name));
            await db.SaveChangesAsync();
        });
        await Task.Delay(1200);
        Assert.Equal(0, await Effects(name, nameof(CountDue)));
        await After(TimeSpan.FromHours(6), async () => await Effects(name, nameof(CountDue)) == 1, "the reminder");
    }

    [Fact]
    public async Task A_reminder_is_replaced_and_taken_back_by_its_key()
    {
        var (key, first, second, other) = (Unique("key"), Unique("first"), Unique("second"), Unique("other"));
        await app.Db<ProbeDb>(async db =>
        {
            await db.Schedule(key, db.Now.AddHours(1), new ThingDue(first));
            await db.Schedule(other, db.Now.AddHours(1), new ThingDue(other));
            await db.SaveChangesAsync();
            await db.Schedule(key, db.Now.AddHours(2), new ThingDue(second));
            await db.Withdraw(other);
            await db.SaveChangesAsync();
        });
        await After(TimeSpan.FromHours(3), async () => await Effects(second, nameof(CountDue)) == 1, "the second reminder");
        Assert.Equal(0, await Effects(first, nameof(CountDue)));
        Assert.Equal(0, await Effects(other, nameof(CountDue)));
    }

    [Fact]
    public async Task Requests_that_nobody_takes_wait_and_are_not_lost()
    {
        var name = Unique("nobody");
        await app.Db<ProbeDb>(async db =>
        {
            for (var i = 0; i < 3; i++)
            {
                db.Request(new NobodyWants(name));
            }

            await db.SaveChangesAsync();
        });
        await app.Eventually(async () => await app.Db<ProbeDb, int>(db => db.Outbox.CountAsync(r => r.Body.Contains(name) && r.Error != null && r.SentAt == null && r.ParkedAt == null)) == 3,
            "the requests to be tried and kept");
    }

    [Fact]
    public async Task What_must_not_tell_its_moment_carries_the_day_only()
    {
        var name = Unique("untimed");
        await app.Db<ProbeDb>(async db =>
        {
            db.Publish(new ThingMade(Guid.NewGuid(), name), untimed: true);
            await db.SaveChangesAsync();
        });
        OutboxRowTimes? row = null;
        await app.Eventually(async () =>
        {
            row = await app.Db<ProbeDb, OutboxRowTimes?>(db => db.Outbox.Where(r => r.Body.Contains(name) && r.SentAt != null)
                .Select(r => new OutboxRowTimes(r.Id, r.CreatedAt, r.SentAt!.Value, r.Traceparent)).FirstOrDefaultAsync());
            return row is not null;
        }, "the fact to be sent");
        Assert.Equal(TimeSpan.Zero, row!.CreatedAt.TimeOfDay);
        Assert.Equal(TimeSpan.Zero, row.SentAt.TimeOfDay);
        Assert.Null(row.Traceparent);
        Assert.Equal(4, row.Id.Version);
    }

    [Fact]
    public async Task What_fell_due_while_nobody_ran_goes_out_once_and_holds_up_nothing_new()
    {
        var (late, fresh) = (Unique("late"), Unique("fresh"));
        await app.Db<ProbeDb>(async db =>
        {
            for (var i = 0; i < 300; i++)
            {
                await db.Schedule($"{late} {i}", db.Now.AddHours(1).AddMinutes(i), new ThingDue(late));
            }

            await db.SaveChangesAsync();
        });
        app.Time.Advance(TimeSpan.FromDays(3));
        await app.Restart();
        await Make(fresh);
        await app.Eventually(async () => await Effects(fresh, nameof(CountThing)) == 1, "the new message");
        await app.Eventually(async () => await Effects(late, nameof(CountDue)) == 300, "every reminder");
        await Task.Delay(600);
        Assert.Equal(300, await Effects(late, nameof(CountDue)));
    }

    [Fact]
    public async Task Many_messages_at_once_with_a_poisoned_one_among_them_each_take_effect_once()
    {
        var name = Unique("many");
        var poison = Guid.NewGuid();
        await app.Db<ProbeDb>(async db =>
        {
            for (var i = 0; i < 500; i++)
            {
                db.Publish(i == 250 ? new ThingMade(poison, $"fails always {name}") : new ThingMade(Guid.NewGuid(), name));
            }

            await db.SaveChangesAsync();
        });
        await app.Eventually(async () => await Effects(name, nameof(SometimesFails)) == 499 && await Effects(name, nameof(CountThing)) == 499, "all but the poisoned one");
        await Task.Delay(600);
        Assert.Equal((499, 499), (await Effects(name, nameof(SometimesFails)), await Effects(name, nameof(CountThing))));
        SometimesFails.Mended[poison] = true;
        await After(TimeSpan.FromSeconds(10), async () => await app.Db<ProbeDb, bool>(db => db.Inbox.AllAsync(r => r.HandledOn != null || r.ParkedAt != null)), "the mended message");
    }

    [Fact]
    public async Task Reminders_that_lock_what_a_request_locks_never_end_it_as_a_deadlock()
    {
        var ct = TestContext.Current.CancellationToken;
        var (a, b, by) = (await Make(Unique("a")), await Make(Unique("b")), Unique("reminder"));
        Delivery Touched(Guid id) => new(Guid.CreateVersion7(), Delivery.NameOf(typeof(ThingTouched)), ServiceApp.Force, JsonSerializer.Serialize(new ThingTouched(id, by), Delivery.Json), null, app.Time.GetUtcNow());
        var receiver = app.Services.GetServices<Receiver>().Single();
        Delivery[] inTheOtherOrder = [Touched(b), Touched(a)];
        async Task Handle()
        {
            if (await receiver.ReceiveTogether(inTheOtherOrder, ct)) return;
            foreach (var one in inTheOtherOrder) await receiver.Receive(one, ct);
        }

        Task? handled = null;
        await app.Db<ProbeDb>(db => db.Atomically(async () =>
        {
            await db.Touch(a, "request", ct);
            handled = Task.Run(Handle, ct);
            if (db.Database.IsNpgsql())
            {
                await app.Eventually(() => app.Db<ProbeDb, bool>(other => other.Database.SqlQuery<bool>(
                    $"SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock') AS \"Value\"").SingleAsync(ct)), "the reminder to wait for a");
                await Task.Delay(1200, ct); // PostgreSQL looks for a deadlock after a second: now in vain, so that it would end the request
            }

            return await db.Touch(b, "request", ct);
        }, ct));
        await handled!;
        Assert.Equal(by, await app.Db<ProbeDb, string>(db => db.Things.Where(t => t.Id == a).Select(t => t.Name).SingleAsync(ct)));
    }

    [Fact]
    public async Task A_reminder_that_goes_out_while_it_is_taken_back_hinders_nobody()
    {
        var name = Unique("race");
        await app.Db<ProbeDb>(async db =>
        {
            await db.Schedule(name, db.Now.AddHours(1), new ThingDue(name));
            await db.SaveChangesAsync();
            await db.Withdraw(name);
            await db.Outbox.Where(r => r.Key == name).ExecuteDeleteAsync(); // as the dispatcher does once it is sent
            db.Things.Add(new Thing { Id = Guid.NewGuid(), Name = name });
            await db.SaveChangesAsync();
        });
        Assert.True(await app.Db<ProbeDb, bool>(db => db.Things.AnyAsync(t => t.Name == name)));
    }

    [Fact]
    public async Task Old_traces_of_handled_messages_are_cleared_away_and_young_ones_are_not()
    {
        var name = Unique("old");
        await Make(name);
        await app.Eventually(async () => await Effects(name, nameof(CountThing)) == 1, "the consumer");
        var id = await app.Db<ProbeDb, Guid>(db => db.Outbox.Where(r => r.Body.Contains(name)).Select(r => r.Id).SingleAsync());
        var upkeep = app.Services.GetServices<IHostedService>().OfType<Upkeep<ProbeDb>>().Single();
        await app.Db<ProbeDb>(db => upkeep.Forget(db, default));
        Assert.True(await app.Db<ProbeDb, bool>(db => db.Inbox.AnyAsync(r => r.MessageId == id)));
        await app.Db<ProbeDb>(async db =>
        {
            var longAgo = DateOnly.FromDateTime(db.Now.UtcDateTime).AddDays(-91);
            await db.Inbox.Where(r => r.MessageId == id).ExecuteUpdateAsync(s => s.SetProperty(r => r.HandledOn, longAgo));
            await upkeep.Forget(db, default);
        });
        Assert.False(await app.Db<ProbeDb, bool>(db => db.Inbox.AnyAsync(r => r.MessageId == id)));
    }

    private sealed record OutboxRowTimes(Guid Id, DateTimeOffset CreatedAt, DateTimeOffset SentAt, string? Traceparent);

    [Fact]
    public async Task What_was_waiting_when_the_process_stopped_is_sent_by_the_next()
    {
        var name = Unique("restart");
        await app.Db<ProbeDb>(async db =>
        {
            await db.Schedule(name, db.Now.AddMinutes(30), new ThingDue(name));
            await db.SaveChangesAsync();
        });
        await app.Restart();
        await After(TimeSpan.FromHours(1), async () => await Effects(name, nameof(CountDue)) == 1, "the reminder after the restart");
    }
}

public sealed class MessagesInOneProcess(Probe.OnSqlite app) : MessagesTests(app), IClassFixture<Probe.OnSqlite>;

public sealed class MessagesOverRabbitMq(Probe.OnPostgres app) : MessagesTests(app), IClassFixture<Probe.OnPostgres>
{
    private readonly BrokerNames names = app.Services.GetRequiredService<BrokerNames>();

    private async Task<IChannel> Channel() =>
        await (await new ConnectionFactory { Uri = new Uri(await TestServers.RabbitMq()) }.CreateConnectionAsync()).CreateChannelAsync();

    [Theory]
    [InlineData("this is no JSON", "application/vnd.masstransit+json")]
    [InlineData("{\"message\":{\"id\":1}}", "application/vnd.masstransit+json")]
    [InlineData("anything", "text/plain")]
    [InlineData("{\"messageType\":[\"urn:message:walktalk:delivery\"],\"message\":{\"id\":1}}", "application/vnd.masstransit+json")]
    [InlineData("{\"messageType\":[\"urn:message:walktalk:delivery\"],\"message\":{}}", "application/vnd.masstransit+json")]
    [InlineData("{\"messageType\":[\"urn:message:walktalk:parcel\"],\"message\":{\"deliveries\":[{\"id\":1}]}}", "application/vnd.masstransit+json")]
    [InlineData("{\"messageType\":[\"urn:message:walktalk:parcel\"],\"message\":{\"deliveries\":[null]}}", "application/vnd.masstransit+json")]
    [InlineData("{\"messageType\":[\"urn:message:walktalk:parcel\"],\"message\":{}}", "application/vnd.masstransit+json")]
    public async Task What_nobody_can_read_is_parked_once_where_an_operator_sees_it(string body, string contentType)
    {
        await using var channel = await Channel();
        await channel.BasicPublishAsync("", names.Queue("probe"), mandatory: true, new BasicProperties { ContentType = contentType, Persistent = true }, System.Text.Encoding.UTF8.GetBytes(body));
        List<InboxRow> rows = [];
        await app.Eventually(async () => (rows = await app.Db<ProbeDb, List<InboxRow>>(db => db.Inbox.Where(r => r.Name == "unreadable" && r.HandledOn == null).ToListAsync())).Count > 0, "the unreadable message to be parked");
        var row = Assert.Single(rows);
        Assert.NotNull(row.ParkedAt);
        Assert.Equal(body, row.Body);
        Assert.Equal(HttpStatusCode.NoContent, (await app.Client("operator").PostAsJsonAsync($"/v1/metropolitan/operations/messages/{row.MessageId}/discard", new { note = "Not ours." })).StatusCode);
    }

    [Theory]
    [InlineData("walktalk:delivery", "Delivered too often without an answer")]
    [InlineData("walktalk:parcel", "Delivered too often without an answer")]
    [InlineData("elsewhere:parcel", "Not a message of this platform")]
    public async Task What_the_broker_gave_up_on_is_parked_one_by_one_and_can_be_released(string urn, string reason)
    {
        var parcel = urn.EndsWith("parcel", StringComparison.Ordinal);
        var name = Unique("dead");
        var many = Enumerable.Range(0, parcel ? 3 : 1)
            .Select(_ => new Delivery(Guid.NewGuid(), "probe-thing-made", ServiceApp.Force, $$"""{"id":"{{Guid.NewGuid()}}","name":"{{name}}"}""", null, app.Time.GetUtcNow())).ToList();
        await using var channel = await Channel();
        object message = parcel ? new { deliveries = many } : many[0];
        var envelope = JsonSerializer.SerializeToUtf8Bytes(new { messageId = many[0].Id, messageType = new[] { $"urn:message:{urn}" }, message }, Delivery.Json);
        await channel.BasicPublishAsync("", names.Dead("probe"), mandatory: true, new BasicProperties { ContentType = "application/vnd.masstransit+json", Persistent = true }, envelope);
        var ids = many.ConvertAll(m => m.Id);
        List<InboxRow> rows = [];
        // Each at both of its consumers.
        await app.Eventually(async () => (rows = await app.Db<ProbeDb, List<InboxRow>>(db => db.Inbox.Where(r => ids.Contains(r.MessageId) && r.ParkedAt != null).ToListAsync())).Count == 2 * ids.Count, "the dead messages to be parked");
        Assert.All(rows, row => Assert.Equal(reason, row.Error));
        Assert.Equal(0, await Effects(name, nameof(CountThing)));
        foreach (var id in ids)
        {
            Assert.Equal(HttpStatusCode.NoContent, (await app.Client("operator").PostAsync($"/v1/metropolitan/operations/messages/{id}/release", null)).StatusCode);
        }

        await app.Eventually(async () => await Effects(name, nameof(CountThing)) == ids.Count && await Effects(name, nameof(SometimesFails)) == ids.Count, "both consumers");
    }

    [Fact]
    public async Task Messages_that_waited_together_cross_the_broker_as_a_few()
    {
        await using var channel = await Channel();
        var beside = (await channel.QueueDeclareAsync()).QueueName;
        await channel.QueueBindAsync(beside, names.Exchange("probe-thing-made"), "");
        var name = Unique("parcels");
        await app.Db<ProbeDb>(async db =>
        {
            for (var i = 0; i < 250; i++)
            {
                db.Publish(new ThingMade(Guid.NewGuid(), name));
            }

            await db.SaveChangesAsync();
        });
        await app.Eventually(async () => await Effects(name, nameof(SometimesFails)) == 250 && await Effects(name, nameof(CountThing)) == 250, "all of them");

        var (crossed, inside) = (0, new List<Guid>());
        while (await channel.BasicGetAsync(beside, autoAck: true) is { } got)
        {
            var text = System.Text.Encoding.UTF8.GetString(got.Body.Span);
            if (text.Contains(name, StringComparison.Ordinal))
            {
                crossed++;
                inside.AddRange(JsonDocument.Parse(text).RootElement.GetProperty("message").GetProperty("deliveries").EnumerateArray().Select(d => d.GetProperty("id").GetGuid()));
            }
        }

        Assert.InRange(crossed, 3, 10);
        Assert.Equal((250, 250), (inside.Count, inside.Distinct().Count()));
    }

    [Fact]
    public async Task Every_queue_is_durable_a_quorum_with_a_limit_and_nothing_else_is_declared()
    {
        await using var channel = await Channel();
        foreach (var (queue, arguments) in new[]
        {
            (names.Queue("probe"), new Dictionary<string, object?> { ["x-queue-type"] = "quorum", ["x-delivery-limit"] = 100, ["x-dead-letter-exchange"] = names.Dead("probe") }),
            (names.Dead("probe"), new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }),
        })
        {
            // The same declaration is accepted; any other is refused by the broker.
            await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, arguments);
        }

        foreach (var more in new[] { "_error", "_skipped" })
        {
            await using var other = await Channel();
            await Assert.ThrowsAsync<RabbitMQ.Client.Exceptions.OperationInterruptedException>(() => other.QueueDeclarePassiveAsync(names.Queue("probe") + more));
        }
    }
}
