using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;
using WalkTalk.ForcePacks;
using WalkTalk.Gateway.Data;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace WalkTalk.Gateway.SignIn;

/// <summary>
/// The issuer for pilots and development. It keeps no tokens: codes live a minute and are bound to the client's PKCE verifier,
/// refresh tokens are checked against the person's security stamp, and its keys are derived from the master key, so that replicas agree.
/// </summary>
internal static class Issuer
{
    public const string Client = "walktalk-web";
    public const string AuthorizePath = "/connect/authorize";

    /// <summary>That a person proved to the issuer who she is; ends with the browser.</summary>
    public const string Proof = "issuer";

    /// <summary>That she gave the right password in this browser, and nothing more yet.</summary>
    public const string PasswordOnly = "issuer-password";

    /// <summary>The key that this browser shows her, until a code of it makes it hers.</summary>
    public const string NewKey = "issuer-new-key";

    private const string Stamp = "stamp";

    public static void AddIssuer(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        foreach (var (scheme, cookie, minutes) in new[] { (Proof, "walktalk-issuer", 10), (PasswordOnly, "walktalk-password", 10), (NewKey, "walktalk-new-key", 15) })
        {
            services.AddAuthentication().AddCookie(scheme, options =>
            {
                options.Cookie.Name = cookie;
                options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
                options.ExpireTimeSpan = TimeSpan.FromMinutes(minutes);
                options.SlidingExpiration = false;
                options.LoginPath = "/sign-in";
                options.ReturnUrlParameter = "to";
            });
        }
        services.AddScoped<Tries>();
        services.AddScoped<SecondFactor>();
        services.AddIdentityCore<StaffUser>(options =>
        {
            options.Password.RequiredLength = 12;
            options.Password.RequireDigit = options.Password.RequireLowercase = options.Password.RequireUppercase = options.Password.RequireNonAlphanumeric = false;
            options.Lockout.MaxFailedAccessAttempts = 5;
            options.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(10);
        }).AddEntityFrameworkStores<GatewayDb>();

        services.AddOpenIddict().AddServer(server =>
        {
            server.EnableDegradedMode();
            server.SetAuthorizationEndpointUris(AuthorizePath).SetTokenEndpointUris("/connect/token").SetEndSessionEndpointUris("/connect/end");
            server.AllowAuthorizationCodeFlow().AllowRefreshTokenFlow().RequireProofKeyForCodeExchange();
            server.RegisterScopes(Scopes.OpenId, Scopes.Profile, Scopes.OfflineAccess, Auth.Audience);
            server.SetAuthorizationCodeLifetime(TimeSpan.FromMinutes(1)).SetAccessTokenLifetime(TimeSpan.FromMinutes(10)).SetRefreshTokenLifetime(TimeSpan.FromHours(8));
            // Services check the signature alone; nothing in the token is secret from its bearer.
            server.DisableAccessTokenEncryption();
            server.UseAspNetCore().EnableAuthorizationEndpointPassthrough().EnableTokenEndpointPassthrough().EnableEndSessionEndpointPassthrough().DisableTransportSecurityRequirement();
            server.AddEventHandler<OpenIddictServerEvents.ValidateAuthorizationRequestContext>(handler => handler.UseInlineHandler(OnlyOurselves));
            server.AddEventHandler<OpenIddictServerEvents.ValidateTokenRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                if (context.ClientId != Client)
                {
                    context.Reject(Errors.InvalidClient, "This client is not known here.");
                }
                return default;
            }));
            server.AddEventHandler<OpenIddictServerEvents.ValidateEndSessionRequestContext>(handler => handler.UseInlineHandler(_ => default));
        });
        services.AddOptions<OpenIddictServerOptions>().Configure<Keys, IConfiguration>((options, keys, configuration) =>
        {
            options.Issuer = configuration["Auth:Authority"] is { Length: > 0 } address ? new Uri(address) : null;
            options.SigningCredentials.Add(new SigningCredentials(SigningKey(keys), SecurityAlgorithms.EcdsaSha256));
            var encryption = new SymmetricSecurityKey(keys.Of("gateway", "issuer-encryption"));
            options.EncryptionCredentials.Add(new EncryptingCredentials(encryption, SecurityAlgorithms.Aes256KW, SecurityAlgorithms.Aes256CbcHmacSha512));
        });
    }

    public static void MapIssuer(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods(AuthorizePath, [HttpMethods.Get, HttpMethods.Post], Authorize).Public().ExcludeFromDescription().DisableAntiforgery();
        routes.MapPost("/connect/token", Exchange).Public().ExcludeFromDescription().DisableAntiforgery();
    }

    /// <summary>The one client is this gateway, at the address the browser knows: a code goes nowhere else.</summary>
    private static ValueTask OnlyOurselves(OpenIddictServerEvents.ValidateAuthorizationRequestContext context)
    {
        var request = context.Transaction.GetHttpRequest()!;
        if (context.ClientId != Client)
        {
            context.Reject(Errors.InvalidClient, "This client is not known here.");
        }
        else if (context.RedirectUri != $"{request.Scheme}://{request.Host}/signin-oidc")
        {
            context.Reject(Errors.InvalidRequest, "The redirect leads elsewhere.");
        }
        return default;
    }

    /// <summary>Remembers in this browser what she has proved. It is worth nothing once her account changed.</summary>
    public static Task Remember(this HttpContext http, string scheme, StaffUser user, params Claim[] more) =>
        http.SignInAsync(scheme, new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", user.Id), new Claim(Stamp, user.SecurityStamp!), .. more], scheme)));

    /// <summary>Of whom this browser remembers it; null when that was too long ago or her account changed.</summary>
    public static async Task<StaffUser?> Remembered(this HttpContext http, string scheme, UserManager<StaffUser> users) =>
        (await http.AuthenticateAsync(scheme)).Principal is { } said && await users.FindByIdAsync(said.FindFirstValue("sub")!) is { Active: true } user && user.SecurityStamp == said.FindFirstValue(Stamp) ? user : null;

    /// <summary>A new key for her app, known to this browser alone until she has confirmed it.</summary>
    public static async Task<byte[]> RememberNewKey(this HttpContext http, StaffUser user)
    {
        var key = Totp.NewKey();
        await http.Remember(NewKey, user, new Claim("key", Convert.ToBase64String(key)));
        return key;
    }

    /// <summary>The key this browser shows her; null when there is none or her account changed since.</summary>
    public static async Task<byte[]?> NewKeyOf(this HttpContext http, StaffUser user, UserManager<StaffUser> users) =>
        (await http.Remembered(NewKey, users))?.Id == user.Id ? Convert.FromBase64String((await http.AuthenticateAsync(NewKey)).Principal!.FindFirstValue("key")!) : null;

    /// <summary>Where she goes once she has proved who she is: on to what she wanted, and nowhere but here.</summary>
    public static string After(string? to, StaffUser user, ForcePackCatalogue packs) =>
        to is not null && to.StartsWith(AuthorizePath, StringComparison.Ordinal) ? to : $"/{HomeOf(user, packs)}/staff";

    /// <summary>To the password once more, because what this browser proved is no longer worth anything.</summary>
    public static string Again(string? to) => "/sign-in" + QueryString.Create("late", "true").Add("to", to ?? "");

    /// <summary>The force that stands for her where no path says one.</summary>
    public static string HomeOf(StaffUser user, ForcePackCatalogue packs) => user.Forces.FirstOrDefault() ?? packs.Ids[0];

    private static async Task<IResult> Authorize(HttpContext http, UserManager<StaffUser> users, SecondFactor second)
    {
        if (await http.Remembered(Proof, users) is not { } user || !second.Suffices(user))
        {
            var form = http.Request.HasFormContentType ? http.Request.Form.Select(p => KeyValuePair.Create(p.Key, p.Value)) : http.Request.Query;
            return Results.Challenge(new AuthenticationProperties { RedirectUri = AuthorizePath + QueryString.Create(form) }, [Proof]);
        }
        var request = http.GetOpenIddictServerRequest()!;
        return Results.SignIn(Principal(user, request.GetScopes()), null, OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }

    private static async Task<IResult> Exchange(HttpContext http, UserManager<StaffUser> users, SecondFactor second)
    {
        var presented = (await http.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme)).Principal;
        var user = presented?.GetClaim(Claims.Subject) is { } sub ? await users.FindByIdAsync(sub) : null;
        return user is { Active: true } && user.SecurityStamp == presented!.GetClaim(Stamp) && second.Suffices(user)
            ? Results.SignIn(Principal(user, presented!.GetScopes()), null, OpenIddictServerAspNetCoreDefaults.AuthenticationScheme)
            : Results.Forbid(new AuthenticationProperties(new Dictionary<string, string?> { [OpenIddictServerAspNetCoreConstants.Properties.Error] = Errors.InvalidGrant }),
                [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);
    }

    private static ClaimsPrincipal Principal(StaffUser user, IEnumerable<string> scopes)
    {
        var identity = new ClaimsIdentity(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme, Claims.Name, Claims.Role);
        identity.SetClaim(Claims.Subject, user.Id).SetClaim(Claims.Name, user.Name).SetClaim(Stamp, user.SecurityStamp);
        identity.SetClaims(Claims.Role, [.. user.Roles]).SetClaims("force", [.. user.Forces]);
        var principal = new ClaimsPrincipal(identity);
        principal.SetScopes(scopes);
        principal.SetAudiences(Auth.Audience);
        principal.SetDestinations(claim => claim.Type switch
        {
            Stamp => [],
            Claims.Name => [Destinations.IdentityToken],
            _ => [Destinations.AccessToken, Destinations.IdentityToken],
        });
        return principal;
    }

    // Any 32 bytes below the order of P-256 are a private key; a derived value at or above it is as likely as a collision of the hash.
    private static ECDsaSecurityKey SigningKey(Keys keys)
    {
        var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = keys.Of("gateway", "issuer-signing") });
        var point = key.ExportParameters(false).Q;
        return new ECDsaSecurityKey(key) { KeyId = Convert.ToHexStringLower(SHA256.HashData([.. point.X!, .. point.Y!]))[..16] };
    }
}
