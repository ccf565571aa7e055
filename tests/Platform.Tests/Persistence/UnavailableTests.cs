using System.Data.Common;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using WalkTalk.Fixtures;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Platform.Tests.Persistence;

/// <summary>What a caller hears while the database cannot serve: a named refusal, nothing by halves, and the same key succeeds later.</summary>
public static class UnavailableTests
{
    internal static Task<HttpResponseMessage> Post(this Probe.App app, string name, string key)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/metropolitan/things") { Content = JsonContent.Create(new NewThing { Name = name }) };
        request.Headers.Add("Idempotency-Key", key);
        return app.Client("coordinator").SendAsync(request);
    }

    internal static async Task Refused(this HttpResponseMessage answer, string type, int retryAfter)
    {
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.ServiceUnavailable, $"{answer.StatusCode}: {body}");
        Assert.Equal($"urn:walktalk:problem:{type}", JsonDocument.Parse(body).RootElement.GetProperty("type").GetString());
        Assert.Equal(TimeSpan.FromSeconds(retryAfter), answer.Headers.RetryAfter?.Delta);
    }

    /// <summary>Nothing of the refused request is there; sent again with its key it is done, and once more it is only answered.</summary>
    internal static async Task SucceedsOnce(this Probe.App app, string name, string key)
    {
        Assert.Equal((0, 0), await app.Seen(name));
        Assert.Equal(HttpStatusCode.Created, (await app.Post(name, key)).StatusCode);
        Assert.True((await app.Post(name, key)).Headers.Contains("Idempotency-Replayed"));
        Assert.Equal((1, 1), await app.Seen(name));
        await app.Eventually(() => app.Db<ProbeDb, bool>(db => db.Effects.AnyAsync(e => e.Name == name && e.Consumer == nameof(CountThing))), "the consumer to hear of it");
    }

    private static Task<(int Things, int Told)> Seen(this Probe.App app, string name) => app.Db<ProbeDb, (int, int)>(async db =>
        (await db.Things.CountAsync(t => t.Name == name), await db.Outbox.CountAsync(r => r.Body.Contains(name))));
}

public sealed class UnavailableWords
{
    [Theory]
    [InlineData("57P01", "database-unavailable")] // an administrator stops the server
    [InlineData("57P03", "database-unavailable")] // it starts, or is a standby not yet ready
    [InlineData("53300", "database-unavailable")] // too many connections
    [InlineData("40001", "database-unavailable")] // serialization failure
    [InlineData("40P01", "database-unavailable")] // deadlock
    [InlineData("57014", "database-unavailable")] // statement time-out
    [InlineData("25006", "database-unavailable")] // the primary has become a standby
    [InlineData("08006", "database-unavailable")] // connection failure
    [InlineData("53100", "storage-full")]
    [InlineData("23505", null)] // a unique violation is the use case's own
    [InlineData("42P01", null)] // a missing table is a bug
    public void A_state_of_PostgreSQL_is_found_however_deep_it_is_wrapped(string state, string? type) =>
        Assert.Equal(type, Unavailable.Of(new InvalidOperationException("EF", new DbUpdateException("EF", new PostgresException("no", "ERROR", "ERROR", state))))?.Type);

    [Theory]
    [InlineData(5, "database-unavailable")]
    [InlineData(13, "storage-full")]
    [InlineData(19, null)]
    public void A_result_code_of_SQLite_is_found_however_deep_it_is_wrapped(int code, string? type) =>
        Assert.Equal(type, Unavailable.Of(new DbUpdateException("EF", new SqliteException("no", code)))?.Type);

    [Fact]
    public void A_bug_stays_a_bug() => Assert.Null(Unavailable.Of(new InvalidOperationException("ours", new TimeoutException())));
}

/// <summary>A disk without room, as SQLite sees it.</summary>
public sealed class UnavailableOnSqlite(UnavailableOnSqlite.SmallDisk app) : IClassFixture<UnavailableOnSqlite.SmallDisk>
{
    [Fact]
    public async Task A_full_disk_refuses_what_is_new_and_touches_nothing_that_was_accepted()
    {
        var (before, name, key) = ($"before {Guid.NewGuid()}", $"full {Guid.NewGuid()} {new string('x', 100_000)}", $"{Guid.NewGuid()}");
        Assert.Equal(HttpStatusCode.Created, (await app.Post(before, $"{Guid.NewGuid()}")).StatusCode);

        app.IsFull = true;
        await (await app.Post(name, key)).Refused("storage-full", 60);
        Assert.True(await app.Client().GetFromJsonAsync<int>("/v1/metropolitan/things") >= 1);

        app.IsFull = false;
        Assert.Equal(1, await app.Db<ProbeDb, int>(db => db.Things.CountAsync(t => t.Name == before)));
        await app.SucceedsOnce(name, key);
    }

