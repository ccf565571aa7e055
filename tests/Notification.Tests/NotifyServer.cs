using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Mail;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace WalkTalk.Notification.Tests;

/// <summary>How GOV.UK Notify misbehaves at one call. What "takes" has the mail and its caller does not hear of it.</summary>
public enum NotifyFault { Says400, Says403, Says404, Says500, Says502, Says200, RateLimit, DailyLimit, Redirects, Drops, Hangs, Unreadable, TakesAndSays500, TakesAndDrops, TakesAndHangs }

/// <summary>A mail as Notify has taken it.</summary>
public sealed record NotifyMail(Guid Id, string Reference, string To, Guid Service, string Subject, string Body);

/// <summary>
/// GOV.UK Notify's API as its documentation has it, and stricter: it checks each call's token down to its claims, takes the documented fields and no others,
/// answers in the documented forms, calls back, and remembers what was wrong with anything it was asked.
/// </summary>
public sealed class NotifyServer : IAsyncDisposable
{
    public const string CallbackToken = "what-Notify-says-when-it-calls-back";

    private static readonly string[] OfAMail = ["email_address", "template_id", "personalisation", "reference", "email_reply_to_id", "one_click_unsubscribe_url", "sanitise_content_for"];
    private readonly WebApplication app;
    private readonly Func<DateTimeOffset> clock;
    private readonly TimeSpan skew;
    private readonly List<NotifyFault> faults = [], lookupFaults = [];
    private readonly ConcurrentDictionary<Guid, NotifyMail> mails = new();

    /// <summary>One service of Notify's: key and template.</summary>
    public sealed record Account(Guid Id, Guid Secret, Guid Template)
    {
        public string ApiKey => $"walk-and-talk-live-{Id}-{Secret}";
    }

