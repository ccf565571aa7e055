using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace WalkTalk.ServiceDefaults.Persistence;

/// <summary>
/// Who writes to a SQLite file comes in turn, first come first served. SQLite itself lets everybody ask again every now and then, each with a thread that
/// sleeps; among dozens somebody asks at the wrong moment for half a minute and is refused. Other processes and single statements still ask that way.
/// </summary>
internal sealed class SqliteTurns : DbTransactionInterceptor, IDbConnectionInterceptor, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly ConditionalWeakTable<DbConnection, object> holders = [];

    public override async ValueTask<InterceptionResult<DbTransaction>> TransactionStartingAsync(
        DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result, CancellationToken cancellationToken = default) =>
        Begin(await turn.WaitAsync(Patience, cancellationToken), connection, eventData);

    public override InterceptionResult<DbTransaction> TransactionStarting(DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result) =>
        Begin(turn.Wait(Patience), connection, eventData);

    public override Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default) => Next(eventData.Context!.Database.GetDbConnection());

    public override Task TransactionRolledBackAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default) => Next(eventData.Context!.Database.GetDbConnection());

    public override void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => Next(eventData.Context!.Database.GetDbConnection());

    public override void TransactionRolledBack(DbTransaction transaction, TransactionEndEventData eventData) => Next(eventData.Context!.Database.GetDbConnection());

    /// <summary>A transaction that was given up ends with its connection.</summary>
    public Task ConnectionClosedAsync(DbConnection connection, ConnectionEndEventData eventData) => Next(connection);

    public void ConnectionClosed(DbConnection connection, ConnectionEndEventData eventData) => Next(connection);

    public void Dispose() => turn.Dispose();

    /// <summary>Begins it here, because of a transaction that could not begin nothing more is heard: another process has the file.</summary>
    private InterceptionResult<DbTransaction> Begin(bool mine, DbConnection connection, TransactionStartingEventData eventData)
    {
        // As SQLite says it when the time is over.
        if (!mine) throw new SqliteException("SQLite Error 5: 'database is locked'.", 5);
        holders.Add(connection, this);
        try
        {
            return InterceptionResult<DbTransaction>.SuppressWithResult(connection.BeginTransaction(eventData.IsolationLevel));
        }
        catch
        {
            Next(connection);
            throw;
        }
    }

    private Task Next(DbConnection connection)
    {
        if (holders.Remove(connection)) turn.Release();
        return Task.CompletedTask;
    }
}
