using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Npgsql;
using WalkTalk.Bench.Hosting;
using WalkTalk.Fixtures;
using static WalkTalk.Bench.Spread;

namespace WalkTalk.Bench.Booking;

/// <summary>
/// How fast places are taken: POST /walks/{walkId}/holds, durable when it is answered, held against the bare database. The hold is where a place is taken;
/// what follows it (contact, code by mail, confirmation) waits for a person and takes nothing from anybody.
/// </summary>
internal static partial class BookingRun
{
    public static Run Run { get; } = new("booking", "places taken a second over HTTP, on many walks, on one, and on SQLite, against the bare database",
    [
        ("--rounds N", "interleaved rounds (default 5); medians are reported"),
        ("--seconds N", "of load in each part of a round (default 4)"),
        ("--callers N", "connections at once (default 64)"),
    ], Go);

    private const int Walks = 5000, Places = 1_000_000, Clients = 32;

    private static async Task<Outcome> Go(Arguments arguments, CancellationToken stop)
    {
        var (rounds, load, callers) = (arguments.Number("--rounds", 5), TimeSpan.FromSeconds(arguments.Number("--seconds", 4)), arguments.Number("--callers", 64));
        var demo = new Dictionary<string, string> { ["Demo__Enabled"] = "true" };
        await using var deployment = await Deployment.Start(Repository.Root, copies: 1, nodes: 0, demo, stop, cuttable: false, services: ["booking"]);
        await using var booking = NpgsqlDataSource.Create(deployment.Connection("booking"));
        var (walks, small) = (await Prepare(new NpgsqlConnection(deployment.Connection("booking")), stop), Guid.NewGuid());
        await Limit(deployment, stop);
        await SameRows(deployment, walks[0], stop);
        var sqlite = await deployment.Alone("booking", demo, stop);
        var file = Path.Combine(deployment.Folder, "data", sqlite.Process.Name, "booking.db");
        var local = await Prepare(new SqliteConnection($"Data Source={file};Default Timeout=30"), stop);

        Guid Any(IReadOnlyList<Guid> of) => of[Random.Shared.Next(of.Count)];
        Task<Holds.Answers> Hold(Replica service, bool keys, Func<Guid> walk, TimeSpan duration, int most = int.MaxValue) => new Holds(service.Address, keys).Go(callers, walk, duration, most, stop);
        var server = deployment.Of("booking").Single();
        await Hold(server, keys: true, () => Any(walks), 12 * load); // warm: code is compiled anew while it is hot
        await Hold(sqlite, keys: true, () => Any(local), 6 * load);

        var (bare, same, hot, one) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        var (over, keyless, contended, alone, cpu, others) = (new List<double>(), new List<double>(), new List<double>(), new List<double>(), new List<double>(), 0);
        for (var round = 0; round < rounds; round++)
        {
            bare.Add(await PgBench(deployment, "bare", Many, load, stop));
            same.Add(await PgBench(deployment, "same", Same, load, stop));
            var used = Cpu.Of(deployment);
            var spread = await Hold(server, keys: true, () => Any(walks), load);
            var each = Cpu.Each(used, Cpu.Of(deployment), spread.Held);
            var plain = await Hold(server, keys: false, () => Any(walks), load);
            hot.Add(await PgBench(deployment, "bare", Hot, load, stop));
            var crowd = await Hold(server, keys: true, () => walks[0], load);
            one.Add(OneCommitEach(Path.Combine(deployment.Folder, "data", sqlite.Process.Name, $"limit-{round}.db"), load));
            var embedded = await Hold(sqlite, keys: true, () => Any(local), load);
            over.Add(spread.Rate);
            keyless.Add(plain.Rate);
            contended.Add(crowd.Rate);
            alone.Add(embedded.Rate);
            cpu.Add(each.Where(p => p.Part != "callers").Sum(p => p.Each));
            others += spread.Other + plain.Other + crowd.Other + embedded.Other;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  round {round + 1}: pgbench {bare[^1]:0}/s, the same rows {same[^1]:0}/s, holds {over[^1]:0}/s ({keyless[^1]:0}/s without a key); one row {hot[^1]:0}/s, one walk {contended[^1]:0}/s; SQLite one commit each {one[^1]:0}/s, holds {alone[^1]:0}/s"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"         processor time of one, µs: {string.Join(", ", each.Select(p => $"{p.Part} {p.Each:0}"))}"));
        }

        // The last places: more callers than places, until nobody gets one.
        await using (var command = booking.CreateCommand("INSERT INTO walks SELECT (jsonb_populate_record(w, jsonb_build_object('id', $1, 'capacity', 500, 'taken', 0, 'plan_key', null))).* FROM walks w WHERE id = $2"))
        {
            command.Parameters.AddWithValue(small);
            command.Parameters.AddWithValue(walks[0]);
            await command.ExecuteNonQueryAsync(stop);
        }

        var last = await Hold(server, keys: true, () => small, TimeSpan.FromMinutes(2), most: 2000);
        var oversold = last.Held - 500 + (long)(await booking.CreateCommand(
            "SELECT count(*) FROM walks w WHERE taken > capacity OR (capacity >= 500 AND taken <> (SELECT coalesce(sum(people), 0) FROM bookings b WHERE b.walk_id = w.id AND b.state = 'Held'))").ExecuteScalarAsync(stop))!;

        return new Outcome(new Dictionary<string, string>
        {
            ["rounds"] = $"{rounds}", ["seconds"] = $"{load.TotalSeconds:0}", ["callers"] = $"{callers}", ["clients"] = $"{Clients}", ["walks"] = $"{Walks}",
            ["postgres"] = $"{Postgres.Version}, fsync on", ["sqlite"] = "WAL, synchronous=FULL", ["booking"] = "a hold, with an Idempotency-Key as our pages send it",
        }, new Dictionary<string, double>
        {
            ["cpu_us_per_hold"] = Median(cpu), ["tps_vs_pgbench"] = Median(over) / Median(bare), ["tps_vs_pgbench_same_rows"] = Median(over) / Median(same), ["tps_vs_pgbench_keyless"] = Median(keyless) / Median(bare),
            ["hot_vs_statement"] = Median(contended) / Median(hot), ["oversold"] = oversold, ["tps_vs_sqlite"] = Median(alone) / Median(one),
            ["holds_per_s"] = Median(over), ["pgbench_per_s"] = Median(bare), ["pgbench_same_rows_per_s"] = Median(same), ["hot_per_s"] = Median(contended), ["statement_per_s"] = Median(hot),
            ["sqlite_per_s"] = Median(alone), ["sqlite_limit_per_s"] = Median(one),
        }, oversold == 0 && others == 0);
    }

