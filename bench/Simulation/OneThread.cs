namespace WalkTalk.Bench.Simulation;

/// <summary>Where everything of a simulated deployment runs: one thread, one thing at a time, in an order that the simulation chooses.</summary>
/// <remarks>
/// What waits for the store or the broker waits here, as a sleeper. A sleeper goes on with no context set, so that EF's continuations run at
/// once and on this thread; those of the services come back through <see cref="Post"/>.
/// </remarks>
internal sealed class OneThread : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> posted = new();
    private readonly List<Sleeper> sleepers = [];
    private readonly int thread = Environment.CurrentManagedThreadId;

    /// <summary>Whether something ran elsewhere: then the run says nothing.</summary>
    public bool WasLeft { get; private set; }

    public override void Post(SendOrPostCallback d, object? state)
    {
        lock (posted)
        {
            WasLeft |= Environment.CurrentManagedThreadId != thread;
            posted.Enqueue((d, state));
        }
    }

    /// <summary>Begins a piece of work as soon as it is its turn.</summary>
    public void Begin(Func<Task> work) => Post(static state => _ = ((Func<Task>)state!)(), work);

    public Task Until(Func<bool> ready)
    {
        WasLeft |= Environment.CurrentManagedThreadId != thread;
        var sleeper = new Sleeper(ready);
        sleepers.Add(sleeper);
        return sleeper.Done.Task;
    }

    /// <summary>Runs what is to be run before anybody is woken.</summary>
    public void RunPosted()
    {
        SetSynchronizationContext(this);
        while (true)
        {
            (SendOrPostCallback Callback, object? State) next;
            lock (posted)
            {
                if (!posted.TryDequeue(out next))
                {
                    return;
                }
            }

            next.Callback(next.State);
        }
    }

    /// <summary>Those who could go on.</summary>
    public void Awake(List<Sleeper> into)
    {
        into.Clear();
        foreach (var sleeper in sleepers)
        {
            if (sleeper.Ready())
            {
                into.Add(sleeper);
            }
        }
    }

    public void Wake(Sleeper sleeper)
    {
        sleepers.Remove(sleeper);
        SetSynchronizationContext(null);
        sleeper.Done.SetResult();
    }

    internal sealed record Sleeper(Func<bool> Ready)
    {
        public TaskCompletionSource Done { get; } = new();
    }
}

/// <summary>Time of the simulation. It goes on a little with each look at it, so that nothing happens at the same moment.</summary>
internal sealed class Clock : TimeProvider
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    /// <summary>Without going on.</summary>
    public DateTimeOffset Now { get; set; }

    public override DateTimeOffset GetUtcNow() => Now += Tick;
}

/// <summary>The ids of a run: whatever made one at random, at the store it becomes one of the seed's, and stays it.</summary>
internal sealed class Ids(int seed)
{
    private readonly Random random = new(seed);
    private readonly Dictionary<Guid, Guid> known = [];

    public Guid New()
    {
        var id = Made(default);
        known[id] = id;
        return id;
    }

    public Guid Of(Guid id)
    {
        if (!known.TryGetValue(id, out var seeded))
        {
            known[id] = seeded = Made(id);
            known[seeded] = seeded;
        }

        return seeded;
    }

    // The moment in a version 7 is the clock's, and what orders them; the rest is chance.
    private Guid Made(Guid like)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        var version = like.Version == 7 ? 7 : 4;
        if (version == 7)
        {
            Span<byte> given = stackalloc byte[16];
            like.TryWriteBytes(given, bigEndian: true, out _);
            given[..6].CopyTo(bytes);
        }

        bytes[6] = (byte)((bytes[6] & 0x0F) | (version << 4));
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
