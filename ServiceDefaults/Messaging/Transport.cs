#pragma warning disable RS0030 // the one place that talks to the bus
using MassTransit;
using RabbitMQ.Client.Exceptions;

namespace WalkTalk.ServiceDefaults.Messaging;

/// <summary>The last hop of a message: into the consumers of this process, or to the broker.</summary>
internal abstract class Transport
{
    /// <summary>In words, for banner and health.</summary>
    public abstract string Name { get; }

    /// <summary>False while the broker cannot be reached: messages wait in the outbox.</summary>
    public abstract bool Ready { get; }

    /// <summary>Hands one message over. Returning means that the other side owns it.</summary>
    /// <exception cref="NobodyConsumes">It must arrive, and no service takes it.</exception>
    public abstract Task Send(Delivery delivery, bool mustArrive, CancellationToken ct);

    /// <summary>Hands over a batch the way this transport does it best, and says how each went.</summary>
    public abstract Task<IReadOnlyList<(Persistence.OutboxRow Row, Exception? Error)>> Send(
        IEnumerable<Persistence.OutboxRow> rows, Func<Persistence.OutboxRow, CancellationToken, Task<Exception?>> send, CancellationToken ct);
}

/// <summary>No service that runs takes the message; it waits for one that does.</summary>
internal sealed class NobodyConsumes(string name) : Exception($"No service consumes {name}.");

/// <summary>The services of this process, one after the other.</summary>
internal sealed class InProcess(IEnumerable<Receiver> receivers) : Transport
{
    private readonly ILookup<string, Receiver> byName = receivers.SelectMany(r => r.Names.Select(n => (n, r))).ToLookup(p => p.n, p => p.r);

    public override string Name => "in one process";

    public override bool Ready => true;

    public override async Task Send(Delivery delivery, bool mustArrive, CancellationToken ct)
    {
        if (mustArrive && !byName.Contains(delivery.Name))
        {
            throw new NobodyConsumes(delivery.Name);
        }

        foreach (var receiver in byName[delivery.Name])
        {
            await receiver.Receive(delivery, ct);
        }
    }

    public override async Task<IReadOnlyList<(Persistence.OutboxRow Row, Exception? Error)>> Send(
        IEnumerable<Persistence.OutboxRow> rows, Func<Persistence.OutboxRow, CancellationToken, Task<Exception?>> send, CancellationToken ct)
    {
        var (all, outcomes) = (rows.ToList(), new List<(Persistence.OutboxRow, Exception?)>());
        if (all.Count > 1 && await Together(all, ct))
        {
            return [.. all.Select(row => (row, (Exception?)null))];
        }

        foreach (var row in all)
        {
            outcomes.Add((row, await send(row, ct)));
        }

        return outcomes;
    }

    /// <summary>A batch costs each service one transaction; as soon as anything is out of the ordinary, each message goes alone.</summary>
    private async Task<bool> Together(List<Persistence.OutboxRow> rows, CancellationToken ct)
    {
        if (rows.Any(r => r.Kind == Persistence.OutboxRow.Request && !byName.Contains(r.Name)))
        {
            return false;
        }

        foreach (var receiver in rows.SelectMany(r => byName[r.Name]).Distinct().ToList())
        {
            var deliveries = rows.Where(r => byName[r.Name].Contains(receiver))
                .Select(r => new Delivery(r.Id, r.Name, r.ForceId, r.Body, r.Traceparent, r.CreatedAt)).ToList();
            if (!await receiver.ReceiveTogether(deliveries, ct))
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>RabbitMQ: an exchange for each message, a quorum queue for each service, publishing with confirms.</summary>
internal sealed class RabbitMq(IBusControl bus, BrokerNames names) : Transport
{
    private static readonly TimeSpan ConfirmWithin = TimeSpan.FromSeconds(10);

    public override string Name => "RabbitMQ";

    public override bool Ready => bus.CheckHealth().Status == BusHealthStatus.Healthy;

    public override async Task Send(Delivery delivery, bool mustArrive, CancellationToken ct)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timeout.CancelAfter(ConfirmWithin);
        var endpoint = await bus.GetSendEndpoint(new Uri($"exchange:{names.Exchange(delivery.Name)}"));
        try
        {
            await endpoint.Send(delivery, context =>
            {
                context.MessageId = delivery.Id;
                if (context.TryGetPayload<RabbitMqSendContext>(out var rabbit))
                {
                    rabbit.Mandatory = mustArrive;
                }
            }, timeout.Token);
        }
        catch (Exception e) when (e is MessageReturnedException || e.GetBaseException() is PublishReturnException or MessageReturnedException)
        {
            throw new NobodyConsumes(delivery.Name);
        }
    }

    public override async Task<IReadOnlyList<(Persistence.OutboxRow Row, Exception? Error)>> Send(
        IEnumerable<Persistence.OutboxRow> rows, Func<Persistence.OutboxRow, CancellationToken, Task<Exception?>> send, CancellationToken ct) =>
        await Task.WhenAll(rows.Select(async row => (row, await send(row, ct))));
}

/// <summary>How queues and exchanges are called. Messaging:Prefix keeps several deployments on one broker apart.</summary>
internal sealed record BrokerNames(string Prefix)
{
    public string Exchange(string message) => $"{Prefix}walktalk.{message}";

    public string Queue(string service) => $"{Prefix}walktalk-{service}";
}

/// <summary>Registration of the transport: RabbitMQ when ConnectionStrings:rabbitmq is set, else the services of this process.</summary>
internal static class MessagingExtensions
{
    public static void AddMessaging(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Wakeups>();
        if (builder.Configuration.GetConnectionString("rabbitmq") is not { Length: > 0 } broker)
        {
            builder.Services.AddSingleton<Transport, InProcess>();
            return;
        }

        var names = new BrokerNames(builder.Configuration["Messaging:Prefix"] ?? "");
        builder.Services.AddSingleton(names);
        builder.Services.AddSingleton<Transport, RabbitMq>();
        builder.Services.AddMassTransit(x => x.UsingRabbitMq((context, rabbit) =>
        {
            rabbit.Host(new Uri(broker));
            rabbit.AutoStart = true;
            foreach (var receiver in context.GetServices<Receiver>().Where(r => r.Names.Any()))
            {
                rabbit.ReceiveEndpoint(names.Queue(receiver.Service), queue =>
                {
                    queue.ConfigureConsumeTopology = false;
                    queue.SetQuorumQueue();
                    queue.SetQueueArgument("x-delivery-limit", 1000);
                    queue.BindDeadLetterQueue($"{names.Queue(receiver.Service)}-dead", $"{names.Queue(receiver.Service)}-dead", dead => dead.SetQuorumQueue());
                    queue.PrefetchCount = 32;
                    foreach (var name in receiver.Names)
                    {
                        queue.Bind(names.Exchange(name));
                    }

                    // The receiver throws only when its database is away: the message waits here, unacknowledged, until it is back.
                    queue.UseMessageRetry(r => r.Exponential(int.MaxValue, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(15), TimeSpan.FromMilliseconds(500)));
                    queue.Handler<Delivery>(message => receiver.Receive(message.Message, message.CancellationToken));
                });
            }
        }));
    }
}
