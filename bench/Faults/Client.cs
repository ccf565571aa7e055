using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace WalkTalk.Bench.Faults;

/// <summary>The answer to a request, once there is one.</summary>
internal sealed record Reply(Entry Entry, string Body, string? ETag)
{
    public bool Accepted => Entry.Answered == Answered.Accepted;

    public T Read<T>() => JsonSerializer.Deserialize<T>(Body, Client.Json)!;
}

/// <summary>
/// A client as it should be: it tries again, with the same Idempotency-Key, what was not answered or answered with 429 or 5xx, until it is answered
/// or the grace is over.
/// </summary>
internal sealed class Client(Uri address, Ledger ledger, CancellationToken stop) : IDisposable
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(90), Try = TimeSpan.FromSeconds(15);
    private readonly HttpClient http = new(new SocketsHttpHandler { UseCookies = false, ActivityHeadersPropagator = null, PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20) }) { Timeout = Try };

    /// <summary>A request that changes something.</summary>
    public async Task<Reply> Post(string what, string tag, Guid? subject, string path, object body, params (string Name, string Value)[] headers)
    {
        var entry = ledger.Begin(what, tag, subject);
        var clock = Stopwatch.StartNew();
        var pause = TimeSpan.FromMilliseconds(200);
        var reply = new Reply(entry, "", null);
        while (true)
        {
            entry.Tries++;
            if (await Send(HttpMethod.Post, path, body, [.. headers, ("Idempotency-Key", entry.Key)]) is var (status, text, etag) && status != 0)
            {
                entry.Status = (int)status;
                if (status is < HttpStatusCode.InternalServerError and not HttpStatusCode.TooManyRequests)
                {
                    entry.Answered = (int)status < 400 ? Answered.Accepted : Answered.Refused;
                    reply = new Reply(entry, text, etag);
                    break;
                }
            }

            if (clock.Elapsed > Grace || stop.IsCancellationRequested)
            {
                break;
            }

            await Task.Delay(pause, CancellationToken.None);
            pause = pause < TimeSpan.FromSeconds(2) ? pause * 1.5 : pause;
        }

        ledger.End(entry);
        return reply;
    }

    /// <summary>A reading; null when there is none in time.</summary>
    public async Task<T?> Get<T>(string path, params (string Name, string Value)[] headers) where T : class
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < Grace && !stop.IsCancellationRequested;)
        {
            var (status, text, _) = await Send(HttpMethod.Get, path, null, headers);
            if (status is >= HttpStatusCode.OK and < HttpStatusCode.InternalServerError and not HttpStatusCode.TooManyRequests)
            {
                return status == HttpStatusCode.OK ? JsonSerializer.Deserialize<T>(text, Json) : null;
            }

            await Task.Delay(500, CancellationToken.None);
        }

        return null;
    }

    public void Dispose() => http.Dispose();

    /// <summary>One try; status 0 when there was no answer.</summary>
    private async Task<(HttpStatusCode Status, string Body, string? ETag)> Send(HttpMethod method, string path, object? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(address, path)) { Content = body is null ? null : JsonContent.Create(body) };
        foreach (var (name, value) in headers)
        {
            if (name == "If-Match")
            {
                request.Headers.IfMatch.Add(EntityTagHeaderValue.Parse(value));
            }
            else
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        try
        {
            using var answer = await http.SendAsync(request, CancellationToken.None);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync(CancellationToken.None), answer.Headers.ETag?.ToString());
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
        {
            return default;
        }
    }
}
