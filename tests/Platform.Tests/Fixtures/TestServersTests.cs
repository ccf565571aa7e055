using Npgsql;
using RabbitMQ.Client;
using WalkTalk.Fixtures;

namespace WalkTalk.Platform.Tests.Fixtures;

/// <summary>The ground every other test stands on: whichever way the servers came, they must really answer.</summary>
public sealed class TestServersTests
{
    [Fact]
    public async Task A_new_database_is_empty_and_can_be_dropped_while_in_use()
    {
        var connectionString = await TestServers.NewDatabase("probe");
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var tables = new NpgsqlCommand("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", connection);
        Assert.Equal(0L, await tables.ExecuteScalarAsync(TestContext.Current.CancellationToken));

        await TestServers.DropDatabase(connectionString);

        await Assert.ThrowsAnyAsync<NpgsqlException>(() => tables.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_broker_takes_a_quorum_queue_and_gives_back_what_was_confirmed()
    {
        var broker = new ConnectionFactory { Uri = new Uri(await TestServers.RabbitMq()) };
        await using var connection = await broker.CreateConnectionAsync(TestContext.Current.CancellationToken);
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), TestContext.Current.CancellationToken);
        var queue = TestServers.NewPrefix() + "probe";
        await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false,
            new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }, cancellationToken: TestContext.Current.CancellationToken);

        await channel.BasicPublishAsync(string.Empty, queue, "hello"u8.ToArray(), TestContext.Current.CancellationToken);

        var message = await channel.BasicGetAsync(queue, autoAck: true, TestContext.Current.CancellationToken);
        Assert.Equal("hello"u8.ToArray(), message!.Body.ToArray());
        await channel.QueueDeleteAsync(queue, cancellationToken: TestContext.Current.CancellationToken);
    }
}
