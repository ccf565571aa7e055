using System.Net;
using WalkTalk.Fixtures;

namespace WalkTalk.Gateway.Tests;

/// <summary>Where a force's own provider signs people in.</summary>
public sealed class ProviderTests(GatewayApp.Sqlite app) : IClassFixture<GatewayApp.Sqlite>
{
    [Fact]
    public async Task Nobody_is_offered_a_sign_in_that_is_not_ours()
    {
        await using var provider = await ExternalIssuer.Start();
        await app.Restart([.. provider.Environment.Select(set => (set.Key.Replace("__", ":", StringComparison.Ordinal), set.Value))]);
        using var browser = app.Browse();
        await browser.Open("/metropolitan/staff");
        Assert.Equal("/metropolitan/staff", browser.Where.AbsolutePath);
        Assert.Contains("Hello Stevie", browser.Page, StringComparison.Ordinal);
        Assert.Contains("/metropolitan/staff/walks", browser.Page, StringComparison.Ordinal);
        Assert.DoesNotContain("your-sign-in", browser.Page, StringComparison.Ordinal);
        foreach (var page in new[] { "/metropolitan/staff/your-sign-in", "/sign-in", "/sign-in/code", "/sign-in/authenticator", "/set-up/guess" })
        {
            Assert.Contains("This force does not use this part", await browser.Open(page), StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.NotFound, browser.Last.StatusCode);
        }
    }
}
