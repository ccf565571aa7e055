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

    private static readonly string[] Sensitive = ["code", "codes", "verify", "confirm", "my-walk", "calendar", "request", "my-request", "links", "meeting", "check", "mailbox", "mailboxes", "reference", "photos", "sign-in", "set-up"];

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
        // A link's secret is in the path of a GET; everything else that can be guessed at is sent.
        return words.Any(word => Sensitive.Contains(word, StringComparer.OrdinalIgnoreCase))
            && (!HttpMethods.IsGet(request.Method) || words.Any(word => word is "my-walk" or "calendar" or "request" or "my-request" or "links" or "set-up"));
    }

    private static bool IsSelf(HttpContext http) => http.Request.Headers[SelfHeader] == Self;

    private static string Client(HttpContext http) => http.Connection.RemoteIpAddress?.ToString() ?? "unknown";

    private static RateLimitPartition<string> Window(string client, int permits) => RateLimitPartition.GetSlidingWindowLimiter(client,
        _ => new SlidingWindowRateLimiterOptions { PermitLimit = permits, Window = TimeSpan.FromMinutes(1), SegmentsPerWindow = 6, QueueLimit = 0 });
}
