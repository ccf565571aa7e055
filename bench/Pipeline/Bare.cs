using System.Collections.Concurrent;
using System.Diagnostics;
using Npgsql;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace WalkTalk.Bench.Pipeline;

/// <summary>The limits that the pipeline is held against: a publisher with confirms and a consumer that acknowledges, on a quorum queue of the same broker, nothing else.</summary>
internal static class Bare
{
    private const int Window = 1000;
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(5); // what this process does here for the first time is compiled first

    /// <summary>Messages a second from publish to acknowledged.</summary>
    public static async Task<double> Rate(string address, int bytes, TimeSpan duration, CancellationToken ct)
    {
        await using var way = await Way.Open(address, ct);
        var (publisher, consuming, queue) = (way.Publisher, way.Consumer, way.Queue);
        var (received, lastTag) = (0L, 0UL);
        var consumer = new AsyncEventingBasicConsumer(consuming);
        consumer.ReceivedAsync += async (_, message) =>
        {
            lastTag = message.DeliveryTag;
            if (++received % 200 == 0)
            {
                await consuming.BasicAckAsync(message.DeliveryTag, multiple: true);
            }
        };
        await consuming.BasicConsumeAsync(queue, autoAck: false, consumer, ct);

        var body = new byte[bytes];
        Random.Shared.NextBytes(body);
        var clock = Stopwatch.StartNew();
        var sent = 0L;
        var waiting = new Queue<Task>();
        while (clock.Elapsed < duration)
        {
            waiting.Enqueue(publisher.BasicPublishAsync("", queue, mandatory: false, new BasicProperties { Persistent = true }, body, ct).AsTask());
            sent++;
            if (waiting.Count >= Window)
            {
                await waiting.Dequeue();
            }
        }

        await Task.WhenAll(waiting);
        while (Volatile.Read(ref received) < sent)
        {
            await Task.Delay(1, ct);
        }

        if (sent % 200 != 0)
        {
            await consuming.BasicAckAsync(lastTag, multiple: true, ct);
        }

        return sent / clock.Elapsed.TotalSeconds;
    }

    /// <summary>
    /// Milliseconds that one fact takes, at so many a second: a row committed in one database, published and confirmed, consumed, a row committed in the other, and seen there
    /// by somebody who looks all the time. No HTTP, no rules, two columns.
    /// </summary>
    public static async Task<IReadOnlyCollection<double>> Fresh(string address, NpgsqlDataSource first, NpgsqlDataSource second, int bytes, double perSecond, TimeSpan duration, CancellationToken ct)
    {
        await using var way = await Way.Open(address, ct);
        foreach (var database in (NpgsqlDataSource[])[first, second])
        {
            await using var create = database.CreateCommand("CREATE TABLE bench_bare (id uuid PRIMARY KEY, body bytea NOT NULL)");
            await create.ExecuteNonQueryAsync(ct);
        }

        var body = new byte[bytes];
        Random.Shared.NextBytes(body);
        async Task Insert(NpgsqlDataSource database, Guid id)
        {
            await using var insert = database.CreateCommand("INSERT INTO bench_bare (id, body) VALUES ($1, $2)");
            insert.Parameters.AddWithValue(id);
            insert.Parameters.AddWithValue(body);
            await insert.ExecuteNonQueryAsync(ct);
        }

        var consumer = new AsyncEventingBasicConsumer(way.Consumer);
        consumer.ReceivedAsync += async (_, message) =>
        {
            await Insert(second, new Guid(message.BasicProperties.MessageId!));
            await way.Consumer.BasicAckAsync(message.DeliveryTag, multiple: false, ct);
        };
        await way.Consumer.BasicConsumeAsync(way.Queue, autoAck: false, consumer, ct);

        var took = new ConcurrentBag<double>();
        await using var watch = new Watch(second, "bench_bare", ct);
        await Pace.Open(perSecond, Warm + duration, async since =>
        {
            var (id, began) = (Guid.CreateVersion7(), Stopwatch.GetTimestamp());
            watch.For(id, seen =>
            {
                if (since >= Warm)
                {
                    took.Add(Stopwatch.GetElapsedTime(began, seen).TotalMilliseconds);
                }
            });
            await Insert(first, id);
            await way.Publisher.BasicPublishAsync("", way.Queue, mandatory: false, new BasicProperties { Persistent = true, MessageId = $"{id}" }, body, ct);
            return id;
        }, ct);
        await watch.SeenAll();
        return took;
    }

    /// <summary>A quorum queue, whoever publishes to it with confirms, and whoever consumes from it over a connection of his own.</summary>
    private sealed class Way(IConnection publishing, IConnection consuming, IChannel publisher, IChannel consumer) : IAsyncDisposable
    {
        public IChannel Publisher => publisher;

        public IChannel Consumer => consumer;

        public string Queue { get; } = $"bench-{Guid.NewGuid():N}";

        public static async Task<Way> Open(string address, CancellationToken ct)
        {
            var factory = new ConnectionFactory { Uri = new Uri(address) };
            var (publishing, consuming) = (await factory.CreateConnectionAsync(ct), await factory.CreateConnectionAsync(ct));
            var way = new Way(publishing, consuming, await publishing.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true,
                outstandingPublisherConfirmationsRateLimiter: new System.Threading.RateLimiting.ConcurrencyLimiter(new() { PermitLimit = Window, QueueLimit = int.MaxValue })), ct),
                await consuming.CreateChannelAsync(cancellationToken: ct));
            await way.Consumer.QueueDeclareAsync(way.Queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }, cancellationToken: ct);
            await way.Consumer.BasicQosAsync(0, Window, global: false, ct);
            return way;
        }

        public async ValueTask DisposeAsync()
        {
            await consumer.QueueDeleteAsync(Queue);
            await consuming.DisposeAsync();
            await publishing.DisposeAsync();
        }
    }
}
