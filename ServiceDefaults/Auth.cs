using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;

namespace WalkTalk.ServiceDefaults;

/// <summary>Staff bearer tokens, checked by every service against Auth:Authority.</summary>
public static class Auth
{
    /// <summary>The scheme of staff tokens.</summary>
    public const string Bearer = JwtBearerDefaults.AuthenticationScheme;

    /// <summary>The audience a token must be issued for.</summary>
    public const string Audience = "walktalk";

    internal static void AddStaffTokens(this WebApplicationBuilder builder)
    {
        // Auth:Authority may be set after the start (one process on a free port), so it is read when the first token is checked.
        builder.Services.AddAuthentication(Bearer).AddJwtBearer();
        builder.Services.AddOptions<JwtBearerOptions>(Bearer).Configure<IConfiguration>((options, configuration) =>
        {
            options.Authority = configuration["Auth:Authority"];
            options.RequireHttpsMetadata = configuration.GetValue("Auth:RequireHttps", false);
            options.Audience = Audience;
            options.MapInboundClaims = false;
            options.TokenValidationParameters.NameClaimType = "sub";
            options.TokenValidationParameters.RoleClaimType = "role";
            options.TokenValidationParameters.ValidTypes = ["at+jwt", "JWT"];
            options.TokenValidationParameters.ClockSkew = TimeSpan.FromSeconds(30);
        });
        // An endpoint that says nothing about its callers has none; what is no route is the framework's own 405 or 415.
        builder.Services.AddAuthorizationBuilder().SetFallbackPolicy(
            new AuthorizationPolicyBuilder(Bearer).RequireAssertion(context => context.Resource is HttpContext http && http.GetEndpoint() is not RouteEndpoint).Build());
    }
}
