using Microsoft.EntityFrameworkCore;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.ServiceDefaults.Messaging;

/// <summary>Takes due rows of outbox or inbox for one dispatcher: the only statement that differs between the databases.</summary>
internal static class Claims
{
    /// <summary>How long a dispatcher that died keeps its rows from the others.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    public static Task<List<OutboxRow>> ClaimOutbox(this ServiceDb db, int limit, CancellationToken ct) =>
        db.Claim<OutboxRow>("outbox", "sent_at IS NULL", "id", limit, ct);

    public static Task<List<InboxRow>> ClaimInbox(this ServiceDb db, int limit, CancellationToken ct) =>
        db.Claim<InboxRow>("inbox", "handled_on IS NULL", "message_id, consumer", limit, ct);

    private static async Task<List<T>> Claim<T>(this ServiceDb db, string table, string open, string key, int limit, CancellationToken ct) where T : class
    {
        var postgres = db.Database.IsNpgsql();
        object At(DateTimeOffset t) => postgres ? t.ToUniversalTime() : t.UtcTicks;
        var due = $"SELECT {key} FROM {table} WHERE {open} AND parked_at IS NULL AND due_at <= {{1}} AND (claimed_until IS NULL OR claimed_until < {{1}}) ORDER BY due_at LIMIT {limit}";
        var sql = postgres
            ? $"UPDATE {table} SET claimed_until = {{0}} WHERE ({key}) IN ({due} FOR UPDATE SKIP LOCKED) RETURNING *"
            : $"UPDATE {table} SET claimed_until = {{0}} WHERE ({key}) IN ({due}) RETURNING *";
        return await db.Set<T>().FromSqlRaw(sql, At(db.Now + Lease), At(db.Now)).IgnoreQueryFilters().AsNoTracking().ToListAsync(ct);
    }
}

/// <summary>Growing delays between tries of one message, then it is parked for a person.</summary>
internal static class Retry
{
    private static readonly TimeSpan[] Delays =
        [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromHours(1)];

    /// <summary>The wait after so many failed tries (from 1), with up to a fifth of jitter; null when it is time to park.</summary>
    public static TimeSpan? After(int attempts) =>
        attempts > Delays.Length ? null : Delays[attempts - 1] * (1 + Random.Shared.NextDouble() / 5);

    /// <summary>What went wrong, without a word of the message: the exception's type and where in our code it was thrown.</summary>
    public static string Describe(Exception e)
    {
        var inner = e.GetBaseException();
        var frame = new System.Diagnostics.StackTrace(e).GetFrames().Select(f => f.GetMethod()).FirstOrDefault(m => m?.DeclaringType?.Namespace?.StartsWith("WalkTalk", StringComparison.Ordinal) == true);
        return frame is null ? inner.GetType().Name : $"{inner.GetType().Name} in {frame.DeclaringType!.FullName}.{frame.Name}";
    }
}
