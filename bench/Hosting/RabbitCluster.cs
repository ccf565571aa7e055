using System.Diagnostics;
using System.Net.Sockets;
using WalkTalk.Fixtures;

namespace WalkTalk.Bench.Hosting;

/// <summary>A private RabbitMQ cluster from the installed binaries: as many nodes as asked on the loopback; a minority pauses itself.</summary>
internal sealed class RabbitCluster : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly string folder;
    private readonly IReadOnlyDictionary<string, string> environment;
    private readonly Part epmd;
    private readonly int epmdPort;
    private readonly string cookie = $"{Guid.NewGuid():N}";
    private readonly List<Node> nodes;

    private RabbitCluster(string folder, IReadOnlyDictionary<string, string> environment, int size)
    {
        (this.folder, this.environment) = (folder, environment);
        epmdPort = Ports.Free();
        epmd = new Part("epmd", Path.Combine(folder, "epmd.log"), "epmd", ["-port", $"{epmdPort}"],
            new Dictionary<string, string>(environment) { ["ERL_EPMD_ADDRESS"] = "127.0.0.1" });
        nodes = [.. Enumerable.Range(1, size).Select(n => new Node($"wt{n}@localhost", Ports.Free(), Path.Combine(folder, $"rabbit-{n}")))];
    }

    /// <summary>Where each node listens.</summary>
    public IReadOnlyList<int> NodePorts => [.. nodes.Select(n => n.Port)];

    public static string Version => Directory.EnumerateDirectories("/usr/lib/rabbitmq/lib", "rabbitmq_server-*").Select(d => Path.GetFileName(d)["rabbitmq_server-".Length..]).FirstOrDefault("unknown");

    public static async Task<RabbitCluster> Start(string folder, IReadOnlyDictionary<string, string> environment, int size, CancellationToken ct)
    {
        if (!File.Exists(Node.Server))
        {
            throw new InvalidOperationException("RabbitMQ is not installed (Debian, Ubuntu: apt-get install rabbitmq-server); ./test.sh installs it.");
        }

        var cluster = new RabbitCluster(folder, environment, size);
        cluster.epmd.Start();
        await Answers(cluster.epmdPort, ct);
        foreach (var node in cluster.nodes)
        {
            cluster.Prepare(node);
            node.Process.Start();
        }

        await Task.WhenAll(cluster.nodes.Select(n => Answers(n.Port, ct)));
        return cluster;
    }

    /// <summary>The address of the cluster behind a port.</summary>
    public string Address(int port) => $"amqp://walktalk:{cookie}@127.0.0.1:{port}/";

    /// <summary>The number of the node that leads most queues now.</summary>
    public async Task<int> Leader(CancellationToken ct)
    {
        var asked = nodes.First(n => n.Process.Id is not null);
        var leaders = await Task.Run(() => Ask(asked, "rabbitmqctl", "list_queues", "leader", "--silent", "--no-table-headers"), ct);
        var most = leaders.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).GroupBy(l => l).OrderByDescending(g => g.Count()).FirstOrDefault()?.Key;
        return Math.Max(0, nodes.FindIndex(n => n.Name == most));
    }

    /// <summary>kill -9 of a node.</summary>
    public async Task Kill(int node)
    {
        // What was started is a shell that waits for the node itself, whose id stands in a file.
        if (File.Exists(nodes[node].PidFile) && int.TryParse(await File.ReadAllTextAsync(nodes[node].PidFile), out var id))
        {
            Shell.Signal("KILL", id);
        }

        await nodes[node].Process.Kill();
    }

    /// <summary>Starts nodes that were killed or stopped, and waits until they take connections.</summary>
    public Task Restart(IEnumerable<int> which, CancellationToken ct)
    {
        var again = which.Select(n => nodes[n]).ToList();
        again.ForEach(n => n.Process.Start());
        return Task.WhenAll(again.Select(n => Answers(n.Port, ct)));
    }

    /// <summary>Waits until every node takes connections: a minority that paused itself does not.</summary>
    public Task Whole(CancellationToken ct) => Task.WhenAll(nodes.Select(n => Answers(n.Port, ct)));

    /// <summary>Stops every node in good order.</summary>
    public Task Stop() => Task.WhenAll(nodes.Select(n => n.Process.End(TimeSpan.FromSeconds(40))));

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Enumerable.Range(0, nodes.Count).Select(Kill));
        await epmd.DisposeAsync();
    }

    private void Prepare(Node node)
    {
        var home = Directory.CreateDirectory(Path.Combine(node.Folder, "home")).FullName;
        var cookieFile = Path.Combine(home, ".erlang.cookie");
        File.WriteAllText(cookieFile, cookie);
        File.SetUnixFileMode(cookieFile, UnixFileMode.UserRead);
        File.WriteAllText(Path.Combine(node.Folder, "enabled_plugins"), "[].");
        File.WriteAllText(Path.Combine(node.Folder, "rabbitmq-env.conf"), "");
        File.WriteAllLines(Path.Combine(node.Folder, "rabbitmq.conf"),
        [
            $"listeners.tcp.1 = 127.0.0.1:{node.Port}", "default_user = walktalk", $"default_pass = {cookie}", "log.file.level = info",
            "cluster_partition_handling = pause_minority", "cluster_formation.peer_discovery_backend = classic_config",
            .. nodes.Select((n, i) => $"cluster_formation.classic_config.nodes.{i + 1} = {n.Name}"),
        ]);
        node.Process = new Part(node.Name, Path.Combine(folder, $"{Path.GetFileName(node.Folder)}.log"), Node.Server, [], Environment(node));
    }

    private Dictionary<string, string> Environment(Node node) => new(environment)
    {
        ["HOME"] = Path.Combine(node.Folder, "home"),
        ["ERL_EPMD_PORT"] = $"{epmdPort}",
        ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
        ["RABBITMQ_NODENAME"] = node.Name,
        ["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1",
        ["RABBITMQ_NODE_PORT"] = $"{node.Port}",
        ["RABBITMQ_DIST_PORT"] = $"{node.DistributionPort}",
        ["RABBITMQ_MNESIA_BASE"] = Path.Combine(node.Folder, "data"),
        ["RABBITMQ_LOG_BASE"] = Path.Combine(node.Folder, "log"),
        ["RABBITMQ_PID_FILE"] = node.PidFile,
        ["RABBITMQ_CONFIG_FILE"] = Path.Combine(node.Folder, "rabbitmq.conf"),
        ["RABBITMQ_ADVANCED_CONFIG_FILE"] = Path.Combine(node.Folder, "advanced.config"),
        ["RABBITMQ_CONF_ENV_FILE"] = Path.Combine(node.Folder, "rabbitmq-env.conf"),
        ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(node.Folder, "enabled_plugins"),
        // Erlang's schedulers would spin while idle; on a small machine that time belongs to the services.
        ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none",
    };

    private string Ask(Node node, string command, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(Path.GetDirectoryName(Node.Server)!, command), ["-n", node.Name, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (key, value) in Environment(node))
        {
            start.Environment[key] = value;
        }

        using var process = Process.Start(start)!;
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return said;
    }

    private static async Task Answers(int port, CancellationToken ct)
    {
        for (var clock = Stopwatch.StartNew(); ;)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync("127.0.0.1", port, ct);
                return;
            }
            catch (SocketException) when (clock.Elapsed < Patience)
            {
                await Task.Delay(100, ct);
            }
        }
    }

    private sealed class Node(string name, int port, string folder)
    {
        // Debian's wrapper in /usr/sbin changes the user and hides the log.
        public const string Server = "/usr/lib/rabbitmq/bin/rabbitmq-server";

        public string Name => name;

        public int Port => port;

        public string Folder => folder;

        public int DistributionPort { get; } = Ports.Free();

        public string PidFile => Path.Combine(folder, "pid");

        public Part Process { get; set; } = null!;
    }
}
