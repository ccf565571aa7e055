using System.Globalization;
using System.Text.Json;
using WalkTalk.Fixtures;

namespace WalkTalk.Bench;

/// <summary>A named run: what it is called, one line of what it does, its options, and how it goes.</summary>
/// <param name="Options">Each as it is written, e.g. "--rounds N", with one line of what it is for. One without a value is a switch.</param>
internal sealed record Run(string Name, string Says, IReadOnlyList<(string Option, string Says)> Options, Func<Arguments, CancellationToken, Task<Outcome>> Go);

/// <summary>What a run has found.</summary>
/// <param name="Settings">What it was run with, as a reader needs it to run it again.</param>
/// <param name="Figures">The figures of quality.md by their keys; every time in the unit its key ends with.</param>
/// <param name="Passed">False ends the process with 1.</param>
internal sealed record Outcome(IReadOnlyDictionary<string, string> Settings, IReadOnlyDictionary<string, double> Figures, bool Passed);

/// <summary>The options a run was started with.</summary>
internal sealed class Arguments(IReadOnlyDictionary<string, string> given)
{
    /// <summary>The option's value, or null.</summary>
    public string? Text(string option) => given.GetValueOrDefault(option);

    /// <summary>The option's value as a number.</summary>
    public int Number(string option, int otherwise) =>
        Text(option) is not { } text ? otherwise
        : int.TryParse(text, CultureInfo.InvariantCulture, out var number) && number >= 0 ? number
        : throw new UsageException($"{option} needs a number, not \"{text}\"");
}

/// <summary>The command line cannot be understood.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>The command line of all runs: <c>bench -- name [options] [--json FILE]</c>, <c>--list</c>, <c>--help</c>.</summary>
internal static class Runs
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static async Task<int> Start(string[] args, IReadOnlyList<Run> runs)
    {
        try
        {
            if (args is [] or ["--help" or "-h" or "--list"])
            {
                Console.WriteLine(args is ["--list"] ? List(runs) : Usage(runs));
                return args is [] ? 2 : 0;
            }

            var run = runs.FirstOrDefault(r => r.Name == args[0])
                ?? throw new UsageException($"there is no run \"{args[0]}\"; known: {string.Join(", ", runs.Select(r => r.Name))}");
            if (args[1..] is ["--help" or "-h"])
            {
                Console.WriteLine(Usage([run]));
                return 0;
            }

            return await Go(run, Read(run, args[1..]));
        }
        catch (UsageException e)
        {
            await Console.Error.WriteLineAsync($"bench: {e.Message}");
            return 2;
        }
    }

    private static async Task<int> Go(Run run, Dictionary<string, string> given)
    {
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, key) => (key.Cancel, _) = (true, stop.CancelAsync());
        using var term = System.Runtime.InteropServices.PosixSignalRegistration.Create(
            System.Runtime.InteropServices.PosixSignal.SIGTERM, signal => (signal.Cancel, _) = (true, stop.CancelAsync()));
        var machine = Machine.Describe();
        Console.WriteLine($"{run.Name}: {run.Says}\n{string.Join(", ", machine.Select(m => $"{m.Key} {m.Value}"))}");

        Outcome outcome;
        try
        {
            outcome = await run.Go(new Arguments(given), stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("bench: stopped");
            return 130;
        }

        Console.WriteLine(string.Join("  ", outcome.Settings.Select(s => $"{s.Key}={s.Value}")));
        Console.WriteLine(string.Join("  ", outcome.Figures.Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Key}={f.Value:0.###}"))));
        if (given.TryGetValue("--json", out var file))
        {
            await File.WriteAllTextAsync(file, JsonSerializer.Serialize(
                new { name = run.Name, machine, settings = outcome.Settings, figures = outcome.Figures }, Indented) + "\n");
        }

        Console.WriteLine(outcome.Passed ? "passed" : "FAILED");
        return outcome.Passed ? 0 : 1;
    }

    private static Dictionary<string, string> Read(Run run, string[] args)
    {
        var known = run.Options.Select(o => o.Option.Split(' ')).Append(["--json", "FILE"]).ToDictionary(o => o[0], o => o.Length > 1);
        var given = new Dictionary<string, string>();
        for (var i = 0; i < args.Length; i++)
        {
            if (!known.TryGetValue(args[i], out var hasValue))
            {
                throw new UsageException($"{run.Name} knows no option {args[i]}; known: {string.Join(", ", known.Keys)}");
            }

            given[args[i]] = !hasValue ? "" : i + 1 < args.Length ? args[++i] : throw new UsageException($"{args[i]} needs a value");
        }

        return given;
    }

    private static string List(IEnumerable<Run> runs) => string.Join('\n', runs.Select(r => $"{r.Name,-12}{r.Says}"));

    private static string Usage(IEnumerable<Run> runs) =>
        "Usage: dotnet run -c Release --project bench -- NAME [options] [--json FILE]\n\n"
        + string.Join("\n\n", runs.Select(r => $"{List([r])}\n{string.Join('\n', r.Options.Select(o => $"  {o.Option,-22}{o.Says}"))}"))
        + "\n\n  --json FILE           writes name, machine, settings and figures there\n  --list                every run with one line (instead of NAME)";
}

/// <summary>Where it ran, for whoever compares figures.</summary>
internal static class Machine
{
    public static IReadOnlyDictionary<string, string> Describe() => new Dictionary<string, string>
    {
        ["cpu"] = Field("/proc/cpuinfo", "model name") ?? "unknown",
        ["cores"] = $"{Environment.ProcessorCount}",
        ["memory"] = Field("/proc/meminfo", "MemTotal") ?? "unknown",
        ["os"] = System.Runtime.InteropServices.RuntimeInformation.OSDescription,
        ["dotnet"] = Environment.Version.ToString(),
        ["commit"] = Shell.Read("git", "-C", Repository.Root, "rev-parse", "--short", "HEAD") is { Length: > 0 } commit ? commit : "unknown",
    };

    private static string? Field(string file, string name) =>
        !File.Exists(file) ? null : File.ReadLines(file).FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim();
}
