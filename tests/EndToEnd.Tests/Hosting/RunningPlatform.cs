using System.Diagnostics;
using System.Net;
using Microsoft.Data.Sqlite;
using Npgsql;
using WalkTalk.Fixtures;

namespace WalkTalk.EndToEnd.Tests.Hosting;

/// <summary>The platform as its users run it: real processes, the real clock, nothing replaced.</summary>
public abstract class RunningPlatform : IAsyncLifetime
{
    private protected static readonly TimeSpan StartWithin = TimeSpan.FromMinutes(6);
    private readonly string folder = Directory.CreateTempSubdirectory("walktalk-story-").FullName;
    private OtlpSink? telemetry;

    /// <summary>Whose staff tokens the services trust; null leaves them the gateway's own issuer.</summary>
    internal ExternalIssuer? Issuer { get; private set; }

    /// <summary>Whether staff sign in elsewhere, as with a force's own provider.</summary>
    protected virtual bool SignsInElsewhere => false;

    /// <summary>Whether it starts with the demonstration's data and people.</summary>
    protected virtual bool Demonstrates => false;

    /// <summary>Where the gateway answers.</summary>
    public abstract Uri Address { get; }

    /// <summary>Where the processes send mail.</summary>
    public SmtpServer Mail { get; } = SmtpServer.Start();

    /// <summary>Every span the processes have sent.</summary>
    internal IReadOnlyCollection<SeenSpan> Spans => telemetry!.Spans;

    /// <summary>Everything the processes have printed.</summary>
    public abstract string Output { get; }

    private protected string Folder => folder;

    /// <summary>A walk of a story starts within minutes, because the clock is the real one.</summary>
    private protected Dictionary<string, string> EnvironmentOfAll => new(telemetry!.Environment.Concat(Issuer?.Environment ?? new Dictionary<string, string>()))
    {
        ["Demo__Enabled"] = $"{Demonstrates}",
        ["Booking__MinimumNotice"] = "00:00:00",
        // A story runs at any hour, with whoever is free then.
        ["Booking__Rest"] = "00:00:00",
        ["Booking__MaximumADay"] = "100",
        // A story is one client that does everything that everybody does.
        ["Limits__SensitivePerMinute"] = "1000",
        ["Limits__RequestsPerMinute"] = "1000000",
        ["Smtp__Host"] = SmtpServer.Host,
        ["Smtp__Port"] = $"{Mail.Port}",
        ["Smtp__StartTls"] = "never",
    };

    public async ValueTask InitializeAsync()
    {
        telemetry = await OtlpSink.Start();
        Issuer = SignsInElsewhere ? await ExternalIssuer.Start() : null;
        await Start();
        await Healthy();
    }

    private protected async Task Healthy()
    {
        using var http = new HttpClient { BaseAddress = Address };
        var clock = Stopwatch.StartNew();
        while (true)
        {
            using var answer = await http.GetAsync("/health");
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                return;
            }

            Assert.True(clock.Elapsed < StartWithin, $"{await answer.Content.ReadAsStringAsync()}\n{Output}");
            await Task.Delay(100);
        }
    }

    private protected abstract Task Start();

    private protected abstract Task Stop();

    public async ValueTask DisposeAsync()
    {
        // What the processes said, for whoever looks into a failure.
        Directory.CreateDirectory(Repository.PathOf("artifacts", "logs"));
        await File.WriteAllTextAsync(Repository.PathOf("artifacts", "logs", $"{GetType().DeclaringType?.Name ?? GetType().Name}.log"), Output);
        await Stop();
        await Mail.DisposeAsync();
        await telemetry!.DisposeAsync();
        await (Issuer?.DisposeAsync() ?? ValueTask.CompletedTask);
        Directory.Delete(folder, recursive: true);
        GC.SuppressFinalize(this);
    }
}

/// <summary>One process: SQLite in a folder, no broker.</summary>
public class StandalonePlatform : RunningPlatform
{
    private readonly int port = Ports.Free();
    private RunningProcess? process;
    private string? data;

    public override Uri Address => new($"http://localhost:{port}");

    public override string Output => process!.Output;

    /// <summary>The program as a build leaves it, to be started by "dotnet".</summary>
    public static string Program { get; } = Repository.PathOf("Standalone", "bin", "Debug", "net10.0", "WalkTalk.Standalone.dll");

    /// <summary>Where the process keeps its data; another folder holds from the next start.</summary>
    public string Data { get => data ?? Path.Combine(Folder, "data"); set => data = value; }

    internal RunningProcess Process => process!;

    /// <summary>The link that the log shows after the start, when nobody was found who could sign in.</summary>
    public async Task<string> FirstAdministratorsLink()
    {
        await process!.Printed("/set-up/", TimeSpan.FromMinutes(1));
        return Output.Split([' ', '\r', '\n']).First(word => word.StartsWith("http://", StringComparison.Ordinal) && word.Contains("/set-up/", StringComparison.Ordinal));
    }

    /// <summary>Starts it again after its end.</summary>
    public async Task StartAgain()
    {
        await process!.DisposeAsync();
        await Start();
        await Healthy();
    }

