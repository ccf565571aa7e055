using Microsoft.EntityFrameworkCore;
using WalkTalk.Gateway.Data;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Gateway.SignIn;

/// <summary>
/// The link that creates the first administrator. It is derived from the master key, so that it is the same in every replica
/// and after a restart, and works only as long as there is nobody.
/// </summary>
internal sealed partial class FirstAdministrator(Keys keys, IServiceScopeFactory scopes, IEnumerable<IMigrator> migrators, IConfiguration configuration, IHostApplicationLifetime lifetime, ILogger<FirstAdministrator> log)
    : BackgroundService
{
    public string Secret => Convert.ToHexStringLower(keys.Of("gateway", "first-administrator"));

    public bool Opens(string secret) => Secrets.Matches(Secrets.HashOf(Secret), secret);

    public async Task<bool> IsWanted(CancellationToken stop)
    {
        await using var scope = scopes.CreateAsyncScope();
        return !await scope.ServiceProvider.GetRequiredService<GatewayDb>().Users.AnyAsync(stop);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await migrators.Single(migrator => migrator.Service == GatewayDb.Name).Ready.WaitAsync(stoppingToken);
        var started = new TaskCompletionSource();
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        if (await IsWanted(stoppingToken))
        {
            Wanted(log, $"{configuration["Auth:Authority"]}/set-up/{Secret}");
        }
    }

    [LoggerMessage(EventId = 5002, EventName = "AdministratorWanted", Level = LogLevel.Warning, Message = "There is no administrator yet. Create one, once, at {Link}")]
    private static partial void Wanted(ILogger log, string link);
}
