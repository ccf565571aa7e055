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
        var db = http.RequestServices.GetRequiredKeyedService<ServiceDb>(http.GetEndpoint()!.Metadata.GetRequiredMetadata<EndpointService>().Name);
        var (malformed, key) = await Read(http, db.Caller);
        if (malformed is not null || key is null)
        {
            return malformed ?? await next(context);
        }

        await using var transaction = await db.Database.BeginTransactionAsync(http.RequestAborted);
        var (force, today) = (db.Force!, DateOnly.FromDateTime(db.Now.UtcDateTime));
        var inserted = await db.Database.ExecuteSqlAsync(
            $"INSERT INTO answer (key_hash, force_id, body_hash, created_on) VALUES ({key.Hash}, {force}, {key.Body}, {today}) ON CONFLICT DO NOTHING", http.RequestAborted);
        if (inserted == 0)
        {
            return (await Known(db, [key], http.RequestAborted))[key];
        }

        var result = await next(context);
        if (result is Refusal { Counts: true })
        {
            // The key is free again, as after any refusal; what counts is kept.
            await db.Answers.Where(r => r.KeyHash == key.Hash).ExecuteDeleteAsync(http.RequestAborted);
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
            var kept = Protect(db, key, answer);
            await db.Answers.Where(r => r.KeyHash == key.Hash).ExecuteUpdateAsync(s => s.SetProperty(r => r.Answer, kept), http.RequestAborted);
            await transaction.CommitAsync(http.RequestAborted);
        }

        return answer;
    }

    /// <summary>The key a request carries: none where it carries none, a refusal where it cannot be one.</summary>
    public static async Task<(Refusal? Malformed, IdempotencyKey? Key)> Read(HttpContext http, Caller caller)
    {
        if (http.Request.Headers[Header].FirstOrDefault() is not { } key)
        {
            return default;
        }

        return key.Length is < 16 or > 128 || key.Any(c => c is < '!' or > '~') ? (Malformed, null)
            : (null, new IdempotencyKey(SHA256.HashData(Encoding.UTF8.GetBytes($"{http.Request.Method} {http.Request.Path}\n{caller.Actor}\n{key}")), await BodyHash(http.Request), key));
    }

    /// <summary>What was answered to those that are known: the same once more, or a refusal where the body is another one.</summary>
    public async Task<IReadOnlyDictionary<IdempotencyKey, IResult>> Known(ServiceDb db, IReadOnlyCollection<IdempotencyKey> keys, CancellationToken ct)
    {
        var hashes = keys.Select(k => k.Hash).ToList();
        var rows = (await db.Answers.AsNoTracking().Where(r => hashes.Contains(r.KeyHash)).ToListAsync(ct)).ToDictionary(r => Convert.ToHexString(r.KeyHash));
        return keys.Select(k => (Key: k, Row: rows.GetValueOrDefault(Convert.ToHexString(k.Hash)))).Where(k => k.Row is not null)
            .ToDictionary(k => k.Key, k => k.Row!.BodyHash.AsSpan().SequenceEqual(k.Key.Body)
                ? JsonSerializer.Deserialize<Answer>(Cipher.Open(Secret(db, k.Key), k.Row.Answer!, "answer"))! with { Replayed = true }
                : (IResult)Reused);
    }

    /// <summary>
    /// Inserts keys with their answers, for whoever has decided already; false where a twin was quicker, for which it waits. In the order of their hashes,
    /// so that two who wait for each other's do not wait for ever.
    /// </summary>
    public async Task<bool> Enter(ServiceDb db, IReadOnlyCollection<(IdempotencyKey Key, Answer Answer)> answers, CancellationToken ct)
    {
        var parameters = new List<object> { db.Force!, DateOnly.FromDateTime(db.Now.UtcDateTime) };
        var ordered = answers.OrderBy(a => Convert.ToHexString(a.Key.Hash), StringComparer.Ordinal).ToList();
        var values = db.Values(parameters, "known", ordered.Select(a => a.Key.Hash).ToArray(), ordered.Select(a => a.Key.Body).ToArray(), ordered.Select(a => Protect(db, a.Key, a.Answer)).ToArray());
        var sql = $"INSERT INTO answer (key_hash, force_id, body_hash, created_on, answer) SELECT column1, {{0}}, column2, {{1}}, column3 FROM {values} WHERE true ON CONFLICT DO NOTHING";
        return await db.Database.ExecuteSqlRawAsync(sql, parameters, ct) == answers.Count;
    }

    private byte[] Protect(ServiceDb db, IdempotencyKey key, Answer answer) => Cipher.Protect(Secret(db, key), JsonSerializer.SerializeToUtf8Bytes(answer), "answer");

    private byte[] Secret(ServiceDb db, IdempotencyKey key) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, keys.Of(db.Service, "answers"), 32, salt: Encoding.UTF8.GetBytes(key.Text));

    private static async Task<byte[]> BodyHash(HttpRequest request)
    {
        // Buffered by the host for requests that carry the header; binding has read it to its end.
        request.Body.Position = 0;
        return await SHA256.HashDataAsync(request.Body);
    }

    /// <summary>What a result writes, to be kept and to be sent.</summary>
    public static async Task<Answer> Capture(IResult result, HttpContext http)
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

    /// <summary>An answer as it goes over the wire.</summary>
    internal sealed record Answer(int Status, string? ContentType, Dictionary<string, string> Headers, byte[] Body) : IResult
    {
        [System.Text.Json.Serialization.JsonIgnore]
        public bool Replayed { get; init; }

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

/// <summary>An Idempotency-Key with the request that carries it: its hash tells method, path and caller apart, too.</summary>
internal sealed record IdempotencyKey(byte[] Hash, byte[] Body, string Text);
