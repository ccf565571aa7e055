using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using Npgsql;
using WalkTalk.Bench.Hosting;
using WalkTalk.Fixtures;
using static WalkTalk.Bench.Spread;

namespace WalkTalk.Bench.Pipeline;

/// <summary>How fast a fact travels: from the POST that makes it, through outbox, RabbitMQ and inbox, into Reporting's projection.</summary>
internal static class PipelineRun
{
    public static Run Run { get; } = new("pipeline", "facts a second from POST to projected, how fresh, under overload, and how a backlog drains",
    [
        ("--rounds N", "interleaved rounds of pipeline and bare limit (default 5); medians are reported"),
        ("--seconds N", "of load in each (default 6)"),
        ("--warm N", "seconds before the first, half of them with two callers (default 80)"),
        ("--backlog N", "waiting rows to drain (default 100000)"),
        ("--callers N", "at once (default 64)"),
    ], Go);

    private const int Bytes = 900; // what a walk-published envelope weighs
    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(10);

    private static async Task<Outcome> Go(Arguments arguments, CancellationToken stop)
    {
        var (rounds, load, backlog, callers) = (arguments.Number("--rounds", 5), TimeSpan.FromSeconds(arguments.Number("--seconds", 6)), arguments.Number("--backlog", 100_000), arguments.Number("--callers", 64));
        var warm = TimeSpan.FromSeconds(arguments.Number("--warm", 80));
        await using var deployment = await Deployment.Start(Repository.Root, copies: 1, nodes: 1, new Dictionary<string, string>
        {
            ["Booking__HorizonDays"] = "365",
        }, stop, cuttable: false);
        await using var booking = NpgsqlDataSource.Create(deployment.Connection("booking"));
        await using var reporting = NpgsqlDataSource.Create(deployment.Connection("reporting"));
        using var walks = await Walks.Of(deployment, stop);
        async Task<long> Projected() => (long)(await reporting.CreateCommand("SELECT count(*) FROM walks").ExecuteScalarAsync(stop))!;
        void Say(FormattableString line) => Console.WriteLine($"  {FormattableString.Invariant(line)}");

        // The runtime compiles hot code anew while it runs, which takes both cores for a minute; and one at a time goes other ways than a crowd.
        await walks.Closed(2, warm / 2, stop);
        await walks.Closed(callers, warm / 2, stop);
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

        var bareFresh = await Bare.Fresh(deployment.Broker.Address(deployment.Broker.NodePorts[0]), booking, reporting, Bytes, 100, FreshFor, stop);
        Say($"bare at 100/s, ms (p50, p90, p99): {Three(bareFresh)}");
        var fresh100 = await Fresh(walks, booking, reporting, 100, stop);
        var freshHalf = await Fresh(walks, booking, reporting, Median(through) / 2, stop);

        await Still(Projected, stop);
        var over = await walks.Open(Median(peak) * 2, load, null, stop);
        var accepted = over.Where(p => p.Walk is not null).ToList();
        var refused = over.Where(p => p.Walk is null).GroupBy(p => p.Status).ToDictionary(g => g.Key, g => g.Count());
        var goodput = accepted.Count / load.TotalSeconds / Median(peak);
        var acceptedP99 = At(accepted.Select(p => p.Took.TotalMilliseconds), 0.99);
        Say($"twice that: {over.Count} asked, {accepted.Count} accepted (p99 {acceptedP99:0} ms), refused {string.Join(", ", refused.Select(r => $"{(int)r.Key}: {r.Value}"))}");
        await Still(Projected, stop);

        var drained = await Drain(booking, Projected, backlog, stop);
        Say($"backlog of {backlog}: {drained:0}/s");

        var figures = new Dictionary<string, double>
        {
            ["cpu_us_per_event"] = Median(each.Select(parts => parts.Sum(p => p.Each))),
            ["events_vs_limit"] = Median(through) / Median(bare), ["events_per_s"] = Median(through), ["bare_per_s"] = Median(bare),
            ["bare_fresh_p99_ms_100"] = At(bareFresh, 0.99), ["fresh_p99_ms_100"] = fresh100, ["fresh_p99_ms_half"] = freshHalf,
            ["overload_goodput"] = goodput, ["overload_accepted_p99_ms"] = acceptedP99,
            ["backlog_drain"] = drained / Median(through),
        };
        return new Outcome(new Dictionary<string, string>
        {
            ["rounds"] = $"{rounds}", ["seconds"] = $"{load.TotalSeconds:0}", ["warm"] = $"{warm.TotalSeconds:0}", ["callers"] = $"{callers}", ["backlog"] = $"{backlog}", ["bytes"] = $"{Bytes}",
            ["postgres"] = $"{Postgres.Version}, fsync on", ["rabbitmq"] = $"{RabbitCluster.Version}, one node, quorum queues",
        }, figures, refused.Keys.All(s => s is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable));
    }

