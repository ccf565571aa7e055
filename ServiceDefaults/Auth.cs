using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.ServiceDefaults;

/// <summary>Staff bearer tokens, checked by every service against Auth:Authority.</summary>
public static class Auth
{
    /// <summary>The scheme of staff tokens.</summary>
    public const string Bearer = JwtBearerDefaults.AuthenticationScheme;

    /// <summary>The audience a token must be issued for.</summary>
    public const string Audience = "walktalk";

    /// <summary>The scheme of one service calling another.</summary>
    internal const string Service = "Service";

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
            var handler = options.TokenHandlers.Single();
            options.TokenHandlers.Clear();
            options.TokenHandlers.Add(new KnownTokens(handler));
        });
        builder.Services.AddSingleton<ServiceTokens>();
        builder.Services.AddAuthentication().AddJwtBearer(Service, _ => { });
        builder.Services.AddOptions<JwtBearerOptions>(Service).Configure<ServiceTokens>((options, tokens) =>
        {
            options.MapInboundClaims = false;
            options.TokenValidationParameters = tokens.Validation;
        });
        // An endpoint that says nothing about its callers has none; what is no route is the framework's own 405 or 415.
        builder.Services.AddAuthorizationBuilder().SetFallbackPolicy(
            new AuthorizationPolicyBuilder(Bearer).RequireAssertion(context => context.Resource is HttpContext http && http.GetEndpoint() is not RouteEndpoint).Build());
    }
}

/// <summary>
/// A token that was found good stands for five seconds, known by its hash: its signature costs more than all else about most requests. One that was found
/// bad is looked at each time.
/// </summary>
internal sealed class KnownTokens(TokenHandler handler) : TokenHandler, IDisposable
{
    private static readonly TimeSpan Stands = TimeSpan.FromSeconds(5);
    private readonly MemoryCache known = new(new MemoryCacheOptions { SizeLimit = 10_000 });

    public override async Task<TokenValidationResult> ValidateTokenAsync(string token, TokenValidationParameters validationParameters)
    {
        var key = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        if (known.TryGetValue(key, out TokenValidationResult? before))
        {
            return before!;
        }

        var result = await handler.ValidateTokenAsync(token, validationParameters);
        if (result.IsValid)
        {
            known.Set(key, result, new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = Stands, Size = 1 });
        }

        return result;
    }

    public override SecurityToken ReadToken(string token) => handler.ReadToken(token);

    public void Dispose() => known.Dispose();
}

/// <summary>By which one service proves to another that it is of the same deployment: a JWT of five minutes, signed with a key derived from the one they share (Protection:TransitKey).</summary>
internal sealed class ServiceTokens(Keys keys, TimeProvider time)
{
    private const string Issuer = "walktalk-service";
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5), Skew = TimeSpan.FromSeconds(30);

    private SymmetricSecurityKey Key => new(keys.Between);

    /// <summary>A token for one force.</summary>
    public string Of(string service, string force) => new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
    {
        Issuer = Issuer,
        Audience = Auth.Audience,
        Claims = new Dictionary<string, object> { ["sub"] = service, ["role"] = "service", ["force"] = force },
        Expires = (time.GetUtcNow() + Lifetime).UtcDateTime,
        SigningCredentials = new SigningCredentials(Key, SecurityAlgorithms.HmacSha256),
    });

    public TokenValidationParameters Validation => new()
    {
        ValidIssuer = Issuer,
        ValidAudience = Auth.Audience,
        ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
        IssuerSigningKeyResolver = (_, _, _, _) => [Key],
        NameClaimType = "sub",
        RoleClaimType = "role",
        LifetimeValidator = (_, expires, _, _) => expires is { } end && time.GetUtcNow() < new DateTimeOffset(end, TimeSpan.Zero) + Skew
            && time.GetUtcNow() > new DateTimeOffset(end, TimeSpan.Zero) - Lifetime - Skew,
    };
}
