using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection.Extensions;
using WalkTalk.ForcePacks;
using WalkTalk.Gateway.Components;
using WalkTalk.Gateway.Data;
using WalkTalk.Gateway.Entry;
using WalkTalk.Gateway.Pages.Walks;
using WalkTalk.Gateway.SignIn;
using WalkTalk.Gateway.Web;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Gateway;

/// <summary>The one entry of the platform: pages, sign-in, and the way to the services.</summary>
public static class GatewayService
{
    /// <summary>The module a host runs.</summary>
    public static ServiceModule Module { get; } = new(GatewayDb.Name, Add, _ => { }, Map) { IsEntry = true, Use = Use };

    private static void Add(WebApplicationBuilder builder)
    {
        var packs = ForcePackCatalogue.Load(builder.Configuration["ForcePacks:Folder"] ?? ForcePackCatalogue.DefaultFolder);
        builder.AddForces(packs.Ids, packs.Hash);
        builder.Services.TryAddSingleton(packs);
        builder.AddServiceDb<GatewayDb, SqliteGatewayDb, PostgresGatewayDb>(GatewayDb.Name, Seed);
        builder.AddStaffSignIn();
        if (StaffSignIn.IsBuiltIn(builder.Configuration))
        {
            builder.AddIssuer();
            builder.Services.AddSingleton<FirstAdministrator>();
            builder.Services.AddHostedService(services => services.GetRequiredService<FirstAdministrator>());
        }
        builder.AddServiceRoutes();
        builder.AddRateLimits();
        builder.Services.AddSameForEverybody();

        var services = builder.Services;
        services.AddRazorComponents();
        // A photo is in memory until it is handed on: no disk holds it with the place it was taken at. No page but those that say so takes more than Limits:BodyBytes.
        services.Configure<Microsoft.AspNetCore.Http.Features.FormOptions>(form => form.MemoryBufferThreshold = (int)Pages.Feedback.PhotoSending.PageBytes);
        services.AddHttpContextAccessor();
        services.AddLanguages();
        services.AddSingleton<ServiceDirectory>();
        services.AddSingleton<DeployedServices>();
        services.AddScoped<Web.Services>();
        services.AddHttpClient("services", http => http.Timeout = TimeSpan.FromSeconds(20));
        var origins = builder.Configuration.GetSection("Cors:Origins").Get<string[]>() ?? [];
        services.AddCors(cors => cors.AddDefaultPolicy(policy => policy.WithOrigins(origins).AllowAnyHeader().AllowAnyMethod().WithExposedHeaders("ETag", "Location")));
    }

    private static void Use(WebApplication app)
    {
        app.UseSecurityHeaders();
        app.UseLanguages();
        app.UsePageErrors();
        app.UseRateLimiter();
        app.UseCors();
        app.UseSessionBearer();
    }

    private static void Map(IEndpointRouteBuilder routes)
    {
        // After authentication: the issuer's answer comes back to an address that looks like a force.
        var app = (WebApplication)routes;
        app.UsePageWalls();
        app.UseOutputCache();
        app.UseTooLargeForms();
        app.UseAntiforgery();
        routes.MapAssets();
        routes.MapQuickExit();
        routes.MapCalendarFile();
        routes.MapSignOut();
        if (StaffSignIn.IsBuiltIn(routes.ServiceProvider.GetRequiredService<IConfiguration>()))
        {
            routes.MapIssuer();
        }
        DeployedServices.Map(routes);
        routes.MapReverseProxy().AllowAnonymous();
        // What nothing else matches is simply not there: without an endpoint the fallback policy would ask for a sign-in.
        routes.Map("/{**rest}", http => { http.Response.StatusCode = StatusCodes.Status404NotFound; return Task.CompletedTask; }).WithOrder(int.MaxValue).AllowAnonymous();
        routes.MapRazorComponents<Routes>().Add(endpoint =>
        {
            // A page that names nobody is for everybody; the fallback policy would close it.
            if (!endpoint.Metadata.OfType<IAuthorizeData>().Any())
            {
                endpoint.Metadata.Add(new AllowAnonymousAttribute());
            }
        });
    }

    private static Task Seed(IServiceProvider services, GatewayDb db, CancellationToken stop)
    {
        var configuration = services.GetRequiredService<IConfiguration>();
        return configuration.GetValue("Demo:Enabled", false) && StaffSignIn.IsBuiltIn(configuration) ? DemoSignIns.Seed(services, stop) : Task.CompletedTask;
    }
}
