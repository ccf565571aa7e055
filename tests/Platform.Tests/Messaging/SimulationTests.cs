using WalkTalk.Bench.Simulation;

namespace WalkTalk.Platform.Tests.Messaging;

/// <summary>A few seeds of the simulation in every run of the tests; many are <c>bench -- simulate</c>.</summary>
public sealed class SimulationTests
{
    [Fact]
    public void Whatever_dies_each_message_takes_effect_once()
    {
        var results = SimulateRun.Seeds(1, 30, Environment.ProcessorCount, untilFirst: false, trace: null, _ => { }, TestContext.Current.CancellationToken);
        Assert.Equal(30, results.Count);
        Assert.Empty(results.SelectMany(r => r.Violations.Select(v => $"seed {r.Seed}: {v}")));
        Assert.True(results.Sum(r => r.Crashes) > 0 && results.Sum(r => r.Faults) > 0 && results.Sum(r => r.Duplicates) > 0, "Nothing went wrong, so nothing was shown.");
    }

    [Fact]
    public void A_seed_goes_the_same_way_each_time()
    {
        var (alone, among) = (Hash(3, 1), Hash(1, 3));
        Assert.Equal(alone, among);

        static ulong Hash(int from, int count) =>
            SimulateRun.Seeds(from, count, 1, untilFirst: false, trace: null, _ => { }, TestContext.Current.CancellationToken).Single(r => r.Seed == 3).Hash;
    }
}