    public Account Named { get; } = new(Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
    public Account Neutral { get; } = new(Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
    public string Address => app.Urls.First();

    /// <summary>Every line drops, until it is set back.</summary>
    public bool Down { get; set; }

    public IReadOnlyList<NotifyMail> Mails => [.. mails.Values];

    /// <summary>The address of each mail offered, taken or not, in order; and the reference of each question.</summary>
    public ConcurrentQueue<string> Offered { get; } = new();
    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>What no client may do.</summary>
    public ConcurrentQueue<string> Wrong { get; } = new();

    /// <summary>Awaited between taking a mail and saying so.</summary>
    public Func<NotifyMail, Task>? Taken { get; set; }

    private NotifyServer(WebApplication app, Func<DateTimeOffset> clock, TimeSpan skew) => (this.app, this.clock, this.skew) = (app, clock, skew);

    /// <param name="clock">Notify's own.</param>
    /// <param name="skew">How far a token's clock may be from it; 30 seconds, as documented, unless a test moves the clock while a call is on its way.</param>
    public static async Task<NotifyServer> Start(Func<DateTimeOffset> clock, TimeSpan? skew = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new NotifyServer(builder.Build(), clock, skew ?? TimeSpan.FromSeconds(30));
        server.app.Run(server.Answer);
        await server.app.StartAsync();
        return server;
    }

    /// <summary>The next mails meet these.</summary>
    public void Fail(params NotifyFault[] next)
    {
        lock (faults) faults.AddRange(next);
    }

    /// <summary>The next questions meet these.</summary>
    public void FailLookups(params NotifyFault[] next)
    {
        lock (faults) lookupFaults.AddRange(next);
    }

    public void StopFailing()
    {
        lock (faults)
        {
            faults.Clear();
            lookupFaults.Clear();
        }
    }

    /// <summary>As if it had never come.</summary>
    public void Lose(string reference)
    {
        foreach (var mail in mails.Values.Where(m => m.Reference == reference)) mails.TryRemove(mail.Id, out _);
    }

    /// <summary>A delivery receipt as it comes, to the address a force would enter there.</summary>
    public async Task<HttpResponseMessage> Tell(Uri address, string? reference, string status, DateTimeOffset? completed = null, string? token = CallbackToken)
    {
        using var client = new HttpClient { BaseAddress = address };
        client.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return await client.PostAsJsonAsync("/v1/metropolitan/delivery-receipts", new
        {
            id = Guid.NewGuid(), reference, to = "amina@example.org", status, created_at = Moment(clock()), completed_at = Moment(completed ?? clock()), sent_at = Moment(clock()),
            notification_type = "email", template_id = Named.Template, template_version = 1,
        });
    }

    private async Task Answer(HttpContext http)
    {
        var post = http.Request.Method == "POST";
        foreach (var header in http.Request.Headers.Keys.Except(["Host", "User-Agent", "Content-Type", "Content-Length", "Authorization"], StringComparer.OrdinalIgnoreCase))
            Wrong.Enqueue($"header {header}");
        if (Down)
        {
            http.Abort();
            return;
        }
        if (ServiceOf(http.Request.Headers.Authorization.ToString()) is not { } account)
        {
            await No(http, 403, "AuthError", "Invalid token: signature, api token not found");
            return;
        }
        if (post && http.Request.Path == "/v2/notifications/email") await Take(http, account);
        else if (!post && http.Request.Path == "/v2/notifications") await Find(http, account);
        else
        {
            Wrong.Enqueue($"{http.Request.Method} {http.Request.Path}");
            await No(http, 404, "NoResultFound", "No result found");
        }
    }

    private async Task Take(HttpContext http, Account account)
    {
        var sent = await JsonDocument.ParseAsync(http.Request.Body);
        var (body, reference) = (sent.RootElement, sent.RootElement.GetProperty("reference").GetString()!);
        var to = body.GetProperty("email_address").GetString()!;
        Offered.Enqueue(to);
        if (http.Request.ContentType != "application/json" || http.Request.QueryString.HasValue) Wrong.Enqueue($"{http.Request.ContentType} {http.Request.QueryString}");
        foreach (var field in body.EnumerateObject().Select(p => p.Name).Except(OfAMail)) Wrong.Enqueue($"field {field}");
        if (!Guid.TryParseExact(reference, "D", out _)) Wrong.Enqueue($"reference {reference}");
        if (!MailAddress.TryCreate(to, out _))
        {
            await No(http, 400, "ValidationError", $"email_address {to} is not a valid email address");
            return;
        }
        var personal = body.GetProperty("personalisation");
        if (body.GetProperty("template_id").GetString() != account.Template.ToString() || !personal.TryGetProperty("subject", out var subject) || !personal.TryGetProperty("body", out var text))
        {
            Wrong.Enqueue("template or personalisation");
            await No(http, 400, "BadRequestError", "Template not found");
            return;
        }

        var fault = Next(faults);
        if (await Strikes(http, fault, to)) return;
        // One reference may stand for many there: nothing of Notify's keeps a mail from being taken twice.
        var mail = new NotifyMail(Guid.NewGuid(), reference, to, account.Id, subject.GetString()!, text.GetString()!);
        mails[mail.Id] = mail;
        if (Taken is { } taken) await taken(mail);
        switch (fault)
        {
            case NotifyFault.TakesAndSays500:
                await No(http, 500, "Exception", "Internal server error");
                return;
            case NotifyFault.TakesAndDrops:
                http.Abort();
                return;
            case NotifyFault.TakesAndHangs:
                await Hang(http);
                return;
        }
        http.Response.StatusCode = 201;
        await http.Response.WriteAsJsonAsync(new
        {
            id = mail.Id, reference, content = new { subject = mail.Subject, body = mail.Body, from_email = "walks@notifications.service.gov.uk" },
            uri = $"{Address}/v2/notifications/{mail.Id}", template = new { id = account.Template, version = 1, uri = $"{Address}/v2/template/{account.Template}" },
        });
    }

    private async Task Find(HttpContext http, Account account)
    {
        if (http.Request.Query.Keys.Except(["reference"]).Any()) Wrong.Enqueue($"{http.Request.QueryString}");
        var reference = http.Request.Query["reference"].ToString();
        Asked.Enqueue(reference);
        if (await Strikes(http, Next(lookupFaults), "")) return;
        await http.Response.WriteAsJsonAsync(new
        {
            notifications = mails.Values.Where(m => m.Reference == reference && m.Service == account.Id).Select(m => new
            {
                id = m.Id, reference = m.Reference, email_address = m.To, type = "email", status = "sending", body = m.Body, subject = m.Subject, created_at = Moment(clock()), sent_at = Moment(clock()),
            }),
            links = new { current = $"{Address}/v2/notifications?reference={reference}" },
        });
    }

    private NotifyFault? Next(List<NotifyFault> queue)
    {
        lock (faults)
        {
            if (queue.Count == 0) return null;
            var next = queue[0];
            queue.RemoveAt(0);
            return next;
        }
    }

    private static async Task<bool> Strikes(HttpContext http, NotifyFault? fault, string to)
    {
        var answer = fault switch
        {
            NotifyFault.Says400 => No(http, 400, "BadRequestError", $"Can't send to {to} using a team-only API key"),
            NotifyFault.Says403 => No(http, 403, "AuthError", "Invalid token: API key not found"),
            NotifyFault.Says404 => No(http, 404, "NoResultFound", "No result found"),
            NotifyFault.Says500 => No(http, 500, "Exception", "Internal server error"),
            NotifyFault.Says502 => Text(http, 502, "<html>Bad gateway</html>"),
            NotifyFault.Says200 => Text(http, 200, "<html>Please sign in to this network</html>"),
            NotifyFault.Unreadable => Text(http, 200, "{\"notifications\":[{\"reference\":\"somebody else's\"}"),
            NotifyFault.RateLimit => No(http, 429, "RateLimitError", "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds"),
            NotifyFault.DailyLimit => No(http, 429, "TooManyRequestsError", "Exceeded send limits (250000) for today"),
            NotifyFault.Redirects => Redirect(http),
            NotifyFault.Drops => Drop(http),
            NotifyFault.Hangs => Hang(http),
            _ => null,
        };
        if (answer is not null) await answer;
        return answer is not null;
    }

    private static Task No(HttpContext http, int status, string error, string message)
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsJsonAsync(new { errors = new[] { new { error, message } }, status_code = status });
    }

    private static Task Text(HttpContext http, int status, string text)
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsync(text);
    }

