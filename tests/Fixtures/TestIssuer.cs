using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Fixtures;

/// <summary>Issues staff tokens of the platform's form, signed with a key of its own (ES256).</summary>
/// <param name="issuer">Its name, an address where somebody has to fetch its keys.</param>
public sealed class TestIssuer(string issuer = "https://issuer.test")
{
    private readonly ECDsaSecurityKey key = new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = "test" };

    /// <summary>The public half of the key as a JSON Web Key, for an issuer that hands it out.</summary>
    public object PublicKey
    {
        get
        {
            var point = key.ECDsa.ExportParameters(includePrivateParameters: false).Q;
            return new { kty = "EC", crv = "P-256", use = "sig", alg = "ES256", kid = key.KeyId, x = Base64UrlEncoder.Encode(point.X), y = Base64UrlEncoder.Encode(point.Y) };
        }
    }

    /// <summary>Makes a service trust this issuer instead of Auth:Authority. Everything else of its token check stays.</summary>
    public void Trust(JwtBearerOptions options)
    {
        options.Authority = null;
        var configuration = new OpenIdConnectConfiguration { Issuer = issuer };
        configuration.SigningKeys.Add(key);
        options.ConfigurationManager = new StaticConfigurationManager<OpenIdConnectConfiguration>(configuration);
        options.TokenValidationParameters.ValidIssuer = issuer;
    }

    /// <summary>A token; it is valid whatever a test's clock says.</summary>
    public string Token(string sub, IEnumerable<string> roles, IEnumerable<string> forces) =>
        Token(Auth.Audience, "at+jwt", new() { ["sub"] = sub, ["role"] = roles.ToArray(), ["force"] = forces.ToArray() });

    /// <summary>A token for whomever, such as the one that tells a client who has signed in.</summary>
    public string Token(string audience, string type, Dictionary<string, object> claims) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer,
            Audience = audience,
            TokenType = type,
            IssuedAt = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc),
            NotBefore = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc),
            Expires = new DateTime(2100, 1, 1, 0, 0, 0, DateTimeKind.Utc),
            Claims = claims,
            SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.EcdsaSha256),
        });
}
