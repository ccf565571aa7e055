using System.Text.Json;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using WalkTalk.Gateway.Web;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Gateway.Entry;

/// <summary>A service that clients may call.</summary>
/// <param name="Name">As in its path.</param>
/// <param name="Path">Where its API begins.</param>
/// <param name="OpenApi">Where its description stands.</param>
/// <param name="Health">Healthy, Degraded or Unhealthy.</param>
/// <param name="Says">What is wrong, when something is.</param>
public sealed record DeployedService(string Name, string Path, string OpenApi, string Health, string? Version, string? Says);

/// <summary>GET /api/services, and a clear answer for whatever under /api is not there.</summary>
internal sealed class DeployedServices(ServiceDirectory directory, LocalServices local, IHttpClientFactory clients, IServiceProvider services)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/services", (DeployedServices deployed, CancellationToken stop) => deployed.All(stop)).Public().ExcludeFromDescription();
        // Below any real route, so that a page is never the answer to an API caller.
        routes.Map("/api/{**rest}", (string? rest, ServiceDirectory directory) =>
        {
            var (name, known) = (rest?.Split('/')[0] ?? "", directory.Names);
            var detail = known.Count == 0 ? "No service is deployed." : $"Deployed here: {string.Join(", ", known)}.";
            return known.Contains(name)
                ? new Refusal("not-found", 404, "There is nothing at this address", $"The API of {name} is described at /openapi/{name}.json.")
                : new Refusal("service-not-deployed", 404, $"There is no service “{name}” here", detail);
        }).Public().ExcludeFromDescription();
    }

    public async Task<IReadOnlyList<DeployedService>> All(CancellationToken stop) => await Task.WhenAll(directory.Names.Select(name => Ask(name, stop)));

    private async Task<DeployedService> Ask(string name, CancellationToken stop)
    {
        var (health, version, says) = local.Names.Contains(name) ? await Own(stop) : await Remote(directory.AddressesOf(name)[0], stop);
        return new DeployedService(name, $"/api/{name}/v1", $"/openapi/{name}.json", health, version, says);
    }

    private async Task<(string, string?, string?)> Own(CancellationToken stop)
    {
        var report = await services.GetRequiredService<HealthCheckService>().CheckHealthAsync(stop);
        return (report.Status.ToString(), Telemetry.Version, report.Entries.Values.FirstOrDefault(entry => entry.Status != HealthStatus.Healthy).Description);
    }

    private async Task<(string, string?, string?)> Remote(Uri address, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(TimeSpan.FromSeconds(3));
        try
        {
            using var response = await clients.CreateClient("services").GetAsync(new Uri(address, "health"), limit.Token);
            using var json = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(limit.Token), cancellationToken: limit.Token);
            var root = json.RootElement;
            var says = root.TryGetProperty("checks", out var checks)
                ? checks.EnumerateObject().Select(check => check.Value.TryGetProperty("says", out var text) ? text.GetString() : null).FirstOrDefault(text => text is not null)
                : null;
            return (root.GetProperty("status").GetString() ?? "Unhealthy", root.TryGetProperty("version", out var version) ? version.GetString() : null, says);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or KeyNotFoundException or InvalidOperationException or OperationCanceledException && !stop.IsCancellationRequested)
        {
            return ("Unhealthy", null, "It does not answer.");
        }
    }
}
