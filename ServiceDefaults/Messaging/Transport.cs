#pragma warning disable RS0030 // the one place that talks to the bus
using System.Diagnostics;
using System.Reflection;
using MassTransit;
using RabbitMQ.Client.Exceptions;

namespace WalkTalk.ServiceDefaults.Messaging;

/// <summary>A message at the last hop.</summary>
/// <param name="Delivery">What goes.</param>
/// <param name="MustArrive">True when it must not be sent while no service takes it.</param>
internal sealed record Outgoing(Delivery Delivery, bool MustArrive);

/// <summary>The last hop of a message: into the consumers of this process, or to the broker.</summary>
internal abstract class Transport
{
    /// <summary>In words, for banner and health.</summary>
    public abstract string Name { get; }

    /// <summary>False while the broker cannot be reached: messages wait in the outbox.</summary>
    public abstract bool Ready { get; }

    /// <summary>Whether several processes may send from one outbox: then its rows are claimed.</summary>
    public abstract bool Shared { get; }

    /// <summary>Hands messages over, in their order as far as this transport keeps one. One answer for each: null means that the other side owns it.</summary>
    public abstract Task<IReadOnlyList<Exception?>> Send(IReadOnlyList<Outgoing> messages, CancellationToken ct);

    /// <summary>Whether the way is out rather than this message bad: then it waits and no try is counted.</summary>
    public abstract bool IsOut(Exception e);

    /// <summary>Sends one message inside its trace; what went wrong, or null.</summary>
    protected static async Task<Exception?> Try(Outgoing message, Func<Delivery, Task> send, CancellationToken ct)
    {
        using var span = Span(message.Delivery);
        try
        {
            await send(In(span, message.Delivery));
            return null;
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            return e;
        }
    }

    /// <summary>The sending of a message as a part of its trace, where somebody follows that.</summary>
    protected static Activity? Span(Delivery delivery) => delivery.Traceparent is null ? null
        : Telemetry.Source.StartActivity($"publish {delivery.Name}", ActivityKind.Producer, delivery.Traceparent);

    /// <summary>The message as it goes on from there.</summary>
    protected static Delivery In(Activity? span, Delivery delivery) => span is null ? delivery : delivery with { Traceparent = span.Id };
}

/// <summary>No service that runs takes the message; it waits for one that does.</summary>
internal sealed class NobodyConsumes(string name) : Exception($"No service consumes {name}.");

/// <summary>The services of this process, one after the other.</summary>
internal sealed class InProcess(IEnumerable<Receiver> receivers) : Transport
{
    private readonly ILookup<string, Receiver> byName = receivers.SelectMany(r => r.Names.Select(n => (n, r))).ToLookup(p => p.n, p => p.r);

    public override string Name => "in one process";

    public override bool Ready => true;

    public override bool Shared => false;

    // A receiver keeps what its consumers fail at; it throws only when it cannot reach its database.
    public override bool IsOut(Exception e) => true;

    public override async Task<IReadOnlyList<Exception?>> Send(IReadOnlyList<Outgoing> messages, CancellationToken ct)
    {
        if (messages.Count > 1 && await Together(messages, ct))
        {
            return new Exception?[messages.Count];
        }

        var outcomes = new List<Exception?>();
        foreach (var message in messages)
        {
            outcomes.Add(await Try(message, async delivery =>
            {
                if (message.MustArrive && !byName.Contains(delivery.Name))
                {
                    throw new NobodyConsumes(delivery.Name);
                }

                foreach (var receiver in byName[delivery.Name])
                {
                    await receiver.Receive(delivery, ct);
                }
            }, ct));
        }

        return outcomes;
    }

