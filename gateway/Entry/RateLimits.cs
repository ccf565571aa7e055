using System.Security.Cryptography;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Gateway.Entry;

/// <summary>
/// How much one client may ask: Limits:RequestsPerMinute for anything, Limits:SensitivePerMinute for what guesses at a secret
/// (codes, links, meeting words, mailbox words, passwords) and for photos, which cost more than words. Clients are told apart by address.
/// </summary>
internal static class RateLimits
{
    /// <summary>Marks the pages' own calls within this process; they were counted when they came in as pages.</summary>
    public const string SelfHeader = "X-WalkTalk-Self";

    public static readonly string Self = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));

    /// <summary>A secret is in the path, so that it is guessed at by opening a page.</summary>
    private static readonly string[] ByLink = ["my-walk", "calendar", "request", "my-request", "my-answer", "my-data", "my-words", "links", "set-up"];

    private static readonly string[] Sensitive = [.. ByLink, "code", "codes", "verify", "confirm", "meeting", "check", "mailbox", "mailboxes", "reference", "answer-links", "retention-notices", "photos", "sign-in", "your-sign-in"];

    public static void AddRateLimits(this WebApplicationBuilder builder)
    {
        var each = builder.Configuration.GetValue("Limits:RequestsPerMinute", 1200);
        var sensitive = builder.Configuration.GetValue("Limits:SensitivePerMinute", 30);
        builder.Services.AddRateLimiter(limiter =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.GlobalLimiter = PartitionedRateLimiter.CreateChained(
                PartitionedRateLimiter.Create<HttpContext, string>(http => IsSelf(http) ? RateLimitPartition.GetNoLimiter("self") : Window(Client(http), each)),
                PartitionedRateLimiter.Create<HttpContext, string>(http => IsSelf(http) || !IsSensitive(http.Request) ? RateLimitPartition.GetNoLimiter("plain") : Window(Client(http), sensitive)));
            limiter.OnRejected = async (context, _) =>
            {
                context.HttpContext.Response.Headers.RetryAfter = "60";
                if (context.HttpContext.Request.Path.StartsWithSegments("/api"))
                {
                    await new Refusal("too-many-requests", 429, "Too many tries", "Wait a minute, then try again.").ExecuteAsync(context.HttpContext);
                }
            };
        });
    }

    internal static bool IsSensitive(HttpRequest request)
    {
        var words = request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return words.Any(word => (HttpMethods.IsGet(request.Method) ? ByLink : Sensitive).Contains(word, StringComparer.OrdinalIgnoreCase));
    }

    private static bool IsSelf(HttpContext http) => http.Request.Headers[SelfHeader] == Self;

    private static string Client(HttpContext http) => http.Connection.RemoteIpAddress?.ToString() ?? "unknown";

    private static RateLimitPartition<string> Window(string client, int permits) => RateLimitPartition.GetSlidingWindowLimiter(client,
        _ => new SlidingWindowRateLimiterOptions { PermitLimit = permits, Window = TimeSpan.FromMinutes(1), SegmentsPerWindow = 6, QueueLimit = 0 });
}
