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
        DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result, CancellationToken cancellationToken = default)
    {
        Took(await turn.WaitAsync(Patience, cancellationToken), connection);
        return result;
    }

    public override InterceptionResult<DbTransaction> TransactionStarting(DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result)
    {
        Took(turn.Wait(Patience), connection);
        return result;
    }

    public override Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default) => Next(eventData);

    public override Task TransactionRolledBackAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default) => Next(eventData);

    public override void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => Next(eventData);

    public override void TransactionRolledBack(DbTransaction transaction, TransactionEndEventData eventData) => Next(eventData);

    /// <summary>A transaction that was given up, or never began, ends with its connection.</summary>
    public Task ConnectionClosedAsync(DbConnection connection, ConnectionEndEventData eventData) => Next(eventData);

    public void ConnectionClosed(DbConnection connection, ConnectionEndEventData eventData) => Next(eventData);

    public void Dispose() => turn.Dispose();

    private void Took(bool mine, DbConnection connection)
    {
        // As SQLite says it when the time is over.
        if (!mine) throw new SqliteException("SQLite Error 5: 'database is locked'.", 5);
        holders.Add(connection, this);
    }

    private Task Next(DbContextEventData eventData)
    {
        var connection = eventData switch { TransactionEndEventData e => e.Context!.Database.GetDbConnection(), ConnectionEndEventData e => e.Connection, _ => null };
        if (connection is not null && holders.Remove(connection)) turn.Release();
        return Task.CompletedTask;
    }
}
