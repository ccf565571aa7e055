using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace WalkTalk.Fixtures;

/// <summary>An OpenID provider as a force has its own: the services fetch its keys from its discovery document.</summary>
public sealed class ExternalIssuer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly TestIssuer issuer;

    private ExternalIssuer(WebApplication app, TestIssuer issuer, string address) => (this.app, this.issuer, Environment) =
        (app, issuer, new Dictionary<string, string> { ["Auth__Authority"] = address, ["Auth__ClientId"] = "walktalk-story" });

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
        app.MapGet("/.well-known/openid-configuration", () => Results.Json(new { issuer = address, jwks_uri = $"{address}/keys" }));
        app.MapGet("/keys", () => Results.Json(new { keys = new[] { issuer.PublicKey } }));
        await app.StartAsync();
        return new ExternalIssuer(app, issuer, address);
    }

    /// <summary>A staff token of one force.</summary>
    public string Token(string sub, string role, string force) => issuer.Token(sub, [role], [force]);

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
