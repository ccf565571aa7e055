using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using WalkTalk.Gateway.Data;
using WalkTalk.Gateway.SignIn;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Gateway.Tests;

/// <summary>Code flow with PKCE at the built-in issuer, and what a session may do.</summary>
public abstract class SignInTests(GatewayApp app)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_coordinator_signs_in_and_lands_where_she_wanted_to_go()
    {
        using var browser = app.Browse();
        await browser.SignIn("coordinator");
        Assert.Equal("/metropolitan/staff", browser.Where.AbsolutePath);
        Assert.Contains("Hello Carys", browser.Page, StringComparison.Ordinal);
        Assert.Contains("/metropolitan/staff/walks", browser.Page, StringComparison.Ordinal);
        // Many proxies cap the header at 8 KB; the tokens stay on the server.
        Assert.InRange(browser.Cookies.GetCookieHeader(app.Address).Length, 1, 4096);
    }

    [Fact]
    public async Task A_wrong_password_is_refused_beside_the_field_and_says_nothing_about_the_name()
    {
        using var browser = app.Browse();
        await browser.SignIn("coordinator", "wrong-password");
        var known = browser.Page;
        Assert.Contains("Error: Sign in", known, StringComparison.Ordinal);
        Assert.Contains("href=\"#f-Password\"", known, StringComparison.Ordinal);
        await browser.SignIn("nobody-of-that-name", "wrong-password");
        Assert.Contains("The user name or the password is wrong", browser.Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_is_closed_to_a_role_it_is_not_for()
    {
        using var browser = app.Browse();
        await browser.SignIn("coordinator");
        Assert.Contains("This page is not for you", await browser.Open("/metropolitan/staff/operations"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, browser.Last.StatusCode);
    }

    [Fact]
    public async Task The_service_is_called_with_the_persons_token_and_without_the_cookie()
    {
        using var browser = app.Browse();
        await browser.SignIn("coordinator");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/booking/v1/metropolitan/staff-only");
        var echo = await (await browser.Send(request)).Content.ReadFromJsonAsync<GatewayApp.Echo>(Stop);
        var token = new JsonWebToken(echo!.Headers["Authorization"]["Bearer ".Length..]);
        Assert.Equal("demo-coordinator", token.Subject);
        Assert.Contains(token.Claims, c => c is { Type: "role", Value: "coordinator" });
        Assert.Contains(token.Claims, c => c is { Type: "force", Value: "metropolitan" });
        Assert.Equal("walktalk", token.Audiences.Single());
        Assert.Equal(app.Address, new Uri(token.Issuer));
        Assert.DoesNotContain(token.Claims, c => c.Type is "stamp" or "name");
        Assert.DoesNotContain("Cookie", echo.Headers.Keys);
    }

    [Theory]
    [InlineData("cross-site", false)]
    [InlineData("same-origin", true)]
    public async Task A_change_that_another_site_makes_her_browser_send_carries_no_token(string site, bool trusted)
    {
        using var browser = app.Browse();
        await browser.SignIn("coordinator");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/booking/v1/metropolitan/walks") { Content = JsonContent.Create(new { }) };
        request.Headers.Add("Sec-Fetch-Site", site);
        var echo = await (await browser.Send(request)).Content.ReadFromJsonAsync<GatewayApp.Echo>(Stop);
        Assert.Equal(trusted, echo!.Headers.ContainsKey("Authorization"));
    }

    [Fact]
    public async Task A_form_without_its_antiforgery_token_is_refused()
    {
        using var browser = app.Browse();
        await browser.Open("/sign-in");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/sign-in") { Content = new FormUrlEncodedContent([new("_handler", "main"), new("UserName", "coordinator"), new("Password", DemoSignIns.Password)]) };
        using var answer = await browser.Send(request);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task A_code_goes_nowhere_but_to_this_gateway()
    {
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = app.Address };
        using var answer = await client.GetAsync("/connect/authorize?client_id=walktalk-web&response_type=code&scope=openid&redirect_uri=https://evil.example/signin-oidc&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256", Stop);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Null(answer.Headers.Location);
    }

    [Fact]
    public async Task Signing_out_ends_the_session()
    {
        using var browser = app.Browse();
        await browser.SignIn("analyst");
        await browser.Open("/metropolitan/staff");
        await browser.SignOut();
        await browser.Open("/metropolitan/staff");
        Assert.Equal("/sign-in", browser.Where.AbsolutePath);
    }

    [Fact]
    public async Task An_administrator_adds_someone_who_can_then_sign_in_for_her_force_alone()
    {
        using var browser = app.Browse();
        await browser.SignIn("administrator");
        await browser.Open("/metropolitan/staff/users");
        await browser.Submit("add", ("Name", "Nia New"), ("UserName", "nia"), ("Password", "three plain words"), ("Roles", "operator"));
        Assert.Contains("Nia New", browser.Page, StringComparison.Ordinal);
        using var hers = app.Browse();
        await hers.SignIn("nia", "three plain words");
        Assert.Contains("You are operator", hers.Page, StringComparison.Ordinal);
        Assert.Contains("Everything runs", await hers.Open("/metropolitan/staff/operations"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refresh_is_refused_once_the_account_is_closed()
    {
        await using var scope = app.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<StaffUser>>();
        var user = new StaffUser { UserName = "leaver", Name = "Lea", Roles = ["analyst"], Forces = ["metropolitan"] };
        Assert.True((await users.CreateAsync(user, "three plain words")).Succeeded);
        using var browser = app.Browse();
        await browser.SignIn("leaver", "three plain words");
        var refresh = await app.RefreshTokenOf(user.Id);
        Assert.True(await app.Refreshes(refresh));
        user.Active = false;
        await users.UpdateAsync(user);
        Assert.False(await app.Refreshes(refresh));
    }

    [Fact]
    public async Task A_session_is_kept_on_the_server()
    {
        using var browser = app.Browse();
        await browser.SignIn("oversight");
        Assert.Contains("Hello Olive", browser.Page, StringComparison.Ordinal);
        await app.Db<GatewayDb>(async db => Assert.True(await db.Sessions.AnyAsync(s => s.Sub == "demo-oversight", Stop)));
    }
}

public sealed class SignInOnSqlite(GatewayApp.Sqlite app) : SignInTests(app), IClassFixture<GatewayApp.Sqlite>;

public sealed class SignInOnPostgres(GatewayApp.Postgres app) : SignInTests(app), IClassFixture<GatewayApp.Postgres>;

/// <summary>The very first person.</summary>
public sealed class FirstAdministratorTests(GatewayApp.Fresh app) : IClassFixture<GatewayApp.Fresh>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_link_makes_one_administrator_and_is_then_gone()
    {
        var secret = app.Services.GetRequiredService<FirstAdministrator>().Secret;
        using var browser = app.Browse();
        await browser.Open("/set-up/guess");
        Assert.Equal(HttpStatusCode.NotFound, browser.Last.StatusCode);
        await browser.Open("/set-up/" + secret);
        await browser.Submit("main", ("Name", "Ada"), ("UserName", "ada"), ("Password", "short"));
        Assert.Contains("12 characters", browser.Page, StringComparison.Ordinal);
        await browser.Submit("main", ("Name", "Ada"), ("UserName", "ada"), ("Password", "three plain words"));
        await browser.Open("/set-up/" + secret);
        Assert.Equal(HttpStatusCode.NotFound, browser.Last.StatusCode);
        await browser.SignIn("ada", "three plain words");
        Assert.Contains("administrator", browser.Page, StringComparison.Ordinal);
    }
    [Fact]
    public async Task Whoever_waits_for_the_start_finds_the_address_that_the_link_begins_with()
    {
        var folder = Directory.CreateTempSubdirectory("walktalk-test-");
        try
        {
            await using var starting = ServiceHost.Build(["--environment=Test", "--urls=http://127.0.0.1:0", $"--Data={folder.FullName}"], customise: null, GatewayService.Module);
            string? found = null;
            starting.Lifetime.ApplicationStarted.Register(() => found = starting.Configuration["Auth:Authority"]);
            await starting.StartAsync(Stop);
            Assert.Equal(starting.Urls.First(), found);
            await starting.DatabasesReady();
            await starting.StopAsync(Stop);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
