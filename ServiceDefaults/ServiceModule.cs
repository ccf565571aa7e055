using WalkTalk.ServiceDefaults.Messaging;

namespace WalkTalk.ServiceDefaults;

/// <summary>One service as data: any process hosts any set of them.</summary>
/// <param name="Name">Lower case, as in its address and queue: booking.</param>
/// <param name="Add">Registers what the service needs.</param>
/// <param name="AddConsumers">Names the messages it consumes.</param>
/// <param name="Map">Maps its use cases below /v1/{force}.</param>
public sealed record ServiceModule(
    string Name, Action<WebApplicationBuilder> Add, Action<Consumers> AddConsumers, Action<IEndpointRouteBuilder> Map)
{
    /// <summary>True for the gateway: it is mapped at the root, may stand beside any services, and cannot be left out by --services.</summary>
    public bool IsEntry { get; init; }

    /// <summary>Middleware of the gateway, before authentication. A service has none: what holds for all stands in ServiceHost.</summary>
    public Action<WebApplication>? Use { get; init; }
}
