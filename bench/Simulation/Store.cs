using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;

namespace WalkTalk.Bench.Simulation;

/// <summary>
/// The database of one service: SQLite in memory on one connection, whose calls end where they began. Transactions come one after the other;
/// before and after each statement others may run, the node may die, the connection may break and an answer may be lost.
/// </summary>
internal sealed class Store(string service) : IDbCommandInterceptor, IDbTransactionInterceptor, ISaveChangesInterceptor, IDisposable
{
    private readonly List<string> tables = [];
    private SqliteTransaction? open;
    private Node? owner;
    private bool written;
    private (int Commits, long Value) firstDue, historiesRead;

    public string Service => service;

    public SqliteConnection Connection { get; } = new("Data Source=:memory:;Foreign Keys=True");

    /// <summary>Counts what was committed, so that a dispatcher sees when there may be something to do.</summary>
    public int Commits { get; private set; }

    private bool Free => open?.Connection is null;

    public void Clear()
    {
        (open, owner, written, Commits, firstDue, historiesRead) = (null, null, false, 0, (-1, 0), (-1, 0));
        if (tables.Count == 0)
        {
            tables.AddRange(Read("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_\\_%' ESCAPE '\\' AND name <> 'releases'", r => r.GetString(0)));
        }

        Execute(string.Join(';', tables.Select(t => $"DELETE FROM {t}")));
    }

    public void Execute(string sql)
    {
        using var command = Connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public List<T> Read<T>(string sql, Func<SqliteDataReader, T> row)
    {
        using var command = Connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(row(reader));
        }

        return rows;
    }

    public long Number(string sql) => Read(sql, r => r.IsDBNull(0) ? 0 : r.GetInt64(0))[0];

    /// <summary>The time the first waiting message is due, for a dispatcher that would otherwise look in vain.</summary>
    public DateTimeOffset FirstDue => new(Known(ref firstDue, """
        SELECT coalesce(min(due_at), 3155378975999999999) FROM (SELECT due_at FROM outbox WHERE sent_at IS NULL AND parked_at IS NULL
        UNION ALL SELECT due_at FROM inbox WHERE handled_on IS NULL AND parked_at IS NULL)
        """), TimeSpan.Zero);

    /// <summary>How many histories are read to their end.</summary>
    public long HistoriesRead => Known(ref historiesRead, "SELECT count(*) FROM history WHERE read_at IS NOT NULL");

    private long Known(ref (int Commits, long Value) known, string sql)
    {
        // An open transaction's own rows say nothing yet.
        if (known.Commits != Commits && Free)
        {
            known = (Commits, Number(sql));
        }

        return known.Value;
    }

    /// <summary>What a node had begun and not committed is gone with it, or with its connection.</summary>
    public void Lose(Node node)
    {
        if (owner == node && !Free)
        {
            open!.Rollback();
        }
    }

    public void Dispose() => Connection.Dispose();

    private async ValueTask Before(DbCommand command, DbContext? db)
    {
        if (Node.Current is not { } node)
        {
            return;
        }

        foreach (DbParameter parameter in command.Parameters)
        {
            if (parameter.Value is Guid id)
            {
                parameter.Value = node.Run.Ids.Of(id);
            }
        }

        var transaction = db?.Database.CurrentTransaction?.GetDbTransaction();
        await node.Point(service, Verb(command), transaction is null ? () => Free : null).ConfigureAwait(false);
        if (node.Run.StoreFails())
        {
            Lose(node);
            throw Broken();
        }

        if (transaction is not null && (open != transaction || Free))
        {
            throw Broken();
        }

        // Made while somebody else's was open, it would be part of that.
        command.Transaction = transaction;

        if (command.CommandText.StartsWith("SELECT * FROM outbox", StringComparison.Ordinal))
        {
            node.Looked(service);
        }

        written |= !IsRead(command);
    }

    private void After(DbCommand command, DbContext? db)
    {
        if (Node.Current is { } node && db?.Database.CurrentTransaction is null && !IsRead(command))
        {
            Committed(node);
            node.MayDie(service, "after it");
            if (node.Run.LosesAnswer())
            {
                throw Broken();
            }
        }
    }

    private void Committed(Node node)
    {
        if (written)
        {
            written = false;
            Commits++;
            node.Run.Committed();
        }
    }

    /// <summary>Within a save, EF awaits in one place with the context and in the next without; until the save returns there is none.</summary>
    public ValueTask<InterceptionResult<int>> SavingChangesAsync(DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        SynchronizationContext.SetSynchronizationContext(null);
        return ValueTask.FromResult(result);
    }

    public async ValueTask<InterceptionResult<DbTransaction>> TransactionStartingAsync(
        DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result, CancellationToken cancellationToken = default)
    {
        if (Node.Current is { } node)
        {
            await node.Point(service, "begin", () => Free).ConfigureAwait(false);
            if (node.Run.StoreFails())
            {
                throw Broken();
            }

            written = false;
        }

        return result;
    }

    public ValueTask<DbTransaction> TransactionStartedAsync(DbConnection connection, TransactionEndEventData eventData, DbTransaction result, CancellationToken cancellationToken = default)
    {
        (open, owner) = ((SqliteTransaction)result, Node.Current);
        return ValueTask.FromResult(result);
    }

    public async ValueTask<InterceptionResult> TransactionCommittingAsync(
        DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        if (Node.Current is { } node)
        {
            await node.Point(service, "commit").ConfigureAwait(false);
            if (node.Run.StoreFails() || open != transaction)
            {
                Lose(node);
                throw Broken();
            }
        }

        return result;
    }

    public Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        if (Node.Current is { } node)
        {
            Committed(node);
            node.MayDie(service, "committed");
            if (node.Run.LosesAnswer())
            {
                throw Broken();
            }
        }

        return Task.CompletedTask;
    }

    public async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        await Before(command, eventData.Context).ConfigureAwait(false);
        return result;
    }

    public async ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        await Before(command, eventData.Context).ConfigureAwait(false);
        return result;
    }

    public async ValueTask<InterceptionResult<object>> ScalarExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<object> result, CancellationToken cancellationToken = default)
    {
        await Before(command, eventData.Context).ConfigureAwait(false);
        return result;
    }

    public ValueTask<DbDataReader> ReaderExecutedAsync(DbCommand command, CommandExecutedEventData eventData, DbDataReader result, CancellationToken cancellationToken = default)
    {
        After(command, eventData.Context);
        return ValueTask.FromResult(result);
    }

    public ValueTask<int> NonQueryExecutedAsync(DbCommand command, CommandExecutedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        After(command, eventData.Context);
        return ValueTask.FromResult(result);
    }

    private static bool IsRead(DbCommand command) => command.CommandText.StartsWith("SELECT", StringComparison.Ordinal);

    private static string Verb(DbCommand command) =>
        command.CommandText.AsSpan().TrimStart() switch { ['S', ..] => "select", ['I', ..] => "insert", ['U', ..] => "update", ['D', ..] => "delete", _ => "other" };

    private static SqliteException Broken() => new("The simulated store has broken off", 10);
}
