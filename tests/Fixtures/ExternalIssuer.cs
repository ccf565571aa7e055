using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace WalkTalk.Fixtures;

/// <summary>An OpenID provider as a force has its own: the services fetch its keys from its discovery document, and it signs in whoever comes as one coordinator.</summary>
public sealed class ExternalIssuer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly TestIssuer issuer;

    private const string Client = "walktalk-story";

    private ExternalIssuer(WebApplication app, TestIssuer issuer, string address) => (this.app, this.issuer, Environment) =
        (app, issuer, new Dictionary<string, string> { ["Auth__Authority"] = address, ["Auth__ClientId"] = Client });

    /// <summary>What the processes are told.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>Starts one on a free port of the loopback.</summary>
    public static async Task<ExternalIssuer> Start()
    {
        var address = $"http://localhost:{Ports.Free()}";
        var issuer = new TestIssuer(address);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(address);
        var app = builder.Build();
        app.MapGet("/.well-known/openid-configuration", () => Results.Json(new { issuer = address, jwks_uri = $"{address}/keys", authorization_endpoint = $"{address}/authorize", token_endpoint = $"{address}/token" }));
        app.MapGet("/keys", () => Results.Json(new { keys = new[] { issuer.PublicKey } }));
        // The code carries the nonce; nobody but the test asks.
        app.MapGet("/authorize", (string redirect_uri, string state, string nonce) => Results.Redirect($"{redirect_uri}{QueryString.Create("code", nonce).Add("state", state)}"));
        app.MapPost("/token", (HttpRequest request) => Results.Json(new
        {
            token_type = "Bearer",
            expires_in = 3600,
            access_token = issuer.Token("story", ["coordinator"], ["metropolitan"]),
            id_token = issuer.Token(Client, "JWT", new() { ["sub"] = "story", ["name"] = "Stevie", ["role"] = "coordinator", ["force"] = "metropolitan", ["nonce"] = request.Form["code"].ToString() }),
        }));
        await app.StartAsync();
        return new ExternalIssuer(app, issuer, address);
    }

    /// <summary>A staff token of one force.</summary>
    public string Token(string sub, string role, string force) => issuer.Token(sub, [role], [force]);

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
