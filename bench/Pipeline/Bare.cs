using System.Diagnostics;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace WalkTalk.Bench.Pipeline;

/// <summary>The limit that the pipeline is held against: a publisher with confirms and a consumer that acknowledges, on a quorum queue of the same broker, nothing else.</summary>
internal static class Bare
{
    private const int Window = 1000;

    /// <summary>Messages a second from publish to acknowledged.</summary>
    public static async Task<double> Rate(string address, int bytes, TimeSpan duration, CancellationToken ct)
    {
        var factory = new ConnectionFactory { Uri = new Uri(address) };
        await using var connection = await factory.CreateConnectionAsync(ct);
        await using var publisher = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true,
            outstandingPublisherConfirmationsRateLimiter: new System.Threading.RateLimiting.ConcurrencyLimiter(new() { PermitLimit = Window, QueueLimit = int.MaxValue })), ct);
        await using var other = await factory.CreateConnectionAsync(ct);
        await using var consuming = await other.CreateChannelAsync(cancellationToken: ct);
        var queue = $"bench-{Guid.NewGuid():N}";
        await consuming.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }, cancellationToken: ct);
        await consuming.BasicQosAsync(0, Window, global: false, ct);
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

        var rate = sent / clock.Elapsed.TotalSeconds;
        await consuming.QueueDeleteAsync(queue, cancellationToken: ct);
        return rate;
    }
}
