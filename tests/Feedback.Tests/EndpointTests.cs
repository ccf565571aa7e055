using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using WalkTalk.Fixtures;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Feedback.Tests;

/// <summary>Every endpoint of the service, found by itself: a new one is in the table the day it is mapped.</summary>
public sealed class EndpointTests(FeedbackApp.Sqlite app) : IClassFixture<FeedbackApp.Sqlite>
{
    private static readonly string[] Roles = ["coordinator", "safeguarding", "standards", "officer", "analyst", "oversight", "administrator", "operator"];

    private IEnumerable<(HttpMethod Method, string Path, string[] Roles, bool TakesBody)> Endpoints() =>
        from endpoint in app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        where endpoint.RoutePattern.RawText is { } path && path.StartsWith("/v1/{force}", StringComparison.Ordinal)
            // The platform's own are tested with the platform.
            && !path.Contains("/operations/", StringComparison.Ordinal) && !path.EndsWith("/history", StringComparison.Ordinal)
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
        select (new HttpMethod(method), endpoint.RoutePattern.RawText!.Replace("{id:guid}", Guid.NewGuid().ToString(), StringComparison.Ordinal),
            endpoint.Metadata.GetRequiredMetadata<EndpointAccess>().Roles, endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.ContentTypes.Contains("application/json") == true);

    private async Task<HttpStatusCode> Call(HttpMethod method, string path, string force, string? role = null, string tokenForce = ServiceApp.Force, string body = "{}")
    {
        using var request = new HttpRequestMessage(method, path.Replace("{force}", force, StringComparison.Ordinal));
        if (method == HttpMethod.Post)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return (await app.Client(role, tokenForce).SendAsync(request)).StatusCode;
    }

    [Fact]
    public async Task Staff_endpoints_open_to_their_roles_and_force_alone()
    {
        var endpoints = Endpoints().Where(e => e.Roles.Length > 0).ToList();
        Assert.True(endpoints.Count >= 20);
        foreach (var (method, path, roles, _) in endpoints)
        {
            Assert.Equal((path, HttpStatusCode.Unauthorized), (path, await Call(method, path, "metropolitan")));
            foreach (var role in Roles.Except(roles))
                Assert.Equal((path, role, HttpStatusCode.Forbidden), (path, role, await Call(method, path, "metropolitan", role)));
            foreach (var role in roles)
            {
                Assert.Equal((path, role, HttpStatusCode.Forbidden), (path, role, await Call(method, path, "metropolitan", role, "gwent")));
                Assert.DoesNotContain(await Call(method, path, "metropolitan", role), new[] { HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden, HttpStatusCode.InternalServerError });
            }
        }
    }

    /// <summary>Written here once more, so that nobody opens one of these by a word in the table of contents.</summary>
    [Theory]
    [InlineData("submissions/on-behalf", "coordinator")]
    [InlineData("photos", "safeguarding")]
    [InlineData("photos/{id:guid}", "safeguarding")]
    [InlineData("photos/{id:guid}/decision", "safeguarding")]
    [InlineData("photos/{id:guid}/image", "coordinator safeguarding standards")]
    [InlineData("disclosures", "safeguarding standards")]
    [InlineData("disclosures/{id:guid}", "safeguarding standards")]
    [InlineData("disclosures/{id:guid}/hand-over", "safeguarding standards")]
    [InlineData("disclosures/{id:guid}/release", "standards")]
    [InlineData("standards-cases", "standards")]
    [InlineData("standards-cases/{id:guid}", "standards")]
    [InlineData("standards-cases/{id:guid}/answer", "standards")]
    [InlineData("standards-cases/{id:guid}/concerned", "standards")]
    [InlineData("retention", "administrator oversight")]
    [InlineData("retention/holds", "administrator")]
    public void What_is_for_few_is_for_these_alone(string path, string roles)
    {
        var found = app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText == $"/v1/{{force}}/{path}").Select(e => e.Metadata.GetRequiredMetadata<EndpointAccess>().Roles).ToList();
        // A photo is held by anybody at the address of the list.
        var ofStaff = Assert.Single(found, r => r.Length > 0);
        Assert.Equal(roles.Split(' '), ofStaff.Order(StringComparer.Ordinal));
        Assert.Equal(path == "photos" ? 2 : 1, found.Count);
    }

    [Fact]
    public async Task An_unknown_force_is_404_everywhere_and_rubbish_is_400()
    {
        foreach (var (method, path, roles, takesBody) in Endpoints())
        {
            var role = roles.FirstOrDefault();
            // A body that does not fit may be refused first.
            var unknown = await Call(method, path, "atlantis", role, "atlantis metropolitan");
            Assert.True(unknown == HttpStatusCode.NotFound || (method == HttpMethod.Post && unknown is HttpStatusCode.BadRequest or HttpStatusCode.UnsupportedMediaType), $"{path}: {unknown}");
            if (!takesBody)
                continue;
            Assert.Equal((path, HttpStatusCode.BadRequest), (path, await Call(method, path, "metropolitan", role, body: "{\"")));
        }
    }
}
