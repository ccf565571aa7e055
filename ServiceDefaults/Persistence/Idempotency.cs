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
        if ((await Enter(db, [key], http.RequestAborted)).Count == 0)
        {
            return (await Known(db, [key], http.RequestAborted))[key];
        }

        var result = await next(context);
        if (result is Refusal { Counts: true })
        {
            // The key is free again, as after any refusal; what counts is kept.
            await Free(db, [key], http.RequestAborted);
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
            await Keep(db, [(key, answer)], http.RequestAborted);
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

    /// <summary>
    /// Inserts the keys and answers those that are new; waits for a twin that is under way at this moment. In the order of their hashes, so that
    /// two who wait for each other's do not wait for ever.
    /// </summary>
    public static async Task<IReadOnlySet<IdempotencyKey>> Enter(ServiceDb db, IReadOnlyCollection<IdempotencyKey> keys, CancellationToken ct)
    {
        var parameters = new List<object> { db.Force!, DateOnly.FromDateTime(db.Now.UtcDateTime) };
        var values = keys.OrderBy(k => Convert.ToHexString(k.Hash), StringComparer.Ordinal).Select(k =>
        {
            parameters.AddRange(k.Hash, k.Body);
            return $"({{{parameters.Count - 2}}}, {{0}}, {{{parameters.Count - 1}}}, {{1}})";
        });
        var sql = $"INSERT INTO answer (key_hash, force_id, body_hash, created_on) VALUES {string.Join(", ", values)} ON CONFLICT DO NOTHING RETURNING key_hash AS \"Value\"";
        var entered = (await db.Database.SqlQueryRaw<byte[]>(sql, [.. parameters]).ToListAsync(ct)).Select(Convert.ToHexString).ToHashSet();
        return keys.Where(k => entered.Remove(Convert.ToHexString(k.Hash))).ToHashSet();
    }

    /// <summary>What was answered to those that are not new: the same once more, or a refusal where the body is another one.</summary>
    public async Task<IReadOnlyDictionary<IdempotencyKey, IResult>> Known(ServiceDb db, IReadOnlyCollection<IdempotencyKey> keys, CancellationToken ct)
    {
        var hashes = keys.Select(k => k.Hash).ToList();
        var rows = (await db.Answers.AsNoTracking().Where(r => hashes.Contains(r.KeyHash)).ToListAsync(ct)).ToDictionary(r => Convert.ToHexString(r.KeyHash));
        return keys.ToDictionary(k => k, k => rows[Convert.ToHexString(k.Hash)] is var row && row.BodyHash.AsSpan().SequenceEqual(k.Body)
            ? JsonSerializer.Deserialize<Answer>(Cipher.Open(Secret(db, k), row.Answer!, "answer"))! with { Replayed = true }
            : (IResult)Reused);
    }

    /// <summary>Keeps the answers to keys that were new.</summary>
    public async Task Keep(ServiceDb db, IReadOnlyCollection<(IdempotencyKey Key, Answer Answer)> answers, CancellationToken ct)
    {
        var parameters = new List<object>();
        var values = answers.Select(a =>
        {
            parameters.AddRange(a.Key.Hash, Cipher.Protect(Secret(db, a.Key), JsonSerializer.SerializeToUtf8Bytes(a.Answer), "answer"));
            return $"({{{parameters.Count - 2}}}, {{{parameters.Count - 1}}})";
        });
        var sql = $"UPDATE answer SET answer = known.column2 FROM (VALUES {string.Join(", ", values)}) AS known WHERE answer.key_hash = known.column1";
        await db.Database.ExecuteSqlRawAsync(sql, parameters, ct);
    }

    /// <summary>Lets keys be used again, as after any refusal.</summary>
    public static Task<int> Free(ServiceDb db, IReadOnlyCollection<IdempotencyKey> keys, CancellationToken ct)
    {
        var hashes = keys.Select(k => k.Hash).ToList();
        return db.Answers.Where(r => hashes.Contains(r.KeyHash)).ExecuteDeleteAsync(ct);
    }

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
