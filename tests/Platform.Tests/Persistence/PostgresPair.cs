using System.Diagnostics;
using Npgsql;
using WalkTalk.Fixtures;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Platform.Tests.Persistence;

/// <summary>
/// A PostgreSQL primary with a synchronous standby, from installed binaries, on this machine alone: what the primary says is
/// committed is on both. Both write to the disk as they do in production.
/// </summary>
internal sealed class PostgresPair : IAsyncDisposable
{
    private const string User = "walktalk";
    private static readonly string Bin = FindBinaries();
    private readonly string folder;
    private readonly string password = Secrets.NewToken();
    private readonly Server primary;
    private readonly Server standby;

    private PostgresPair(string folder) => (this.folder, primary, standby) =
        (folder, new Server(Path.Combine(folder, "primary"), Ports.Free()), new Server(Path.Combine(folder, "standby"), Ports.Free()));

    /// <summary>How a service is told of both.</summary>
    public string ConnectionString =>
        $"Host=127.0.0.1:{primary.Port},127.0.0.1:{standby.Port};Username={User};Password={password};Database=postgres;Target Session Attributes=primary;Host Recheck Seconds=1;Timeout=5";

    public static async Task<PostgresPair> Start()
    {
        var pair = new PostgresPair(Directory.CreateTempSubdirectory("walktalk-pair-").FullName);
        try
        {
            await pair.Begin();
            return pair;
        }
        catch
        {
            await pair.DisposeAsync();
            throw;
        }
    }

    /// <summary>The primary's machine is gone.</summary>
    public void KillPrimary() => primary.Kill();

    /// <summary>What an operator, or Patroni in its place, does then.</summary>
    public async Task Promote()
    {
        await using var connection = await Connect(standby);
        await using var command = new NpgsqlCommand("SELECT pg_promote()", connection);
        Assert.Equal(true, await command.ExecuteScalarAsync());
    }

    public ValueTask DisposeAsync()
    {
        primary.Kill();
        standby.Kill();
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private async Task Begin()
    {
        await Run("chmod", "755", folder);
        if (Environment.IsPrivilegedProcess)
        {
            await Run("chown", "postgres", folder);
        }

        var secret = Path.Combine(folder, "password");
        await File.WriteAllTextAsync(secret, password);
        await Run("chmod", "644", secret);
        await AsPostgres("initdb", "-D", primary.Data, "-U", User, $"--pwfile={secret}", "--auth-host=scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8");
        File.Delete(secret);
        primary.Start("synchronous_standby_names=standby");
        await Answers(primary);
        await AsPostgres("pg_basebackup", "-D", standby.Data, "-R", "-X", "stream", "-c", "fast", "-d",
            $"host=127.0.0.1 port={primary.Port} user={User} password={password} application_name=standby");
        standby.Start("hot_standby=on");
        await using var connection = await Connect(primary);
        await using var command = new NpgsqlCommand("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'", connection);
        await Until(async () => (long)(await command.ExecuteScalarAsync())! == 1, "the standby to follow");
    }

    private async Task<NpgsqlConnection> Connect(Server server)
    {
        var connection = new NpgsqlConnection($"Host=127.0.0.1;Port={server.Port};Username={User};Password={password};Database=postgres;Pooling=false;Command Timeout=60");
        await connection.OpenAsync();
        return connection;
    }

    private Task Answers(Server server) => Until(async () =>
    {
        try
        {
            await using var connection = await Connect(server);
            return true;
        }
        catch (NpgsqlException) when (!server.HasExited)
        {
            return false;
        }
    }, "the server to start");

    private static async Task Until(Func<Task<bool>> isSo, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!await isSo())
        {
            Assert.True(clock.Elapsed < TimeSpan.FromMinutes(2), $"Waited in vain for {what}.");
            await Task.Delay(50);
        }
    }

    // PostgreSQL refuses root.
    private static Task AsPostgres(string program, params string[] arguments) => Environment.IsPrivilegedProcess
        ? Run("runuser", ["-u", "postgres", "--", Path.Combine(Bin, program), .. arguments])
        : Run(Path.Combine(Bin, program), arguments);

    private static async Task Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" })!;
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {string.Concat(said)}");
    }

    private static string FindBinaries() =>
        (Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [])
            .OrderByDescending(version => int.TryParse(Path.GetFileName(version), out var number) ? number : 0)
            .Select(version => Path.Combine(version, "bin")).Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'))
            .FirstOrDefault(bin => File.Exists(Path.Combine(bin, "pg_basebackup")) && File.Exists(Path.Combine(bin, "initdb")))
        ?? throw new InvalidOperationException("This test needs PostgreSQL's binaries (Debian/Ubuntu: apt-get install postgresql): it starts a primary and a standby of its own.");

    private sealed class Server(string data, int port)
    {
        private Process? process;

        public string Data => data;
        public int Port => port;
        public bool HasExited => process!.HasExited;

        public void Start(string setting)
        {
            string[] server = [Path.Combine(Bin, "postgres"), "-D", data, "-p", $"{port}", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", setting];
            // exec: the process that is started is the server itself, so that it can be killed.
            string[] command = Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", .. server] : server;
            process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" })!;
            process.OutputDataReceived += (_, _) => { };
            process.ErrorDataReceived += (_, _) => { };
            AppDomain.CurrentDomain.ProcessExit += (_, _) => Kill();
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
        }

        // The server's own processes end with it.
        public void Kill()
        {
            if (process is { HasExited: false })
            {
                process.Kill(entireProcessTree: true);
                process.WaitForExit();
            }
        }
    }
}
