using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using WalkTalk.ServiceDefaults.Messaging;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.ServiceDefaults;

/// <summary>/health: can this process do its work (503 when not, also from the moment it is told to stop); /alive: is it running at all.</summary>
public static class Health
{
    private static readonly string[] Shown = ["process", "databases", "messages"];

    internal static void AddHealth(this WebApplicationBuilder builder)
    {
        builder.Services.AddHealthChecks()
            .AddCheck<Going>("process")
            .AddCheck<Databases>("databases")
            .AddCheck<Messages>("messages");
        builder.Services.AddHostedService<Drain>();
    }

    internal static void MapHealth(this WebApplication app)
    {
        app.MapHealthChecks("/health", new HealthCheckOptions { Predicate = check => Shown.Contains(check.Name), ResponseWriter = Write }).Public();
        app.MapHealthChecks("/alive", new HealthCheckOptions { Predicate = _ => false }).Public();
    }

    private static Task Write(HttpContext http, HealthReport report)
    {
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(JsonSerializer.Serialize(new
        {
            status = report.Status.ToString(),
            version = Telemetry.Version,
            packs = http.RequestServices.GetService<KnownForces>()?.PackHash,
            checks = report.Entries.ToDictionary(e => e.Key, e => new { status = e.Value.Status.ToString(), says = e.Value.Description }),
        }));
    }

    /// <summary>The process has not been told to stop.</summary>
    private sealed class Going(IHostApplicationLifetime host) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(host.ApplicationStopping.IsCancellationRequested ? HealthCheckResult.Unhealthy("Stopping.") : HealthCheckResult.Healthy());
    }

    /// <summary>
    /// Told to stop, the process goes on listening for Hosting:DrainSeconds (1), so that a balancer reads /health and looks elsewhere
    /// before anybody is refused; then it takes no more, and finishes what it has begun.
    /// </summary>
    private sealed class Drain(IConfiguration configuration, IHostApplicationLifetime host) : IHostedLifecycleService
    {
        // A host that is stopped without a signal, as in a test, has nobody in front of it.
        public Task StoppingAsync(CancellationToken cancellationToken) => host.ApplicationStopping.IsCancellationRequested
            ? Task.Delay(TimeSpan.FromSeconds(configuration.GetValue("Hosting:DrainSeconds", 1.0)), cancellationToken)
            : Task.CompletedTask;

        public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>Each database can be reached and is up to date.</summary>
    private sealed class Databases(IEnumerable<IMigrator> migrators, IServiceScopeFactory scopes) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            var waiting = migrators.Where(m => !m.Ready.IsCompletedSuccessfully).Select(m => m.Service).ToList();
            if (waiting.Count > 0)
            {
                return HealthCheckResult.Unhealthy($"Waiting for the database of {string.Join(", ", waiting)}.");
            }

            await using var scope = scopes.CreateAsyncScope();
            foreach (var migrator in migrators)
            {
                if (!await scope.ServiceProvider.GetRequiredKeyedService<ServiceDb>(migrator.Service).Database.CanConnectAsync(cancellationToken))
                {
                    return HealthCheckResult.Unhealthy($"The database of {migrator.Service} cannot be reached.");
                }
            }

            return HealthCheckResult.Healthy();
        }
    }

    /// <summary>Messages flow: the broker answers, nothing is parked, nothing waits for long. Never worse than degraded: requests are still accepted.</summary>
    private sealed class Messages(Transport transport, IEnumerable<IMigrator> migrators, IServiceScopeFactory scopes) : IHealthCheck
    {
        private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            if (!transport.Ready)
            {
                return HealthCheckResult.Degraded($"{transport.Name} cannot be reached; messages wait in the outbox.");
            }

            try
            {
                await using var scope = scopes.CreateAsyncScope();
                foreach (var migrator in migrators.Where(m => m.Ready.IsCompletedSuccessfully))
                {
                    var standing = await Standing.Of(scope.ServiceProvider.GetRequiredKeyedService<ServiceDb>(migrator.Service), cancellationToken);
                    if (standing.Parked > 0)
                    {
                        return HealthCheckResult.Degraded($"Parked in {migrator.Service}: {standing.Parked}. An operator has to look.");
                    }

                    if (standing.OldestWaitingSeconds > Long.TotalSeconds)
                    {
                        return HealthCheckResult.Degraded($"Messages of {migrator.Service} have waited for more than a minute.");
                    }
                }
            }
            catch (Exception e) when (Unavailable.Of(e) is not null)
            {
                return HealthCheckResult.Degraded("The messages cannot be counted: a database does not answer.");
            }

            return HealthCheckResult.Healthy();
        }
    }
}
