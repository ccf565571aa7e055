using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using WalkTalk.EndToEnd.Tests.Hosting;

namespace WalkTalk.EndToEnd.Tests.Stories;

/// <summary>One person at the platform's API, through the gateway. Everything she does carries the story's trace.</summary>
internal sealed class Api
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private static readonly HttpClient Http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ActivityHeadersPropagator = null });
    private readonly Uri address;
    private readonly Dictionary<string, string> headers = [];

    private Api(Uri address, string? authorization, ActivityTraceId trace)
    {
        this.address = address;
        headers["traceparent"] = $"00-{trace}-{ActivitySpanId.CreateRandom()}-01";
        if (authorization is not null)
        {
            headers["Authorization"] = authorization;
        }
    }

    /// <summary>Somebody, perhaps with a secret of her own: "Hold …", "Link …".</summary>
    public static Api Anybody(RunningPlatform platform, ActivityTraceId trace, string? secret = null) => new(platform.Address, secret, trace);

    /// <summary>A member of staff with one role.</summary>
    public static Api Staff(RunningPlatform platform, ActivityTraceId trace, string role, string force = "metropolitan") =>
        new(platform.Address, $"Bearer {platform.Issuer!.Token($"story-{role}", role, force)}", trace);

    /// <summary>Sends a further header with everything from now on.</summary>
    public Api With(string header, string value)
    {
        headers[header] = value;
        return this;
    }

    /// <summary>Reads; the answer must be 200.</summary>
    public async Task<T> Get<T>(string path) => await Read<T>(await Send(HttpMethod.Get, path, null));

    /// <summary>Sends; the answer must be a success.</summary>
    public async Task<T> Post<T>(string path, object body, string? etag = null) => await Read<T>(await Send(HttpMethod.Post, path, body, etag));

    /// <summary>Sends; whatever is answered.</summary>
    public async Task<HttpResponseMessage> Send(HttpMethod method, string path, object? body, string? etag = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(address, path)) { Content = body is null ? null : JsonContent.Create(body) };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (method != HttpMethod.Get)
        {
            request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
        }

        if (etag is not null)
        {
            request.Headers.IfMatch.Add(EntityTagHeaderValue.Parse(etag));
        }

        return await Http.SendAsync(request, Ct);
    }

    /// <summary>Sends; it must be refused with this status and this problem.</summary>
    public async Task Refused(HttpStatusCode status, string problem, string path, object body)
    {
        using var answer = await Send(HttpMethod.Post, path, body);
        var text = await answer.Content.ReadAsStringAsync(Ct);
        Assert.True(answer.StatusCode == status, $"{path}: {(int)answer.StatusCode} {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal($"urn:walktalk:problem:{problem}", JsonDocument.Parse(text).RootElement.GetProperty("type").GetString());
    }

    /// <summary>Reads again and again until it is as expected: facts travel between the services.</summary>
    public async Task<T> GetUntil<T>(string path, Func<T, bool> expected)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var seen = await Get<T>(path);
            if (expected(seen))
            {
                return seen;
            }

            Assert.True(clock.Elapsed < TimeSpan.FromMinutes(2), $"{path} stayed {JsonSerializer.Serialize(seen)}");
            await Task.Delay(100, Ct);
        }
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static async Task<T> Read<T>(HttpResponseMessage answer)
    {
        using (answer)
        {
            var text = await answer.Content.ReadAsStringAsync(Ct);
            Assert.True(answer.IsSuccessStatusCode, $"{answer.RequestMessage!.Method} {answer.RequestMessage.RequestUri}: {(int)answer.StatusCode} {text}");
            return JsonSerializer.Deserialize<T>(text.Length == 0 ? "null" : text, Json)!;
        }
    }
}
