using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Platform.Tests.Hosting;

public sealed class OverloadTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("walktalk-overload-").FullName;

    [Fact]
    public async Task What_comes_faster_than_it_can_be_done_is_told_to_come_back_and_the_rest_is_served()
    {
        var (begun, finish) = (new SemaphoreSlim(0), new TaskCompletionSource());
        var module = new ServiceModule("probe", Probe.Module.Add, _ => { }, routes =>
        {
            routes.MapGet("/slow", async () =>
            {
                begun.Release();
                await finish.Task;
                return TypedResults.Ok();
            }).Public();
            routes.MapGet("/stream", () => TypedResults.Ok()).Public().DisableRateLimiting();
        });
        await using var app = ServiceHost.Build(["--environment=Test", $"--Data={folder}", "--Limits:Concurrent=2", "--Limits:Waiting=1"], builder =>
        {
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Logging.ClearProviders();
        }, module);
        await app.StartAsync();
        await app.DatabasesReady();
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        var slow = new List<Task<HttpResponseMessage>> { http.GetAsync("/v1/metropolitan/slow"), http.GetAsync("/v1/metropolitan/slow") };
        await begun.WaitAsync();
        await begun.WaitAsync();

        // Of two more one waits; the other is refused at once, and can read when to come back.
        var more = new List<Task<HttpResponseMessage>> { http.GetAsync("/v1/metropolitan/slow"), http.GetAsync("/v1/metropolitan/slow") };
        var first = await Task.WhenAny(more);
        slow.AddRange(more.Where(m => m != first));
        var refused = await first;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter!.Delta);
        Assert.Contains("urn:walktalk:problem:busy", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/v1/metropolitan/stream")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/alive")).StatusCode);

        finish.SetResult();
        Assert.All(await Task.WhenAll(slow), answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
