using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace WalkTalk.ServiceDefaults.Persistence;

/// <summary>
/// Links a service's audit rows into one hash chain per force, in batches, so that the chain never serialises the work it records.
/// Several replicas may seal: the unique (force, sequence) lets one of them win.
/// </summary>
internal sealed class AuditSealer<TDb>(IServiceProvider services, Migrator<TDb> migrator, ILogger<AuditSealer<TDb>> log) : BackgroundService
    where TDb : ServiceDb
{
    private const int Batch = 500;
    private const string Deadlock = "40P01";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await migrator.Ready.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(5));
        do
        {
            try
            {
                while (await Seal(stoppingToken) == Batch)
                {
                }
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                log.NotSealed(e, migrator.Service);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    internal async Task<int> Seal(CancellationToken ct)
    {
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TDb>();
        var now = db.Now;
        var rows = await db.AuditTrail.IgnoreQueryFilters().AsNoTracking().Where(r => r.Sequence == null && r.SealAfter <= now)
            .OrderBy(r => r.SealAfter).ThenBy(r => r.Id).Take(Batch).ToListAsync(ct);
        if (rows.Count == 0)
        {
            return 0;
        }

        foreach (var force in rows.GroupBy(r => r.ForceId))
        {
            var last = await db.AuditTrail.IgnoreQueryFilters().Where(r => r.ForceId == force.Key && r.Sequence != null)
                .OrderByDescending(r => r.Sequence).Select(r => new { r.Sequence, r.Hash }).FirstOrDefaultAsync(ct);
            var (sequence, hash) = (last?.Sequence ?? 0, last?.Hash ?? new byte[32]);
            foreach (var row in force)
            {
                row.Sequence = ++sequence;
                row.Hash = hash = AuditChain.Link(hash, row);
            }
        }

        try
        {
            var parameters = new List<object>();
            var links = db.Values(parameters, "link", rows.Select(r => r.Id).ToArray(), rows.Select(r => r.Sequence!.Value).ToArray(), rows.Select(r => r.Hash!).ToArray());
            var sql = $"UPDATE audit SET sequence = link.column2, hash = link.column3 FROM {links} WHERE id = link.column1 AND sequence IS NULL";
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            // All of them or none: one that another replica has sealed meanwhile stands where it stands.
            if (await db.Database.ExecuteSqlRawAsync(sql, parameters, ct) < rows.Count)
            {
                return 0;
            }

            await transaction.CommitAsync(ct);
            return rows.Count;
        }
        catch (DbException e) when (e.SqlState == Deadlock || new DbUpdateException(e.Message, e).IsUniqueViolation("sequence"))
        {
            return 0; // another replica sealed first, or seals the same rows now; the next round goes on from there
        }
    }
}

internal static partial class AuditSealerLog
{
    [LoggerMessage(EventId = 1103, EventName = "AuditNotSealed", Level = LogLevel.Warning, Message = "Audit rows of {Service} were not sealed; trying again")]
    public static partial void NotSealed(this ILogger log, Exception e, string service);
}
