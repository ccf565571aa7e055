using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Reporting.Api;
using WalkTalk.Disclosure;
using WalkTalk.ForcePacks;
using WalkTalk.Reporting.Data;
using WalkTalk.Reporting.Figures;
using WalkTalk.Reporting.Releases;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Reporting.Demo;

/// <summary>
/// With Demo:Enabled, publishes the closed quarters of the demonstration year by the ordinary use case, once the others' facts
/// have arrived: facts carry no "that was all", so it waits until a few looks in a row find nothing new.
/// </summary>
internal sealed class DemoReleases(IServiceProvider services, ForcePackCatalogue packs, TimeProvider time, IEnumerable<IMigrator> migrators, ILogger<DemoReleases> log) : BackgroundService
{
    private const int QuietLooks = 5;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await migrators.Single(m => m.Service == "reporting").Ready.WaitAsync(stoppingToken);
        var waiting = packs.Ids.Select(packs.Get).Where(p => p.Demonstration).ToDictionary(p => p.Id, _ => (Seen: 0, Quiet: 0));
        while (waiting.Count > 0)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), stoppingToken);
            foreach (var (force, (seen, quiet)) in waiting.ToList())
            {
                try
                {
                    waiting[force] = await Look(force, seen, quiet, stoppingToken);
                }
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
                {
                    log.NotNow(e, force); // a demonstration ends no service: the next look tries again
                }
                if (waiting[force].Quiet >= QuietLooks) waiting.Remove(force);
            }
        }
    }

    private async Task<(int Seen, int Quiet)> Look(string force, int seen, int quiet, CancellationToken ct)
    {
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ReportingDb>();
        db.Force = force;
        if (seen == 0 && await db.Releases.AnyAsync(ct)) return (seen, QuietLooks);
        var facts = await Facts(db, ct);
        if (facts == 0 || facts != seen) return (facts, 0);
        if (quiet + 1 >= QuietLooks) await Publish(db, packs.Get(force), ct);
        return (facts, quiet + 1);
    }

    /// <summary>How much has been told; 0 until both walks and concerns have begun to come.</summary>
    private static async Task<int> Facts(ReportingDb db, CancellationToken ct)
    {
        var (walks, concerns) = (await db.Walks.CountAsync(ct), await db.Concerns.CountAsync(ct));
        if (walks == 0 || concerns == 0) return 0;
        return walks + concerns + await db.Bookings.CountAsync(ct)
            + await db.Walks.CountAsync(w => w.Ended, ct) + await db.Bookings.CountAsync(b => b.Met, ct)
            + await db.Concerns.CountAsync(c => c.TriagedQuarter != null, ct) + await db.Concerns.CountAsync(c => c.ActionOn != null, ct)
            + await db.Concerns.CountAsync(c => c.ClaimedOn != null, ct) + await db.Concerns.CountAsync(c => c.ConfirmedOn != null, ct)
            + await db.Concerns.CountAsync(c => c.NoActionOn != null, ct) + await db.Concerns.CountAsync(c => c.DisputedOn != null, ct);
    }

    private async Task Publish(ReportingDb db, ForcePack pack, CancellationToken ct)
    {
        var today = PreviewRelease.Today(pack, time);
        var first = (await db.Walks.Where(w => w.Quarter != null).MinAsync(w => w.Quarter, ct))!;
        _ = Quarter.TryParse(first, out var quarter);
        for (; ReleaseRules.TooEarly(quarter, today, ReleaseRules.Of(pack)) is null; quarter = Quarter.Of(quarter.LastDay.AddDays(1)))
        {
            var preview = ReleaseRules.Disclose(await ReleaseFacts.Read(db, pack, quarter, ct), pack);
            var request = new PublishReleaseRequest { Quarter = quarter.ToString(), Sha256 = ReleaseFiles.Sha256(ReleaseFiles.Json(preview)) };
            if (await PublishRelease.Handle(pack.Id, request, db, packs, time, ct) is IStatusCodeHttpResult { StatusCode: not StatusCodes.Status201Created } refused)
                log.NotPublished(request.Quarter, refused.StatusCode ?? 0);
        }
    }
}

internal static partial class DemoReleasesLog
{
    [LoggerMessage(EventId = 5001, EventName = "DemoReleaseRefused", Level = LogLevel.Warning, Message = "The demonstration's release of {Quarter} was refused with {Status}")]
    public static partial void NotPublished(this ILogger log, string quarter, int status);

    [LoggerMessage(EventId = 5002, EventName = "DemoReleasesNotNow", Level = LogLevel.Warning, Message = "The demonstration's releases of {Force} could not be looked at; trying again")]
    public static partial void NotNow(this ILogger log, Exception exception, string force);
}