    /// <summary>Milliseconds (p99) from the POST to the row in Reporting, as somebody sees it who looks all the time. Says where they go.</summary>
    private static async Task<double> Fresh(Walks walks, NpgsqlDataSource booking, NpgsqlDataSource reporting, double perSecond, CancellationToken stop)
    {
        var (seen, began) = (new ConcurrentDictionary<Guid, (Posted Posted, DateTimeOffset At)>(), (Clock: Stopwatch.GetTimestamp(), At: TimeProvider.System.GetUtcNow()));
        DateTimeOffset Moment(long at) => began.At + Stopwatch.GetElapsedTime(began.Clock, at);
        await using var watch = new Watch(reporting, "walks", stop);
        await walks.Open(perSecond, FreshFor, p =>
        {
            if (p.Walk is { } walk)
            {
                watch.For(walk, at => seen[walk] = (p, Moment(at)));
            }
        }, stop);
        await watch.SeenAll();

        var (decided, sent, visible) = (new List<double>(), new List<double>(), new List<double>());
        await using var told = booking.CreateCommand("SELECT (body::jsonb ->> 'walkId')::uuid, created_at, sent_at FROM outbox WHERE name = 'walk-published' AND created_at > $1 AND sent_at IS NOT NULL");
        told.Parameters.AddWithValue(began.At);
        await using (var reader = await told.ExecuteReaderAsync(stop))
        {
            while (await reader.ReadAsync(stop))
            {
                if (seen.TryGetValue(reader.GetGuid(0), out var one))
                {
                    var (created, confirmed) = (reader.GetFieldValue<DateTimeOffset>(1), reader.GetFieldValue<DateTimeOffset>(2));
                    decided.Add((created - Moment(one.Posted.At)).TotalMilliseconds);
                    sent.Add((confirmed - created).TotalMilliseconds);
                    visible.Add((one.At - confirmed).TotalMilliseconds);
                }
            }
        }

        var all = seen.Values.Select(s => (s.At - Moment(s.Posted.At)).TotalMilliseconds).ToList();
        Console.WriteLine(FormattableString.Invariant($"  fresh at {perSecond:0}/s, ms (p50, p90, p99): {Three(all)}"));
        Console.WriteLine(FormattableString.Invariant($"         POST to answer {Three(seen.Values.Select(s => s.Posted.Took.TotalMilliseconds))}; POST to decided {Three(decided)}, decided to confirmed {Three(sent)}, confirmed to seen {Three(visible)}"));
        return At(all, 0.99);
    }

    private static string Three(IEnumerable<double> values) => FormattableString.Invariant($"{At(values, 0.5):0.0} {At(values, 0.9):0.0} {At(values, 0.99):0.0}");

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

    // The rank rounded up, as the figures of this run always were.
    private static double At(IEnumerable<double> values, double share)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? double.NaN : sorted[(int)Math.Min(sorted.Count - 1, Math.Ceiling(sorted.Count * share) - 1)];
    }
}
