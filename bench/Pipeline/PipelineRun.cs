using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using Npgsql;
using WalkTalk.Bench.Hosting;
using WalkTalk.Fixtures;

namespace WalkTalk.Bench.Pipeline;

/// <summary>How fast a fact travels: from the POST that makes it, through outbox, RabbitMQ and inbox, into Reporting's projection.</summary>
internal static class PipelineRun
{
    public static Run Run { get; } = new("pipeline", "facts a second from POST to projected, how fresh, under overload, and how a backlog drains",
    [
        ("--rounds N", "interleaved rounds of pipeline and bare limit (default 5); medians are reported"),
        ("--seconds N", "of load in each (default 6)"),
        ("--backlog N", "waiting rows to drain (default 100000)"),
        ("--callers N", "at once (default 64)"),
    ], Go);

    private const int Bytes = 900; // what a walk-published envelope weighs

    private static async Task<Outcome> Go(Arguments arguments, CancellationToken stop)
    {
        var (rounds, load, backlog, callers) = (arguments.Number("--rounds", 5), TimeSpan.FromSeconds(arguments.Number("--seconds", 6)), arguments.Number("--backlog", 100_000), arguments.Number("--callers", 64));
        await using var deployment = await Deployment.Start(Repository.Root, copies: 1, nodes: 1, new Dictionary<string, string>
        {
            ["Booking__HorizonDays"] = "365",
        }, stop, cuttable: false);
        await using var booking = NpgsqlDataSource.Create(deployment.Connection("booking"));
        await using var reporting = NpgsqlDataSource.Create(deployment.Connection("reporting"));
        using var walks = await Walks.Of(deployment, stop);
        async Task<long> Projected() => (long)(await reporting.CreateCommand("SELECT count(*) FROM walks").ExecuteScalarAsync(stop))!;
        void Say(FormattableString line) => Console.WriteLine($"  {FormattableString.Invariant(line)}");

        await walks.Closed(callers, TimeSpan.FromSeconds(15), stop); // warm: the runtime compiles hot code anew while it runs
        // What autovacuum does within a minute: a database of a minute's age knows nothing of its tables.
        foreach (var database in (NpgsqlDataSource[])[booking, reporting])
        {
            await using var analyze = database.CreateCommand("ANALYZE");
            await analyze.ExecuteNonQueryAsync(stop);
        }

        var (bare, through, peak, each) = (new List<double>(), new List<double>(), new List<double>(), new List<IReadOnlyList<(string Part, double Each)>>());
        for (var round = 0; round < rounds; round++)
        {
            bare.Add(await Bare.Rate(deployment.Broker.Address(deployment.Broker.NodePorts[0]), Bytes, load, stop));
            await Still(Projected, stop);
            var (used, before, clock) = (Cpu.Of(deployment), await Projected(), Stopwatch.StartNew());
            var posted = await walks.Closed(callers, load, stop);
            peak.Add(posted.Count(p => p.Walk is not null) / clock.Elapsed.TotalSeconds);
            var target = before + posted.Count(p => p.Walk is not null);
            while (await Projected() < target)
            {
                await Task.Delay(5, stop);
            }

            through.Add((target - before) / clock.Elapsed.TotalSeconds);
            each.Add(Cpu.Each(used, Cpu.Of(deployment), target - before));
            Say($"round {round + 1}: bare {bare[^1]:0}/s, POST to projected {through[^1]:0}/s, POSTs alone {peak[^1]:0}/s");
            Say($"         processor time of one, µs: {string.Join(", ", each[^1].Select(p => $"{p.Part} {p.Each:0}"))}");
        }

        var fresh100 = await Fresh(walks, reporting, 100, stop);
        var freshHalf = await Fresh(walks, reporting, Median(through) / 2, stop);
        Say($"fresh: p99 {fresh100:0.0} ms at 100/s, {freshHalf:0.0} ms at {Median(through) / 2:0}/s");

        await Still(Projected, stop);
        var over = await walks.Open(Median(peak) * 2, load, null, stop);
        var accepted = over.Where(p => p.Walk is not null).ToList();
        var refused = over.Where(p => p.Walk is null).GroupBy(p => p.Status).ToDictionary(g => g.Key, g => g.Count());
        var goodput = accepted.Count / load.TotalSeconds / Median(peak);
        var acceptedP99 = P99(accepted.Select(p => p.Took.TotalMilliseconds));
        Say($"twice that: {over.Count} asked, {accepted.Count} accepted (p99 {acceptedP99:0} ms), refused {string.Join(", ", refused.Select(r => $"{(int)r.Key}: {r.Value}"))}");
        await Still(Projected, stop);

        var drained = await Drain(booking, Projected, backlog, stop);
        Say($"backlog of {backlog}: {drained:0}/s");

        var figures = new Dictionary<string, double>
        {
            ["cpu_us_per_event"] = Median(each.Select(parts => parts.Sum(p => p.Each))),
            ["events_vs_limit"] = Median(through) / Median(bare), ["events_per_s"] = Median(through), ["bare_per_s"] = Median(bare),
            ["fresh_p99_ms_100"] = fresh100, ["fresh_p99_ms_half"] = freshHalf,
            ["overload_goodput"] = goodput, ["overload_accepted_p99_ms"] = acceptedP99,
            ["backlog_drain"] = drained / Median(through),
        };
        return new Outcome(new Dictionary<string, string>
        {
            ["rounds"] = $"{rounds}", ["seconds"] = $"{load.TotalSeconds:0}", ["callers"] = $"{callers}", ["backlog"] = $"{backlog}", ["bytes"] = $"{Bytes}",
            ["postgres"] = $"{Postgres.Version}, fsync on", ["rabbitmq"] = $"{RabbitCluster.Version}, one node, quorum queues",
        }, figures, refused.Keys.All(s => s is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable));
    }