    [Fact]
    public async Task A_database_that_somebody_else_keeps_busy_is_refused_and_answers_afterwards()
    {
        var (name, key) = ($"busy {Guid.NewGuid()}", $"{Guid.NewGuid()}");
        var connection = await app.Db<ProbeDb, string>(db => Task.FromResult(db.Database.GetConnectionString()!));
        await using (var other = new SqliteConnection(connection))
        {
            await other.OpenAsync();
            await using var taken = other.BeginTransaction();
            await (await app.Post(name, key)).Refused("database-unavailable", 1);
        }

        await app.SucceedsOnce(name, key);
    }

    /// <summary>The disk is full whenever the test says so.</summary>
    public sealed class SmallDisk() : Probe.App(TestOn.OneProcess), IAsyncLifetime
    {
        private readonly string folder = Directory.CreateTempSubdirectory("walktalk-full-").FullName;

        public bool IsFull { get; set; }

        protected override IEnumerable<(string Key, string? Value)> Settings() =>
            [("ConnectionStrings:probe-db", $"Data Source={Path.Combine(folder, "probe.db")};Default Timeout=2")];

        protected override void Customise(IServiceCollection services) => services.ConfigureDbContext<SqliteProbeDb>(o => o.AddInterceptors(new Room(this)));

        async ValueTask IAsyncDisposable.DisposeAsync()
        {
            await DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }

        /// <summary>SQLite takes the size of a database for the end of the disk where it is told to.</summary>
        private sealed class Room(SmallDisk disk) : DbConnectionInterceptor
        {
            public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
            {
                await using var command = connection.CreateCommand();
                // Never less than what it has.
                command.CommandText = $"PRAGMA max_page_count = {(disk.IsFull ? 1 : int.MaxValue)}";
                await command.ExecuteNonQueryAsync(cancellationToken);
            }
        }
    }
}

