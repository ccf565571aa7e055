using System.Net.ServerSentEvents;
using System.Text.Json;
using WalkTalk.Contracts.Reporting.Api;
using WalkTalk.Reporting.Figures;

namespace WalkTalk.Reporting.Tests.Figures;

public abstract class LiveTests(ReportingApp app)
{
    [Fact]
    public async Task A_change_arrives_and_who_comes_back_hears_only_what_is_new()
    {
        var ct = TestContext.Current.CancellationToken;
        string seen;
        await using (var first = await Watch(null, ct))
        {
            var before = await first.Next(app);
            Assert.Equal("figures", before.EventType);
            await app.Told(Some.Concern("2026Q1"));
            var after = await first.Next(app);
            Assert.Equal(("figures", Count(before) + 1), (after.EventType, Count(after)));
            Assert.NotEqual(before.EventId, after.EventId);
            seen = after.EventId!;
        }

        await using var again = await Watch(seen, ct);
        Assert.Equal("heartbeat", (await again.Next(app)).EventType);
        await app.Told(Some.Concern("2026Q1"));
        Assert.Equal("figures", (await again.Next(app)).EventType);
    }

    [Fact]
    public async Task A_stream_ends_itself_so_that_rights_are_checked_again()
    {
        await using var stream = await Watch(null, TestContext.Current.CancellationToken);
        await stream.Next(app);
        app.Time.Advance(WatchFigures.Longest);
        while (await stream.NextOrEnd(app) is { } late) Assert.Equal("heartbeat", late.EventType);
    }

    private static int Count(SseItem<string> item) => JsonSerializer.Deserialize<StaffFigures>(item.Data, JsonSerializerOptions.Web)!.Funnel.ConcernsReceived;

    private async Task<Stream> Watch(string? lastEventId, CancellationToken ct)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"{ReportingApp.Figures}/live?quarter=2026Q1");
        if (lastEventId is not null) request.Headers.Add("Last-Event-ID", lastEventId);
        var response = await app.Client("oversight").SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        response.EnsureSuccessStatusCode();
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return new(response, SseParser.Create(await response.Content.ReadAsStreamAsync(ct)).EnumerateAsync(ct).GetAsyncEnumerator(ct));
    }

    private sealed class Stream(HttpResponseMessage response, IAsyncEnumerator<SseItem<string>> events) : IAsyncDisposable
    {
        public async Task<SseItem<string>> Next(ReportingApp app) => await NextOrEnd(app) ?? throw new InvalidOperationException("The stream ended.");

        /// <summary>The clock of the service moves while we wait.</summary>
        public async Task<SseItem<string>?> NextOrEnd(ReportingApp app)
        {
            var next = events.MoveNextAsync().AsTask();
            while (await Task.WhenAny(next, Task.Delay(20)) != next) app.Time.Advance(LiveFigures.Freshness);
            return await next ? events.Current : null;
        }

        public async ValueTask DisposeAsync()
        {
            response.Dispose();
            try
            {
                await events.DisposeAsync();
            }
            catch (HttpIOException)
            {
                // hung up on purpose
            }
        }
    }
}

public sealed class LiveOnSqlite(ReportingApp.Sqlite app) : LiveTests(app), IClassFixture<ReportingApp.Sqlite>;

public sealed class LiveOnPostgres(ReportingApp.Postgres app) : LiveTests(app), IClassFixture<ReportingApp.Postgres>;
