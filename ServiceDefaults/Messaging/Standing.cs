using System.Diagnostics.Metrics;
using Microsoft.EntityFrameworkCore;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.ServiceDefaults.Messaging;

/// <summary>How the messages of a service stand: of one force where the database is bound to one, else of all.</summary>
/// <param name="Waiting">Due, and not sent yet.</param>
/// <param name="OldestWaitingSeconds">How long the first of them has been due.</param>
/// <param name="Scheduled">For a time to come.</param>
/// <param name="Retrying">A consumer failed; they are tried again by themselves.</param>
/// <param name="Parked">They need a person.</param>
internal sealed record Standing(int Waiting, double OldestWaitingSeconds, int Scheduled, int Retrying, int Parked)
{
    public static async Task<Standing> Of(ServiceDb db, CancellationToken ct)
    {
        var now = db.Now;
        var (outbox, inbox) = (db.Outbox.AsQueryable(), db.Inbox.Where(r => r.HandledOn == null));
        if (db.Force is null)
        {
            (outbox, inbox) = (outbox.IgnoreQueryFilters(), inbox.IgnoreQueryFilters());
        }

        var unsent = outbox.Where(r => r.SentAt == null && r.ParkedAt == null);
        // A fact that must not tell its moment has been due since midnight, and tells nothing about how long it waits.
        var oldest = await unsent.Where(r => r.DueAt <= now && (r.Kind != OutboxRow.Fact || r.Traceparent != null)).OrderBy(r => r.DueAt).Select(r => (DateTimeOffset?)r.DueAt).FirstOrDefaultAsync(ct);
        return new Standing(
            await unsent.CountAsync(r => r.DueAt <= now, ct), oldest is null ? 0 : Math.Max(0, (now - oldest.Value).TotalSeconds),
            await unsent.CountAsync(r => r.DueAt > now, ct), await inbox.CountAsync(r => r.ParkedAt == null, ct),
            await inbox.CountAsync(r => r.ParkedAt != null, ct) + await outbox.CountAsync(r => r.ParkedAt != null && r.SentAt == null, ct));
    }
}

/// <summary>Tells telemetry how a service's messages stand, and clears away what is only kept so that nothing happens twice.</summary>
internal sealed class Upkeep<TDb> : BackgroundService where TDb : ServiceDb
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(15), Clean = TimeSpan.FromHours(6);
    private readonly IServiceProvider services;
    private readonly Migrator<TDb> migrator;
    private readonly int keepDays;
    private readonly ILogger log;
    private Standing standing = new(0, 0, 0, 0, 0);

    public Upkeep(IServiceProvider services, Migrator<TDb> migrator, IConfiguration configuration, ILogger<Upkeep<TDb>> log)
    {
        (this.services, this.migrator, this.log) = (services, migrator, log);
        keepDays = configuration.GetValue("Messaging:KeepHandledDays", 90);
        var tag = KeyValuePair.Create<string, object?>("service", migrator.Service);
        Gauge("walktalk.outbox.waiting", "{message}", "Messages due and not sent", () => standing.Waiting);
        Gauge("walktalk.outbox.oldest", "s", "How long the oldest of them has been due", () => standing.OldestWaitingSeconds);
        Gauge("walktalk.messages.scheduled", "{message}", "Messages for a time to come", () => standing.Scheduled);
        Gauge("walktalk.messages.retrying", "{message}", "Messages a consumer failed at and tries again", () => standing.Retrying);
        Gauge("walktalk.messages.parked", "{message}", "Messages that need a person", () => standing.Parked);

        void Gauge(string name, string unit, string description, Func<double> value) =>
            Telemetry.Measures.CreateObservableGauge(name, () => new Measurement<double>(value(), tag), unit, description);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await migrator.Ready.WaitAsync(stoppingToken);
        var sinceClean = Clean;
        using var timer = new PeriodicTimer(Look);
        do
        {
            try
            {
                await using var scope = services.CreateAsyncScope();
                var db = scope.ServiceProvider.GetRequiredService<TDb>();
                standing = await Standing.Of(db, stoppingToken);
                if ((sinceClean += Look) >= Clean)
                {
                    sinceClean = TimeSpan.Zero;
                    await Forget(db, stoppingToken);
                }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.NoUpkeep(e, migrator.Service);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Handled messages, and answers to an Idempotency-Key that is a day old.</summary>
    internal async Task Forget(TDb db, CancellationToken ct)
    {
        var today = DateOnly.FromDateTime(db.Now.UtcDateTime);
        var (handledBefore, answeredBefore) = (today.AddDays(-keepDays), today.AddDays(-1));
        await db.Inbox.IgnoreQueryFilters().Where(r => r.HandledOn < handledBefore).ExecuteDeleteAsync(ct);
        await db.Answers.IgnoreQueryFilters().Where(r => r.CreatedOn < answeredBefore).ExecuteDeleteAsync(ct);
    }
}

internal static partial class UpkeepLog
{
    [LoggerMessage(EventId = 1208, EventName = "NoUpkeep", Level = LogLevel.Warning, Message = "The messages of {Service} could not be looked at; trying again")]
    public static partial void NoUpkeep(this ILogger log, Exception e, string service);
}