/// <summary>Connections, locks and time, as PostgreSQL takes them away.</summary>
public sealed class UnavailableOnPostgres(UnavailableOnPostgres.Server app) : IClassFixture<UnavailableOnPostgres.Server>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_connection_that_is_lost_in_the_middle_of_a_request_is_refused()
    {
        var (name, key) = ($"lost {Guid.NewGuid()}", $"{Guid.NewGuid()}");
        await using var other = await Other.Holding(app, "LOCK TABLE things IN EXCLUSIVE MODE");
        var request = app.Post(name, key);
        await other.Execute($"SELECT pg_terminate_backend({await other.WhoWaits()})");
        await (await request).Refused("database-unavailable", 1);

        await other.Execute("ROLLBACK");
        await app.SucceedsOnce(name, key);
    }

    [Fact]
    public async Task A_connection_that_is_lost_between_two_statements_is_refused_and_nothing_is_half_done()
    {
        var (name, key) = ($"between {Guid.NewGuid()}", $"{Guid.NewGuid()}");
        app.CutAfterTheSaveOf = name;
        await (await app.Post(name, key)).Refused("database-unavailable", 1);
        Assert.Null(app.CutAfterTheSaveOf);
        await app.SucceedsOnce(name, key);
    }

    [Fact]
    public async Task Whatever_is_asked_of_a_transaction_whose_connection_broke_unseen_says_that_the_database_is_away()
    {
        await using var other = await Other.Holding(app, "SELECT 1");
        foreach (var ask in (Func<NpgsqlTransaction, Task>[])[t => t.CommitAsync(Ct), t => t.RollbackAsync(Ct), t => t.SaveAsync("here", Ct), t => t.ReleaseAsync("here", Ct), t => t.RollbackAsync("here", Ct), Read])
        {
            await using var connection = new NpgsqlConnection($"{app.Database};Pooling=false");
            await connection.OpenAsync(Ct);
            var transaction = await connection.BeginTransactionAsync(Ct);
            await using (var first = new NpgsqlCommand("SELECT 1", connection, transaction)) await first.ExecuteScalarAsync(Ct);
            await other.Execute($"SELECT pg_terminate_backend({connection.ProcessID})");
            await Assert.ThrowsAnyAsync<Exception>(() => Read(transaction)); // it breaks here …
            var said = await Record.ExceptionAsync(() => ask(transaction)); // … and this is asked after it
            Assert.True(Unavailable.Of(said!)?.Type == "database-unavailable", $"{said}");
        }

        async Task Read(NpgsqlTransaction transaction)
        {
            await using var command = new NpgsqlCommand("SELECT 1", transaction.Connection, transaction);
            await command.ExecuteScalarAsync(Ct);
        }
    }

    [Fact]
    public async Task A_statement_that_takes_too_long_is_refused()
    {
        var (name, key) = ($"late {Guid.NewGuid()}", $"{Guid.NewGuid()}");
        await using var other = await Other.Holding(app, "LOCK TABLE things IN EXCLUSIVE MODE");
        await (await app.Post(name, key)).Refused("database-unavailable", 1);

        await other.Execute("ROLLBACK");
        await app.SucceedsOnce(name, key);
    }

    [Fact]
    public async Task A_request_that_loses_a_deadlock_is_refused()
    {
        var (name, key) = ($"deadlock {Guid.NewGuid()}", $"{Guid.NewGuid()}");
        await using var other = await Other.Holding(app, "LOCK TABLE things IN EXCLUSIVE MODE");
        var request = app.Post(name, key);
        await other.WhoWaits();
        // The request holds its key's row and waits for the things; now the other waits for the keys.
        await other.Execute("LOCK TABLE answer IN EXCLUSIVE MODE");
        await (await request).Refused("database-unavailable", 1);

        await other.Execute("ROLLBACK");
        await app.SucceedsOnce(name, key);
    }

    [Fact]
    public async Task A_request_is_not_kept_waiting_for_longer_than_15_seconds_where_nothing_else_is_said()
    {
        var options = new DbContextOptionsBuilder();
        Database.Configure(options, "Host=somewhere");
        await using var said = new DbContext(options.Options);
        Assert.Equal(15, new NpgsqlConnectionStringBuilder(said.Database.GetConnectionString()).CommandTimeout);
        Assert.Equal(6, await app.Db<ProbeDb, int>(db => Task.FromResult(new NpgsqlConnectionStringBuilder(db.Database.GetConnectionString()).CommandTimeout)));
    }

    /// <summary>Somebody else at the same database, in a transaction.</summary>
    private sealed class Other(NpgsqlConnection connection) : IAsyncDisposable
    {
        public static async Task<Other> Holding(Server app, string statement)
        {
            var connection = new NpgsqlConnection($"{app.Database};Pooling=false;Command Timeout=60;Options=-c deadlock_timeout=5min");
            await connection.OpenAsync(Ct);
            var other = new Other(connection);
            await other.Execute("BEGIN");
            await other.Execute(statement);
            return other;
        }

        public async Task Execute(string statement)
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync(Ct);
        }

        /// <summary>The server process of the request, as soon as it waits for a lock of this one.</summary>
        public async Task<int> WhoWaits()
        {
            while (true)
            {
                // Not pg_stat_activity: within a transaction it goes on showing what its first reader saw.
                await using var command = new NpgsqlCommand("SELECT pid FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))", connection);
                if (await command.ExecuteScalarAsync(Ct) is int pid)
                {
                    return pid;
                }

                await Task.Delay(20, Ct);
            }
        }

        public ValueTask DisposeAsync() => connection.DisposeAsync();
    }

    /// <summary>PostgreSQL without a broker. Whoever waits for a lock looks for a deadlock after 2 s, and gives up after 6.</summary>
    public sealed class Server() : Probe.App(TestOn.OneProcess), IAsyncLifetime
    {
        public string Database { get; private set; } = "";

        /// <summary>The request that makes the thing of this name loses its connection once its rows are written and before it is committed.</summary>
        public string? CutAfterTheSaveOf { get; set; }

        protected override void Customise(IServiceCollection services) => services.ConfigureDbContext<PostgresProbeDb>(o => o.AddInterceptors(new Scissors(this)));

        protected override IEnumerable<(string Key, string? Value)> Settings() =>
            [("ConnectionStrings:probe-db", $"{Database};Command Timeout=6;Options=-c deadlock_timeout=2s")];

        async ValueTask IAsyncLifetime.InitializeAsync()
        {
            Database = await TestServers.NewDatabase("probe");
            await InitializeAsync();
        }

        async ValueTask IAsyncDisposable.DisposeAsync()
        {
            await DisposeAsync();
            await TestServers.DropDatabase(Database);
        }

        private sealed class Scissors(Server server) : DbTransactionInterceptor
        {
            public override async ValueTask<InterceptionResult> ReleasingSavepointAsync(
                DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
            {
                if (server.CutAfterTheSaveOf is { } name && transaction.Connection is NpgsqlConnection connection
                    && eventData.Context!.ChangeTracker.Entries<Thing>().Any(t => t.Entity.Name == name))
                {
                    server.CutAfterTheSaveOf = null;
                    await using var other = new NpgsqlConnection(server.Database);
                    await other.OpenAsync(cancellationToken);
                    await using var command = new NpgsqlCommand($"SELECT pg_terminate_backend({connection.ProcessID})", other);
                    await command.ExecuteNonQueryAsync(cancellationToken);
                }

                return result;
            }
        }
    }
}
