using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Fixtures;

/// <summary>Issues staff tokens of the platform's form, signed with a key of its own (ES256).</summary>
public sealed class TestIssuer
{
    private const string Issuer = "https://issuer.test";
    private readonly ECDsaSecurityKey key = new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = "test" };

    /// <summary>Makes a service trust this issuer instead of Auth:Authority. Everything else of its token check stays.</summary>
    public void Trust(JwtBearerOptions options)
    {
        options.Authority = null;
        var configuration = new OpenIdConnectConfiguration { Issuer = Issuer };
        configuration.SigningKeys.Add(key);
        options.ConfigurationManager = new StaticConfigurationManager<OpenIdConnectConfiguration>(configuration);
        options.TokenValidationParameters.ValidIssuer = Issuer;
    }

    /// <summary>A token; it is valid whatever a test's clock says.</summary>
    public string Token(string sub, IEnumerable<string> roles, IEnumerable<string> forces) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = Auth.Audience,
            TokenType = "at+jwt",
            NotBefore = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc),
            Expires = new DateTime(2100, 1, 1, 0, 0, 0, DateTimeKind.Utc),
            Claims = new Dictionary<string, object> { ["sub"] = sub, ["role"] = roles.ToArray(), ["force"] = forces.ToArray() },
            SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.EcdsaSha256),
        });
}
