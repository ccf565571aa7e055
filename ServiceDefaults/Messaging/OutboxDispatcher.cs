using System.Diagnostics.Metrics;
using Microsoft.EntityFrameworkCore;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.ServiceDefaults.Messaging;

/// <summary>
/// Hands a service's outbox over to the transport: woken after each commit, with a sweep behind it for due times and for what a
/// crash left. Any number of replicas may run it. Also tries again what the service's consumers failed at.
/// </summary>
internal sealed class OutboxDispatcher<TDb>(
    IServiceProvider services, Transport transport, Receiver<TDb> receiver, Migrator<TDb> migrator, Wakeups wakeups, ILogger<OutboxDispatcher<TDb>> log)
    : BackgroundService where TDb : ServiceDb
{
    private const int Batch = 200;
    private static readonly TimeSpan Sweep = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan UntilSomebodyConsumes = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ToFinish = TimeSpan.FromSeconds(5);
    private static readonly Counter<long> Sent = Telemetry.Measures.CreateCounter<long>("walktalk.messages.sent", "{message}", "Messages the transport has taken");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await migrator.Ready.WaitAsync(stoppingToken);
        // Asked to stop, it finishes the batch it has in hand: what is confirmed is also marked as sent.
        using var hurry = new CancellationTokenSource();
        await using var stopping = stoppingToken.Register(() => hurry.CancelAfter(ToFinish));
        // Where rows are claimed, one batch is sent while the one before it is being marked. SQLite has one writer: there it is one after the other.
        // What is tried again hears of nothing: a signal reaches one of those who wait, and is for one that sends.
        var wakeup = wakeups.For(receiver.Service);
        await Task.WhenAll(transport.Shared
            ? [Keep(Dispatch, Batch, wakeup), Keep(Dispatch, Batch, wakeup), Keep(receiver.TryAgain, 1, new Wakeup())]
            : [Keep(async ct => await receiver.TryAgain(ct) + await Dispatch(ct), 1, wakeup)]);

        Task Keep(Func<CancellationToken, Task<int>> round, int most, Wakeup wakeup) => this.Keep(round, most, wakeup, hurry, stoppingToken);
    }

    /// <summary>Round after round while each moves as many as it may; then at the next signal, or when it is time to look.</summary>
    private async Task Keep(Func<CancellationToken, Task<int>> round, int most, Wakeup wakeup, CancellationTokenSource hurry, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await round(hurry.Token) >= most)
                {
                    continue;
                }
            }
            catch (Exception e) when (e is not OperationCanceledException || !hurry.IsCancellationRequested)
            {
                log.NotDispatched(e, receiver.Service);
            }

            await wakeup.Wait(Sweep, stoppingToken);
        }
    }

    /// <summary>Sends what is due, up to a batch; how many moved.</summary>
    internal async Task<int> Dispatch(CancellationToken ct)
    {
        if (!transport.Ready)
        {
            return 0;
        }

        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TDb>();
        if (!transport.Shared)
        {
            // Consumers of this very process may have to write to rows that a claim would lock.
            return await Send(db, locked: false, ct);
        }

        await using var claim = await db.Database.BeginTransactionAsync(ct);
        var moved = await Send(db, locked: true, ct);
        if (moved > 0 && db.Database.IsNpgsql())
        {
            // A mark that is lost with the server means that a message is sent once more, and every consumer knows it by its id.
            await db.Database.ExecuteSqlRawAsync("SET LOCAL synchronous_commit TO off", ct);
        }

        await claim.CommitAsync(ct);
        return moved;
    }

    private async Task<int> Send(TDb db, bool locked, CancellationToken ct)
    {
        var rows = await db.DueOutbox(Batch, locked, ct);
        if (rows.Count == 0)
        {
            return 0;
        }

        rows = [.. rows.OrderBy(r => r.DueAt).ThenBy(r => r.Id)];
        var outcomes = await transport.Send([.. rows.Select(r =>
            new Outgoing(new Delivery(r.Id, r.Name, r.ForceId, r.Body, r.Traceparent, r.CreatedAt), r.Kind == OutboxRow.Request))], ct);
        var results = rows.Zip(outcomes, (row, error) => (Row: row, Error: error)).ToList();

        var (now, day) = (db.Now, new DateTimeOffset(db.Now.UtcDateTime.Date, TimeSpan.Zero));
        var sent = results.Where(r => r.Error is null).Select(r => r.Row).ToList();
        await Settle(db, sent.Where(r => r is { Kind: OutboxRow.Fact, Traceparent: not null }), q => q.ExecuteUpdateAsync(s => s.SetProperty(r => r.SentAt, now), ct));
        await Settle(db, sent.Where(r => r is { Kind: OutboxRow.Fact, Traceparent: null }), q => q.ExecuteUpdateAsync(s => s.SetProperty(r => r.SentAt, day), ct));
        await Settle(db, sent.Where(r => r.Kind == OutboxRow.Request), q => q.ExecuteDeleteAsync(ct));
        Sent.Add(sent.Count, KeyValuePair.Create<string, object?>("service", db.Service));

        // Nobody takes it yet: it waits, however long.
        var orphans = results.Where(r => r.Error is NobodyConsumes).Select(r => r.Row).ToList();
        await Settle(db, orphans, q => q.ExecuteUpdateAsync(s => s.SetProperty(r => r.DueAt, now + UntilSomebodyConsumes).SetProperty(r => r.Error, nameof(NobodyConsumes)), ct));
        var failed = results.Where(r => r.Error is not (null or NobodyConsumes)).ToList();
        foreach (var (row, error) in failed.Where(r => !transport.IsOut(r.Error!)))
        {
            await Postpone(db, row, error!, ct);
        }

        var waiting = failed.Where(r => transport.IsOut(r.Error!)).ToList();
        if (waiting.Count > 0)
        {
            log.WayIsOut(waiting.Count, db.Service, Retry.Describe(waiting[0].Error!));
        }

        return rows.Count - waiting.Count;
    }

    private static async Task Settle(TDb db, IEnumerable<OutboxRow> rows, Func<IQueryable<OutboxRow>, Task> statement)
    {
        var ids = rows.Select(r => r.Id).ToList();
        if (ids.Count > 0)
        {
            await statement(db.Outbox.IgnoreQueryFilters().Where(r => ids.Contains(r.Id)));
        }
    }

    private async Task Postpone(TDb db, OutboxRow row, Exception e, CancellationToken ct)
    {
        var (attempts, delay, error) = (row.Attempts + 1, Retry.After(row.Attempts + 1, row.Id), Retry.Describe(e));
        var (due, parked) = (db.Now + (delay ?? TimeSpan.Zero), delay is null ? db.Now : (DateTimeOffset?)null);
        await db.Outbox.IgnoreQueryFilters().Where(r => r.Id == row.Id).ExecuteUpdateAsync(s => s
            .SetProperty(r => r.Attempts, attempts).SetProperty(r => r.DueAt, due).SetProperty(r => r.ParkedAt, parked).SetProperty(r => r.Error, error), ct);
        log.NotSent(row.Id, row.Name, error);
    }
}

internal static partial class OutboxDispatcherLog
{
    [LoggerMessage(EventId = 1203, EventName = "OutboxNotDispatched", Level = LogLevel.Warning, Message = "The outbox of {Service} was not dispatched; trying again")]
    public static partial void NotDispatched(this ILogger log, Exception e, string service);

    [LoggerMessage(EventId = 1204, EventName = "MessageNotSent", Level = LogLevel.Warning, Message = "Message {MessageId} ({Name}) was not sent: {Error}")]
    public static partial void NotSent(this ILogger log, Guid messageId, string name, string error);

    [LoggerMessage(EventId = 1205, EventName = "WayIsOut", Level = LogLevel.Warning, Message = "{Count} messages of {Service} wait: the broker did not take them ({Error})")]
    public static partial void WayIsOut(this ILogger log, int count, string service, string error);
}
