using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Gateway.SignIn;

/// <summary>
/// Staff sign in by OpenID Connect (code flow with PKCE) at the built-in issuer, or at the one that Auth:Authority, Auth:ClientId and
/// Auth:ClientSecret name. The browser gets a session cookie, the services a bearer token.
/// </summary>
internal static class StaffSignIn
{
    /// <summary>The browser's session.</summary>
    public const string Session = "session";

    /// <summary>The code flow.</summary>
    public const string Oidc = "oidc";

    private const string ByPath = "by-path";

    /// <summary>A force's own provider is set by its client id; otherwise the built-in issuer signs people in.</summary>
    public static bool IsBuiltIn(IConfiguration configuration) => string.IsNullOrEmpty(configuration["Auth:ClientId"]);

    public static void AddStaffSignIn(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<IDataProtectionProvider, MasterKeyProtection>();
        services.AddSingleton<SessionStore>();
        services.AddSingleton<Authority>();
        services.AddSingleton<TokenRefresh>();
        services.Configure<AuthenticationOptions>(options => options.DefaultScheme = options.DefaultAuthenticateScheme = options.DefaultChallengeScheme = ByPath);
        services.AddAuthentication()
            .AddPolicyScheme(ByPath, null, options => options.ForwardDefaultSelector = http => http.IsApi() ? Auth.Bearer : Session)
            .AddCookie(Session, options =>
            {
                options.Cookie.Name = "walktalk-session";
                options.Cookie.SameSite = SameSiteMode.Lax;
                options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
                options.ExpireTimeSpan = TimeSpan.FromHours(8);
                options.ForwardChallenge = Oidc;
                options.Events.OnRedirectToAccessDenied = context =>
                {
                    context.Response.StatusCode = StatusCodes.Status403Forbidden;
                    return Task.CompletedTask;
                };
                options.Events.OnValidatePrincipal = context => context.HttpContext.RequestServices.GetRequiredService<TokenRefresh>().Refresh(context);
            })
            .AddOpenIdConnect(Oidc, _ => { });
        services.AddOptions<CookieAuthenticationOptions>(Session).Configure<SessionStore>((options, store) => options.SessionStore = store);
        services.AddOptions<OpenIdConnectOptions>(Oidc).Configure<Authority, IConfiguration>(Configure);
        services.AddAuthorizationBuilder().AddPolicy("staff", policy => policy.RequireAuthenticatedUser().RequireAssertion(HoldsForce));
    }

    private static void Configure(OpenIdConnectOptions options, Authority authority, IConfiguration configuration)
    {
        var builtIn = IsBuiltIn(configuration);
        options.ConfigurationManager = authority;
        options.RequireHttpsMetadata = configuration.GetValue("Auth:RequireHttps", false);
        options.ClientId = builtIn ? Issuer.Client : configuration["Auth:ClientId"];
        options.ClientSecret = builtIn ? null : configuration["Auth:ClientSecret"];
        options.SignInScheme = Session;
        options.ResponseType = OpenIdConnectResponseType.Code;
        // The other modes need a script to post the form.
        options.ResponseMode = OpenIdConnectResponseMode.Query;
        options.UsePkce = true;
        options.SaveTokens = true;
        options.MapInboundClaims = false;
        options.GetClaimsFromUserInfoEndpoint = false;
        options.TokenValidationParameters.NameClaimType = "name";
        options.TokenValidationParameters.RoleClaimType = "role";
        options.Scope.Add("offline_access");
        options.Scope.Add(Auth.Audience);
        options.NonceCookie.SameSite = options.CorrelationCookie.SameSite = SameSiteMode.Lax;
        options.NonceCookie.SecurePolicy = options.CorrelationCookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.Events.OnRedirectToIdentityProvider = context =>
        {
            if (builtIn)
            {
                // The issuer is this gateway, by whatever name the browser knows it.
                context.ProtocolMessage.IssuerAddress = $"{context.Request.Scheme}://{context.Request.Host}{Issuer.AuthorizePath}";
            }
            return Task.CompletedTask;
        };
        options.Events.OnRemoteFailure = context =>
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.HandleResponse();
            return Task.CompletedTask;
        };
    }

    // Role and force: neither is worth anything without the other.
    private static bool HoldsForce(AuthorizationHandlerContext context) =>
        context.Resource is HttpContext http && (http.Request.RouteValues["Force"] is not string force || context.User.HasClaim("force", force));

    public static bool IsApi(this HttpContext http) =>
        http.Request.Path.StartsWithSegments("/api") || http.Request.Path.StartsWithSegments("/openapi");
}
