using System.Diagnostics;
using System.Globalization;
using WalkTalk.Bench.Hosting;
using WalkTalk.Bench.Planted;
using WalkTalk.Fixtures;

namespace WalkTalk.Bench.Faults;

/// <summary>Real processes under load while one part after another fails; then the history is checked against databases, mails and reports.</summary>
internal static class FaultsRun
{
    public static Run Run { get; } = new("faults", "what was accepted takes effect once, whatever dies: real processes under load, one fault after another, and a checked history",
    [
        ("--rounds N", "faults to inject (default 6; the long run has 100)"),
        ("--seed S", "decides which faults in which order (default 1)"),
        ("--kinds a,b", $"only these of {string.Join(", ", Kinds.All.Select(k => k.Kind))}"),
        ("--replicas N", $"of {string.Join(" and ", Deployment.Replicated)} (default 2)"),
        ("--nodes N", "of the RabbitMQ cluster (default 3)"),
        ("--planted NAME", $"runs a build in which a bug is planted, to see it found: {string.Join(", ", Bugs.All.Select(b => b.Name))}"),
        ("--keep", "leave ledger, logs and data behind also when nothing is wrong"),
    ], Go);

    /// <summary>From here a run is long: it also has the kinds that take their time.</summary>
    private const int Long = 40;

    private static readonly TimeSpan Settles = TimeSpan.FromSeconds(1.5);

    private static async Task<Outcome> Go(Arguments arguments, CancellationToken stop)
    {
        var (rounds, seed, replicas, nodes) = (arguments.Number("--rounds", 6), arguments.Number("--seed", 1), arguments.Number("--replicas", 2), arguments.Number("--nodes", 3));
        var kinds = Chosen(arguments.Text("--kinds"));
        var clock = Stopwatch.StartNew();
        void Say(string line) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalSeconds,7:0.0} s  {line}"));

        var planted = arguments.Text("--planted");
        if (planted is not null && Bugs.All.All(b => b.Name != planted))
        {
            throw new UsageException($"there is no bug \"{planted}\"; known: {string.Join(", ", Bugs.All.Select(b => b.Name))}");
        }

        if (planted is not null)
        {
            Say($"building a copy with \"{planted}\" planted …");
        }

        var binaries = planted is null ? Repository.Root : await PlantedCopy.Build(stop);
        Say($"PostgreSQL ({Postgres.Version}, fsync on), RabbitMQ {RabbitCluster.Version} with {nodes} nodes, gateway and services …");
        await using var deployment = await Deployment.Start(binaries, replicas, nodes, new Dictionary<string, string>(Settings) { [PlantedCopy.Variable] = planted ?? "" }, stop);
        // What goes wrong in the middle can be looked into; what is stopped by hand cannot.
        deployment.Keep = true;
        await using var stopped = stop.Register(() => deployment.Keep = false);
        var mail = new Postbox(deployment.Mail);
        using var ledger = new Ledger(Path.Combine(deployment.Folder, "ledger.jsonl"));
        using var client = new Client(deployment.Address, ledger, stop);
        var databases = new Databases(deployment);
        var story = new Story(deployment, client, mail, databases, stop);
        var normal = new Normal(databases, story, stop);
        await story.Begin();
        var played = new List<Played> { new(0, "(none)", await Healthy(normal)) };
        Say($"{string.Join(", ", deployment.Replicas.Select(r => r.Process.Name))} take the load; ledger {ledger.File}");

        var order = new Random(seed);
        foreach (var (fault, index) in Kinds.Order(kinds, order, rounds >= Long).Take(rounds).Select((f, i) => (f, i)))
        {
            await Task.Delay(Settles, stop);
            ledger.Round = index + 1;
            played.Add(await Play(fault, index + 1, new Scene(deployment, mail, order, stop), normal));
            Say($"{index + 1,3}/{rounds}  {fault.Kind,-20} {(played[^1].Recovered is { } time ? string.Create(CultureInfo.InvariantCulture, $"normal after {time.TotalSeconds:0.0} s") : "NOT normal")}  {ledger.Entries.Count} requests");
        }

