using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace WalkTalk.ServiceDefaults.Persistence;

/// <summary>
/// Idempotency-Key: the key's row is inserted first, in the transaction of the work itself, so a second request waits for the first and
/// then gets its answer. Only answers that changed something are kept (24 h), readable with nothing but the key; a refusal may be tried again.
/// </summary>
internal sealed class Idempotency(Keys keys) : IEndpointFilter
{
    public const string Header = "Idempotency-Key";

    private static readonly Refusal Malformed = new("idempotency-key-malformed", 400, "The Idempotency-Key cannot be used",
        "Send 16 to 128 visible ASCII characters that nobody can guess, for example a random UUID.", Header);

    private static readonly Refusal Reused = new("idempotency-key-reused", 422, "The Idempotency-Key was used for another request",
        "Send a new key with a new request; send the same key only with the same body.", Header);

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (http.Request.Headers[Header].FirstOrDefault() is not { } key)
        {
            return await next(context);
        }

        if (key.Length is < 16 or > 128 || key.Any(c => c is < '!' or > '~'))
        {
            return Malformed;
        }

        var db = http.RequestServices.GetRequiredKeyedService<ServiceDb>(http.GetEndpoint()!.Metadata.GetRequiredMetadata<EndpointService>().Name);
        var keyHash = SHA256.HashData(Encoding.UTF8.GetBytes($"{http.Request.Method} {http.Request.Path}\n{db.Caller.Actor}\n{key}"));
        var bodyHash = await BodyHash(http.Request);
        var today = DateOnly.FromDateTime(db.Now.UtcDateTime);

        await using var transaction = await db.Database.BeginTransactionAsync(http.RequestAborted);
        var force = db.Force!;
        var inserted = await db.Database.ExecuteSqlAsync(
            $"INSERT INTO answer (key_hash, force_id, body_hash, created_on) VALUES ({keyHash}, {force}, {bodyHash}, {today}) ON CONFLICT DO NOTHING", http.RequestAborted);
        var secret = HKDF.DeriveKey(HashAlgorithmName.SHA256, keys.Of(db.Service, "answers"), 32, salt: Encoding.UTF8.GetBytes(key));
        if (inserted == 0)
        {
            var row = await db.Answers.SingleAsync(r => r.KeyHash == keyHash, http.RequestAborted);
            return row.BodyHash.AsSpan().SequenceEqual(bodyHash)
                ? JsonSerializer.Deserialize<Answer>(Cipher.Open(secret, row.Answer!, "answer"))
                : Reused;
        }

        var result = await next(context);
        if (result is Refusal { Counts: true })
        {
            // The key is free again, as after any refusal; what counts is kept.
            await db.Answers.Where(r => r.KeyHash == keyHash).ExecuteDeleteAsync(http.RequestAborted);
            await transaction.CommitAsync(http.RequestAborted);
            return result;
        }

        if (result is IStatusCodeHttpResult { StatusCode: >= 400 } or not IResult)
        {
            return result;
        }

        var answer = await Capture((IResult)result, http);
        if (answer.Status < 400)
        {
            await db.Answers.Where(r => r.KeyHash == keyHash)
                .ExecuteUpdateAsync(s => s.SetProperty(r => r.Answer, Cipher.Protect(secret, JsonSerializer.SerializeToUtf8Bytes(answer), "answer")), http.RequestAborted);
            await transaction.CommitAsync(http.RequestAborted);
        }

        return answer with { Replayed = false };
    }

    private static async Task<byte[]> BodyHash(HttpRequest request)
    {
        // Buffered by the host for requests that carry the header; binding has read it to its end.
        request.Body.Position = 0;
        return await SHA256.HashDataAsync(request.Body);
    }

    private static async Task<Answer> Capture(IResult result, HttpContext http)
    {
        var wire = http.Response.Body;
        using var buffer = new MemoryStream();
        http.Response.Body = buffer;
        try
        {
            await result.ExecuteAsync(http);
            var headers = http.Response.Headers.Where(h => h.Key is "Location" or "ETag").ToDictionary(h => h.Key, h => h.Value.ToString());
            return new Answer(http.Response.StatusCode, http.Response.ContentType, headers, buffer.ToArray());
        }
        finally
        {
            http.Response.Body = wire;
        }
    }

    private sealed record Answer(int Status, string? ContentType, Dictionary<string, string> Headers, byte[] Body) : IResult
    {
        [System.Text.Json.Serialization.JsonIgnore]
        public bool Replayed { get; init; } = true;

        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.StatusCode = Status;
            response.ContentType = ContentType;
            foreach (var (name, value) in Headers)
            {
                response.Headers[name] = value;
            }

            if (Replayed)
            {
                response.Headers["Idempotency-Replayed"] = "true";
            }

            if (Body.Length > 0)
            {
                await response.Body.WriteAsync(Body, httpContext.RequestAborted);
            }
        }
    }
}
