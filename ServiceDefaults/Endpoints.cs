using Microsoft.AspNetCore.Authorization;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.ServiceDefaults;

/// <summary>Who may call an endpoint: empty roles mean everybody. Every endpoint carries one; a test fails otherwise.</summary>
public sealed record EndpointAccess(params string[] Roles);

/// <summary>The service an endpoint belongs to.</summary>
internal sealed record EndpointService(string Name);

/// <summary>What a use case says about itself when it is mapped.</summary>
public static class EndpointExtensions
{
    /// <summary>Only signed-in staff who hold one of the roles and the force of the path.</summary>
    public static TBuilder Staff<TBuilder>(this TBuilder endpoint, params string[] roles) where TBuilder : IEndpointConventionBuilder
    {
        ArgumentOutOfRangeException.ThrowIfZero(roles.Length);
        return endpoint.Only(Auth.Bearer, roles);
    }

    /// <summary>Only the other services of the deployment.</summary>
    internal static TBuilder Services<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder => endpoint.Only(Auth.Service, "service");

    private static TBuilder Only<TBuilder>(this TBuilder endpoint, string scheme, params string[] roles) where TBuilder : IEndpointConventionBuilder
    {
        var policy = new AuthorizationPolicyBuilder(scheme).RequireAuthenticatedUser().RequireAssertion(context =>
            roles.Any(context.User.IsInRole)
            && context.Resource is HttpContext { Request.RouteValues: var route }
            && (route["force"] is not string force || context.User.HasClaim("force", force))).Build();
        return endpoint.RequireAuthorization(policy).WithMetadata(new EndpointAccess(roles));
    }

    /// <summary>Everybody; what the caller may see is decided by a secret she brings, or it is public.</summary>
    public static TBuilder Public<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder =>
        endpoint.AllowAnonymous().WithMetadata(new EndpointAccess());

    /// <summary>Honours Idempotency-Key: the same key and body give the same answer once.</summary>
    public static TBuilder Idempotent<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder =>
        endpoint.AddEndpointFilter<TBuilder, Idempotency>();

    internal static RouteGroupBuilder ForceGroup(this IEndpointRouteBuilder app, string prefix, string service) =>
        app.MapGroup(prefix + "/v1/{force}").WithMetadata(new EndpointService(service)).WithGroupName(service).AddEndpointFilter<ForceScope>();
}

/// <summary>How an endpoint says that there is no such force, where its callers read another form than a problem.</summary>
public sealed record UnknownForceAnswer(Func<HttpContext, Refusal, IResult> Of);

/// <summary>Binds the request to the force of its path and to its caller, and saves the reads that were audited on the way.</summary>
internal sealed class ForceScope(KnownForces forces, ILogger<ForceScope> log) : IEndpointFilter
{
    private static readonly Refusal UnknownForce = new("unknown-force", 404, "There is no such force here", Field: "force");

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var force = (string)http.Request.RouteValues["force"]!;
        if (!forces.Ids.Contains(force))
        {
            var unknown = UnknownForce with { Detail = $"Known forces: {string.Join(", ", forces.Ids.Order())}." };
            return http.GetEndpoint()?.Metadata.GetMetadata<UnknownForceAnswer>() is { } own ? own.Of(http, unknown) : unknown;
        }

        var caller = http.RequestServices.GetRequiredService<Caller>();
        caller.Force = force;
        caller.SignIn(http.User);

        var result = await next(context);
        if (caller.HasAudited && http.GetEndpoint()?.Metadata.GetMetadata<EndpointService>() is { } service
            && http.RequestServices.GetKeyedService<ServiceDb>(service.Name) is { } db)
        {
            await db.SaveReads(http.RequestAborted);
        }

        if (result is Refusal refusal)
        {
            log.Refused(refusal.Type, http.GetEndpoint()?.DisplayName ?? "");
        }

        return result;
    }
}

internal static partial class EndpointLog
{
    [LoggerMessage(EventId = 1001, EventName = "Refused", Level = LogLevel.Information, Message = "Refused {Refusal} at {Endpoint}")]
    public static partial void Refused(this ILogger log, string refusal, string endpoint);
}