    private static Task Redirect(HttpContext http)
    {
        http.Response.Redirect("http://127.0.0.1:1/");
        return Task.CompletedTask;
    }

    private static Task Drop(HttpContext http)
    {
        http.Abort();
        return Task.CompletedTask;
    }

    private static async Task Hang(HttpContext http)
    {
        try
        {
            await Task.Delay(TimeSpan.FromMinutes(2), http.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            // The caller has given up.
        }
    }

    // Written from RFC 7519 and the documentation, with nothing of what makes it.
    private Account? ServiceOf(string header)
    {
        if (header.Split(' ') is not ["Bearer", var token] || token.Split('.') is not [var head, var claims, var signature]) return null;
        var (h, c) = (JsonDocument.Parse(Decode(head)).RootElement, JsonDocument.Parse(Decode(claims)).RootElement);
        if (h.GetProperty("typ").GetString() != "JWT" || h.GetProperty("alg").GetString() != "HS256") return null;
        var names = string.Join(' ', c.EnumerateObject().Select(p => p.Name).Order());
        if (names != "iat iss") Wrong.Enqueue($"claims {names}");
        var account = new[] { Named, Neutral }.FirstOrDefault(a => a.Id.ToString() == c.GetProperty("iss").GetString());
        if (account is null) return null;
        var right = HMACSHA256.HashData(Encoding.UTF8.GetBytes(account.Secret.ToString()), Encoding.ASCII.GetBytes($"{head}.{claims}"));
        return right.SequenceEqual(Decode(signature)) && Math.Abs(c.GetProperty("iat").GetInt64() - clock().ToUnixTimeSeconds()) <= skew.TotalSeconds ? account : null;
    }

    private static byte[] Decode(string part) => Convert.FromBase64String(part.Replace('-', '+').Replace('_', '/').PadRight((part.Length + 3) / 4 * 4, '='));

    private static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
