using Npgsql;
using WalkTalk.Bench.Hosting;

namespace WalkTalk.Bench.Faults;

/// <summary>Reads the services' databases past the platform, at the server itself.</summary>
internal sealed class Databases(Deployment deployment)
{
    /// <summary>Every row of a query.</summary>
    public async Task<List<T>> Rows<T>(string service, string sql, Func<NpgsqlDataReader, T> read, CancellationToken ct, params (string Name, object Value)[] parameters)
    {
        await using var connection = new NpgsqlConnection(deployment.Connection(service));
        await connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<T>();
        while (await reader.ReadAsync(ct))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    public async Task<long> Count(string service, string sql, CancellationToken ct, params (string Name, object Value)[] parameters) =>
        (await Rows(service, sql, r => r.GetInt64(0), ct, parameters)).Single();
}
