using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.ServiceDefaults.Messaging;

/// <summary>The receiving end of one service, whichever way a message came.</summary>
internal abstract class Receiver
{
    private const int Batch = 200;
    private readonly Gathering<(Delivery Delivery, CancellationToken Stop), bool> waiting;

    protected Receiver(string service, Consumers consumers) => (Service, Registered, waiting) = (service, consumers.ByName, new(Batch, 1, Serve));

    public string Service { get; }

    /// <summary>The names of the messages this service consumes.</summary>
    public IEnumerable<string> Names => Registered.Select(g => g.Key);

    protected ILookup<string, Consumer> Registered { get; }

    /// <summary>
    /// Returns when every consumer has handled the message or has it in the inbox to be tried again. Throws only when the
    /// service's database cannot be reached: then the message stays where it came from.
    /// </summary>
    public abstract Task Receive(Delivery delivery, CancellationToken ct);

    /// <summary>
    /// Handles many messages in one transaction, in their order. False means that nothing was handled, because one of them failed or wants to
    /// be alone: then each has to go its own way.
    /// </summary>
    public abstract Task<bool> ReceiveTogether(IReadOnlyList<Delivery> deliveries, CancellationToken ct);

    /// <summary>Tries again what consumers failed at; how many rows were due.</summary>
    public abstract Task<int> TryAgain(CancellationToken ct);

    /// <summary>Keeps a message for a person, untried.</summary>
    public abstract Task Park(Delivery delivery, string reason, CancellationToken ct);

    /// <summary>Keeps for a person what came but is no message of ours.</summary>
    public abstract Task ParkUnreadable(string text, Guid? id, Exception? e, CancellationToken ct);

    /// <summary>As <see cref="Receive"/>, together with whatever else is waiting at that moment: many messages then cost one transaction.</summary>
    public Task Take(Delivery delivery, CancellationToken ct) => waiting.Do((delivery, ct));

    private async Task Serve(IReadOnlyList<Gathered<(Delivery Delivery, CancellationToken Stop), bool>> batch)
    {
        var together = false;
        try
        {
            together = batch.Count > 1 && await ReceiveTogether([.. batch.Select(one => one.Item.Delivery)], batch[0].Item.Stop);
        }
        catch (OperationCanceledException)
        {
            // each of them says so below
        }

        foreach (var one in batch)
        {
            try
            {
                if (!together)
                {
                    await Receive(one.Item.Delivery, one.Item.Stop);
                }

                one.Answer(true);
            }
            catch (Exception e)
            {
                one.Fail(e);
            }
        }
    }
}

