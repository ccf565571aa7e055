using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using WalkTalk.Gateway.Data;
using WalkTalk.Gateway.SignIn;

namespace WalkTalk.Gateway.Tests;

/// <summary>The pages of staff without a force in the address, where there is one.</summary>
public sealed class OneForceTests(GatewayApp.Sqlite app) : IClassFixture<GatewayApp.Sqlite>
{
    [Theory]
    [InlineData("/staff", "/metropolitan/staff")]
    [InlineData("/staff/", "/metropolitan/staff/")]
    [InlineData("/staff/your-sign-in?from=mail", "/metropolitan/staff/your-sign-in?from=mail")]
    public async Task She_is_asked_to_sign_in_and_comes_to_its_page(string asked, string comes)
    {
        using var browser = app.Browse();
        await browser.Open(asked);
        Assert.Equal("/sign-in", browser.Where.AbsolutePath);
        await browser.Submit("main", ("UserName", "coordinator"), ("Password", DemoSignIns.Password));
        Assert.Equal(HttpStatusCode.OK, browser.Last.StatusCode);
        Assert.Equal(comes, browser.Where.PathAndQuery);
        await browser.Open(asked);
        Assert.Equal(comes, browser.Where.PathAndQuery);
    }

    [Fact]
    public async Task An_address_that_leads_elsewhere_stays_here()
    {
        using var browser = app.Browse();
        await browser.SignIn("coordinator");
        await browser.Open("/staff//evil.example/%0d%0aLocation:x");
        Assert.Equal(app.Address.Authority, browser.Where.Authority);
        Assert.Equal(HttpStatusCode.NotFound, browser.Last.StatusCode);
    }
}

/// <summary>The pages of staff without a force in the address, where there are several.</summary>
public sealed class SeveralForcesTests(GatewayApp.TwoForces app) : IClassFixture<GatewayApp.TwoForces>
{
    private const string Password = "three plain words";

    private async Task<Browser> Open(string path, params string[] forces)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var user = new StaffUser { UserName = "sam" + Guid.NewGuid().ToString("N")[..8], Name = "Sam", Roles = ["coordinator"], Forces = [.. forces] };
        Assert.True((await scope.ServiceProvider.GetRequiredService<UserManager<StaffUser>>().CreateAsync(user, Password)).Succeeded);
        var browser = app.Browse();
        await browser.Open(path);
        Assert.Equal("/sign-in", browser.Where.AbsolutePath);
        await browser.Submit("main", ("UserName", user.UserName), ("Password", Password));
        return browser;
    }

    [Fact]
    public async Task Whoever_works_for_one_comes_to_its_page()
    {
        using var browser = await Open("/staff", GatewayApp.TwoForces.OtherForce);
        Assert.Equal("/west-mercia/staff", browser.Where.AbsolutePath);
        Assert.Contains("Hello Sam", browser.Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_works_for_both_chooses_and_goes_where_she_wanted()
    {
        using var browser = await Open("/staff/your-sign-in?from=mail", GatewayApp.TwoForces.OtherForce, "metropolitan");
        Assert.Equal("/staff/your-sign-in", browser.Where.AbsolutePath);
        Assert.Contains("Choose your police force", browser.Page, StringComparison.Ordinal);
        Assert.Contains("href=\"/metropolitan/staff/your-sign-in?from=mail\"", browser.Page, StringComparison.Ordinal);
        Assert.Contains("href=\"/west-mercia/staff/your-sign-in?from=mail\"", browser.Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_works_for_none_is_told_that_this_is_not_for_her()
    {
        using var browser = await Open("/staff", "elsewhere");
        Assert.Equal(HttpStatusCode.Forbidden, browser.Last.StatusCode);
        Assert.Contains("This page is not for you", browser.Page, StringComparison.Ordinal);
    }
}
