using System.Diagnostics;
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
    private const int Batch = 100;
    private static readonly TimeSpan Sweep = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await migrator.Ready.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var again = await receiver.TryAgain(stoppingToken);
                var sent = transport.Ready ? await Dispatch(stoppingToken) : 0;
                if (again + sent > 0)
                {
                    continue;
                }
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                log.NotDispatched(e, receiver.Service);
            }

            await wakeups.For(receiver.Service).Wait(Sweep, stoppingToken);
        }
    }

    private async Task<int> Dispatch(CancellationToken ct)
    {
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TDb>();
        var rows = await db.ClaimOutbox(Batch, ct);
        if (rows.Count == 0)
        {
            return 0;
        }

        var outcomes = await transport.Send(rows.OrderBy(r => r.DueAt).ThenBy(r => r.Id), Send, ct);
        var (now, day) = (db.Now, new DateTimeOffset(db.Now.UtcDateTime.Date, TimeSpan.Zero));
        var sent = outcomes.Where(o => o.Error is null).Select(o => o.Row).ToList();
        var facts = sent.Where(r => r is { Kind: OutboxRow.Fact, Traceparent: not null }).Select(r => r.Id).ToList();
        var untimed = sent.Where(r => r is { Kind: OutboxRow.Fact, Traceparent: null }).Select(r => r.Id).ToList();
        var requests = sent.Where(r => r.Kind == OutboxRow.Request).Select(r => r.Id).ToList();
        var all = db.Outbox.IgnoreQueryFilters();
        await Settle(facts, ids => all.Where(r => ids.Contains(r.Id)).ExecuteUpdateAsync(s => s.SetProperty(r => r.SentAt, now), ct));
        await Settle(untimed, ids => all.Where(r => ids.Contains(r.Id)).ExecuteUpdateAsync(s => s.SetProperty(r => r.SentAt, day).SetProperty(r => r.ClaimedUntil, (DateTimeOffset?)null), ct));
        await Settle(requests, ids => all.Where(r => ids.Contains(r.Id)).ExecuteDeleteAsync(ct));
        foreach (var (row, error) in outcomes.Where(o => o.Error is not null))
        {
            await Postpone(db, row, error!, ct);
        }

        return sent.Count;
    }

    private static async Task Settle(List<Guid> ids, Func<List<Guid>, Task> statement)
    {
        if (ids.Count > 0)
        {
            await statement(ids);
        }
    }

    private async Task<Exception?> Send(OutboxRow row, CancellationToken ct)
    {
        using var activity = row.Traceparent is null ? null : Telemetry.Source.StartActivity($"publish {row.Name}", ActivityKind.Producer, row.Traceparent);
        try
        {
            var delivery = new Delivery(row.Id, row.Name, row.ForceId, row.Body, activity?.Id ?? row.Traceparent, row.CreatedAt);
            await transport.Send(delivery, mustArrive: row.Kind == OutboxRow.Request, ct);
            return null;
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            return e;
        }
    }

    private async Task Postpone(TDb db, OutboxRow row, Exception e, CancellationToken ct)
    {
        // Nobody to take it yet, or the way is down: it waits, however long. Anything else is this row's own fault, and counts.
        var waits = e is NobodyConsumes || !transport.Ready;
        var attempts = waits ? row.Attempts : row.Attempts + 1;
        var delay = waits ? TimeSpan.FromSeconds(10) : Retry.After(attempts);
        var (due, parked, error) = (db.Now + (delay ?? TimeSpan.Zero), delay is null ? db.Now : (DateTimeOffset?)null, Retry.Describe(e));
        await db.Outbox.IgnoreQueryFilters().Where(r => r.Id == row.Id).ExecuteUpdateAsync(s => s
            .SetProperty(r => r.Attempts, attempts).SetProperty(r => r.DueAt, due).SetProperty(r => r.ParkedAt, parked)
            .SetProperty(r => r.Error, error).SetProperty(r => r.ClaimedUntil, (DateTimeOffset?)null), ct);
        log.NotSent(row.Id, row.Name, error);
    }
}

internal static partial class OutboxDispatcherLog
{
    [LoggerMessage(EventId = 1203, EventName = "OutboxNotDispatched", Level = LogLevel.Warning, Message = "The outbox of {Service} was not dispatched; trying again")]
    public static partial void NotDispatched(this ILogger log, Exception e, string service);

    [LoggerMessage(EventId = 1204, EventName = "MessageNotSent", Level = LogLevel.Warning, Message = "Message {MessageId} ({Name}) was not sent: {Error}")]
    public static partial void NotSent(this ILogger log, Guid messageId, string name, string error);
}