    /// <summary>Milliseconds from the POST to the row in Reporting, as somebody sees it who looks all the time.</summary>
    private static async Task<double> Fresh(Walks walks, NpgsqlDataSource reporting, double perSecond, CancellationToken stop)
    {
        var (pending, seen) = (new ConcurrentDictionary<Guid, long>(), new ConcurrentBag<double>());
        using var done = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var looking = Task.Run(async () =>
        {
            await using var connection = await reporting.OpenConnectionAsync(stop);
            await using var command = new NpgsqlCommand("SELECT id FROM walks WHERE id = ANY($1)", connection) { Parameters = { new NpgsqlParameter<Guid[]> { TypedValue = [] } } };
            while (!done.IsCancellationRequested || !pending.IsEmpty)
            {
                command.Parameters[0].Value = pending.Keys.ToArray();
                await using var reader = await command.ExecuteReaderAsync(stop);
                while (await reader.ReadAsync(stop))
                {
                    if (pending.TryRemove(reader.GetGuid(0), out var at))
                    {
                        seen.Add(Stopwatch.GetElapsedTime(at).TotalMilliseconds);
                    }
                }

                await Task.Delay(1, stop);
            }
        }, stop);
        await walks.Open(perSecond, TimeSpan.FromSeconds(10), p =>
        {
            if (p.Walk is { } walk)
            {
                pending[walk] = p.At;
            }
        }, stop);
        await done.CancelAsync();
        await looking;
        return P99(seen);
    }

    /// <summary>Rows a second from an outbox that filled while nobody sent, with statistics that know nothing of it.</summary>
    private static async Task<double> Drain(NpgsqlDataSource booking, Func<Task<long>> projected, int rows, CancellationToken stop)
    {
        var before = await projected();
        await using var fill = booking.CreateCommand($$"""
            INSERT INTO outbox (id, force_id, name, body, kind, traceparent, created_at, due_at, attempts)
            SELECT gen_random_uuid(), force_id, name, jsonb_set(body::jsonb, '{walkId}', to_jsonb(gen_random_uuid()::text))::text, kind, traceparent, now(), now(), 0
            FROM (SELECT * FROM outbox WHERE name = 'walk-published' LIMIT 1) one, generate_series(1, {{rows}})
            """);
        fill.CommandTimeout = 300;
        await fill.ExecuteNonQueryAsync(stop);
        var clock = Stopwatch.StartNew();
        while (await projected() < before + rows)
        {
            await Task.Delay(20, stop);
        }

        return rows / clock.Elapsed.TotalSeconds;
    }

    /// <summary>Until nothing more arrives.</summary>
    private static async Task Still(Func<Task<long>> projected, CancellationToken stop)
    {
        for (long last = -1, now = await projected(); now != last; now = await projected())
        {
            last = now;
            await Task.Delay(1500, stop);
        }
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }

    private static double P99(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? double.NaN : sorted[(int)Math.Min(sorted.Count - 1, Math.Ceiling(sorted.Count * 0.99) - 1)];
    }
}
