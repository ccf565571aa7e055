using WalkTalk.Gateway.Web;
using WalkTalk.ServiceDefaults;
using Yarp.ReverseProxy.Configuration;

namespace WalkTalk.Gateway.Entry;

/// <summary>One route and one cluster for each service that is deployed elsewhere; those of this process are mapped directly.</summary>
internal static class ServiceRoutes
{
    public static void AddServiceRoutes(this WebApplicationBuilder builder)
    {
        builder.Services.AddReverseProxy();
        builder.Services.AddSingleton<IProxyConfigProvider>(services =>
        {
            var local = services.GetRequiredService<LocalServices>().Names;
            var directory = services.GetRequiredService<ServiceDirectory>();
            var remote = directory.Names.Where(name => !local.Contains(name)).ToList();
            return new InMemoryConfigProvider([.. remote.SelectMany(Routes)], [.. remote.Select(name => Cluster(name, directory.AddressesOf(name)))]);
        });
    }

    internal static IEnumerable<RouteConfig> Routes(string name) =>
    [
        new RouteConfig
        {
            RouteId = name, ClusterId = name, Match = new RouteMatch { Path = $"/api/{name}/v1/{{**rest}}" },
            Transforms = [Transform("PathRemovePrefix", $"/api/{name}"), Transform("RequestHeaderRemove", "Cookie")],
        },
        // Here alone more comes in than text: refused by its length before a byte of it is read.
        .. name != "feedback" ? Array.Empty<RouteConfig>() : [new RouteConfig
        {
            RouteId = name + "-photos", ClusterId = name, Match = new RouteMatch { Path = $"/api/{name}/v1/{{force}}/photos", Methods = [HttpMethods.Post] }, MaxRequestBodySize = 2 * Pages.Feedback.PhotoSending.MaxBytes,
            Transforms = [Transform("PathRemovePrefix", $"/api/{name}"), Transform("RequestHeaderRemove", "Cookie")],
        }],
        new RouteConfig
        {
            RouteId = name + "-openapi", ClusterId = name, Match = new RouteMatch { Path = $"/openapi/{name}.json", Methods = [HttpMethods.Get] },
            Transforms = [Transform("RequestHeaderRemove", "Cookie")],
        },
    ];

    internal static ClusterConfig Cluster(string name, IReadOnlyList<Uri> addresses) => new()
    {
        ClusterId = name,
        Destinations = addresses.Select((address, index) => (address, index)).ToDictionary(d => $"{name}-{d.index}", d => new DestinationConfig { Address = d.address.ToString() }),
        // One address alone is asked whatever its health says: there is no other.
        HealthCheck = addresses.Count < 2 ? null : new HealthCheckConfig
        {
            Active = new ActiveHealthCheckConfig { Enabled = true, Path = "/health", Interval = TimeSpan.FromSeconds(5), Timeout = TimeSpan.FromSeconds(3), Policy = "ConsecutiveFailures" },
            Passive = new PassiveHealthCheckConfig { Enabled = true, Policy = "TransportFailureRate", ReactivationPeriod = TimeSpan.FromSeconds(10) },
        },
    };

    private static Dictionary<string, string> Transform(string name, string value) => new() { [name] = value };
}
