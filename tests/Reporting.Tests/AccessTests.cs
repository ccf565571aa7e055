using System.Net;
using System.Net.Http.Json;
using WalkTalk.Contracts.Reporting.Api;
using WalkTalk.Fixtures;

namespace WalkTalk.Reporting.Tests;

/// <summary>Who may call what, per endpoint.</summary>
public abstract class AccessTests(ReportingApp app)
{
    public static TheoryData<string, string> StaffOnly => new()
    {
        { "figures", "analyst coordinator oversight" },
        { "figures/live", "analyst coordinator oversight" },
        { "trends", "analyst coordinator oversight" },
        { "releases/preview?quarter=2026Q3", "analyst" },
        { "POST releases", "analyst" },
    };

    [Theory]
    [MemberData(nameof(StaffOnly))]
    public async Task Only_the_roles_named_and_only_for_their_force(string call, string roles)
    {
        Assert.Equal(HttpStatusCode.Unauthorized, await Call(null, call));
        foreach (var role in new[] { "analyst", "coordinator", "oversight", "officer", "safeguarding", "standards", "administrator", "operator" })
        {
            var may = roles.Split(' ').Contains(role);
            Assert.Equal(may, await Call(role, call) is not HttpStatusCode.Forbidden);
            Assert.Equal(HttpStatusCode.Forbidden, await Call(role, call, tokenFor: "south-wales"));
        }
    }

    [Theory]
    [InlineData("figures")]
    [InlineData("figures/live")]
    [InlineData("trends")]
    [InlineData("releases")]
    [InlineData("releases/2026Q3/data.geojson")]
    [InlineData("releases/2026Q3/data.json")]
    [InlineData("releases/preview?quarter=2026Q3")]
    [InlineData("POST releases")]
    public async Task Another_force_is_not_found(string call) =>
        Assert.Equal(HttpStatusCode.NotFound, await Call("analyst", call, force: "atlantis", tokenFor: "atlantis"));

    [Theory]
    [InlineData("releases", HttpStatusCode.OK)]
    [InlineData("releases/2020Q1/data.json", HttpStatusCode.NotFound)]
    [InlineData("releases/2020Q1/data.geojson", HttpStatusCode.NotFound)]
    [InlineData("releases/third/data.geojson", HttpStatusCode.NotFound)]
    [InlineData("releases/2020Q1/data.xlsx", HttpStatusCode.NotFound)]
    [InlineData("releases/..%2f..%2fetc/passwd", HttpStatusCode.NotFound)]
    public async Task Releases_are_for_everybody(string call, HttpStatusCode status) => Assert.Equal(status, await Call(null, call));

    [Theory]
    [InlineData("""{ "quarter": "2026Q3" }""")]
    [InlineData("""{ "quarter": "third", "sha256": "00" }""")]
    [InlineData("""{ "quarter": null, "sha256": null }""")]
    [InlineData("""{ "quarter": """)]
    [InlineData("[]")]
    [InlineData("")]
    public async Task A_malformed_release_is_a_problem(string body)
    {
        var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        var request = new HttpRequestMessage(HttpMethod.Post, ReportingApp.Releases) { Content = content };
        request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
        var answer = await app.Client("analyst").SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    private async Task<HttpStatusCode> Call(string? role, string call, string force = ServiceApp.Force, string tokenFor = ServiceApp.Force)
    {
        var post = call.StartsWith("POST ", StringComparison.Ordinal);
        var request = new HttpRequestMessage(post ? HttpMethod.Post : HttpMethod.Get, $"/v1/{force}/{(post ? call[5..] : call)}");
        if (post)
        {
            request.Content = JsonContent.Create(new PublishReleaseRequest { Quarter = "2026Q3", Sha256 = "00" });
            request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
        }
        using var answer = await app.Client(role, tokenFor).SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return answer.StatusCode;
    }
}

public sealed class AccessOnSqlite(ReportingApp.Sqlite app) : AccessTests(app), IClassFixture<ReportingApp.Sqlite>;

public sealed class AccessOnPostgres(ReportingApp.Postgres app) : AccessTests(app), IClassFixture<ReportingApp.Postgres>;
