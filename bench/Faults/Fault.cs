using WalkTalk.Bench.Hosting;
using WalkTalk.Fixtures;

namespace WalkTalk.Bench.Faults;

/// <summary>One kind of thing that goes wrong.</summary>
/// <param name="Kind">Its name in the table.</param>
/// <param name="Group">What it strikes: process, broker, database, network or mail.</param>
/// <param name="Lasts">How long it stays before it is put right.</param>
/// <param name="Inject">Makes it happen; what it returns puts it right, and returns when whatever was broken is there again.</param>
/// <param name="Rare">Takes long, so a long run has it seldom and a short one not at all.</param>
internal sealed record Fault(string Kind, string Group, TimeSpan Lasts, Func<Scene, Task<Func<Task>>> Inject, bool Rare = false);

/// <summary>Where a fault strikes.</summary>
internal sealed record Scene(Deployment Deployment, Postbox Mail, Random Random, CancellationToken Ct)
{
    public Replica One(string service) => Pick([.. Deployment.Of(service)]);

    public T Pick<T>(IReadOnlyList<T> among) => among[Random.Next(among.Count)];
}

/// <summary>Every kind there is.</summary>
internal static class Kinds
{
    private static readonly TimeSpan AtOnce = TimeSpan.Zero, Short = TimeSpan.FromSeconds(3);
    private static readonly Func<Task> Nothing = () => Task.CompletedTask;

    public static readonly IReadOnlyList<Fault> All =
    [
        .. Deployment.Services.Append("gateway").Select(service => new Fault($"kill-{service}", "process", AtOnce, scene => Kill(scene, service))),
        new("stop-process", "process", Short, scene => Stop(scene)),
        new("stop-30s", "process", TimeSpan.FromSeconds(30), scene => Stop(scene), Rare: true),
        new("rolling-restart", "process", AtOnce, RollingRestart, Rare: true),

        new("broker-leader", "broker", Short, async scene => await KillNodes(scene, await scene.Deployment.Broker.Leader(scene.Ct))),
        new("broker-follower", "broker", Short, async scene => await KillNodes(scene, (await scene.Deployment.Broker.Leader(scene.Ct) + 1) % scene.Deployment.Broker.NodePorts.Count)),
        new("broker-majority", "broker", Short, scene => KillNodes(scene, [.. Enumerable.Range(0, scene.Deployment.Broker.NodePorts.Count).OrderBy(_ => scene.Random.Next()).Take(2)])),
        new("broker-restart", "broker", AtOnce, BrokerRestart, Rare: true),

        new("database-kill", "database", AtOnce, DatabaseKill),
        new("database-drops", "database", AtOnce, async scene =>
        {
            await scene.Deployment.Database.DropConnections();
            return Nothing;
        }),

        new("cut-broker", "network", Short, scene => Cut(scene, replica => replica.Broker, "booking", "feedback", "notification", "reporting")),
        new("cut-database", "network", Short, scene => Cut(scene, replica => replica.Database, "booking", "feedback", "notification", "reporting", "gateway")),

        new("mail-away", "mail", Short, scene =>
        {
            scene.Deployment.MailLink.Refuse();
            return Task.FromResult(() => Heal(scene.Deployment.MailLink));
        }),
        new("mail-hangs", "mail", Short, scene =>
        {
            scene.Deployment.MailLink.Freeze();
            return Task.FromResult(() => Heal(scene.Deployment.MailLink, scene.Random.Next(2) == 0));
        }),
        new("mail-after-data", "mail", AtOnce, scene =>
        {
            scene.Deployment.Mail.Fail(new SmtpFault(SmtpStage.AfterData), new SmtpFault(SmtpStage.AfterData, "451 4.3.0 try again later"));
            return Task.FromResult(Nothing);
        }),
    ];

    /// <summary>
    /// The order of a run: deck after deck, each with every kind once and shuffled, so that groups alternate and few rounds still strike everywhere.
    /// </summary>
    public static IEnumerable<Fault> Order(IReadOnlyList<Fault> kinds, Random random, bool isLong)
    {
        for (var deck = 0; ; deck++)
        {
            var shuffled = kinds.Where(k => !k.Rare || (isLong && deck % 2 == 0) || kinds.All(other => other.Rare)).OrderBy(_ => random.Next()).ToList();
            var groups = shuffled.Select(k => k.Group).Distinct().ToList();
            foreach (var fault in shuffled.OrderBy(k => shuffled.Where(other => other.Group == k.Group).ToList().IndexOf(k)).ThenBy(k => groups.IndexOf(k.Group)))
            {
                yield return fault;
            }
        }
    }

    private static async Task<Func<Task>> Kill(Scene scene, string service)
    {
        var replica = scene.One(service);
        if (service == "notification")
        {
            scene.Mail.SenderDies();
        }

        await replica.Process.Kill();
        replica.Process.Start();
        return Nothing;
    }

    private static Task<Func<Task>> Stop(Scene scene)
    {
        var replica = scene.Pick(scene.Deployment.Replicas);
        replica.Process.Stop();
        return Task.FromResult(() =>
        {
            replica.Process.Continue();
            return Task.CompletedTask;
        });
    }

    private static async Task<Func<Task>> RollingRestart(Scene scene)
    {
        foreach (var replica in scene.Deployment.Replicas)
        {
            if (!await replica.Process.End(TimeSpan.FromSeconds(40)))
            {
                throw new InvalidOperationException($"{replica.Process.Name} did not end within 40 s of being asked to: see {replica.Process.Log}");
            }

            replica.Process.Start();
            await Deployment.Ready(replica, scene.Ct);
        }

        return Nothing;
    }

    private static async Task<Func<Task>> KillNodes(Scene scene, params IReadOnlyList<int> nodes)
    {
        var broker = scene.Deployment.Broker;
        await Task.WhenAll(nodes.Select(broker.Kill));
        return async () =>
        {
            await broker.Restart(nodes, scene.Ct);
            await broker.Whole(scene.Ct);
        };
    }

    private static async Task<Func<Task>> BrokerRestart(Scene scene)
    {
        var broker = scene.Deployment.Broker;
        await broker.Stop();
        return () => broker.Restart(Enumerable.Range(0, broker.NodePorts.Count), scene.Ct);
    }

    private static async Task<Func<Task>> DatabaseKill(Scene scene)
    {
        await scene.Deployment.Database.Kill();
        return () => scene.Deployment.Database.Restart(scene.Ct);
    }

    /// <summary>Between one replica, or every one of a service, and the other part: refused, or nothing goes through, or only in one direction; and then some networks have forgotten their connections.</summary>
    private static Task<Func<Task>> Cut(Scene scene, Func<Replica, Link> way, params string[] services)
    {
        var service = scene.Pick(services);
        List<Replica> cut = scene.Random.Next(2) == 0 ? [scene.One(service)] : [.. scene.Deployment.Of(service)];
        var (how, forgets, links) = (scene.Random.Next(3), scene.Random.Next(2) == 0, cut.Select(way).ToList());
        links.ForEach(link =>
        {
            if (how == 0)
            {
                link.Refuse();
            }
            else
            {
                link.Freeze(oneWay: how == 1);
            }
        });
        return Task.FromResult(() => Task.WhenAll(links.Select(link => Heal(link, forgets))));
    }

    private static Task Heal(Link link, bool forgets = false)
    {
        link.Heal(forgets);
        return Task.CompletedTask;
    }
}
