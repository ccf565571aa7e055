using System.Net;
using System.Net.Http.Json;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using WalkTalk.Gateway.Entry;

namespace WalkTalk.Gateway.Tests;

/// <summary>What stands before the services and the pages.</summary>
public sealed partial class EntryTests(GatewayApp.Sqlite app) : IClassFixture<GatewayApp.Sqlite>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/metropolitan")]
    [InlineData("/metropolitan/your-data")]
    [InlineData("/metropolitan/no-such-page")]
    [InlineData("/sign-in")]
    [InlineData("/api/services")]
    public async Task Every_answer_allows_only_our_own_scripts_styles_and_forms_and_is_not_kept(string path)
    {
        using var client = app.Client();
        using var answer = await client.GetAsync(path, Stop);
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.True(answer.Headers.CacheControl!.NoStore);
        Assert.DoesNotMatch(Inline(), await answer.Content.ReadAsStringAsync(Stop));
    }

    [Fact]
    public async Task The_stylesheet_is_kept_for_a_year_under_its_hash()
    {
        using var browser = app.Browse();
        var sheet = Regex.Match(await browser.Open("/metropolitan"), "/assets/[^\"]*walktalk.css").Value;
        await browser.Open(sheet);
        Assert.Equal("text/css", browser.Last.Content.Headers.ContentType!.MediaType);
        Assert.Contains("immutable", browser.Last.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        Assert.Contains("--force-bar:#10242e", await browser.Open("/assets/metropolitan/brand.css"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Leaving_clears_cookies_and_tells_the_next_site_nothing()
    {
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = app.Address };
        using var answer = await client.GetAsync("/leave/metropolitan", Stop);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Contains("cookies", answer.Headers.GetValues("Clear-Site-Data").Single(), StringComparison.Ordinal);
        Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
    }

    [Fact]
    public async Task Clients_are_told_what_is_deployed()
    {
        using var client = app.Client();
        var services = await client.GetFromJsonAsync<List<DeployedService>>("/api/services", Stop);
        var booking = Assert.Single(services!);
        Assert.Equal(("booking", "Healthy", "9.9.9"), (booking.Name, booking.Health, booking.Version));
        Assert.Contains("3.1.1", await client.GetStringAsync(booking.OpenApi, Stop), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/feedback/v1/metropolitan/board", "service-not-deployed")]
    [InlineData("/api", "service-not-deployed")]
    [InlineData("/api/booking/elsewhere", "not-found")]
    public async Task What_is_not_there_under_api_is_a_problem_and_never_a_page(string path, string type)
    {
        using var client = app.Client();
        using var answer = await client.GetAsync(path, Stop);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("urn:walktalk:problem:" + type, problem.GetProperty("type").GetString());
        Assert.Contains("booking", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_reaches_its_service_without_the_gateways_path_and_without_cookies()
    {
        using var client = app.Client();
        client.DefaultRequestHeaders.Add("Cookie", "walktalk-session=secret");
        var echo = await client.GetFromJsonAsync<GatewayApp.Echo>("/api/booking/v1/metropolitan/walks?ward=E05014098", Stop);
        Assert.Equal("/v1/metropolitan/walks", echo!.Path);
        Assert.DoesNotContain("Cookie", echo.Headers.Keys);
    }

    [Fact]
    public async Task An_api_caller_without_a_token_gets_401_and_no_redirect()
    {
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = app.Address };
        using var answer = await client.GetAsync("/api/booking/v1/metropolitan/staff-only", Stop);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Theory]
    [InlineData("https://app.example", true)]
    [InlineData("https://elsewhere.example", false)]
    public async Task Only_listed_origins_may_call_from_a_browser(string origin, bool allowed)
    {
        using var client = app.Client();
        client.DefaultRequestHeaders.Add("Origin", origin);
        using var answer = await client.GetAsync("/api/services", Stop);
        Assert.Equal(allowed, answer.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData("/nowhere")]
    [InlineData("/nowhere/walks")]
    [InlineData("/metropolitan/no-such-page")]
    public async Task An_unknown_page_says_so_in_words_with_the_way_on_and_999(string path)
    {
        using var browser = app.Browse();
        var page = await browser.Open(path);
        Assert.Equal(HttpStatusCode.NotFound, browser.Last.StatusCode);
        Assert.Contains("There is no such page", page, StringComparison.Ordinal);
        Assert.Contains("tel:999", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_of_a_service_that_is_absent_are_in_no_menu_and_answer_404()
    {
        using var browser = app.Browse();
        var page = await browser.Open("/metropolitan");
        Assert.Contains("href=\"/metropolitan/walks\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"/metropolitan/figures\"", page, StringComparison.Ordinal);
        Assert.Contains("This force does not use this part", await browser.Open("/metropolitan/figures"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, browser.Last.StatusCode);
    }

    [Fact]
    public void Several_addresses_of_a_service_are_asked_for_their_health()
    {
        var one = ServiceRoutes.Cluster("booking", [new("http://a/")]);
        var two = ServiceRoutes.Cluster("booking", [new("http://a/"), new("http://b/")]);
        Assert.Null(one.HealthCheck);
        Assert.Equal(2, two.Destinations!.Count);
        Assert.True(two.HealthCheck!.Active!.Enabled);
    }

    [Fact]
    public async Task What_is_the_same_for_everybody_is_made_once_for_those_who_carry_nothing_but_a_language()
    {
        using var anybody = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = app.Address };
        async Task<bool> WasMadeBefore(string path, string cookie)
        {
            using var asked = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Cookie", cookie } } };
            using var answer = await anybody.SendAsync(asked, Stop);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.True(answer.Headers.CacheControl!.NoStore);
            return answer.Headers.Age is not null;
        }
        // Two seconds may pass between two requests of a slow machine.
        async Task<bool> Ever(string path, string cookie) => (await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => WasMadeBefore(path, cookie)))).Contains(true);
        Assert.True(await Ever("/metropolitan/complain", "lang=en"));
        Assert.False(await Ever("/metropolitan/complain", "lang=en; begun=something"));
        Assert.False(await Ever("/metropolitan/complain?lang=en", "lang=en"));
    }

    [Fact]
    public void A_page_with_a_secret_in_its_address_or_for_staff_is_never_the_same_for_everybody()
    {
        var pages = typeof(GatewayService).Assembly.GetTypes().Where(t => t.GetCustomAttribute<OutputCacheAttribute>() is not null).ToList();
        Assert.Equal(7, pages.Count);
        Assert.Empty(pages.Where(p => p.GetCustomAttribute<AuthorizeAttribute>() is not null).Concat(pages.Where(p => p.GetCustomAttributes<RouteAttribute>().Any(r => !Public().IsMatch(r.Template)))));
    }

    [GeneratedRegex(@"^/(\{Force\}(/[a-z-]+)?)?$")]
    private static partial Regex Public();

    [Theory]
    [InlineData("GET", "/metropolitan/my-walk/abc", true)]
    [InlineData("GET", "/metropolitan/my-answer/abc", true)]
    [InlineData("GET", "/metropolitan/my-data/abc", true)]
    [InlineData("POST", "/metropolitan/my-words/abc", true)]
    [InlineData("POST", "/api/feedback/v1/metropolitan/answer-links/reading", true)]
    [InlineData("POST", "/api/feedback/v1/metropolitan/retention-notices/answer", true)]
    [InlineData("POST", "/metropolitan/check", true)]
    [InlineData("POST", "/api/feedback/v1/metropolitan/mailbox/openings", true)]
    [InlineData("POST", "/sign-in", true)]
    [InlineData("POST", "/sign-in/code", true)]
    [InlineData("POST", "/sign-in/authenticator", true)]
    [InlineData("POST", "/metropolitan/staff/your-sign-in", true)]
    [InlineData("GET", "/metropolitan/check", false)]
    [InlineData("GET", "/metropolitan/walks", false)]
    public void What_guesses_at_a_secret_is_sensitive(string method, string path, bool sensitive)
    {
        var http = new DefaultHttpContext();
        (http.Request.Method, http.Request.Path) = (method, path);
        Assert.Equal(sensitive, RateLimits.IsSensitive(http.Request));
    }

    [GeneratedRegex("""\sstyle=|<style|\son[a-z]+="|<script(?![^>]*\ssrc=)""")]
    private static partial Regex Inline();
}

/// <summary>Guessing at secrets ends soon, for one client.</summary>
public sealed class RateLimitTests(GatewayApp.Strict app) : IClassFixture<GatewayApp.Strict>
{
    [Fact]
    public async Task After_a_few_tries_at_a_secret_it_is_429_in_words_while_other_pages_still_open()
    {
        using var browser = app.Browse();
        for (var i = 0; i < 6; i++)
        {
            await browser.Open("/metropolitan/my-walk/guess" + i);
            Assert.NotEqual(HttpStatusCode.TooManyRequests, browser.Last.StatusCode);
        }
        Assert.Contains("Too many tries", await browser.Open("/metropolitan/my-walk/guess"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.TooManyRequests, browser.Last.StatusCode);
        await browser.Open("/metropolitan");
        Assert.Equal(HttpStatusCode.OK, browser.Last.StatusCode);
    }
}
