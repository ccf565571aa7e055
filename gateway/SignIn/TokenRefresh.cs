using System.Globalization;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;

namespace WalkTalk.Gateway.SignIn;

/// <summary>Renews a session's tokens a minute before they end; roles and forces are taken anew. A refused renewal ends the session.</summary>
internal sealed partial class TokenRefresh(
    Authority authority, IHttpClientFactory clients, IOptionsMonitor<OpenIdConnectOptions> options, TimeProvider time, ILogger<TokenRefresh> log)
{
    private static readonly TimeSpan Early = TimeSpan.FromMinutes(1);

    public async Task Refresh(CookieValidatePrincipalContext context)
    {
        if (context.Properties.GetTokenValue("expires_at") is not { } text
            || !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var expires)
            || expires - time.GetUtcNow() > Early)
        {
            return;
        }
        if (context.Properties.GetTokenValue("refresh_token") is { } refresh && await Ask(refresh, context.HttpContext.RequestAborted) is { } answer)
        {
            Renew(context, answer);
            return;
        }
        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(StaffSignIn.Session);
    }

    private async Task<JsonElement?> Ask(string refresh, CancellationToken stop)
    {
        var client = options.Get(StaffSignIn.Oidc);
        var form = new Dictionary<string, string> { ["grant_type"] = "refresh_token", ["refresh_token"] = refresh, ["client_id"] = client.ClientId! };
        if (client.ClientSecret is { Length: > 0 } secret)
        {
            form["client_secret"] = secret;
        }
        try
        {
            var issuer = await authority.GetConfigurationAsync(stop);
            using var content = new FormUrlEncodedContent(form);
            using var response = await clients.CreateClient("services").PostAsync(issuer.TokenEndpoint, content, stop);
            return response.IsSuccessStatusCode ? await response.Content.ReadFromJsonAsync<JsonElement>(stop) : null;
        }
        catch (Exception e) when (e is HttpRequestException or InvalidOperationException or TaskCanceledException)
        {
            IssuerSilent(log, e);
            return null;
        }
    }

    private void Renew(CookieValidatePrincipalContext context, JsonElement answer)
    {
        var properties = context.Properties;
        foreach (var name in new[] { "access_token", "refresh_token", "id_token" })
        {
            if (answer.TryGetProperty(name, out var token))
            {
                properties.UpdateTokenValue(name, token.GetString()!);
            }
        }
        var lifetime = answer.TryGetProperty("expires_in", out var seconds) ? seconds.GetInt32() : 300;
        properties.UpdateTokenValue("expires_at", time.GetUtcNow().AddSeconds(lifetime).ToString("o", CultureInfo.InvariantCulture));
        if (answer.TryGetProperty("id_token", out var idToken))
        {
            // It came from the issuer itself over our own connection, so its claims need no second check.
            context.ReplacePrincipal(new ClaimsPrincipal(new ClaimsIdentity(new JsonWebToken(idToken.GetString()).Claims, StaffSignIn.Oidc, "name", "role")));
        }
        context.ShouldRenew = true;
    }

    [LoggerMessage(EventId = 5001, EventName = "IssuerSilent", Level = LogLevel.Warning, Message = "The issuer does not answer; a session ends")]
    private static partial void IssuerSilent(ILogger log, Exception e);
}
