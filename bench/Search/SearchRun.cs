using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Npgsql;
using WalkTalk.Bench.Hosting;
using WalkTalk.Fixtures;
using static WalkTalk.Bench.Spread;

namespace WalkTalk.Bench.Search;

/// <summary>How fast a woman finds a walk near a place, in a force that has had very many.</summary>
internal static class SearchRun
{
    public static Run Run { get; } = new("search", "finds walks near a place with filters: p99, and how it grows with ten times the walks",
    [
        ("--walks N", "walks of the smaller database (default 50000; the figure of quality.md wants 1000000); the larger has ten times as many"),
        ("--bookings N", "bookings in each (default ten for each walk of the smaller)"),
        ("--rounds N", "interleaved rounds (default 5); medians are reported"),
        ("--queries N", "of each round and database (default 1000)"),
        ("--callers N", "at once (default 2)"),
    ], Go);

    private const double FloorMs = 20, FloorGrowth = 1.5;

    private static async Task<Outcome> Go(Arguments arguments, CancellationToken stop)
    {
        var (walks, rounds, queries, callers) = (arguments.Number("--walks", 50_000), arguments.Number("--rounds", 5), arguments.Number("--queries", 1000), arguments.Number("--callers", 2));
        var bookings = arguments.Number("--bookings", walks * 10);
        var folder = Directory.CreateTempSubdirectory("walktalk-bench-").FullName;
        // PostgreSQL runs as another user and keeps its data here.
        File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        try
        {
            await using var postgres = await Postgres.Start(folder, new Dictionary<string, string>(), stop);
            await using var issuer = await ExternalIssuer.Start();
            await using var small = await Bookings(folder, postgres, issuer, "small", stop);
            await using var large = await Bookings(folder, postgres, issuer, "large", stop);
            foreach (var (at, count) in new[] { (small, walks), (large, walks * 10) })
            {
                var clock = Stopwatch.StartNew();
                await Fill(postgres.Connection(at.Name), count, bookings, stop);
                Console.WriteLine($"  {at.Name}: {count} walks, {bookings} bookings, filled in {clock.Elapsed.TotalSeconds:0} s");
            }

            var wards = File.ReadLines(Repository.PathOf("packs", "metropolitan", "wards.csv")).Where(l => !l.StartsWith('#')).Skip(1).Select(l => l.Split(',')).ToList();
            var (fast, slow, halves) = (new List<double>(), new List<double>(), new List<double>());
            await Ask(small, Questions(wards, 3000, seed: 0), callers, stop); // warm: plans, caches, and code that is compiled anew while it is hot
            await Ask(large, Questions(wards, 3000, seed: 0), callers, stop);
            for (var round = 1; round <= rounds; round++)
            {
                var questions = Questions(wards, queries, round);
                var (s, l) = (await Ask(small, questions, callers, stop), await Ask(large, questions, callers, stop));
                fast.Add(At(s, 0.99));
                slow.Add(At(l, 0.99));
                halves.Add(At(s, 0.5));
                Console.WriteLine(FormattableString.Invariant($"  round {round}: small p50 {At(s, 0.5):0.0} p99 {At(s, 0.99):0.0} ms, large p50 {At(l, 0.5):0.0} p99 {At(l, 0.99):0.0} ms"));
                Console.WriteLine(FormattableString.Invariant($"         slowest of large: {string.Join(", ", questions.Zip(l).OrderByDescending(q => q.Second).Take(3).Select(q => $"{q.Second:0.0} ms {q.First}"))}"));
            }

            // The ratio of each round, because both of its halves had the same machine.
            var growth = At([.. fast.Zip(slow, (s, l) => l / s)], 0.5);
            var (p99, full) = (At(fast, 0.5), walks >= 1_000_000);
            return new Outcome(new Dictionary<string, string>
            {
                ["walks"] = $"{walks} and {walks * 10}", ["bookings"] = $"{bookings} each", ["rounds"] = $"{rounds}", ["queries"] = $"{queries}", ["callers"] = $"{callers}",
                ["postgres"] = $"{Postgres.Version}, fsync on, its default settings", ["ahead"] = "a quarter of the walks, over the next 56 days; half of those are full",
            }, new Dictionary<string, double> { [full ? "p99_ms_1m" : "p99_ms"] = p99, ["p50_ms"] = At(halves, 0.5), ["p99_ms_10x"] = At(slow, 0.5), ["growth_10x"] = growth },
                p99 <= FloorMs && growth <= FloorGrowth);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A Booking of its own, on an empty database.</summary>
    private static async Task<Service> Bookings(string folder, Postgres postgres, ExternalIssuer issuer, string name, CancellationToken stop)
    {
        using var signing = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var address = new Uri($"http://127.0.0.1:{Ports.Free()}");
        var binary = Repository.PathOf("services", "Booking", "bin", "Release", "net10.0", "WalkTalk.Booking.dll");
        var service = new Service(name, address, new Part(name, Path.Combine(folder, $"{name}.log"), "dotnet", [binary], new Dictionary<string, string>(issuer.Environment)
        {
            ["ConnectionStrings__booking-db"] = postgres.Connection(name), ["ASPNETCORE_URLS"] = address.ToString(), ["Data"] = Path.Combine(folder, $"data-{name}"),
            ["Attendance__PrivateKey"] = signing.ExportPkcs8PrivateKeyPem(), ["Protection__MasterKey"] = Key(), ["Protection__TransitKey"] = Key(),
        }));
        service.Process.Start();
        for (var clock = Stopwatch.StartNew(); ; await Task.Delay(200, stop))
        {
            try
            {
                using var answer = await service.Http.GetAsync(new Uri("/health", UriKind.Relative), stop);
                if (answer.IsSuccessStatusCode)
                {
                    return service;
                }
            }
            catch (HttpRequestException) when (service.Process.Id is not null && clock.Elapsed < TimeSpan.FromMinutes(3))
            {
                // not yet
            }

            if (clock.Elapsed > TimeSpan.FromMinutes(3))
            {
                throw new InvalidOperationException($"Booking is not ready: {string.Join('\n', File.ReadLines(service.Process.Log).TakeLast(25))}");
            }
        }
    }

    /// <summary>
    /// Walks and bookings by SQL, indexes after the rows. Three quarters of the walks are over; the rest is spread evenly over wards, hours and the next 56 days.
    /// A fortieth is in Polish, a fifth step-free, half of those ahead are full; a few holds are just over and not cleaned up.
    /// </summary>
    private static async Task Fill(string connection, int walks, int bookings, CancellationToken stop)
    {
        await using var source = NpgsqlDataSource.Create($"{connection};Command Timeout=0");
        await using var open = await source.OpenConnectionAsync(stop);
        var indexes = new List<(string Name, string Definition)>();
        await using (var list = new NpgsqlCommand("SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename IN ('walks', 'bookings') AND indexname NOT LIKE 'pk_%'", open))
        await using (var reader = await list.ExecuteReaderAsync(stop))
        {
            while (await reader.ReadAsync(stop))
            {
                indexes.Add((reader.GetString(0), reader.GetString(1)));
            }
        }

        foreach (var (name, _) in indexes)
        {
            await Run($"DROP INDEX {name}");
        }

        // The rows fit each other by the way they are made: no look at the other table for each.
        await Run("SET session_replication_role = replica");
        var wards = string.Join(',', File.ReadLines(Repository.PathOf("packs", "metropolitan", "wards.csv")).Where(l => !l.StartsWith('#')).Skip(1).Select(l => $"'{l.Split(',')[0]}'"));
        await Run($"""
            INSERT INTO walks (id, force_id, version, state, revision, ward_code, meeting_point, lit, step_free, language, starts_at, ends_at, local_date, local_time, zone, band, capacity, taken)
            SELECT md5('walk' || n)::uuid, 'metropolitan', 1, CASE WHEN ahead THEN 'Published' ELSE 'Ended' END, 0, (ARRAY[{wards}])[1 + abs(hashint4(n) % 48)], 'Somewhere', true, n / 40 % 5 = 0,
                CASE WHEN n % 40 = 7 THEN 'pl' ELSE 'en' END, at, at + interval '45 minutes', (at AT TIME ZONE 'Europe/London')::date, (at AT TIME ZONE 'Europe/London')::time, 'Europe/London',
                CASE WHEN h >= 23 OR h < 5 THEN 'Late' WHEN h BETWEEN 8 AND 15 THEN 'Day' WHEN h IN (7, 16) THEN 'Dusk' ELSE 'Dark' END, 4, CASE WHEN n / 48 % 2 = 0 THEN 4 ELSE n / 96 % 4 END
            FROM (
                SELECT n, n % 4 = 3 AS ahead, at, extract(hour FROM at AT TIME ZONE 'Europe/London') AS h
                FROM (
                    SELECT n, date_trunc('minute', now() + CASE WHEN n % 4 = 3 THEN interval '56 days' ELSE interval '-1000 days' END * ((n::bigint * 7919 % {walks}) / {walks}.0)) AS at
                    FROM (SELECT (g * 4 + g / {walks / 4})::int % {walks} AS n FROM generate_series(0, {walks} - 1) g) spread
                ) timed
            ) walk
            """);
        await Run($"""
            INSERT INTO bookings (id, force_id, version, walk_id, people, state, hold_until, person_id, language, neutral, code_tries, codes_sent, meeting, misses, tokens_taken, revision_offset)
            SELECT md5('booking' || n)::uuid, 'metropolitan', 1, md5('walk' || n % {walks})::uuid, 1,
                CASE WHEN n % 100003 = 0 THEN 'Held' WHEN n % 9 = 0 THEN 'Expired' WHEN n % 7 = 0 THEN 'CancelledByParticipant' ELSE 'Completed' END,
                now() - interval '1 second', md5('person' || n)::uuid, 'en', false, 0, 1, 'Matched', 0, 0, 0
            FROM generate_series(0, {bookings} - 1) n
            """);
        foreach (var (_, definition) in indexes)
        {
            await Run(definition);
        }

        await Run("VACUUM ANALYZE walks");
        await Run("VACUUM ANALYZE bookings");
        await Run("CHECKPOINT");

        async Task Run(string sql)
        {
            await using var command = new NpgsqlCommand(sql, open) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync(stop);
        }
    }

    /// <summary>What women ask: near a ward or a point, one to four kilometres, and of light, day, hours, language, step-free and company as it comes; a few turn pages.</summary>
    private static List<string> Questions(List<string[]> wards, int count, int seed)
    {
        var random = new Random(seed);
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var ward = wards[random.Next(wards.Count)];
            var query = new List<string> { $"near={(random.Next(2) == 0 ? ward[0] : $"{ward[3]},{ward[4]}")}", $"km={random.Next(1, 5)}", $"people={(random.Next(4) == 0 ? 2 : 1)}" };
            if (random.Next(2) == 0)
            {
                query.Add($"band={(string[])["day", "dusk", "dark", "late"] switch { var bands => bands[random.Next(4)] }}");
            }

            if (random.Next(4) == 0)
            {
                query.Add($"date={today.AddDays(random.Next(1, 50)):yyyy-MM-dd}");
            }

            if (random.Next(4) == 0)
            {
                query.Add("from=17:30&until=21:00");
            }

            if (random.Next(6) == 0)
            {
                query.Add("language=pl");
            }

            if (random.Next(6) == 0)
            {
                query.Add("stepFree=true");
            }

            return string.Join('&', query);
        })];
    }

    /// <summary>Milliseconds of each question, over HTTP; every tenth turns one page.</summary>
    private static async Task<List<double>> Ask(Service service, List<string> questions, int callers, CancellationToken stop)
    {
        var took = new double[questions.Count];
        await Parallel.ForAsync(0, questions.Count, new ParallelOptions { MaxDegreeOfParallelism = callers, CancellationToken = stop }, async (i, ct) =>
        {
            var (path, at) = ($"/v1/metropolitan/walks?{questions[i]}", Stopwatch.GetTimestamp());
            var text = await Get(path, ct);
            if (i % 10 == 0 && System.Text.Json.Nodes.JsonNode.Parse(text)!["next"]?.GetValue<string>() is { } next)
            {
                at = Stopwatch.GetTimestamp();
                await Get($"{path}&cursor={next}", ct);
            }

            took[i] = Stopwatch.GetElapsedTime(at).TotalMilliseconds;
        });
        return [.. took];

        async Task<string> Get(string path, CancellationToken ct)
        {
            using var answer = await service.Http.GetAsync(new Uri(path, UriKind.Relative), ct);
            return answer.StatusCode == HttpStatusCode.OK ? await answer.Content.ReadAsStringAsync(ct) : throw new InvalidOperationException($"{(int)answer.StatusCode}: {path}");
        }
    }

    private static string Key() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <summary>One Booking and how it is asked.</summary>
    private sealed record Service(string Name, Uri Address, Part Process) : IAsyncDisposable
    {
        public HttpClient Http { get; } = new() { BaseAddress = Address };

        public async ValueTask DisposeAsync()
        {
            Http.Dispose();
            await Process.DisposeAsync();
        }
    }
}
