using WalkTalk.ServiceDefaults.Messaging;

namespace WalkTalk.Bench.Simulation;

/// <summary>A transport under watch: notes what a dispatcher hands over, and when it had looked for it.</summary>
internal sealed class Way(Node node, Transport inner) : Transport
{
    public override string Name => inner.Name;

    public override bool Ready => inner.Ready;

    public override bool Shared => inner.Shared;

    public override bool IsOut(Exception e) => inner.IsOut(e);

    public override Task<IReadOnlyList<Exception?>> Send(IReadOnlyList<Outgoing> messages, CancellationToken ct)
    {
        foreach (var message in messages)
        {
            node.Run.Offered(message.Delivery, node);
        }

        return inner.Send(messages, ct);
    }
}

/// <summary>A process's connection to the simulated broker.</summary>
internal sealed class BrokerWay(Broker broker, Node node) : Transport
{
    public override string Name => "simulated";

    public override bool Ready => !broker.IsOut;

    public override bool Shared => true;

    public override bool IsOut(Exception e) => e is BrokerAway;

    public override async Task<IReadOnlyList<Exception?>> Send(IReadOnlyList<Outgoing> messages, CancellationToken ct)
    {
        var outcomes = new Exception?[messages.Count];
        foreach (var i in node.Run.Order(messages.Count))
        {
            await node.Point("broker", "publish");
            outcomes[i] = broker.Publish(messages[i], node.Run);
        }

        await node.Point("broker", "confirmed");
        return outcomes;
    }
}

/// <summary>The broker could not be reached, or did not confirm.</summary>
internal sealed class BrokerAway() : Exception("The simulated broker did not confirm");

/// <summary>The broker does not want this message, whatever the reason.</summary>
internal sealed class Refused() : Exception("The simulated broker refuses it");

/// <summary>A queue for each service, kept when processes die; it loses confirms, delays, doubles and changes the order.</summary>
internal sealed class Broker(int deliveryLimit)
{
    private const int Prefetch = 12;
    private readonly Dictionary<string, List<Queued>> queues = [];
    private readonly Dictionary<string, ILookup<string, Consumer>> bound = [];

    public bool IsOut { get; set; }

    public bool IsEmpty => queues.Values.All(q => q.Count == 0);

    /// <summary>When the next delayed delivery is due.</summary>
    public DateTimeOffset? Next => queues.Values.SelectMany(q => q).Where(m => m.Holder is null).Select(m => (DateTimeOffset?)m.NotBefore).Min();

    public bool IsBound(string service) => bound.ContainsKey(service);

    public void Bind(string service, ILookup<string, Consumer> consumers)
    {
        bound.TryAdd(service, consumers);
        queues.TryAdd(service, []);
    }

    public Exception? Publish(Outgoing message, Play run)
    {
        if (IsOut || run.WayFails())
        {
            run.Drops++;
            return new BrokerAway();
        }

        if (run.IsUnsendable(message.Delivery))
        {
            return new Refused();
        }

        var takers = bound.Where(b => b.Value.Contains(message.Delivery.Name)).Select(b => b.Key).ToList();
        if (takers.Count == 0)
        {
            return message.MustArrive ? new NobodyConsumes(message.Delivery.Name) : null;
        }

        foreach (var service in takers)
        {
            Enqueue(service, message.Delivery, run);
            if (run.Doubles())
            {
                run.Duplicates++;
                Enqueue(service, message.Delivery, run);
            }
        }

        if (run.WayFails())
        {
            run.Drops++;
            return new BrokerAway(); // taken, and the confirm is lost
        }

        return null;
    }

    /// <summary>Something that is no message of ours.</summary>
    public void Enqueue(string service, string text, Play run) => queues[service].Add(new Queued(null, text) { NotBefore = run.Clock.Now });

    public bool CanDeliver(IReadOnlyList<Node> nodes, Play run, out Node node, out Queued message, out string service)
    {
        foreach (var (name, queue) in queues)
        {
            if (nodes.Where(n => !n.IsDead && n.Taken < Prefetch && n.Services.Contains(name)).ToList() is { Count: > 0 } takers
                && queue.Where(m => m.Holder is null && m.NotBefore <= run.Clock.Now).ToList() is { Count: > 0 } waiting)
            {
                var which = run.Reorders() ? run.Any(waiting.Count) : 0;
                run.Reordered += which > 0 ? 1 : 0;
                (node, message, service) = (takers[run.Any(takers.Count)], waiting[which], name);
                return true;
            }
        }

        (node, message, service) = (null!, null!, "");
        return false;
    }

    /// <summary>Hands a message to a process, as MassTransit does: what fails is kept and tried again, what is taken is acknowledged.</summary>
    public void Deliver(Node node, Queued message, string service)
    {
        (message.Holder, node.Taken) = (node, node.Taken + 1);
        node.Begin(async () =>
        {
            try
            {
                var receiver = node.Receiver(service);
                await (message switch
                {
                    { Delivery: null } => receiver.ParkUnreadable(message.Text, null, null, node.Life),
                    _ when message.Deliveries > deliveryLimit => receiver.Park(message.Delivery, "Delivered too often without an answer", node.Life),
                    _ => receiver.Take(message.Delivery, node.Life),
                });
                await node.Point("broker", "acknowledge");
                queues[service].Remove(message);
            }
            catch (Exception e) when (!node.IsDead)
            {
                node.Run.Trace($"not taken: {e.GetBaseException().Message}");
                (message.Holder, message.NotBefore) = (null, node.Run.Clock.Now + TimeSpan.FromMilliseconds(200));
            }

            node.Taken--;
        });
    }

    /// <summary>What a process had taken and not acknowledged is there again.</summary>
    public void GiveBack(Node node)
    {
        foreach (var message in queues.Values.SelectMany(q => q).Where(m => m.Holder == node))
        {
            (message.Holder, message.Deliveries) = (null, message.Deliveries + 1);
        }
    }

    private void Enqueue(string service, Delivery delivery, Play run) =>
        queues[service].Add(new Queued(delivery, "") { NotBefore = run.Clock.Now + run.Delay() });

    internal sealed record Queued(Delivery? Delivery, string Text)
    {
        public DateTimeOffset NotBefore { get; set; }
        public int Deliveries { get; set; }
        public Node? Holder { get; set; }

        public bool Equals(Queued? other) => ReferenceEquals(this, other);

        public override int GetHashCode() => 0;
    }
}
