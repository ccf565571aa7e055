using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Fixtures;

namespace WalkTalk.Platform.Tests.Persistence;

/// <summary>A service whose PostgreSQL primary dies under load while a synchronous standby takes over.</summary>
public sealed class FailOverTests(FailOverTests.OnPair app) : IClassFixture<FailOverTests.OnPair>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_acknowledged_is_on_the_promoted_standby_and_the_service_goes_on_by_itself()
    {
        using var over = new CancellationTokenSource();
        var (accepted, all, refusals) = (new ConcurrentQueue<string>(), new ConcurrentQueue<string>(), 0);
        var load = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!over.IsCancellationRequested)
            {
                var (name, key) = ($"over {Guid.NewGuid()}", $"{Guid.NewGuid()}");
                all.Enqueue(name);
                while (true)
                {
                    using var answer = await app.Post(name, key);
                    if (answer.StatusCode == HttpStatusCode.Created)
                    {
                        break;
                    }

                    await answer.Refused("database-unavailable", 1);
                    Interlocked.Increment(ref refusals);
                    await Task.Delay(100, Ct);
                }

                accepted.Enqueue(name);
            }
        }, Ct)));
        await Until(() => accepted.Count >= 40);

        app.Pair.KillPrimary();
        var before = accepted.Count;
        await Until(() => Volatile.Read(ref refusals) >= 4);
        var health = await app.Client().GetAsync("/health", Ct);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
        Assert.Contains("The messages cannot be counted: a database does not answer.", await health.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        await app.Pair.Promote();
        var clock = Stopwatch.StartNew();
        await Until(() => accepted.Count >= before + 40);
        Console.WriteLine($"Fail-over: {before} accepted before, {refusals} times told to come back, 40 accepted within {clock.Elapsed.TotalSeconds:0.0} s of the promotion");
        await over.CancelAsync();
        await load;

        // Each was accepted in the end: it is there once, it was told once, and its consumer has done its work once.
        var names = all.Order(StringComparer.Ordinal).ToList();
        Assert.Equal(names, await app.Db<ProbeDb, List<string>>(async db => [.. (await db.Things.Select(t => t.Name).ToListAsync()).Order(StringComparer.Ordinal)]));
        await app.Eventually(async () =>
        {
            // What failed while there was no primary is tried again after a while, by the clock of the test.
            app.Time.Advance(TimeSpan.FromSeconds(30));
            return await app.Db<ProbeDb, int>(db => db.Effects.CountAsync(e => e.Consumer == nameof(CountThing))) >= names.Count;
        }, "the outbox to go on");
        Assert.Equal(names, await app.Db<ProbeDb, List<string>>(async db => [.. (await db.Effects.Where(e => e.Consumer == nameof(CountThing)).Select(e => e.Name).ToListAsync()).Order(StringComparer.Ordinal)]));
    }

    private static async Task Until(Func<bool> isSo)
    {
        var clock = Stopwatch.StartNew();
        while (!isSo())
        {
            Assert.True(clock.Elapsed < TimeSpan.FromMinutes(3), "Waited in vain.");
            await Task.Delay(20, Ct);
        }
    }

    public sealed class OnPair() : Probe.App(TestOn.OneProcess), IAsyncLifetime
    {
        internal PostgresPair Pair { get; private set; } = null!;

        protected override IEnumerable<(string Key, string? Value)> Settings() => [("ConnectionStrings:probe-db", Pair.ConnectionString)];

        async ValueTask IAsyncLifetime.InitializeAsync()
        {
            Pair = await PostgresPair.Start();
            await InitializeAsync();
        }

        async ValueTask IAsyncDisposable.DisposeAsync()
        {
            await DisposeAsync();
            await Pair.DisposeAsync();
        }
    }
}