    /// <summary>Copies of a walk of the demonstration, far ahead and with room for everybody.</summary>
    private static async Task<List<Guid>> Prepare(System.Data.Common.DbConnection connection, CancellationToken ct)
    {
        await using var _ = connection;
        await connection.OpenAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var read = connection.CreateCommand();
        (read.CommandText, read.Transaction) = ("SELECT * FROM walks WHERE state = 'Published' AND force_id = 'metropolitan' ORDER BY starts_at DESC LIMIT 1", transaction);
        var columns = new Dictionary<string, object>();
        await using (var reader = await read.ExecuteReaderAsync(ct))
        {
            await reader.ReadAsync(ct);
            for (var i = 0; i < reader.FieldCount; i++)
            {
                columns[reader.GetName(i)] = reader.GetValue(i);
            }
        }

        (columns["capacity"], columns["taken"], columns["plan_key"]) = (Places, 0, DBNull.Value);
        await using var insert = connection.CreateCommand();
        (insert.CommandText, insert.Transaction) = ($"INSERT INTO walks ({string.Join(", ", columns.Keys)}) VALUES ({string.Join(", ", columns.Keys.Select(c => $"@{c}"))})", transaction);
        foreach (var (name, value) in columns)
        {
            var parameter = insert.CreateParameter();
            (parameter.ParameterName, parameter.Value) = ($"@{name}", value);
            insert.Parameters.Add(parameter);
        }

        var walks = new List<Guid>();
        for (var i = 0; i < Walks; i++)
        {
            walks.Add(Guid.CreateVersion7());
            insert.Parameters["@id"].Value = connection is SqliteConnection ? $"{walks[^1]}".ToUpperInvariant() : walks[^1];
            await insert.ExecuteNonQueryAsync(ct);
        }

        await transaction.CommitAsync(ct);
        return walks;
    }

