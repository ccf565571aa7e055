using Microsoft.Extensions.Options;
using WalkTalk.Notification.Data;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Notification.Messages;

/// <summary>
/// The worker over the message table. Any number of replicas may run it: each claims what is due under a lease and brings a few
/// messages on side by side; what a crash leaves behind is claimed again when its lease has ended.
/// </summary>
internal sealed class Sender(IServiceScopeFactory scopes, IEnumerable<IMigrator> databases, IOptions<NotificationOptions> options, TimeProvider time, ILogger<Sender> log) : BackgroundService
{
    private const int Batch = 20, SideBySide = 4;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await databases.Single(d => d.Service == NotificationDb.Name).Ready.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            var brought = 0;
            try
            {
                brought = await Round(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                log.RoundFailed(e);
            }
            // Polls by the machine's clock whatever the platform's clock says; due times are the platform's.
            if (brought == 0) await Task.Delay(Pause, stoppingToken);
        }
    }

    /// <summary>Claims what is due and brings each of it one step on; how many there were.</summary>
    internal async Task<int> Round(CancellationToken ct)
    {
        List<Claimed> claimed;
        var now = time.GetUtcNow();
        var until = ClaimMessages.Until(now, options.Value.LeaseSeconds);
        await using (var scope = scopes.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<NotificationDb>();
            claimed = await ClaimMessages.Claim(db, now, until, Batch, ct);
        }
        await Parallel.ForEachAsync(claimed, new ParallelOptions { MaxDegreeOfParallelism = SideBySide, CancellationToken = ct }, (one, stop) => Bring(one, until, stop));
        return claimed.Count;
    }

    private async ValueTask Bring(Claimed one, DateTimeOffset until, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<NotificationDb>().Force = one.ForceId;
        try
        {
            await scope.ServiceProvider.GetRequiredService<SendMessage>().Run(one.Id, until, ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            // One message that fails in an unforeseen way must not keep the others.
            log.Left(e, one.Id);
        }
    }
}
