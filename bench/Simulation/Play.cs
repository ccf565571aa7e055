using System.Globalization;
using System.Text.Json;
using WalkTalk.ServiceDefaults.Messaging;

namespace WalkTalk.Bench.Simulation;

/// <summary>What a seed has shown.</summary>
/// <param name="Violations">What was not as promised; empty when all was well.</param>
/// <param name="Hash">Over everything that happened, in its order: the same seed has the same.</param>
internal sealed record Result(int Seed, long Steps, int Acts, int Crashes, int Faults, int Drops, int Duplicates, int Reordered, IReadOnlyList<string> Violations, ulong Hash);

/// <summary>
/// One seed: a deployment, acts in it, and what goes wrong meanwhile. Then nothing goes wrong any more, time runs on until everything has come
/// to rest, an operator clears up, and the stores are held against what was accepted.
/// </summary>
internal sealed class Play : IDisposable
{
    private const int MostSteps = 60_000;
    private readonly Random random;
    private readonly Action<string>? trace;
    private readonly List<OneThread.Sleeper> awake = [];
    private readonly List<Node> nodes = [];
    private readonly List<string> violations = [];
    private readonly List<Place> places = [];
    private readonly Work work;
    private readonly int seed;
    private readonly double yields, crashes, storeFails, answers, wayFails, doubles, reorders, delays;
    private readonly int acts, aftermath;
    private bool faulty = true;
    private ulong hash = 14695981039346656037;
    private int died, faults;

    public Play(World world, int seed, Action<string>? trace)
    {
        (World, this.seed, this.trace) = (world, seed, trace);
        random = new Random(seed);
        Ids = new Ids(seed);
        Clock = world.Clock;
        // Some begin shortly before midnight: what is retried is retried on another day.
        Clock.Now = new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero).AddSeconds(random.Next(3) == 0 ? -random.Next(20) : random.Next(86_400));
        IsCalm = random.Next(8) == 0;
        yields = 0.15 + (random.NextDouble() * 0.6);
        (crashes, storeFails, answers, wayFails) = IsCalm ? (0, 0, 0, 0) : (Rate(random.Next(10) switch { 0 => 0.06, 1 or 2 => 0.02, _ => 0.006 }), Rate(0.006), Rate(0.02), Rate(0.12));
        (doubles, reorders, delays) = (Rate(0.25), random.NextDouble(), Rate(0.4));
        acts = 8 + random.Next(14);
        aftermath = random.Next(400);
        foreach (var store in world.Stores)
        {
            store.Clear();
        }