    private const string Many = """
        \set slot random(1, 5000)
        \startpipeline
        BEGIN;
        UPDATE slot SET taken = taken + 1 WHERE id = :slot AND taken < capacity;
        INSERT INTO booking VALUES (gen_random_uuid(), :slot, 1, 'Held', now() + interval '10 minutes', sha256('secret'));
        INSERT INTO outbox VALUES (gen_random_uuid(), 'booking-hold-ends', '{"bookingId":"b7a9c2f0-0000-4000-8000-000000000000"}', now() + interval '10 minutes');
        COMMIT;
        \endpipeline
        """;

    /// <summary>The rows of a hold with its Idempotency-Key, in Booking's own tables with their indexes and constraints.</summary>
    private const string Same = """
        \set slot random(1, 5000)
        \set one random(1, 9000000000000000)
        \startpipeline
        BEGIN;
        UPDATE walks SET taken = taken + 1 WHERE id = md5('walk' || :slot)::uuid AND force_id = 'metropolitan' AND state = 'Published' AND taken < capacity;
        INSERT INTO bookings (id, force_id, version, walk_id, people, state, hold_until, person_id, language, neutral, code_tries, guardian_code_tries, codes_sent, meeting, misses, officer_changed, check_misses, tokens_taken, revision_offset) VALUES (md5('booking' || :one)::uuid, 'metropolitan', 1, md5('walk' || :slot)::uuid, 1, 'Held', now() + interval '10 minutes', md5('person' || :one)::uuid, 'en', false, 0, 0, 0, 'Issued', 0, false, 0, 0, 0);
        INSERT INTO booking_links (hash, force_id, booking_id, purpose) VALUES (sha256(md5('link' || :one)::bytea), 'metropolitan', md5('booking' || :one)::uuid, 'Hold');
        INSERT INTO outbox (id, force_id, name, body, kind, key, created_at, due_at, attempts) VALUES (gen_random_uuid(), 'metropolitan', 'booking-hold-ends', '{"bookingId":"b7a9c2f0-0000-4000-8000-000000000000"}', 'request', 'hold-ends/' || md5('booking' || :one), now(), now() + interval '10 minutes', 0);
        INSERT INTO audit (id, force_id, at, actor, action, subject_type, subject_id, seal_after) VALUES (gen_random_uuid(), 'metropolitan', now(), 'public', 'added', 'Booking', md5('booking' || :one), now()), (gen_random_uuid(), 'metropolitan', now(), 'public', 'added', 'BookingLink', md5('link' || :one), now());
        INSERT INTO answer (key_hash, force_id, body_hash, answer, created_on) VALUES (sha256(md5('key' || :one)::bytea), 'metropolitan', sha256('{"people":1}'), decode(repeat(md5('answer' || :one), 14), 'hex'), current_date);
        COMMIT;
        \endpipeline
        """;

    private const string Hot = "UPDATE slot SET taken = taken + 1 WHERE id = 1 AND taken < capacity;";

    private static async Task Limit(Deployment deployment, CancellationToken ct)
    {
        await using (var server = NpgsqlDataSource.Create(deployment.Database.Connection("postgres")))
        {
            await server.CreateCommand("CREATE DATABASE bare").ExecuteNonQueryAsync(ct);
        }

        await using var bare = NpgsqlDataSource.Create(deployment.Database.Connection("bare"));
        await bare.CreateCommand($"""
            CREATE TABLE slot (id int PRIMARY KEY, taken int NOT NULL, capacity int NOT NULL CHECK (taken <= capacity));
            CREATE TABLE booking (id uuid PRIMARY KEY, slot int NOT NULL REFERENCES slot, people int NOT NULL, state text NOT NULL, until timestamptz NOT NULL, token bytea NOT NULL);
            CREATE TABLE outbox (id uuid PRIMARY KEY, name text NOT NULL, body text NOT NULL, due timestamptz NOT NULL);
            CREATE INDEX ON booking (slot);
            CREATE INDEX ON outbox (due);
            INSERT INTO slot SELECT n, 0, 1000000 FROM generate_series(1, {Walks}) n;
            """).ExecuteNonQueryAsync(ct);
    }

