using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace WalkTalk.Bench.Simulation;

/// <summary>The messages of a deployment, simulated: one thread, its own time, and everything that can go wrong, by seeds that can be played again.</summary>
internal static class SimulateRun
{
    public static readonly Run Run = new("simulate", "the real outbox, inbox, history, reminders and projections in one thread, with seeded faults at every await",
    [
        ("--seeds N", "how many (default 200)"),
        ("--from N", "the first (default 1)"),
        ("--seed N", "this one alone"),
        ("--trace", "with all that happens in it"),
        ("--threads N", "each with seeds of its own (default: one for each core)"),
        ("--first", "ends at the first violation"),
        ("--planted a,b", "looks for bugs planted in a copy of the source, or for \"all\", with --seeds (default 300) for each"),
    ], Go);

    private static readonly Lock Speaking = new();

    private static Task<Outcome> Go(Arguments arguments, CancellationToken stop) =>
        arguments.Text("--planted") is { } planted ? PlantedBugs.Find(planted, arguments.Number("--seeds", 300), stop) : Task.FromResult(Simulate(arguments, stop));

    private static Outcome Simulate(Arguments arguments, CancellationToken stop)
    {
        var only = arguments.Text("--seed") is not null;
        var (from, count) = only ? (arguments.Number("--seed", 1), 1) : (arguments.Number("--from", 1), arguments.Number("--seeds", 200));
        var threads = only ? 1 : Math.Clamp(arguments.Number("--threads", Environment.ProcessorCount), 1, 64);
        var trace = arguments.Text("--trace") is null ? null : (Action<string>)Console.WriteLine;
        var clock = Stopwatch.StartNew();
        var results = Seeds(from, count, threads, arguments.Text("--first") is not null, trace, result =>
        {
            lock (Speaking)
            {
                foreach (var violation in result.Violations)
                {
                    Console.WriteLine($"seed {result.Seed}: {violation}\n  again: bench -- simulate --seed {result.Seed} --trace");
                }
            }
        }, stop);
        stop.ThrowIfCancellationRequested();
        var seconds = clock.Elapsed.TotalSeconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{"seeds",8}{"steps",12}{"acts",9}{"crashes",9}{"faults",9}{"drops",9}{"doubles",9}{"reorders",9}{"violated",9}{"s",8}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{results.Count,8}{results.Sum(r => r.Steps),12}{results.Sum(r => r.Acts),9}{results.Sum(r => r.Crashes),9}{results.Sum(r => r.Faults),9}{results.Sum(r => r.Drops),9}{results.Sum(r => r.Duplicates),9}{results.Sum(r => r.Reordered),9}{results.Count(r => r.Violations.Count > 0),9}{seconds,8:0.0}"));
        return new Outcome(
            new Dictionary<string, string> { ["from"] = $"{from}", ["threads"] = $"{threads}" },
            new Dictionary<string, double>
            {
                ["seeds"] = results.Count, ["violations"] = results.Count(r => r.Violations.Count > 0), ["seeds_per_s"] = results.Count / seconds,
                ["crashes"] = results.Sum(r => r.Crashes), ["steps"] = results.Sum(r => r.Steps),
            }, results.All(r => r.Violations.Count == 0));
    }

    /// <summary>Plays seeds, on as many threads; every fiftieth twice, because what cannot be played again is no use.</summary>
    public static IReadOnlyList<Result> Seeds(int from, int count, int threads, bool untilFirst, Action<string>? trace, Action<Result> played, CancellationToken stop)
    {
        var (next, results, failures) = (from - 1, new ConcurrentBag<Result>(), new ConcurrentQueue<Exception>());
        var workers = Enumerable.Range(0, threads).Select(_ => new Thread(() =>
        {
            try
            {
                using ILoggerFactory logging = trace is null ? NullLoggerFactory.Instance : new Tracing(trace);
                using var world = World.Make(logging).GetAwaiter().GetResult();
                while (!stop.IsCancellationRequested && !(untilFirst && results.Any(r => r.Violations.Count > 0))
                    && Interlocked.Increment(ref next) is var seed && seed < from + count)
                {
                    var result = One(world, seed, trace);
                    if (seed % 50 == 0 && One(world, seed, null).Hash != result.Hash)
                    {
                        result = result with { Violations = [.. result.Violations, "it went another way when it was played again"] };
                    }

                    results.Add(result);
                    played(result);
                }
            }
            catch (Exception e)
            {
                failures.Enqueue(e);
            }
        })).ToList();
        workers.ForEach(w => w.Start());
        workers.ForEach(w => w.Join());
        return failures.TryDequeue(out var failure) ? throw new InvalidOperationException("A thread of the simulation ended", failure) : [.. results.OrderBy(r => r.Seed)];
    }

    private static Result One(World world, int seed, Action<string>? trace)
    {
        using var run = new Play(world, seed, trace);
        return run.Go();
    }

    /// <summary>What the services log, among what happens.</summary>
    private sealed class Tracing(Action<string> trace) : ILoggerFactory, ILogger
    {
        public void AddProvider(ILoggerProvider provider)
        {
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => Node.Current is not null && logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel) && eventId.Id is >= 1000 and < 10_000)
            {
                trace($"       {formatter(state, exception)}{(exception is null ? "" : $" [{exception.GetBaseException().Message}]")}");
            }
        }

        public void Dispose()
        {
        }
    }
}
