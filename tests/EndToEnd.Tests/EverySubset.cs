using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using WalkTalk.Booking;
using WalkTalk.Feedback;
using WalkTalk.Gateway;
using WalkTalk.Gateway.Web;
using WalkTalk.Notification;
using WalkTalk.Reporting;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.EndToEnd.Tests;

/// <summary>A force deploys the services it needs: any of them start without the others, and the gateway offers what is there.</summary>
public sealed class EverySubset(EverySubset.FourServices four) : IClassFixture<EverySubset.FourServices>
{
    private static readonly ServiceModule[] Services = [BookingService.Module, FeedbackService.Module, NotificationService.Module, ReportingService.Module];

    /// <summary>All sixteen, by name; the empty one is the gateway alone.</summary>
    public static TheoryData<string> Subsets => [.. Enumerable.Range(0, 16).Select(set => string.Join(',', Services.Where((_, i) => (set & (1 << i)) != 0).Select(s => s.Name)))];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Subsets))]
    public async Task Starts_without_a_gateway(string names)
    {
        var chosen = Chosen(names);
        if (chosen.Length == 0)
        {
            return; // the gateway's own case
        }

        await using var host = await Host.Start([], chosen);
        using var http = new HttpClient { BaseAddress = host.Address };
        await Healthy(http);
        foreach (var service in chosen)
        {
            var prefix = chosen.Length == 1 ? "" : $"/api/{service.Name}";
            await Answers(http, $"{prefix}/v1/nowhere/operations/status", HttpStatusCode.Unauthorized);
            await Answers(http, $"{prefix}/v1/metropolitan/operations/status", HttpStatusCode.Unauthorized);
        }
    }

    [Theory, MemberData(nameof(Subsets))]
    public async Task The_gateway_in_the_same_process_offers_what_is_there(string names)
    {
        var chosen = Chosen(names);
        await using var host = await Host.Start([], [.. chosen, GatewayService.Module]);
        await Offers(host.Address, chosen);
    }

    [Theory, MemberData(nameof(Subsets))]
    public async Task The_gateway_in_front_of_other_processes_offers_what_is_there(string names)
    {
        var chosen = Chosen(names);
        await using var host = await Host.Start(
            [.. chosen.Select(s => $"--Services:{s.Name}:http:0={four.AddressOf(s.Name)}")], [GatewayService.Module]);
        await Offers(host.Address, chosen);
    }

    private static ServiceModule[] Chosen(string names) => [.. Services.Where(s => names.Split(',').Contains(s.Name))];

    private static async Task Offers(Uri address, ServiceModule[] chosen)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = true }) { BaseAddress = address };
        await Healthy(http);

        var listed = await http.GetFromJsonAsync<JsonElement>("/api/services", Ct);
        Assert.Equal(chosen.Select(s => s.Name).Order(), listed.EnumerateArray().Select(s => s.GetProperty("name").GetString()!).Order());

        var home = await http.GetStringAsync("/metropolitan", Ct);
        foreach (var entry in Menu.Public.Where(e => e.Service is not null))
        {
            Assert.Equal(chosen.Any(s => s.Name == entry.Service), home.Contains($"href=\"/metropolitan{entry.Path}\"", StringComparison.Ordinal));
        }

        foreach (var service in Services)
        {
            await Answers(http, $"/api/{service.Name}/v1/metropolitan/operations/status", chosen.Contains(service) ? HttpStatusCode.Unauthorized : HttpStatusCode.NotFound);
        }
    }

    private static async Task Healthy(HttpClient http)
    {
        for (var tries = 0; ; tries++)
        {
            using var answer = await http.GetAsync("/health", Ct);
            if (answer.IsSuccessStatusCode)
            {
                return;
            }

            Assert.True(tries < 300, await answer.Content.ReadAsStringAsync(Ct));
            await Task.Delay(100, Ct);
        }
    }

    private static async Task Answers(HttpClient http, string path, HttpStatusCode expected)
    {
        using var answer = await http.GetAsync(path, Ct);
        Assert.True(answer.StatusCode == expected, $"{path}: {(int)answer.StatusCode}, not {(int)expected}");
    }

    /// <summary>A real host on a free port with a data folder of its own.</summary>
    private sealed class Host(WebApplication app, string folder) : IAsyncDisposable
    {
        public Uri Address => new(app.Urls.First());

        public static async Task<Host> Start(string[] args, ServiceModule[] modules)
        {
            var folder = Directory.CreateTempSubdirectory("walktalk-subset-").FullName;
            var app = ServiceHost.Build(["--environment=Test", "--urls=http://127.0.0.1:0", $"--Data={folder}", .. args], b => b.Logging.ClearProviders(), modules);
            await app.StartAsync(Ct);
            return new Host(app, folder);
        }

        public async ValueTask DisposeAsync()
        {
            await app.StopAsync();
            await app.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The four services, each in a host of its own, for gateways to stand in front of.</summary>
    public sealed class FourServices : IAsyncLifetime
    {
        private readonly Dictionary<string, Host> hosts = [];

        public Uri AddressOf(string service) => hosts[service].Address;

        public async ValueTask InitializeAsync()
        {
            foreach (var service in Services)
            {
                hosts[service.Name] = await Host.Start([], [service]);
            }
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var host in hosts.Values)
            {
                await host.DisposeAsync();
            }
        }
    }
}
