using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection.Extensions;
using WalkTalk.ForcePacks;
using WalkTalk.Gateway.Components;
using WalkTalk.Gateway.Web;

namespace WalkTalk.Gateway;

/// <summary>The one entry of the platform: pages, sign-in and the way to the services.</summary>
public static class GatewayService
{
    public static void Add(WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddRazorComponents();
        services.AddHttpContextAccessor();
        services.AddLanguages();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(_ => ForcePackCatalogue.Load(builder.Configuration["ForcePacks:Folder"] ?? ForcePackCatalogue.DefaultFolder));
        services.AddSingleton<ServiceDirectory>();
        services.AddScoped<Services>();
        services.AddHttpClient("services", http => http.Timeout = TimeSpan.FromSeconds(20));
        services.AddAuthentication("session").AddCookie("session");
        services.AddAuthorizationBuilder().AddPolicy("staff", policy => policy.AddAuthenticationSchemes("session").RequireAuthenticatedUser());
    }

    public static void Use(WebApplication app)
    {
        app.UseLanguages();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapAssets();
        routes.MapRazorComponents<Routes>().Add(endpoint =>
        {
            // A page that names nobody is for everybody; the fallback policy would close it.
            if (!endpoint.Metadata.OfType<IAuthorizeData>().Any())
            {
                endpoint.Metadata.Add(new AllowAnonymousAttribute());
            }
        });
    }
}