    /// <summary>What a query finds in the database of a service.</summary>
    public async Task<long> Count(string service, string query)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(Data, $"{service}.db")};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = query;
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>The services to run, parted by commas; null runs all.</summary>
    protected virtual string? Services => null;

    /// <summary>Further settings.</summary>
    protected virtual IEnumerable<string> Settings => [];

    /// <summary>What is there before it starts for the first time.</summary>
    private protected virtual Task Begin() => Demonstrates ? Demonstration.CopyTo(Data) : Task.CompletedTask;

    private protected override async Task Start()
    {
        if (process is null)
        {
            await Begin();
        }

        process = RunningProcess.Start("dotnet",
            [Program, $"--urls=http://localhost:{port}", $"--data={Data}", .. Services is null ? Array.Empty<string>() : [$"--services={Services}"], .. Settings],
            Folder, EnvironmentOfAll);
        await process.Printed("WalkTalk is ready", StartWithin);
    }

    private protected override async Task Stop() => await process!.DisposeAsync();
}

/// <summary>
/// The data of a demonstration that has told its year, once in a test process: to tell it takes as long as a short story, so each platform begins with a copy.
/// </summary>
internal sealed class Demonstration : StandalonePlatform
{
    private static readonly string[] Databases = ["booking", "feedback", "notification", "reporting"];
    private static readonly Lazy<Task<string>> Told = new(async () =>
    {
        await using var demonstration = new Demonstration();
        await demonstration.InitializeAsync();
        return await demonstration.Tell();
    });

    protected override bool Demonstrates => true;

    public static async Task CopyTo(string folder)
    {
        var from = await Told.Value;
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var to = Path.Combine(folder, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }
    }

    private protected override Task Begin() => Task.CompletedTask;

    /// <summary>Waits until its last release is published and nothing is under way, ends it in good order, and keeps what it leaves.</summary>
    private async Task<string> Tell()
    {
        var (clock, published) = (Stopwatch.StartNew(), 0L);
        for (var quiet = 0; quiet < 6; await Task.Delay(500))
        {
            Assert.True(clock.Elapsed < StartWithin, $"The demonstration has not told its year.\n{Output}");
            var before = published;
            published = await Count("reporting", "SELECT count(*) FROM releases");
            quiet = published > 0 && published == before && await UnderWay() == 0 ? quiet + 1 : 0;
        }

        Process.Terminate();
        await Process.Ended(CancellationToken.None);
        var kept = Directory.CreateTempSubdirectory("walktalk-demonstration-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(kept, recursive: true);
        Directory.Move(Data, Path.Combine(kept, "data"));
        return Path.Combine(kept, "data");
    }

    private async Task<long> UnderWay()
    {
        var open = 0L;
        foreach (var database in Databases)
        {
            open += await Count(database, $"SELECT (SELECT count(*) FROM outbox WHERE sent_at IS NULL AND parked_at IS NULL AND due_at <= {TimeProvider.System.GetUtcNow().UtcTicks}) + (SELECT count(*) FROM inbox WHERE handled_on IS NULL AND parked_at IS NULL)");
        }

        return open;
    }
}

/// <summary>Five processes over RabbitMQ and PostgreSQL, started by the launcher that people use.</summary>
public class SeparatePlatform : RunningPlatform
{
    private readonly int port = Ports.Free(andTheNext: 4);
    private readonly string prefix = TestServers.NewPrefix();
    private RunningProcess? launcher;

    /// <summary>What its queues and databases are called by.</summary>
    internal string Prefix => prefix;

    public override Uri Address => new($"http://localhost:{port}");

    public override string Output => launcher!.Output + string.Concat(
        Directory.EnumerateFiles(Path.Combine(Folder, "logs")).Select(log => $"--- {Path.GetFileName(log)}\n{File.ReadAllText(log)}"));

    /// <summary>The services to run, parted by commas.</summary>
    protected virtual string Services => "booking,feedback,notification,reporting";

    private protected override async Task Start()
    {
        var server = new NpgsqlConnectionStringBuilder(await TestServers.PostgreSql()) { Database = null, MaxPoolSize = 20 };
        launcher = RunningProcess.Start("bash",
            [Repository.PathOf("run-separate.sh"), "--no-build", $"--services={Services}", $"--port={port}", $"--data={Folder}", $"--database-prefix={prefix}"],
            Repository.Root,
            new Dictionary<string, string>(EnvironmentOfAll)
            {
                ["WALKTALK_POSTGRES"] = server.ConnectionString,
                ["WALKTALK_RABBITMQ"] = await TestServers.RabbitMq(),
                ["Messaging__Prefix"] = prefix,
            });
        await launcher.Printed("Ready.", StartWithin);
    }

    private protected override async Task Stop()
    {
        await launcher!.DisposeAsync();
        foreach (var service in Services.Split(',').Append("gateway"))
        {
            await TestServers.DropDatabase(new NpgsqlConnectionStringBuilder(await TestServers.PostgreSql()) { Database = $"{prefix}{service}-db" }.ConnectionString);
        }
    }
}
