using Microsoft.EntityFrameworkCore;

namespace WalkTalk.ServiceDefaults.Persistence;

/// <summary>The readiness of one service's database.</summary>
public interface IMigrator
{
    /// <summary>The service.</summary>
    string Service { get; }

    /// <summary>Completes when the schema is up to date and the seed has run.</summary>
    Task Ready { get; }
}

/// <summary>Brings a service's database up to date at the start; waits, and says so, as long as the server is absent.</summary>
internal sealed class Migrator<TDb>(string service, Func<IServiceProvider, TDb, CancellationToken, Task>? seed, IServiceProvider services)
    : BackgroundService, IMigrator where TDb : ServiceDb
{
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ILogger log = services.GetRequiredService<ILoggerFactory>().CreateLogger("WalkTalk.Migrator");

    public string Service => service;

    public Task Ready => ready.Task;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var attempt = 1; !stoppingToken.IsCancellationRequested; attempt++)
        {
            try
            {
                await using var scope = services.CreateAsyncScope();
                var db = scope.ServiceProvider.GetRequiredService<TDb>();
                // A large table takes as long as it takes; no request waits for it.
                db.Database.SetCommandTimeout(TimeSpan.FromHours(1));
                await db.Database.MigrateAsync(stoppingToken);
                if (seed is not null)
                {
                    await seed(scope.ServiceProvider, db, stoppingToken);
                }

                ready.SetResult();
                log.DatabaseReady(service);
                return;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                log.DatabaseAbsent(e, service, attempt);
                await Task.Delay(TimeSpan.FromSeconds(Math.Min(attempt, 10)), stoppingToken);
            }
        }
    }
}

internal static partial class MigratorLog
{
    [LoggerMessage(EventId = 1101, EventName = "DatabaseReady", Level = LogLevel.Information, Message = "The database of {Service} is ready")]
    public static partial void DatabaseReady(this ILogger log, string service);

    [LoggerMessage(EventId = 1102, EventName = "DatabaseAbsent", Level = LogLevel.Warning, Message = "The database of {Service} is not ready (attempt {Attempt}); waiting")]
    public static partial void DatabaseAbsent(this ILogger log, Exception e, string service, int attempt);
}
