using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using WalkTalk.Contracts.Reporting.Api;
using WalkTalk.EndToEnd.Tests.Hosting;

namespace WalkTalk.EndToEnd.Tests.Durability;

/// <summary>The one process on SQLite, killed while people use it, and started again on what it left.</summary>
public sealed class KilledAtAnyMoment(KilledAtAnyMoment.Platform platform) : IClassFixture<KilledAtAnyMoment.Platform>
{
    private const int Rounds = 5;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_accepted_took_effect_once_and_what_was_not_answered_succeeds_once_with_its_key()
    {
        var seed = Environment.GetEnvironmentVariable("WALKTALK_TEST_SEED") is { Length: > 0 } given ? int.Parse(given, System.Globalization.CultureInfo.InvariantCulture) : Random.Shared.Next();
        Console.WriteLine($"Killed at any moment: WALKTALK_TEST_SEED={seed}");
        var random = new Random(seed);
        var ledger = new Ledger(platform);
        await ledger.Begin();
        using var over = new CancellationTokenSource();
        var load = ledger.Load(people: 4, over.Token);
        for (var round = 0; round < Rounds; round++)
        {
            await ledger.Answered(random.Next(5, 60), Ct);
            await Task.Delay(random.Next(0, 100), Ct);
            await platform.Process.Crash();
            await platform.StartAgain();
        }

        await ledger.Answered(random.Next(5, 60), Ct);
        await over.CancelAsync();
        await load;
        var unanswered = ledger.Unanswered;
        await ledger.Settle();
        Console.WriteLine($"Killed {Rounds} times; accepted {ledger.Accepted.Count}, of which unanswered until the end {unanswered}");

        // Nothing is lost, and nothing was done twice.
        await ledger.Remembered(ledger.Accepted);
        Assert.Equal(ledger.Count("walk"), await platform.Count("booking", "SELECT count(*) FROM walks"));
        Assert.Equal(ledger.Count("concern"), await platform.Count("feedback", "SELECT count(*) FROM concern"));
        var walk = $"lower(walk_id) = '{ledger.ContendedWalk}'";
        Assert.Equal(ledger.Count("hold"), await platform.Count("booking", $"SELECT count(*) FROM bookings WHERE {walk}"));
        Assert.InRange(ledger.Count("hold"), 1, Ledger.Places);

        // And everybody has heard of it.
        await platform.ReportingAgrees(ledger.Count("walk"), ledger.Count("concern"), Ct);
    }

    public sealed class Platform : StandalonePlatform
    {
        protected override bool SignsInElsewhere => true;
    }
}

internal static class Agreement
{
    /// <summary>Waits until Reporting counts as many: what a killed process had taken up is taken up again.</summary>
    public static async Task ReportingAgrees(this StandalonePlatform platform, long walks, long concerns, CancellationToken ct)
    {
        using var http = new HttpClient { BaseAddress = platform.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", platform.Issuer!.Token("ledger", "coordinator", "metropolitan"));
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var funnel = (await http.GetFromJsonAsync<StaffFigures>("/api/reporting/v1/metropolitan/figures", ct))!.Funnel;
            if ((funnel.WalksPublished, funnel.ConcernsReceived) == (walks, concerns))
            {
                // Once more after a while: what comes twice comes late.
                await Task.Delay(1000, ct);
                funnel = (await http.GetFromJsonAsync<StaffFigures>("/api/reporting/v1/metropolitan/figures", ct))!.Funnel;
                Assert.Equal((walks, concerns), (funnel.WalksPublished, funnel.ConcernsReceived));
                return;
            }

            Assert.True(clock.Elapsed < TimeSpan.FromMinutes(4), $"Reporting stayed at {funnel}; there are {walks} walks and {concerns} concerns.");
            await Task.Delay(250, ct);
        }
    }
}
