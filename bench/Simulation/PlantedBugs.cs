using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using WalkTalk.Bench.Planted;

namespace WalkTalk.Bench.Simulation;

/// <summary>Whether the simulation deserves trust: it has to find each bug that is planted in a copy of the source.</summary>
internal static partial class PlantedBugs
{
    // This one is in how RabbitMQ is listened to, which is not simulated; the fault runner finds it.
    private const string Elsewhere = "acknowledge-early";

    private sealed record Found(Bug Bug, string? Seed, string What, double Seconds);

    public static async Task<Outcome> Find(string name, int seeds, CancellationToken stop)
    {
        var bugs = Bugs.All.Where(b => name == "all" ? b.Name != Elsewhere : name.Split(',').Contains(b.Name)).ToList();
        if (bugs.Count == 0)
        {
            throw new UsageException($"there is no bug \"{name}\"; known: all, {string.Join(", ", Bugs.All.Select(b => b.Name))}");
        }

        Console.WriteLine("building a copy with the bugs planted …");
        var copy = await PlantedCopy.Build(stop);
        var found = new ConcurrentBag<Found>();
        await Parallel.ForEachAsync(bugs, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = stop }, async (bug, ct) =>
        {
            var one = await Look(copy, bug, seeds, ct);
            found.Add(one);
            Console.WriteLine($"{bug.Name,-24}{(one.Seed is null ? "NOT FOUND" : $"seed {one.Seed}"),-12}{one.What}");
        });
        Console.WriteLine();
        Console.WriteLine("| Bug | What it does wrong | Found by seed | As |\n|---|---|---|---|");
        foreach (var one in bugs.Select(b => found.First(f => f.Bug == b)))
        {
            Console.WriteLine($"| {one.Bug.Name} | {one.Bug.Says} | {one.Seed ?? "not found"} | {one.What} |");
        }

        var caught = found.Count(f => f.Seed is not null);
        return new Outcome(new Dictionary<string, string> { ["seeds"] = $"{seeds}" },
            new Dictionary<string, double> { ["planted"] = bugs.Count, ["caught"] = caught }, caught == bugs.Count);
    }

    private static async Task<Found> Look(string copy, Bug bug, int seeds, CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(new ProcessStartInfo("dotnet",
            [Path.Combine(copy, "bench", "bin", "Release", "net10.0", "WalkTalk.Bench.dll"), "simulate", "--seeds", $"{seeds}", "--threads", "1", "--first"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, Environment = { [PlantedCopy.Variable] = bug.Name },
        })!;
        var (said, complained) = (process.StandardOutput.ReadToEndAsync(ct), process.StandardError.ReadToEndAsync(ct));
        try
        {
            await process.WaitForExitAsync(ct);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }

        var violation = Violation().Match(await said);
        return violation.Success ? new Found(bug, violation.Groups["seed"].Value, violation.Groups["what"].Value, clock.Elapsed.TotalSeconds)
            : new Found(bug, null, process.ExitCode == 0 ? "" : $"the run ended with {process.ExitCode}: {(await complained).Split('\n')[0]}", clock.Elapsed.TotalSeconds);
    }

    [GeneratedRegex(@"^seed (?<seed>\d+): (?<what>.{0,120})", RegexOptions.Multiline)]
    private static partial Regex Violation();
}
