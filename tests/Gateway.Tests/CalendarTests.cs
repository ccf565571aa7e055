using System.Net;

namespace WalkTalk.Gateway.Tests;

/// <summary>The address that an officer's calendar fetches: no cookie, no sign-in, only the secret.</summary>
public sealed class CalendarTests(GatewayApp.Sqlite app) : IClassFixture<GatewayApp.Sqlite>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_calendar_program_gets_the_file_by_the_secret_alone_and_keeps_nothing_of_it()
    {
        using var program = new HttpClient(new HttpClientHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = app.Address };
        // What a browser that is signed in would send along goes no further.
        program.DefaultRequestHeaders.Add("Cookie", "walktalk-session=secret");
        using var answer = await program.GetAsync("/metropolitan/calendar/hers/walks.ics", Stop);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/calendar; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal("walks.ics", answer.Content.Headers.ContentDisposition!.FileName);
        Assert.Equal("BEGIN:VCALENDAR\r\nX-COOKIES:\r\nEND:VCALENDAR\r\n", await answer.Content.ReadAsStringAsync(Stop));
        Assert.True(answer.Headers.CacheControl!.NoStore);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Theory]
    [InlineData("/metropolitan/calendar/revoked/walks.ics")] // the service knows it no more, as one it never knew
    [InlineData("/metropolitan/calendar/HERS/walks.ics")]
    [InlineData("/metropolitan/calendar/%0D%0AX-Other:1/walks.ics")]
    [InlineData("/metropolitan/calendar/%C5%B5/walks.ics")]
    [InlineData("/west-mercia/calendar/hers/walks.ics")]
    [InlineData("/nowhere/calendar/hers/walks.ics")]
    public async Task An_address_that_is_nobodys_is_not_there(string path)
    {
        using var program = new HttpClient(new HttpClientHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = app.Address };
        using var answer = await program.GetAsync(path, Stop);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.DoesNotContain("VCALENDAR", await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        Assert.True(answer.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task A_service_that_is_away_does_not_end_the_subscription()
    {
        app.BookingRefuses = "database-unavailable";
        using var answer = await app.Client().GetAsync("/metropolitan/calendar/hers/walks.ics", Stop);
        app.BookingRefuses = null;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
    }
}

/// <summary>Few tries at a calendar's secret.</summary>
public sealed class CalendarLimitTests(GatewayApp.Strict app) : IClassFixture<GatewayApp.Strict>
{
    [Fact]
    public async Task Guessing_at_secrets_is_counted()
    {
        var stop = TestContext.Current.CancellationToken;
        for (var i = 0; i < 6; i++) Assert.Equal(HttpStatusCode.NotFound, (await app.Client().GetAsync($"/metropolitan/calendar/guess{i}/walks.ics", stop)).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await app.Client().GetAsync("/metropolitan/calendar/hers/walks.ics", stop)).StatusCode);
    }
}
