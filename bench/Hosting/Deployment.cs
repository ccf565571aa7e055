using System.Diagnostics;
using System.Reflection;
using System.Security.Cryptography;
using Npgsql;
using WalkTalk.Fixtures;

namespace WalkTalk.Bench.Hosting;

/// <summary>
/// The platform as it is deployed: gateway and services as processes of their own, a RabbitMQ cluster, one PostgreSQL server, a mail server.
/// Every connection of a process to broker, database and mail server goes through a <see cref="Link"/> of its own.
/// </summary>
internal sealed class Deployment(bool cuttable) : IAsyncDisposable
{
    public static readonly string[] Services = ["booking", "feedback", "notification", "reporting"];

    /// <summary>Those that run as many times as asked; the others once.</summary>
    public static readonly string[] Replicated = ["booking", "reporting"];

    private static readonly TimeSpan StartWithin = TimeSpan.FromMinutes(3);

    private readonly string folder = Directory.CreateTempSubdirectory("walktalk-bench-").FullName;
    private readonly List<Link> links = [];
    private readonly List<Replica> alone = [];
    private Process? guard;
    private ExternalIssuer? issuer;

    public List<Replica> Replicas { get; } = [];

    public Postgres Database { get; private set; } = null!;

    public RabbitCluster Broker { get; private set; } = null!;

    public SmtpServer Mail { get; } = SmtpServer.Start();

    /// <summary>The way of Notification to the mail server.</summary>
    public Link MailLink { get; private set; } = null!;

    /// <summary>Where the gateway answers.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>The folder of logs and data; it stays only when asked to.</summary>
    public string Folder => folder;

    /// <summary>Leaves folder and logs behind for whoever looks into what was found.</summary>
    public bool Keep { get; set; }

    /// <param name="binaries">Where the working copy is whose build runs.</param>
    /// <param name="copies">How many replicas the replicated services have.</param>
    /// <param name="nodes">Nodes of the RabbitMQ cluster; 0 for none, then no message leaves its process.</param>
    /// <param name="settings">Further variables for every process.</param>
    /// <param name="ct">Stops.</param>
    /// <param name="cuttable">Whether the ways to broker and database are links; a run that measures speed goes straight.</param>
    /// <param name="services">Which services run, without the gateway; all of them with it when nothing is said.</param>
    public static async Task<Deployment> Start(
        string binaries, int copies, int nodes, IReadOnlyDictionary<string, string> settings, CancellationToken ct, bool cuttable = true,
        IReadOnlyList<string>? services = null)
    {
        var deployment = new Deployment(cuttable);
        try
        {
            await deployment.Begin(binaries, copies, nodes, settings, services, ct);
            return deployment;
        }
        catch
        {
            deployment.Keep = true;
            await deployment.DisposeAsync();
            throw;
        }
    }

    /// <summary>A member of staff's token.</summary>
    public string Token(string role) => $"Bearer {issuer!.Token($"bench-{role}", role, "metropolitan")}";

    /// <summary>The connection string of a service, past every link.</summary>
    public string Connection(string service) => Database.Connection($"{service}-db");

    /// <summary>A service that runs by itself on SQLite, started beside the others.</summary>
    public async Task<Replica> Alone(string service, IReadOnlyDictionary<string, string> settings, CancellationToken ct)
    {
        var (name, address) = ($"{service}-alone", $"http://127.0.0.1:{Ports.Free()}");
        var environment = new Dictionary<string, string>(settings) { ["WALKTALK_BENCH"] = folder, ["Data"] = Path.Combine(folder, "data", name), ["OTEL_SERVICE_NAME"] = name, ["ASPNETCORE_URLS"] = address };
        var replica = new Replica(service, new Part(name, Path.Combine(folder, $"{name}.log"), "dotnet", [Binary(Repository.Root, service)], environment), new Uri(address), null!, null!);
        alone.Add(replica);
        replica.Process.Start();
        await Ready(replica, ct);
        return replica;
    }

    public IEnumerable<Replica> Of(string service) => Replicas.Where(r => r.Service == service);