    /// <summary>Booking's database once more, with as many walks of the same kind, whose ids pgbench can tell from their numbers.</summary>
    private static async Task SameRows(Deployment deployment, Guid like, CancellationToken ct)
    {
        await using (var server = NpgsqlDataSource.Create(deployment.Database.Connection("postgres")))
        {
            await server.CreateCommand("CREATE DATABASE same").ExecuteNonQueryAsync(ct);
        }

        string Program(string name, string arguments) => $"{Postgres.Binary(name)} -h 127.0.0.1 -p {deployment.Database.Port} -U walktalk {arguments}";
        var from = new NpgsqlConnectionStringBuilder(deployment.Connection("booking"));
        await Shell.Run(new ProcessStartInfo("bash", ["-c", $"set -o pipefail; {Program("pg_dump", from.Database!)} | {Program("psql", "-q -v ON_ERROR_STOP=1 same")} > /dev/null"]) { Environment = { ["PGPASSWORD"] = from.Password } }, ct);
        await using var same = NpgsqlDataSource.Create(deployment.Database.Connection("same"));
        await same.CreateCommand($"""
            INSERT INTO walks SELECT (jsonb_populate_record(w, jsonb_build_object('id', md5('walk' || n)::uuid))).* FROM walks w, generate_series(1, {Walks}) n WHERE w.id = '{like}';
            ANALYZE;
            """).ExecuteNonQueryAsync(ct);
    }

    /// <summary>Transactions a second by PostgreSQL's own means.</summary>
    private static async Task<double> PgBench(Deployment deployment, string database, string script, TimeSpan duration, CancellationToken ct)
    {
        var file = Path.Combine(deployment.Folder, "pgbench.sql");
        await File.WriteAllTextAsync(file, script, ct);
        var to = new NpgsqlConnectionStringBuilder(deployment.Database.Connection(database));
        var start = new ProcessStartInfo(Postgres.Binary("pgbench"),
            ["-n", "-h", to.Host!, "-p", $"{to.Port}", "-U", to.Username!, "-c", $"{Clients}", "-j", "2", "-M", "prepared", "-T", $"{duration.TotalSeconds:0}", "-f", file, to.Database!])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["PGPASSWORD"] = to.Password },
        };
        using var process = Process.Start(start)!;
        var (said, complained) = (process.StandardOutput.ReadToEndAsync(ct), process.StandardError.ReadToEndAsync(ct));
        await process.WaitForExitAsync(ct);
        return Tps().Match(await said) is { Success: true } match ? double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"pgbench said no rate:\n{await said}{await complained}");
    }

    /// <summary>The same transaction on SQLite, one after the other, each on the disk before the next begins.</summary>
    private static double OneCommitEach(string file, TimeSpan duration)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=false");
        connection.Open();
        void Do(string sql)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }

        Do("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE slot (id INTEGER PRIMARY KEY, taken INT, capacity INT); CREATE TABLE booking (id TEXT PRIMARY KEY, slot INT, people INT, state TEXT, until INT, token BLOB); "
            + "CREATE TABLE outbox (id TEXT PRIMARY KEY, name TEXT, body TEXT, due INT); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO slot SELECT i, 0, 1000000 FROM n;");
        using var command = connection.CreateCommand();
        command.CommandText = "UPDATE slot SET taken = taken + 1 WHERE id = @slot AND taken < capacity; INSERT INTO booking VALUES (@booking, @slot, 1, 'Held', 1, @token); INSERT INTO outbox VALUES (@message, 'booking-hold-ends', @body, 1);";
        command.Parameters.AddWithValue("@token", new byte[32]);
        command.Parameters.AddWithValue("@body", """{"bookingId":"b7a9c2f0-0000-4000-8000-000000000000"}""");
        foreach (var name in (string[])["@slot", "@booking", "@message"])
        {
            command.Parameters.AddWithValue(name, "");
        }

        var (clock, done) = (Stopwatch.StartNew(), 0);
        for (; clock.Elapsed < duration; done++)
        {
            using var transaction = connection.BeginTransaction();
            command.Transaction = transaction;
            (command.Parameters["@slot"].Value, command.Parameters["@booking"].Value, command.Parameters["@message"].Value) = (Random.Shared.Next(1, Walks), $"{Guid.NewGuid()}", $"{Guid.NewGuid()}");
            command.ExecuteNonQuery();
            transaction.Commit();
        }

        return done / clock.Elapsed.TotalSeconds;
    }

    [GeneratedRegex(@"tps = ([\d.]+)")]
    private static partial Regex Tps();
}
