using System.Diagnostics;
using Npgsql;
using WalkTalk.Fixtures;

namespace WalkTalk.Bench.Hosting;

/// <summary>A private PostgreSQL from the installed binaries, durable as in production (fsync on), that can be killed and comes back by crash recovery.</summary>
internal sealed class Postgres : IAsyncDisposable
{
    private static readonly string Binaries = Directory.Exists("/usr/lib/postgresql")
        ? Directory.EnumerateDirectories("/usr/lib/postgresql").Select(d => Path.Combine(d, "bin")).Where(d => File.Exists(Path.Combine(d, "initdb"))).Order(StringComparer.Ordinal).LastOrDefault()
            ?? throw Missing()
        : throw Missing();

    private readonly Part server;
    private readonly string password;

    private Postgres(Part server, int port, string password) => (this.server, Port, this.password) = (server, port, password);

    public int Port { get; }

    public static string Version => Shell.Read(Path.Combine(Binaries, "postgres"), "--version");

    /// <summary>Where one of its programs is.</summary>
    public static string Binary(string program) => Path.Combine(Binaries, program);

    public static async Task<Postgres> Start(string folder, IReadOnlyDictionary<string, string> environment, CancellationToken ct)
    {
        var (home, port, password) = (Directory.CreateDirectory(Path.Combine(folder, "postgres")).FullName, Ports.Free(), $"{Guid.NewGuid():N}");
        await File.WriteAllTextAsync(Path.Combine(home, "password"), password, ct);
        // It refuses root.
        string[] asPostgres = Environment.UserName == "root" ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"] : [];
        if (asPostgres is not [])
        {
            await Shell.Run(new ProcessStartInfo("chown", ["-R", "postgres", home]), ct);
        }

        string[] init =
        [
            .. asPostgres, Path.Combine(Binaries, "initdb"), "-D", Path.Combine(home, "data"), "-U", "walktalk", $"--pwfile={Path.Combine(home, "password")}",
            "--auth-host=scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8",
        ];
        await Shell.Run(new ProcessStartInfo(init[0], init[1..]) { WorkingDirectory = home }, ct);
        string[] run =
        [
            .. asPostgres, Path.Combine(Binaries, "postgres"), "-D", Path.Combine(home, "data"), "-p", $"{port}", "-c", "listen_addresses=127.0.0.1",
            "-c", "unix_socket_directories=", "-c", "max_connections=300",
        ];
        var postgres = new Postgres(new Part("postgres", Path.Combine(folder, "postgres.log"), run[0], run[1..], environment), port, password);
        postgres.server.Start();
        await postgres.Ready(ct);
        return postgres;
    }

    /// <summary>The connection string of a database, by the server's own port or by that of a link before it.</summary>
    public string Connection(string database, int? port = null) =>
        new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = port ?? Port, Username = "walktalk", Password = password, Database = database, MaxPoolSize = 30 }.ConnectionString;

    /// <summary>kill -9 of the server and of every process of it.</summary>
    public async Task Kill()
    {
        if (server.Id is { } id)
        {
            var children = Shell.Read("pgrep", "-P", $"{id}").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse).ToList();
            Shell.Signal("KILL", [id, .. children]);
            await server.Kill();
            // A new server refuses to start while one of the old ones still holds the shared memory.
            while (children.Exists(child => Directory.Exists($"/proc/{child}")))
            {
                await Task.Delay(20);
            }
        }
    }

    public async Task Restart(CancellationToken ct)
    {
        server.Start();
        await Ready(ct);
    }

    /// <summary>Ends every connection of the services, as a failover does.</summary>
    public async Task DropConnections()
    {
        // A pooled connection may be one that an earlier fault has broken.
        await using var connection = new NpgsqlConnection($"{Connection("postgres")};Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'", connection);
        await command.ExecuteScalarAsync();
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await Kill();
        await server.DisposeAsync();
    }

    private async Task Ready(CancellationToken ct)
    {
        for (var clock = Stopwatch.StartNew(); Shell.Read(Path.Combine(Binaries, "pg_isready"), "-h", "127.0.0.1", "-p", $"{Port}").Length == 0;)
        {
            if (clock.Elapsed > TimeSpan.FromMinutes(2))
            {
                throw new InvalidOperationException($"PostgreSQL is not ready after two minutes: {server.Log}");
            }

            await Task.Delay(50, ct);
        }
    }

    private static InvalidOperationException Missing() => new("PostgreSQL is not installed (Debian, Ubuntu: apt-get install postgresql); ./test.sh installs it.");
}
