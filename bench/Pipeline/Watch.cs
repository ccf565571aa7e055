using System.Collections.Concurrent;
using System.Diagnostics;
using Npgsql;

namespace WalkTalk.Bench.Pipeline;

/// <summary>Somebody who looks into a table all the time, and says of each row she was told of when she first saw it.</summary>
internal sealed class Watch : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Guid, Action<long>> pending = new();
    private readonly CancellationTokenSource enough;
    private readonly Task looking;
    private volatile bool last;

    /// <param name="database">Where the table is.</param>
    /// <param name="table">Its rows are known by their id.</param>
    /// <param name="stop">Ends the watch unfinished.</param>
    public Watch(NpgsqlDataSource database, string table, CancellationToken stop)
    {
        enough = CancellationTokenSource.CreateLinkedTokenSource(stop);
        looking = Task.Run(() => Look(database, table, enough.Token), stop);
    }

    /// <summary>From now on this row is looked for; what is called is given the moment (<see cref="Stopwatch.GetTimestamp"/>) at which it was seen.</summary>
    public void For(Guid row, Action<long> seen) => pending[row] = seen;

    /// <summary>Returns when every row has been seen.</summary>
    public Task SeenAll()
    {
        last = true;
        return looking;
    }

    public async ValueTask DisposeAsync()
    {
        await enough.CancelAsync();
        await looking.ContinueWith(_ => { }, TaskScheduler.Default);
        enough.Dispose();
    }

    private async Task Look(NpgsqlDataSource database, string table, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand($"SELECT id FROM {table} WHERE id = ANY($1)", connection) { Parameters = { new NpgsqlParameter<Guid[]> { TypedValue = [] } } };
        await command.PrepareAsync(ct);
        for (; !last || !pending.IsEmpty; await Task.Delay(1, ct))
        {
            command.Parameters[0].Value = pending.Keys.ToArray();
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                if (pending.TryRemove(reader.GetGuid(0), out var seen))
                {
                    seen(Stopwatch.GetTimestamp());
                }
            }
        }
    }
}
