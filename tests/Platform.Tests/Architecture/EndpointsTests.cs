using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Platform.Tests.Architecture;

/// <summary>Every door of the platform says who may pass it.</summary>
public sealed class EndpointsTests : IClassFixture<WholePlatform>
{
    private readonly IReadOnlyList<RouteEndpoint> endpoints;

    public EndpointsTests(WholePlatform platform) => endpoints = platform.Endpoints;

    private static string Name(RouteEndpoint e) => $"{e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods[0]} {e.RoutePattern.RawText}";

    private IEnumerable<RouteEndpoint> OfServices => endpoints.Where(e => e.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal) && e.RoutePattern.RawText.Contains("/v1/", StringComparison.Ordinal));

    [Fact]
    public void There_are_endpoints_to_look_at() => Assert.InRange(OfServices.Count(), 40, 1000);

    [Fact]
    public void Every_endpoint_of_a_service_says_who_may_call_it() =>
        Assert.Empty(OfServices.Where(e => e.Metadata.GetMetadata<EndpointAccess>() is null).Select(Name));

    [Fact]
    public void What_is_for_staff_has_a_policy_and_what_is_public_says_so() =>
        Assert.Empty(OfServices.Where(e => e.Metadata.GetMetadata<EndpointAccess>() is { } access
            && (access.Roles.Length == 0) != (e.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            || (e.Metadata.GetMetadata<EndpointAccess>()?.Roles.Length > 0 && e.Metadata.GetMetadata<AuthorizationPolicy>() is null)).Select(Name));

    [Fact]
    public void Every_endpoint_of_a_service_belongs_to_a_force() =>
        Assert.Empty(OfServices.Where(e => !e.RoutePattern.RawText!.Contains("/v1/{force}", StringComparison.Ordinal)).Select(Name));

    [Fact]
    public void Every_role_is_one_the_product_knows() =>
        Assert.Empty(OfServices.SelectMany(e => e.Metadata.GetMetadata<EndpointAccess>()?.Roles ?? [])
            .Except(["officer", "coordinator", "safeguarding", "standards", "analyst", "oversight", "administrator", "operator", "service"]));

    [Fact]
    public void Every_other_address_is_open_or_closed_on_purpose() =>
        Assert.Empty(endpoints.Where(e => e.Metadata.GetMetadata<IAllowAnonymous>() is null && e.Metadata.GetMetadata<IAuthorizeData>() is null && e.Metadata.GetMetadata<AuthorizationPolicy>() is null).Select(Name));
}

/// <summary>All services and the gateway in one process, built but not started.</summary>
public sealed class WholePlatform : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("walktalk-whole-").FullName;
    private readonly WebApplication app;

    public WholePlatform()
    {
        app = ServiceHost.Build(["--environment=Test", $"--Data={folder}"], null, Modules);
        Endpoints = [.. ((IEndpointRouteBuilder)app).DataSources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()];
    }

    public static ServiceModule[] Modules =>
        [Gateway.GatewayService.Module, Booking.BookingService.Module, Feedback.FeedbackService.Module, Notification.NotificationService.Module, Reporting.ReportingService.Module];

    public IReadOnlyList<RouteEndpoint> Endpoints { get; }

    public IServiceProvider Services => app.Services;

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
