using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Containers;
using Npgsql;
using Testcontainers.PostgreSql;
using Testcontainers.RabbitMq;

namespace WalkTalk.Fixtures;

/// <summary>The PostgreSQL and the RabbitMQ of the tests: one of each per test process, started when first asked for.</summary>
/// <remarks>
/// Taken from the first of: a connection string in the environment (<c>WALKTALK_TEST_POSTGRES</c>,
/// <c>WALKTALK_TEST_RABBITMQ</c>); Docker through Testcontainers (<c>WALKTALK_TEST_POSTGRES_IMAGE</c>,
/// <c>WALKTALK_TEST_RABBITMQ_IMAGE</c> choose other images); installed binaries, started privately. The choice is
/// printed. <c>WALKTALK_TEST_SERVERS=docker|native</c> leaves no choice. A test that needs a server and gets none fails.
/// </remarks>
public static class TestServers
{
    private static readonly Lazy<Task<string>> Postgres = new(() => Choose(
        "PostgreSQL", "postgres", "WALKTALK_TEST_POSTGRES", "postgres:17-alpine",
        async image =>
        {
            var container = new PostgreSqlBuilder(image).WithUsername("walktalk").WithDatabase("postgres")
                .WithCommand("-c", "fsync=off", "-c", "max_connections=400").Build();
            await container.StartAsync();
            return (container, container.GetConnectionString());
        }));

    private static readonly Lazy<Task<string>> Rabbit = new(() => Choose(
        "RabbitMQ", "rabbitmq", "WALKTALK_TEST_RABBITMQ", "rabbitmq:4-management",
        async image =>
        {
            var container = new RabbitMqBuilder(image).WithUsername("walktalk").WithPassword("walktalk").Build();
            await container.StartAsync();
            return (container, container.GetConnectionString());
        }));

    /// <summary>The broker's <c>amqp://</c> address. Fixtures share it: give each a <see cref="NewPrefix"/>.</summary>
    public static Task<string> RabbitMq() => Rabbit.Value;

    /// <summary>The PostgreSQL server's connection string, for processes that create their own databases.</summary>
    public static Task<string> PostgreSql() => Postgres.Value;

    /// <summary>A prefix no other fixture uses, for the names of exchanges and queues (<c>Messaging:Prefix</c>).</summary>
    public static string NewPrefix() => $"t{Guid.NewGuid():N}"[..9] + "-";

    /// <summary>Creates an empty database and returns its connection string.</summary>
    /// <param name="name">Lower-case word that tells a reader of the server's list whose it is.</param>
    public static async Task<string> NewDatabase(string name)
    {
        var database = $"{name}_{Guid.NewGuid():N}"[..Math.Min(name.Length + 13, 60)];
        await Execute($"CREATE DATABASE \"{database}\"");
        // A test process holds many databases at once; each needs only a few connections.
        return new NpgsqlConnectionStringBuilder(await Postgres.Value) { Database = database, MaxPoolSize = 20 }.ConnectionString;
    }

    /// <summary>Removes a database made by <see cref="NewDatabase"/>, whoever is still connected.</summary>
    public static async Task DropDatabase(string connectionString)
    {
        await using (var pool = new NpgsqlConnection(connectionString))
        {
            NpgsqlConnection.ClearPool(pool);
        }

        await Execute($"DROP DATABASE IF EXISTS \"{new NpgsqlConnectionStringBuilder(connectionString).Database}\" WITH (FORCE)");
    }

    private static async Task Execute(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(await Postgres.Value) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<string> Choose(
        string what, string name, string variable, string defaultImage, Func<string, Task<(DockerContainer, string)>> startContainer)
    {
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } given)
        {
            Say(what, $"given by {variable}");
            return given;
        }

        var only = Environment.GetEnvironmentVariable("WALKTALK_TEST_SERVERS");
        var image = Environment.GetEnvironmentVariable($"{variable}_IMAGE") is { Length: > 0 } chosen ? chosen : defaultImage;
        var reasons = new List<string>();
        if (only is null or "docker")
        {
            try
            {
                var (container, connection) = await startContainer(image);
                // Testcontainers' own reaper does this too where it may run; an engine without registry has no image of it.
                AppDomain.CurrentDomain.ProcessExit += (_, _) => container.DisposeAsync().AsTask().Wait(TimeSpan.FromSeconds(20));
                Say(what, $"Testcontainers, image {image}");
                return connection;
            }
            catch (Exception e) when (only is null || e is DockerUnavailableException)
            {
                reasons.Add($"Docker: {FirstLine(e.Message)}");
            }
        }

        if (only is null or "native")
        {
            try
            {
                var (server, connection) = await PrivateServers.Start(name);
                AppDomain.CurrentDomain.ProcessExit += (_, _) => server.Stop();
                Say(what, "installed binaries, started privately");
                return connection;
            }
            catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception or OperationCanceledException)
            {
                reasons.Add($"native: {e.Message}");
            }
        }

        throw new InvalidOperationException(
            $"This test needs {what}. Set {variable}, or run a Docker engine, or install it (./test.sh does, as root on Debian or Ubuntu). " +
            $"Tried: {string.Join("; ", reasons)}");
    }

    private static string FirstLine(string text) => text.Split('\n', 2)[0].TrimEnd();

    private static void Say(string what, string choice) => Console.WriteLine($"{what} for the tests: {choice}");
}
