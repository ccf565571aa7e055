using Microsoft.EntityFrameworkCore;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.ServiceDefaults.Messaging;

/// <summary>
/// What is due in outbox or inbox. On PostgreSQL the rows stay locked until the transaction ends and replicas pass over them, so a
/// process that dies gives its rows back in that moment. SQLite has one process, and its one dispatcher needs no claim.
/// </summary>
internal static class Claims
{
    public static Task<List<OutboxRow>> DueOutbox(this ServiceDb db, int limit, bool locked, CancellationToken ct) =>
        db.Due<OutboxRow>("outbox", "sent_at IS NULL", limit, locked, ct);

    public static Task<List<InboxRow>> DueInbox(this ServiceDb db, int limit, bool locked, CancellationToken ct) =>
        db.Due<InboxRow>("inbox", "handled_on IS NULL", limit, locked, ct);

    private static Task<List<T>> Due<T>(this ServiceDb db, string table, string open, int limit, bool locked, CancellationToken ct) where T : class
    {
        var postgres = db.Database.IsNpgsql();
        object now = postgres ? db.Now.ToUniversalTime() : db.Now.UtcTicks;
        var sql = $"SELECT * FROM {table} WHERE {open} AND parked_at IS NULL AND due_at <= {{0}} ORDER BY due_at LIMIT {limit}{(postgres && locked ? " FOR UPDATE SKIP LOCKED" : "")}";
        return db.Set<T>().FromSqlRaw(sql, now).IgnoreQueryFilters().AsNoTracking().ToListAsync(ct);
    }
}

/// <summary>Growing delays between tries of one message, then it is parked for a person.</summary>
internal static class Retry
{
    private static readonly TimeSpan[] Delays =
        [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromHours(1)];

    /// <summary>The wait after so many failed tries (from 1), longer by up to a fifth so that messages that failed together part; null when it is time to park.</summary>
    public static TimeSpan? After(int attempts, Guid message) =>
        attempts > Delays.Length ? null : Delays[attempts - 1] * (1 + (message.ToByteArray()[^1] / 1280.0));

    /// <summary>What went wrong, without a word of the message: the exception's type and where in our code it was thrown.</summary>
    public static string Describe(Exception e)
    {
        var inner = e.GetBaseException();
        var frame = new System.Diagnostics.StackTrace(e).GetFrames().Select(f => f.GetMethod()).FirstOrDefault(m => m?.DeclaringType?.Namespace?.StartsWith("WalkTalk", StringComparison.Ordinal) == true);
        return frame is null ? inner.GetType().Name : $"{inner.GetType().Name} in {frame.DeclaringType!.FullName}.{frame.Name}";
    }
}