    /// <summary>Returns when the process answers that it is healthy or degraded.</summary>
    public static async Task Ready(Replica replica, CancellationToken ct)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        for (var clock = Stopwatch.StartNew(); ;)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri(replica.Address, "/health"), ct);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !ct.IsCancellationRequested)
            {
                // not yet
            }

            if (clock.Elapsed > StartWithin || replica.Process.Id is null)
            {
                throw new InvalidOperationException($"{replica.Process.Name} is not ready: see {replica.Process.Log}\n{string.Join('\n', File.ReadLines(replica.Process.Log).TakeLast(25))}");
            }

            await Task.Delay(100, ct);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Replicas.Concat(alone).Select(r => r.Process.DisposeAsync().AsTask()));
        foreach (var link in links)
        {
            await link.DisposeAsync();
        }

        await (Broker?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (Database?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (issuer?.DisposeAsync() ?? ValueTask.CompletedTask);
        await Mail.DisposeAsync();
        guard?.Kill();
        guard?.Dispose();
        if (!Keep)
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task Begin(string binaries, int copies, int nodes, IReadOnlyDictionary<string, string> settings, IReadOnlyList<string>? services, CancellationToken ct)
    {
        // PostgreSQL runs as another user and keeps its data here.
        File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        var mark = new Dictionary<string, string> { ["WALKTALK_BENCH"] = folder };
        Guard();
        var database = Postgres.Start(folder, mark, ct);
        var broker = nodes == 0 ? null : RabbitCluster.Start(folder, mark, nodes, ct);
        (Database, Broker, issuer) = (await database, broker is null ? null! : await broker, await ExternalIssuer.Start());
        MailLink = Joined(Mail.Port);

        using var signing = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var addresses = (services ?? Services).ToDictionary(s => s, s => Enumerable.Range(0, Replicated.Contains(s) ? copies : 1).Select(_ => $"http://127.0.0.1:{Ports.Free()}").ToList());
        var shared = new Dictionary<string, string>(settings.Concat(mark).Concat(issuer.Environment))
        {
            ["Protection__TransitKey"] = Key(),
            ["Attendance__PrivateKey"] = signing.ExportPkcs8PrivateKeyPem(),
            ["Smtp__Host"] = SmtpServer.Host,
            ["Smtp__Port"] = $"{MailLink.Port}",
            ["Smtp__StartTls"] = "never",
        };
        foreach (var (service, replicas) in addresses)
        {
            for (var i = 0; i < replicas.Count; i++)
            {
                shared[$"services__{service}__http__{i}"] = replicas[i];
            }
        }

        foreach (var (service, replicas) in addresses)
        {
            var key = Key();
            Replicas.AddRange(replicas.Select((address, i) => Process(binaries, service, $"{service}-{i + 1}", address, key, shared)));
        }

        if (services is null)
        {
            Address = new Uri($"http://127.0.0.1:{Ports.Free()}");
            shared["Notification__PublicUrl"] = shared["Feedback__PublicUrl"] = Address.ToString();
            Replicas.Add(Process(binaries, "gateway", "gateway-1", Address.GetLeftPart(UriPartial.Authority), Key(), shared));
        }

        // One replica of each migrates its database before the next one looks at it, as a rollout does.
        foreach (var replica in Replicas.DistinctBy(r => r.Service))
        {
            replica.Process.Start();
        }

        await Task.WhenAll(Replicas.DistinctBy(r => r.Service).Select(r => Ready(r, ct)));
        foreach (var replica in Replicas.Where(r => r.Process.Id is null))
        {
            replica.Process.Start();
        }

        await Task.WhenAll(Replicas.Select(r => Ready(r, ct)));
    }

    private Replica Process(string binaries, string service, string name, string address, string key, IReadOnlyDictionary<string, string> shared)
    {
        var (database, broker) = (Joined(Database.Port), Joined([.. Broker?.NodePorts ?? []]));
        var environment = new Dictionary<string, string>(shared)
        {
            [$"ConnectionStrings__{service}-db"] = Database.Connection($"{service}-db", cuttable ? database.Port : Database.Port),
            ["Protection__MasterKey"] = key,
            ["Data"] = Path.Combine(folder, "data", name),
            ["OTEL_SERVICE_NAME"] = name,
            ["ASPNETCORE_URLS"] = address,
        };
        if (Broker is not null)
        {
            environment["ConnectionStrings__rabbitmq"] = Broker.Address(cuttable ? broker.Port : Broker.NodePorts[0]);
        }

        return new Replica(service, new Part(name, Path.Combine(folder, $"{name}.log"), "dotnet", [Binary(binaries, service)], environment), new Uri(address), database, broker);
    }

    /// <summary>Of the working copy itself, the build that this run is part of (a short lane among the tests runs in Debug); of a planted copy the one it has.</summary>
    private static string Binary(string binaries, string service)
    {
        var built = binaries == Repository.Root ? typeof(Deployment).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration : "Release";
        var project = service == "gateway" ? "Gateway" : $"{char.ToUpperInvariant(service[0])}{service[1..]}";
        return Path.Combine(binaries, service == "gateway" ? "gateway" : Path.Combine("services", project), "bin", built, "net10.0", $"WalkTalk.{project}.dll");
    }

    private Link Joined(params IReadOnlyList<int> targets)
    {
        links.Add(new Link(targets));
        return links[^1];
    }

    private static string Key() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <summary>A run that is killed leaves nothing behind: whatever carries its mark is ended once it is gone.</summary>
    private void Guard() => guard = System.Diagnostics.Process.Start(new ProcessStartInfo("/bin/sh",
    [
        "-c",
        "while kill -0 $1 2>/dev/null; do sleep 1; done; for p in $(grep -lsz \"^WALKTALK_BENCH=$2\\$\" /proc/[0-9]*/environ | cut -d/ -f3); do kill -9 $p 2>/dev/null; done; rm -rf \"$2\"",
        "sh", $"{Environment.ProcessId}", folder,
    ]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true });
}

/// <summary>One process of a service, and its ways to broker and database.</summary>
internal sealed record Replica(string Service, Part Process, Uri Address, Link Database, Link Broker);
