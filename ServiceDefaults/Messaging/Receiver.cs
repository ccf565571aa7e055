using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.ServiceDefaults.Messaging;

/// <summary>The receiving end of one service, whichever way a message came.</summary>
internal abstract class Receiver(string service, Consumers consumers)
{
    public string Service => service;

    /// <summary>The names of the messages this service consumes.</summary>
    public IEnumerable<string> Names => Registered.Select(g => g.Key);

    protected ILookup<string, Consumer> Registered { get; } = consumers.ByName;

    /// <summary>
    /// Returns when every consumer has handled the message or has it in the inbox to be tried again. Throws only when the
    /// service's database cannot be reached: then the message stays where it came from.
    /// </summary>
    public abstract Task Receive(Delivery delivery, CancellationToken ct);

    /// <summary>
    /// Handles many messages in one transaction, in their order. False means that nothing was handled, because one of them failed:
    /// then each has to go its own way.
    /// </summary>
    public abstract Task<bool> ReceiveTogether(IReadOnlyList<Delivery> deliveries, CancellationToken ct);

    /// <summary>Tries again what consumers failed at; how many rows were due.</summary>
    public abstract Task<int> TryAgain(CancellationToken ct);
}

/// <inheritdoc/>
internal sealed class Receiver<TDb>(string service, IServiceProvider services, Migrator<TDb> migrator, ILogger<Receiver> log)
    : Receiver(service, services.GetRequiredKeyedService<Consumers>(service)) where TDb : ServiceDb
{
    public override async Task Receive(Delivery delivery, CancellationToken ct)
    {
        await migrator.Ready.WaitAsync(ct);
        foreach (var consumer in Registered[delivery.Name])
        {
            try
            {
                await Handle(consumer, delivery, first: true, ct);
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
        try
        {
            await using var scope = services.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<TDb>();
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            foreach (var delivery in deliveries)
            {
                foreach (var consumer in Registered[delivery.Name])
                {
                    await Run(scope.ServiceProvider, db, consumer, delivery, first: true, ct);
                    db.ChangeTracker.Clear();
                }
            }

            await transaction.CommitAsync(ct);
            return true;
        }
        catch (Exception) when (!ct.IsCancellationRequested)
        {
            return false; // whatever it was comes up again at the message that caused it, and is kept and logged there
        }
    }

    public override async Task<int> TryAgain(CancellationToken ct)
    {
        await using var scope = services.CreateAsyncScope();
        var rows = await scope.ServiceProvider.GetRequiredService<TDb>().ClaimInbox(20, ct);
        foreach (var row in rows)
        {
            var delivery = new Delivery(row.MessageId, row.Name!, row.ForceId, row.Body!, row.Traceparent, row.DueAt ?? default);
            try
            {
                var consumer = Registered[row.Name!].FirstOrDefault(c => c.Name == row.Consumer)
                    ?? throw new InvalidOperationException($"There is no consumer {row.Consumer} any more.");
                await Handle(consumer, delivery, first: false, ct);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                await Postpone(row, e, ct);
            }
        }

        return rows.Count;
    }

    private async Task Handle(Consumer consumer, Delivery delivery, bool first, CancellationToken ct)
    {
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TDb>();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await Run(scope.ServiceProvider, db, consumer, delivery, first, ct);
        await transaction.CommitAsync(ct);
    }

    private static async Task Run(IServiceProvider scope, TDb db, Consumer consumer, Delivery delivery, bool first, CancellationToken ct)
    {
        using var activity = Telemetry.Source.StartActivity($"consume {delivery.Name}", ActivityKind.Consumer,
            Activity.Current is null ? delivery.Traceparent : null);
        activity?.SetTag("messaging.message.id", delivery.Id);
        db.Force = delivery.ForceId;
        var today = DateOnly.FromDateTime(db.Now.UtcDateTime);
        // Waits for a twin that is being handled right now; 0 means somebody has it, or had it.
        var mine = first
            ? await db.Database.ExecuteSqlAsync($"INSERT INTO inbox (message_id, consumer, force_id, handled_on, attempts) VALUES ({delivery.Id}, {consumer.Name}, {delivery.ForceId}, {today}, 0) ON CONFLICT DO NOTHING", ct)
            : await db.Inbox.Where(r => r.MessageId == delivery.Id && r.Consumer == consumer.Name && r.HandledOn == null)
                .ExecuteUpdateAsync(s => s.SetProperty(r => r.HandledOn, today).SetProperty(r => r.Body, (string?)null).SetProperty(r => r.ClaimedUntil, (DateTimeOffset?)null), ct);
        if (mine == 1)
        {
            await consumer.Run(scope, delivery, ct);
            await db.SaveChangesAsync(ct);
        }
    }

    private async Task Keep(Consumer consumer, Delivery delivery, Exception e, CancellationToken ct)
    {
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TDb>();
        db.Force = delivery.ForceId;
        db.Inbox.Add(new InboxRow
        {
            MessageId = delivery.Id, Consumer = consumer.Name, Name = delivery.Name, Body = delivery.Body, Traceparent = delivery.Traceparent,
            Attempts = 1, DueAt = db.Now + Retry.After(1), Error = Retry.Describe(e),
        });
        try
        {
            await db.SaveChangesAsync(ct);
            log.ConsumerFailed(e, consumer.Name, delivery.Id, 1);
        }
        catch (DbUpdateException twin) when (twin.IsUniqueViolation())
        {
            // its twin has handled it, or keeps it already
        }
    }

    private async Task Postpone(InboxRow row, Exception e, CancellationToken ct)
    {
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TDb>();
        db.Force = row.ForceId;
        var (attempts, error, delay) = (row.Attempts + 1, Retry.Describe(e), Retry.After(row.Attempts + 1));
        var (due, parked) = (db.Now + (delay ?? TimeSpan.Zero), delay is null ? db.Now : (DateTimeOffset?)null);
        await db.Inbox.Where(r => r.MessageId == row.MessageId && r.Consumer == row.Consumer).ExecuteUpdateAsync(s => s
            .SetProperty(r => r.Attempts, attempts).SetProperty(r => r.Error, error).SetProperty(r => r.DueAt, due)
            .SetProperty(r => r.ParkedAt, parked).SetProperty(r => r.ClaimedUntil, (DateTimeOffset?)null), ct);
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