        Deploy();
        work = new Work(this);
    }

    public World World { get; }

    public OneThread Thread { get; } = new();

    public Clock Clock { get; }

    public Ids Ids { get; }

    public Broker? Broker { get; private set; }

    public long Step { get; private set; }

    public int Working { get; set; }

    public int Drops { get; set; }

    public int Duplicates { get; set; }

    public int Reordered { get; set; }

    /// <summary>Nothing goes wrong in it but what the messages themselves bring: then more can be demanded.</summary>
    public bool IsCalm { get; }

    /// <summary>Whether the office comes later than the first messages to it.</summary>
    public bool OfficeIsLate { get; private set; }

    /// <summary>Whether two processes may try the same message again, one after the other, before the first has put it off.</summary>
    public bool OwnerIsAlone => places.Count(p => p.Services.Contains("owner")) == 1;

    public IReadOnlyList<Node> Nodes => nodes;

    public Result Go()
    {
        var before = SynchronizationContext.Current;
        try
        {
            work.Prepare();
            Live();
            Settle();
            work.CheckAtRest();
            work.Mend();
            ClearUp();
            Settle();
            work.CheckAtTheEnd();
        }
        catch (EndlessException e)
        {
            violations.Add(e.Message);
        }
        finally
        {
            nodes.ForEach(n => n.Crash());
            for (var rest = 0; Working > 0 && rest < 10_000; rest++)
            {
                Move();
            }

            SynchronizationContext.SetSynchronizationContext(before);
        }

        Expect(Working == 0, "something waits for ever");
        Expect(!Thread.WasLeft, "something ran on another thread: the run says nothing");
        return new Result(seed, Step, work.Count, died, faults, Drops, Duplicates, Reordered, [.. violations.Distinct()], hash);
    }

    public void Expect(bool so, string otherwise)
    {
        if (!so)
        {
            Trace($"VIOLATION {otherwise}");
            violations.Add(otherwise);
        }
    }

    public void Trace(string what) => trace?.Invoke(string.Create(CultureInfo.InvariantCulture, $"{Step,6} {Clock.Now:dd HH:mm:ss.fff}   {what}"));

    public void Log(string who, string where, string what)
    {
        Step++;
        Hash(who);
        Hash(where);
        Hash(what);
        hash = (hash ^ (ulong)Clock.Now.UtcTicks) * 1099511628211;
        trace?.Invoke(string.Create(CultureInfo.InvariantCulture, $"{Step,6} {Clock.Now:dd HH:mm:ss.fff} {who} {where} {what}"));
    }

    public bool Yields() => random.NextDouble() < yields;

    public bool Crashes() => Happens(crashes) && ++died > 0;

    public bool StoreFails() => Happens(storeFails) && ++faults > 0;

    public bool LosesAnswer() => Happens(answers) && ++faults > 0;

    public bool WayFails() => Happens(wayFails);

    public bool Doubles() => Happens(doubles);

    public bool Reorders() => random.NextDouble() < reorders;

    public TimeSpan Delay() => Happens(delays) ? TimeSpan.FromSeconds(random.NextDouble() * 8) : TimeSpan.Zero;

    public int Any(int count) => random.Next(count);

    public IEnumerable<int> Order(int count)
    {
        var order = Enumerable.Range(0, count).ToArray();
        if (Happens(reorders))
        {
            random.Shuffle(order);
        }

        return order;
    }

    public void Committed() => work.Committed();

    public void Offered(Delivery delivery, Node node) => work.Offered(delivery, node);

    public bool IsUnsendable(Delivery delivery) => work.IsUnsendable(delivery);

    public bool Fails(Made message) => work.Fails(message);

    public void Consumed(string consumer, IProbeMessage message, Delivery delivery, ProbeDb db, bool untimed = false)
    {
        Log("consumes", consumer, message.Id.ToString("N"));
        Expect(delivery.ForceId == message.Force && db.Force == message.Force, $"{consumer} was given a message of another force");
        // A reminder is written a look into the database later than it says.
        Expect(untimed ? delivery.PublishedAt.TimeOfDay == TimeSpan.Zero : message is Due || (delivery.PublishedAt - message.At).Duration() < TimeSpan.FromSeconds(1),
            $"{consumer} was told another moment of publication");
    }

    public void Dispose() => nodes.ForEach(n => n.Dispose());

    // A rate that is often nothing, so that each fault is also met without the others.
    private double Rate(double most) => random.Next(3) == 0 ? 0 : random.NextDouble() * most;

    private bool Happens(double rate) => faulty && rate > 0 && random.NextDouble() < rate;

    private void Hash(string text)
    {
        foreach (var c in text)
        {
            hash = (hash ^ c) * 1099511628211;
        }
    }

    /// <summary>One process for all, or a broker and one or two of each.</summary>
    private void Deploy()
    {
        OfficeIsLate = random.Next(4) == 0;
        var office = OfficeIsLate ? 0.3 + (random.NextDouble() * 0.6) : 0;
        if (random.Next(3) == 0)
        {
            places.Add(new Place("all", ["owner", "reporting", .. OfficeIsLate ? Array.Empty<string>() : ["office"]]) { Later = OfficeIsLate ? ["owner", "reporting", "office"] : null, LaterFrom = office });
            return;
        }

        Broker = new Broker(deliveryLimit: random.Next(3) == 0 ? 1 : 10);
        var reporting = random.Next(4) == 0 ? random.NextDouble() * 0.9 : 0;
        foreach (var (service, from) in new[] { ("owner", 0), ("office", office), ("reporting", reporting) })
        {
            for (var replica = random.Next(2); replica >= 0; replica--)
            {
                places.Add(new Place($"{service}-{replica}", [service]) { From = from });
            }
        }
    }

    private void Live()
    {
        for (var late = 0; late < aftermath;)
        {
            Limit();
            Thread.RunPosted();
            var progress = work.Count / (double)acts;
            foreach (var place in places.Where(p => p.Later is not null && progress >= p.LaterFrom))
            {
                place.Node?.Crash();
                (place.Services, place.Later) = (place.Later!, null);
            }

            foreach (var place in places.Where(p => p.Node is null && progress >= p.From))
            {
                Boot(place);
            }

            Thread.RunPosted();
            var roll = random.NextDouble();
            if (work.Count >= acts)
            {
                late++;
            }

            if (roll < 0.05 && work.Count < acts)
            {
                work.Begin();
            }
            else if (roll < 0.08)
            {
                Pass(TimeSpan.FromMilliseconds(random.Next(4) switch { 0 => 20, 1 => 600, 2 => 3_000, _ => 45_000 }));
            }
            else if (roll < 0.11)
            {
                foreach (var place in places.Where(p => p.Node is { IsDead: true }).Take(1))
                {
                    Boot(place);
                }
            }
            else if (roll < 0.115 && Broker is not null && !IsCalm)
            {
                Broker.IsOut = !Broker.IsOut;
            }
            else if (!Move())
            {
                if (work.Count < acts)
                {
                    work.Begin();
                }
                else
                {
                    Pass(TimeSpan.FromMilliseconds(500));
                }
            }
        }
    }

    /// <summary>Nothing goes wrong any more: everything runs, and time passes until nothing is left to do.</summary>
    private void Settle()
    {
        faulty = false;
        Broker?.IsOut = false;
        foreach (var place in places)
        {
            place.Services = place.Later ?? place.Services;
            if (place.Later is not null)
            {
                place.Node?.Crash();
                place.Later = null;
            }

            if (place.Node is null or { IsDead: true })
            {
                Boot(place);
            }
        }

        for (var jumps = 0; ; jumps++)
        {
            while (Move())
            {
                Limit();
            }

            if (work.NextDue() is not { } due)
            {
                return;
            }

            if (jumps > 250)
            {
                throw new EndlessException($"it does not come to rest: {work.Unrest()}");
            }

            Pass(due > Clock.Now ? due - Clock.Now + TimeSpan.FromMilliseconds(1) : TimeSpan.FromMilliseconds(500));
        }
    }

    /// <summary>An operator lets go what is parked.</summary>
    private void ClearUp()
    {
        work.ReleaseAll();
        while (Move())
        {
            Limit();
        }
    }

    private bool Move()
    {
        Thread.RunPosted();
        Thread.Awake(awake);
        if (Broker is { } broker && (awake.Count == 0 || random.Next(3) == 0) && broker.CanDeliver(nodes, this, out var node, out var message, out var service))
        {
            Log(node.Name, "is given", message.Delivery?.Name ?? "rubbish");
            broker.Deliver(node, message, service);
            Thread.RunPosted();
            return true;
        }

        if (awake.Count == 0)
        {
            return false;
        }

        Thread.Wake(awake[random.Next(awake.Count)]);
        Thread.RunPosted();
        return true;
    }

    private void Pass(TimeSpan time) => Clock.Now += time;

    private void Boot(Place place)
    {
        place.Node = new Node(this, $"{place.Name}.{++place.Lives}", place.Services);
        nodes.Add(place.Node);
        Log(place.Node.Name, "starts", "");
        foreach (var service in place.Services)
        {
            Broker?.Bind(service, World.Parts[service].Consumers);
        }

        place.Node.Start();
    }

    private void Limit()
    {
        if (Step > MostSteps)
        {
            throw new EndlessException($"it does not come to rest within {MostSteps} steps: {work.Unrest()}");
        }
    }

    private sealed class Place(string name, IReadOnlyList<string> services)
    {
        public string Name => name;
        public IReadOnlyList<string> Services { get; set; } = services;
        public IReadOnlyList<string>? Later { get; set; }
        public double LaterFrom { get; init; }
        public double From { get; init; }
        public Node? Node { get; set; }
        public int Lives { get; set; }
    }

    private sealed class EndlessException(string what) : Exception(what);
}
