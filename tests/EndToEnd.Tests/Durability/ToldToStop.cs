using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using WalkTalk.EndToEnd.Tests.Hosting;

namespace WalkTalk.EndToEnd.Tests.Durability;

/// <summary>SIGTERM, as from a service manager or an update, in the middle of a request and of messages under way.</summary>
public sealed class ToldToStop(ToldToStop.Platform platform) : IClassFixture<ToldToStop.Platform>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_process_says_so_at_once_answers_what_it_has_begun_and_leaves_nothing_behind()
    {
        var ledger = new Ledger(platform);
        await ledger.Begin();
        using var over = new CancellationTokenSource();
        var load = ledger.Load(people: 4, over.Token);
        await ledger.Answered(30, Ct);

        // She has sent half of her words.
        const string words = """{"concerns":[{"code":"ENV-VEG","place":{"wardCode":"E05011095"},"lightBand":"dusk","text":"The hedge hides the path."}]}""";
        using var her = new TcpClient();
        await her.ConnectAsync("localhost", platform.Address.Port, Ct);
        var wire = her.GetStream();
        await wire.WriteAsync(Encoding.ASCII.GetBytes($"POST /api/feedback/v1/metropolitan/submissions HTTP/1.1\r\nHost: localhost:{platform.Address.Port}\r\nContent-Type: application/json\r\nContent-Length: {words.Length}\r\nConnection: close\r\n\r\n{words[..40]}"), Ct);
        await Task.Delay(500, Ct);

        var clock = Stopwatch.StartNew();
        platform.Process.Terminate();
        await over.CancelAsync();
        await load;
        Assert.Contains("Stopping.", await Health(until: HttpStatusCode.ServiceUnavailable), StringComparison.Ordinal);
        var said = clock.Elapsed;
        await Health(until: null);
        await wire.WriteAsync(Encoding.ASCII.GetBytes(words[40..]), Ct);
        using var reader = new StreamReader(wire);
        Assert.StartsWith("HTTP/1.1 201", await reader.ReadLineAsync(Ct), StringComparison.Ordinal);

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(TimeSpan.FromSeconds(25));
        await platform.Process.Ended(patience.Token);
        Assert.Equal(0, platform.Process.ExitCode);
        Console.WriteLine($"Told to stop: said after {said.TotalSeconds:0.00} s, ended after {clock.Elapsed.TotalSeconds:0.0} s");

        await platform.StartAgain();
        await ledger.Remembered(ledger.Accepted);
        await ledger.Settle();
        await platform.ReportingAgrees(ledger.Count("walk"), ledger.Count("concern") + 1, Ct);
    }

    /// <summary>Asks on a new connection each time until the answer is so; null waits until nobody answers.</summary>
    private async Task<string> Health(HttpStatusCode? until)
    {
        using var http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero }) { BaseAddress = platform.Address };
        while (true)
        {
            try
            {
                using var answer = await http.GetAsync("/health", Ct);
                if (answer.StatusCode == until)
                {
                    return await answer.Content.ReadAsStringAsync(Ct);
                }
            }
            catch (HttpRequestException) when (until is null)
            {
                return "";
            }

            await Task.Delay(20, Ct);
        }
    }

    public sealed class Platform : StandalonePlatform
    {
        protected override bool SignsInElsewhere => true;

        // Long enough for a test that waits for its turn of the processor.
        protected override IEnumerable<string> Settings => ["--Hosting:DrainSeconds=4"];
    }
}
