using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Platform.Tests.Hosting;

public sealed class StartTests : IDisposable
{
    private static readonly string Key = Convert.ToBase64String(new byte[32]);
    private readonly string folder = Directory.CreateTempSubdirectory("walktalk-start-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private WebApplication Build(params string[] settings) => ServiceHost.Build(
        ["--environment=Test", $"--Data={folder}", .. settings], builder => builder.WebHost.UseUrls("http://127.0.0.1:0"), Probe.Module);

    private static async Task<(HttpStatusCode Status, string Body)> Get(WebApplication app, string path)
    {
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        using var answer = await client.GetAsync(path);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static int ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [Fact]
    public void An_unknown_service_stops_the_process_with_the_known_names()
    {
        var refused = Assert.Throws<UnknownServiceException>(() => Build("--services=probe,bookign"));
        Assert.Equal("There is no service \"bookign\". Known services: probe.", refused.Message);
    }

    [Fact]
    public async Task Without_its_database_a_service_starts_says_so_and_asks_to_be_tried_again()
    {
        await using var app = Build($"--ConnectionStrings:probe-db=Host=127.0.0.1;Port={ClosedPort()};Username=nobody;Timeout=1", $"--Protection:MasterKey={Key}", $"--Protection:TransitKey={Key}");
        await app.StartAsync();
        var health = await Get(app, "/health");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, health.Status);
        Assert.Contains("Waiting for the database of probe", health.Body, StringComparison.Ordinal);
        var answer = await Get(app, "/v1/metropolitan/things");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.Contains("urn:walktalk:problem:starting", answer.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await Get(app, "/alive")).Status);
    }

    [Fact]
    public async Task Without_its_broker_a_service_works_and_is_degraded()
    {
        await using var app = Build($"--ConnectionStrings:rabbitmq=amqp://nobody:none@127.0.0.1:{ClosedPort()}/", $"--Protection:MasterKey={Key}", $"--Protection:TransitKey={Key}");
        await app.StartAsync();
        for (var i = 0; i < 100 && (await Get(app, "/health")).Status != HttpStatusCode.OK; i++)
        {
            await Task.Delay(100);
        }

        var health = await Get(app, "/health");
        Assert.Equal(HttpStatusCode.OK, health.Status);
        Assert.Contains("Degraded", health.Body, StringComparison.Ordinal);
        Assert.Contains("RabbitMQ cannot be reached; messages wait in the outbox", health.Body, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, "0"), await Get(app, "/v1/metropolitan/things"));
    }

    [Fact]
    public async Task Nobody_outside_is_told_that_a_service_runs()
    {
        await using var app = Build("--ConnectionStrings:rabbitmq=amqp://nobody:none@127.0.0.1/", $"--Protection:MasterKey={Key}", $"--Protection:TransitKey={Key}");
        Assert.False(app.Services.GetRequiredService<IOptions<MassTransit.UsageTelemetryOptions>>().Value.Enabled);
    }

    [Fact]
    public async Task A_process_with_a_server_does_not_invent_its_keys()
    {
        await using var app = Build($"--ConnectionStrings:probe-db=Data Source={folder}/probe.db");
        var keys = (WalkTalk.ServiceDefaults.Persistence.Keys)app.Services.GetService(typeof(WalkTalk.ServiceDefaults.Persistence.Keys))!;
        Assert.Contains("Protection:MasterKey is not set", Assert.Throws<InvalidOperationException>(() => keys.Of("probe", "test")).Message, StringComparison.Ordinal);
    }
}