    /// <summary>A batch costs each service one transaction; as soon as anything is out of the ordinary, each message goes alone.</summary>
    private async Task<bool> Together(IReadOnlyList<Outgoing> messages, CancellationToken ct)
    {
        if (messages.Any(m => m.MustArrive && !byName.Contains(m.Delivery.Name)))
        {
            return false;
        }

        foreach (var receiver in messages.SelectMany(m => byName[m.Delivery.Name]).Distinct().ToList())
        {
            if (!await receiver.ReceiveTogether([.. messages.Select(m => m.Delivery).Where(d => byName[d.Name].Contains(receiver))], ct))
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>RabbitMQ: an exchange for each message, a quorum queue for each service, publishing with confirms; what waited together goes together (docs/decisions/0042).</summary>
internal sealed class RabbitMq(IBusControl bus, BrokerNames names) : Transport
{
    // A publish whose confirm was lost with a node, or that a broker short of disk or memory holds back, never answers by itself.
    private static readonly TimeSpan ConfirmWithin = TimeSpan.FromSeconds(5);

    // A parcel stays far below what any broker takes, and one that comes again does little twice.
    internal const int MostInAParcel = 100, MostCharacters = 100_000;

    public override string Name => "RabbitMQ";

    public override bool Ready => bus.CheckHealth().Status == BusHealthStatus.Healthy;

    public override bool Shared => true;

    public override bool IsOut(Exception e) => e is OperationCanceledException || e.GetBaseException() is
        OperationCanceledException or TimeoutException or IOException or ObjectDisposedException or System.Net.Sockets.SocketException
        or ConnectionException or MessageNotAcknowledgedException or RabbitMQClientException;

    public override async Task<IReadOnlyList<Exception?>> Send(IReadOnlyList<Outgoing> messages, CancellationToken ct)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timeout.CancelAfter(ConfirmWithin);
        var outcomes = await Task.WhenAll(Parcels(messages).Select(parcel => Send(parcel, timeout.Token, ct)));
        return [.. outcomes.SelectMany(o => o)];
    }

    /// <summary>Neighbours that take the same way, up to what a parcel holds. So the order stays.</summary>
    internal static List<List<Outgoing>> Parcels(IReadOnlyList<Outgoing> messages)
    {
        var parcels = new List<List<Outgoing>>();
        var characters = 0;
        foreach (var message in messages)
        {
            characters += message.Delivery.Body.Length;
            if (parcels is not [.., [var first, ..] last] || first.MustArrive != message.MustArrive || first.Delivery.Name != message.Delivery.Name
                || last.Count == MostInAParcel || characters > MostCharacters)
            {
                parcels.Add(last = []);
                characters = message.Delivery.Body.Length;
            }

            last.Add(message);
        }

        return parcels;
    }

    /// <summary>A lonely message goes as it is. What is refused of several comes again at times that differ from message to message, and so alone.</summary>
    private async Task<IEnumerable<Exception?>> Send(List<Outgoing> parcel, CancellationToken within, CancellationToken ct) => parcel is [var alone]
        ? [await Try(alone, d => Publish(d, d, alone.MustArrive, within), ct)]
        : Enumerable.Repeat(await Together(parcel, within, ct), parcel.Count);

    private async Task<Exception?> Together(List<Outgoing> parcel, CancellationToken within, CancellationToken ct)
    {
        var spans = parcel.ConvertAll(m => Span(m.Delivery));
        try
        {
            await Publish(new Parcel([.. parcel.Zip(spans, (m, span) => In(span, m.Delivery))]), parcel[0].Delivery, parcel[0].MustArrive, within);
            return null;
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            return e;
        }
        finally
        {
            Enumerable.Reverse(spans).ToList().ForEach(span => span?.Dispose());
        }
    }

    private async Task Publish<T>(T message, Delivery first, bool mustArrive, CancellationToken ct) where T : class
    {
        var endpoint = await bus.GetSendEndpoint(new Uri($"exchange:{names.Exchange(first.Name)}"));
        try
        {
            await endpoint.Send(message, context =>
            {
                context.MessageId = first.Id;
                if (context.TryGetPayload<RabbitMqSendContext>(out var rabbit))
                {
                    rabbit.Mandatory = mustArrive;
                }
            }, ct);
        }
        catch (Exception e) when (e is MessageReturnedException || e.GetBaseException() is PublishReturnException or MessageReturnedException)
        {
            throw new NobodyConsumes(first.Name);
        }
    }
}

/// <summary>How queues and exchanges are called. Messaging:Prefix keeps several deployments on one broker apart.</summary>
internal sealed record BrokerNames(string Prefix)
{
    public string Exchange(string message) => $"{Prefix}walktalk.{message}";

    public string Queue(string service) => $"{Prefix}walktalk-{service}";

    /// <summary>Where the broker puts what was delivered too often without an answer.</summary>
    public string Dead(string service) => $"{Queue(service)}-dead";
}

/// <summary>Registration of the transport: RabbitMQ when ConnectionStrings:rabbitmq is set, else the services of this process.</summary>
internal static class MessagingExtensions
{
    // Deliveries that a process took and never answered, because it died; not tries of a consumer, which are counted in its inbox.
    private const int MostDeliveries = 100;

    public static void AddMessaging(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Wakeups>();
        if (builder.Configuration.GetConnectionString("rabbitmq") is not { Length: > 0 } broker)
        {
            builder.Services.AddSingleton<Transport, InProcess>();
            return;
        }

        var names = new BrokerNames(builder.Configuration["Messaging:Prefix"] ?? "");
        var (address, nodes) = BrokerAddress.Parse(broker);
        builder.Services.AddSingleton(names);
        builder.Services.AddSingleton<Transport, RabbitMq>();
        // MassTransit would report to its makers, from every process, what its bus is made of.
        builder.Services.Configure<UsageTelemetryOptions>(to => to.Enabled = false);
        builder.Services.AddMassTransit(x => x.UsingRabbitMq((context, rabbit) =>
        {
            rabbit.Host(address, host =>
            {
                host.RequestedConnectionTimeout(TimeSpan.FromSeconds(5));
                host.Heartbeat(TimeSpan.FromSeconds(10));
                if (nodes.Count > 1)
                {
                    host.UseCluster(cluster => nodes.ForEach(node => cluster.Node(node)));
                }
            });
            rabbit.AutoStart = true;
            ReconnectWithinSeconds(rabbit);
            foreach (var receiver in context.GetServices<Receiver>().Where(r => r.Names.Any()))
            {
                rabbit.ReceiveEndpoint(names.Queue(receiver.Service), queue =>
                {
                    queue.Quorum(receiver);
                    queue.SetQueueArgument("x-delivery-limit", MostDeliveries);
                    queue.BindDeadLetterQueue(names.Dead(receiver.Service), names.Dead(receiver.Service), dead => dead.SetQuorumQueue());
                    queue.PrefetchCount = 200;
                    foreach (var name in receiver.Names)
                    {
                        queue.Bind(names.Exchange(name));
                    }

                    queue.Each(receiver, (delivery, ct) => receiver.Take(delivery, ct));
                });
                rabbit.ReceiveEndpoint(names.Dead(receiver.Service), queue =>
                {
                    queue.Quorum(receiver);
                    queue.PrefetchCount = 1;
                    queue.Each(receiver, (delivery, ct) => receiver.Park(delivery, "Delivered too often without an answer", ct));
                });
            }
        }));
    }

    /// <summary>
    /// MassTransit 8 asks an absent broker again after 3 s and then ever later, up to 30 s, and has no setting for it: after an outage of
    /// a minute everybody would wait for half a minute more. The version is pinned; with another the start fails here, rather than recovery becoming slow unseen.
    /// </summary>
    /// <exception cref="MissingFieldException">Another version of MassTransit: look where it keeps its policy now.</exception>
    internal static void ReconnectWithinSeconds(IRabbitMqBusFactoryConfigurator rabbit)
    {
        const BindingFlags Own = BindingFlags.Instance | BindingFlags.NonPublic;
        var host = rabbit.GetType().GetField("_hostConfiguration", Own)?.GetValue(rabbit) ?? throw new MissingFieldException(rabbit.GetType().Name, "_hostConfiguration");
        var policy = host.GetType().GetField("<ReceiveTransportRetryPolicy>k__BackingField", Own) ?? throw new MissingFieldException(host.GetType().Name, "ReceiveTransportRetryPolicy");
        var slow = (IRetryPolicy)policy.GetValue(host)!;
        policy.SetValue(host, MassTransit.Retry.CreatePolicy(again =>
        {
            again.Handle<Exception>(slow.IsHandled);
            again.Exponential(int.MaxValue, TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(500));
        }));
    }

    /// <summary>What is done with each message of a queue, whether it came alone or in a parcel.</summary>
    private static void Each(this IRabbitMqReceiveEndpointConfigurator queue, Receiver receiver, Func<Delivery, CancellationToken, Task> handle)
    {
        queue.Handler<Delivery>(came => All(came, [came.Message]));
        queue.Handler<Parcel>(came => All(came, came.Message.Deliveries));

        Task All(ConsumeContext came, IReadOnlyList<Delivery> deliveries) => Delivery.AreWhole(deliveries)
            ? Task.WhenAll(deliveries.Select(d => handle(d, came.CancellationToken)))
            : receiver.ParkUnreadable(came.ReceiveContext.Body.GetString(), came.MessageId, null, came.CancellationToken);
    }

    /// <summary>
    /// What both queues of a service have in common. A receiver throws only when its database is away: the message waits here,
    /// unacknowledged, until it is back. What cannot even be read is parked like any other message, so no queue of the broker's collects what nobody looks at.
    /// </summary>
    private static void Quorum(this IRabbitMqReceiveEndpointConfigurator queue, Receiver receiver)
    {
        queue.ConfigureConsumeTopology = false;
        queue.SetQuorumQueue();
        queue.UseMessageRetry(r => r.Exponential(int.MaxValue, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(300)));
        queue.ConfigureError(pipe => pipe.UseExecuteAsync(failed => receiver.ParkUnreadable(failed.Body.GetString(), failed.GetMessageId(), failed.Exception, failed.CancellationToken)));
        queue.ConfigureDeadLetter(pipe => pipe.UseExecuteAsync(skipped => receiver.ParkUnreadable(skipped.Body.GetString(), skipped.GetMessageId(), null, skipped.CancellationToken)));
    }
}

/// <summary>amqp://user:password@a:5672,b:5672,c:5672/vhost names the nodes of a cluster; any of them will do.</summary>
internal static class BrokerAddress
{
    public static (Uri Address, List<string> Nodes) Parse(string text)
    {
        var start = text.IndexOf("://", StringComparison.Ordinal) + 3;
        var end = text.IndexOf('/', start) is >= 0 and var slash ? slash : text.Length;
        start = text.LastIndexOf('@', end - 1, end - start) is >= 0 and var at ? at + 1 : start;
        var nodes = text[start..end].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToList();
        return (new Uri(text[..start] + nodes[0] + text[end..]), nodes);
    }
}