        await story.End();
        Say("the load has ended; waiting for quiet …");
        var quiet = await normal.Quiet(TimeSpan.FromMinutes(6));
        var findings = await Settled(new Check(databases, ledger, mail, stop), stop);
        Say($"checked {ledger.Entries.Count} requests, {ledger.Entries.Count(e => e.Answered == Answered.Accepted)} accepted, and {mail.Messages.Count()} mails");
        return Report(arguments, ledger, played, findings, quiet, deployment,
            new Dictionary<string, string> { ["rounds"] = $"{rounds}", ["seed"] = $"{seed}", ["replicas"] = $"{replicas}", ["nodes"] = $"{nodes}", ["planted"] = planted ?? "nothing", ["postgres"] = Postgres.Version, ["rabbitmq"] = RabbitCluster.Version });
    }

    /// <summary>One client does what many do, and walks begin within the hours of the run.</summary>
    private static readonly Dictionary<string, string> Settings = new()
    {
        ["Limits__RequestsPerMinute"] = "1000000",
        ["Limits__SensitivePerMinute"] = "1000000",
        ["Booking__MinimumNotice"] = "00:00:00",
        ["Booking__Rest"] = "00:00:00",
        ["Booking__MaximumADay"] = "100",
        // A killed sender's messages are taken over after its lease: shorter than the default, so that a run ends.
        ["Notification__LeaseSeconds"] = "30",
        ["Smtp__TimeoutSeconds"] = "5",
    };

    private static List<Fault> Chosen(string? names)
    {
        var wanted = names?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return wanted?.Except(Kinds.All.Select(k => k.Kind)).FirstOrDefault() is { } unknown
            ? throw new UsageException($"there is no kind of fault \"{unknown}\"; known: {string.Join(", ", Kinds.All.Select(k => k.Kind))}")
            : [.. Kinds.All.Where(k => wanted?.Contains(k.Kind) ?? true)];
    }

    private static async Task<TimeSpan> Healthy(Normal normal) =>
        await normal.Again() ?? throw new InvalidOperationException("The platform does not work before anything has been broken.");

    private static async Task<Played> Play(Fault fault, int round, Scene scene, Normal normal)
    {
        var heal = await fault.Inject(scene);
        await Task.Delay(fault.Lasts, scene.Ct);
        await heal();
        var recovered = await normal.Again();
        // The next fault strikes a platform that is whole: what still starts is waited for, but not measured.
        await Task.WhenAll(scene.Deployment.Replicas.Select(r => Deployment.Ready(r, scene.Ct)));
        return new Played(round, fault.Kind, recovered);
    }

    /// <summary>What is still on its way is not lost: a finding counts when it stays.</summary>
    private static async Task<IReadOnlyList<Finding>> Settled(Check check, CancellationToken stop)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var findings = await check.Run();
            if (clock.Elapsed > TimeSpan.FromSeconds(30) || findings.All(f => f.Wrong == Wrong.Uncertain))
            {
                return findings;
            }

            await Task.Delay(1000, stop);
        }
    }

    private static Outcome Report(
        Arguments arguments, Ledger ledger, List<Played> played, IReadOnlyList<Finding> findings, bool quiet, Deployment deployment, Dictionary<string, string> settings)
    {
        var kindOf = played.ToDictionary(p => p.Round, p => p.Kind);
        int Count(Wrong wrong, string? kind) => findings.Count(f => f.Wrong == wrong && (kind is null || (f.Entry is { } e ? kindOf[e.Round] : "(unknown)") == kind));
        void Row(string kind, string rounds, int accepted, Func<Wrong, int> count, List<double> times) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{kind,-20}{rounds,7}{accepted,10}{count(Wrong.Lost),7}{count(Wrong.Doubled),9}{count(Wrong.DoubleBooked),15}{count(Wrong.SentTwice),12}{count(Wrong.Uncertain),11}{(times is [] ? "" : $"{Median(times):0.0}"),9}{(times is [] ? "" : $"{times.Max():0.0}"),8}"));

        Console.WriteLine($"\n{"fault",-20}{"rounds",7}{"accepted",10}{"lost",7}{"doubled",9}{"double-booked",15}{"sent twice",12}{"uncertain",11}{"normal s",9}{"max s",8}");
        foreach (var kind in kindOf.Values.Distinct().Order(StringComparer.Ordinal).Append("(unknown)").Where(k => k != "(unknown)" || findings.Any(f => f.Entry is null)))
        {
            var rounds = played.Where(p => p.Kind == kind).ToList();
            Row(kind, $"{rounds.Count}", ledger.Entries.Count(e => e.Answered == Answered.Accepted && kindOf[e.Round] == kind), wrong => Count(wrong, kind), Times(rounds));
        }

        var faults = played.Where(p => p.Round > 0).ToList();
        var times = Times(faults);
        Row("all", $"{faults.Count}", ledger.Entries.Count(e => e.Answered == Answered.Accepted), wrong => Count(wrong, null), times);
        Console.WriteLine($"never answered: {ledger.Entries.Count(e => e.Answered == Answered.Never)}; refused: {ledger.Entries.Count(e => e.Answered == Answered.Refused)}");

        foreach (var finding in findings.Where(f => f.Wrong != Wrong.Uncertain).Take(50))
        {
            Console.WriteLine($"{finding.Wrong}: {finding.Says}; {finding.Entry?.ToString() ?? "no ledger entry"}");
        }

        var stuck = faults.Count(f => f.Recovered is null) + (quiet ? 0 : 1);
        if (stuck > 0)
        {
            Console.WriteLine($"not normal again: {stuck} times");
        }

        var passed = stuck == 0 && findings.All(f => f.Wrong == Wrong.Uncertain);
        deployment.Keep = !passed || arguments.Text("--keep") is not null;
        if (deployment.Keep)
        {
            Console.WriteLine($"ledger, logs and data: {deployment.Folder}");
        }

        return new Outcome(settings, new Dictionary<string, double>
        {
            ["injected"] = faults.Count,
            ["kinds"] = faults.Select(f => f.Kind).Distinct().Count(),
            ["accepted"] = ledger.Entries.Count(e => e.Answered == Answered.Accepted),
            ["lost"] = Count(Wrong.Lost, null),
            ["doubled"] = Count(Wrong.Doubled, null),
            ["double_booked"] = Count(Wrong.DoubleBooked, null),
            ["sent_twice"] = Count(Wrong.SentTwice, null),
            ["uncertain"] = Count(Wrong.Uncertain, null),
            ["recover_p50_s"] = times is [] ? 0 : Median(times),
            ["recover_max_s"] = times is [] ? 0 : times.Max(),
        }, passed);
    }

    private static List<double> Times(IEnumerable<Played> rounds) => [.. rounds.Select(r => (r.Recovered ?? Normal.Patience).TotalSeconds).Order()];

    private static double Median(List<double> sorted) => sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[sorted.Count / 2 - 1] + sorted[sorted.Count / 2]) / 2;

    /// <summary>One round: which fault, and how long it took from put right to normal; null when it did not become normal.</summary>
    private sealed record Played(int Round, string Kind, TimeSpan? Recovered);
}
