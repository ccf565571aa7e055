using Microsoft.EntityFrameworkCore;

namespace WalkTalk.Notification.Data;

/// <summary>A message this worker may begin to bring on until its lease ends.</summary>
internal sealed record Claimed(Guid Id, string ForceId, bool Urgent);

/// <summary>
/// The only SQL of Notification that differs between the databases: claims what is due, urgent first, of every force.
/// Workers side by side never claim the same message: PostgreSQL skips what another holds, SQLite has one writer at a time.
/// </summary>
internal static class ClaimMessages
{
    public static async Task<List<Claimed>> Claim(NotificationDb db, DateTimeOffset now, DateTimeOffset until, int atMost, CancellationToken ct)
    {
        var claimed = await (db.Database.IsNpgsql() ? OnPostgres(db, now.ToUniversalTime(), until.ToUniversalTime(), atMost)
            : OnSqlite(db, now.UtcTicks, until.UtcTicks, atMost)).ToListAsync(ct);
        // What is returned has no order of its own.
        return [.. claimed.OrderByDescending(c => c.Urgent)];
    }

    /// <summary>The end of a lease that begins now, as exact as both databases keep it: by it a worker knows its own claim again.</summary>
    public static DateTimeOffset Until(DateTimeOffset now, int seconds) => new DateTimeOffset(now.UtcTicks / 10 * 10, TimeSpan.Zero).AddSeconds(seconds);

    private static IQueryable<Claimed> OnPostgres(NotificationDb db, DateTimeOffset now, DateTimeOffset until, int atMost) =>
        db.Database.SqlQuery<Claimed>($"""
            UPDATE message SET leased_until = {until} WHERE id IN (
                SELECT id FROM message
                WHERE state IN ('Queued', 'TemporaryFailure', 'Sending') AND due_at <= {now} AND (leased_until IS NULL OR leased_until <= {now})
                ORDER BY urgent DESC, due_at LIMIT {atMost} FOR UPDATE SKIP LOCKED)
            RETURNING id, force_id, urgent
            """);

    private static IQueryable<Claimed> OnSqlite(NotificationDb db, long now, long until, int atMost) =>
        db.Database.SqlQuery<Claimed>($"""
            UPDATE message SET leased_until = {until} WHERE id IN (
                SELECT id FROM message
                WHERE state IN ('Queued', 'TemporaryFailure', 'Sending') AND due_at <= {now} AND (leased_until IS NULL OR leased_until <= {now})
                ORDER BY urgent DESC, due_at LIMIT {atMost})
            RETURNING id, force_id, urgent
            """);
}
