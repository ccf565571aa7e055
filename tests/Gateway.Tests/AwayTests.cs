using System.Net;

namespace WalkTalk.Gateway.Tests;

/// <summary>What a reader sees when a service is there and its database is not.</summary>
public sealed class AwayTests(GatewayApp.Sqlite app) : IClassFixture<GatewayApp.Sqlite>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("database-unavailable", "This part does not answer at the moment")]
    [InlineData("starting", "This part does not answer at the moment")]
    [InlineData("storage-full", "We cannot save anything at the moment")]
    public async Task A_page_says_that_the_service_cannot_answer_and_that_nothing_is_lost(string problem, string title)
    {
        app.BookingRefuses = problem;
        using var client = app.Client();
        using var answer = await client.GetAsync("/metropolitan/walks", Stop);
        var page = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Stop));
        Assert.Contains($"<h1>{title}</h1>", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.DoesNotContain("operator", page, StringComparison.Ordinal);
        Assert.Contains("999", page, StringComparison.Ordinal);
        app.BookingRefuses = null;
    }

    [Fact]
    public async Task An_api_caller_gets_the_services_own_words()
    {
        app.BookingRefuses = "database-unavailable";
        using var client = app.Client();
        using var answer = await client.GetAsync("/api/booking/v1/metropolitan/walks", Stop);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("urn:walktalk:problem:database-unavailable", await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        app.BookingRefuses = null;
    }
}