/// <inheritdoc/>
internal sealed class Receiver<TDb>(string service, IServiceProvider services, Migrator<TDb> migrator, KnownForces forces, ILogger<Receiver> log)
    : Receiver(service, services.GetRequiredKeyedService<Consumers>(service)) where TDb : ServiceDb
{
    private static readonly Counter<long> Handled = Telemetry.Measures.CreateCounter<long>("walktalk.messages.handled", "{message}", "Messages a consumer has handled");
    private static readonly Counter<long> Failed = Telemetry.Measures.CreateCounter<long>("walktalk.messages.failed", "{message}", "Tries of a consumer that failed");
    private readonly KeyValuePair<string, object?> tag = new("service", service);

    /// <summary>A transaction of SQLite's has the whole database: nothing is locked in the wrong order there.</summary>
    private readonly bool locksRows = services.GetServices<DatabaseInfo>().Any(d => d.Service == service && d.Provider == "PostgreSQL");

    public override async Task Receive(Delivery delivery, CancellationToken ct)
    {
        await migrator.Ready.WaitAsync(ct);
        foreach (var consumer in Registered[delivery.Name])
        {
            try
            {
                await InTransaction(async (scope, db) =>
                {
                    db.Force = delivery.ForceId;
                    // Who only fills rows found by their keys takes nothing back: what fails, fails as a whole, and no savepoint costs two trips.
                    db.Database.AutoSavepointsEnabled = consumer.Prepare is null;
                    if ((await Enter(db, [(delivery, consumer)], ct)).Count == 1)
                    {
                        await Run(scope, db, consumer, delivery, ct);
                    }
                }, ct);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                await Keep(consumer, delivery, e, ct);
            }
        }
    }

    public override async Task<bool> ReceiveTogether(IReadOnlyList<Delivery> deliveries, CancellationToken ct)
    {
        await migrator.Ready.WaitAsync(ct);
        Activity.Current = null; // that of whoever serves the batch is not everybody's
        if (locksRows && deliveries.Any(d => Registered[d.Name].Any(c => c.Alone)))
        {
            return false;
        }

        try
        {
            await InTransaction(async (scope, db) =>
            {
                foreach (var force in deliveries.GroupBy(d => d.ForceId))
                {
                    db.Force = force.Key;
                    var entered = await Enter(db, [.. force.SelectMany(d => Registered[d.Name].Select(c => (d, c)))], ct);
                    db.Database.AutoSavepointsEnabled = entered.Exists(e => e.Consumer.Prepare is null);
                    foreach (var kind in entered.Where(e => e.Consumer.Prepare is not null).GroupBy(e => e.Consumer))
                    {
                        await kind.Key.Prepare!(scope, kind.Select(e => e.Delivery), ct);
                    }

                    foreach (var (delivery, consumer) in entered)
                    {
                        if (consumer.Prepare is null)
                        {
                            await db.SaveChangesAsync(ct);
                            db.ChangeTracker.Clear();
                        }

                        await Run(scope, db, consumer, delivery, ct, save: consumer.Prepare is null);
                    }

                    await db.SaveChangesAsync(ct);
                    db.ChangeTracker.Clear();
                }
            }, ct);
            return true;
        }
        catch (Exception) when (!ct.IsCancellationRequested)
        {
            return false; // whatever it was comes up again at the message that caused it, and is kept and logged there
        }
    }

    public override async Task<int> TryAgain(CancellationToken ct)
    {
        if (!await AnyDue(ct))
        {
            return 0; // as nearly always: no transaction for that
        }

        InboxRow? row = null;
        try
        {
            await InTransaction(async (scope, db) =>
            {
                if ((row = (await db.DueInbox(1, locked: true, ct)).FirstOrDefault()) is null)
                {
                    return;
                }

                db.Force = row.ForceId;
                var consumer = Registered[row.Name!].FirstOrDefault(c => c.Name == row.Consumer)
                    ?? throw new InvalidOperationException($"There is no consumer {row.Consumer} any more.");
                var today = DateOnly.FromDateTime(db.Now.UtcDateTime);
                await db.Inbox.Where(r => r.MessageId == row.MessageId && r.Consumer == row.Consumer)
                    .ExecuteUpdateAsync(s => s.SetProperty(r => r.HandledOn, today).SetProperty(r => r.Body, (string?)null), ct);
                await Run(scope, db, consumer, new Delivery(row.MessageId, row.Name!, row.ForceId, row.Body!, row.Traceparent, row.PublishedAt ?? db.Now), ct);
            }, ct);
        }
        catch (Exception e) when (row is not null && !ct.IsCancellationRequested)
        {
            await Postpone(row, e, ct);
        }

        return row is null ? 0 : 1;
    }

    private async Task<bool> AnyDue(CancellationToken ct)
    {
        await using var scope = services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<TDb>().DueInbox(1, locked: false, ct)).Count > 0;
    }

    private async Task InTransaction(Func<IServiceProvider, TDb, Task> work, CancellationToken ct)
    {
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TDb>();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await work(scope.ServiceProvider, db);
        await transaction.CommitAsync(ct);
    }

    /// <summary>
    /// Writes the messages into the inbox and returns those that were not there: somebody has the others, or had them. Waits for a twin
    /// that is being handled at this moment; in the order of ids, so that two who wait for each other's do not wait for ever.
    /// </summary>
    private static async Task<List<(Delivery Delivery, Consumer Consumer)>> Enter(TDb db, List<(Delivery Delivery, Consumer Consumer)> messages, CancellationToken ct)
    {
        var today = DateOnly.FromDateTime(db.Now.UtcDateTime);
        var parameters = new List<object> { db.Force!, today };
        var ordered = messages.OrderBy(m => m.Delivery.Id).ThenBy(m => m.Consumer.Name, StringComparer.Ordinal).ToList();
        var values = db.Values(parameters, "came", ordered.Select(m => m.Delivery.Id).ToArray(), ordered.Select(m => m.Consumer.Name).ToArray());
        // "WHERE true" tells SQLite's parser that ON belongs to the insert.
        var sql = $"INSERT INTO inbox (message_id, consumer, force_id, handled_on, attempts) SELECT column1, column2, {{0}}, {{1}}, 0 FROM {values} WHERE true ON CONFLICT DO NOTHING RETURNING message_id, consumer";
        var entered = (await db.Database.SqlQueryRaw<Entered>(sql, [.. parameters]).ToListAsync(ct)).Select(e => (e.MessageId, e.Consumer)).ToHashSet();
        return [.. messages.Where(m => entered.Remove((m.Delivery.Id, m.Consumer.Name)))];
    }

    private sealed record Entered(Guid MessageId, string Consumer);

    private async Task Run(IServiceProvider scope, TDb db, Consumer consumer, Delivery delivery, CancellationToken ct, bool save = true)
    {
        using var activity = Telemetry.Source.StartActivity($"consume {delivery.Name}", ActivityKind.Consumer,
            Activity.Current is null ? delivery.Traceparent : null);
        activity?.SetTag("messaging.message.id", delivery.Id);
        await consumer.Run(scope, delivery, ct);
        if (save)
        {
            await db.SaveChangesAsync(ct);
        }

        Handled.Add(1, tag);
    }

    private async Task Keep(Consumer consumer, Delivery delivery, Exception e, CancellationToken ct)
    {
        Failed.Add(1, tag);
        if (await Add(delivery, consumer.Name, Retry.Describe(e), parked: false, ct))
        {
            log.ConsumerFailed(e, consumer.Name, delivery.Id, 1);
        }
    }

    public override async Task Park(Delivery delivery, string reason, CancellationToken ct)
    {
        await migrator.Ready.WaitAsync(ct);
        foreach (var consumer in Registered[delivery.Name].Select(c => c.Name).DefaultIfEmpty("nobody"))
        {
            if (await Add(delivery, consumer, reason, parked: true, ct))
            {
                log.MessageParked(consumer, delivery.Id);
            }
        }
    }

    public override async Task ParkUnreadable(string text, Guid? id, Exception? e, CancellationToken ct)
    {
        var whole = new Delivery(id ?? new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16)), Delivery.Unreadable, forces.Ids.Order(StringComparer.Ordinal).First(), text, null, default);
        foreach (var delivery in Inside(text) ?? [whole])
        {
            await Park(delivery, e is null ? "Not a message of this platform" : Retry.Describe(e), ct);
        }
    }

    // What is inside may be sound where only what carried it was not; null where any of it is not.
    private List<Delivery>? Inside(string text)
    {
        try
        {
            var message = JsonDocument.Parse(text).RootElement.GetProperty("message");
            List<Delivery> all = message.TryGetProperty("deliveries", out var many) ? many.Deserialize<List<Delivery>>(Delivery.Json)! : [message.Deserialize<Delivery>(Delivery.Json)!];
            return Delivery.AreWhole(all) && all.TrueForAll(d => forces.Ids.Contains(d.ForceId)) ? all : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Keeps a message with its body; false when it was handled or kept before.</summary>
    private async Task<bool> Add(Delivery delivery, string consumer, string error, bool parked, CancellationToken ct)
    {
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TDb>();
        db.Force = delivery.ForceId;
        db.Inbox.Add(new InboxRow
        {
            MessageId = delivery.Id, Consumer = consumer, Name = delivery.Name, Body = delivery.Body, Traceparent = delivery.Traceparent,
            PublishedAt = delivery.PublishedAt, Attempts = parked ? 0 : 1, DueAt = db.Now + (parked ? TimeSpan.Zero : Retry.After(1, delivery.Id)),
            ParkedAt = parked ? db.Now : null, Error = error,
        });
        try
        {
            await db.SaveChangesAsync(ct);
            return true;
        }
        catch (DbUpdateException twin) when (twin.IsUniqueViolation())
        {
            return false;
        }
    }

    private async Task Postpone(InboxRow row, Exception e, CancellationToken ct)
    {
        Failed.Add(1, tag);
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TDb>();
        db.Force = row.ForceId;
        var (attempts, error, delay) = (row.Attempts + 1, Retry.Describe(e), Retry.After(row.Attempts + 1, row.MessageId));
        var (due, parked) = (db.Now + (delay ?? TimeSpan.Zero), delay is null ? db.Now : (DateTimeOffset?)null);
        // Unless somebody else was quicker: another replica, or an operator.
        await db.Inbox.Where(r => r.MessageId == row.MessageId && r.Consumer == row.Consumer && r.HandledOn == null && r.Attempts == row.Attempts && r.DueAt == row.DueAt)
            .ExecuteUpdateAsync(s => s.SetProperty(r => r.Attempts, attempts).SetProperty(r => r.Error, error)
                .SetProperty(r => r.DueAt, due).SetProperty(r => r.ParkedAt, parked), ct);
        log.ConsumerFailed(e, row.Consumer, row.MessageId, attempts);
        if (parked is not null)
        {
            log.MessageParked(row.Consumer, row.MessageId);
        }
    }
}

internal static partial class ReceiverLog
{
    [LoggerMessage(EventId = 1201, EventName = "ConsumerFailed", Level = LogLevel.Warning, Message = "{Consumer} failed at message {MessageId}, attempt {Attempt}")]
    public static partial void ConsumerFailed(this ILogger log, Exception e, string consumer, Guid messageId, int attempt);

    [LoggerMessage(EventId = 1202, EventName = "MessageParked", Level = LogLevel.Error, Message = "{Consumer} gave up on message {MessageId}; it is parked for an operator")]
    public static partial void MessageParked(this ILogger log, string consumer, Guid messageId);
}
