using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Mail;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using static WalkTalk.Notification.Tests.NotifyFaults;

namespace WalkTalk.Notification.Tests;

/// <summary>A mail, or a text message without a subject, as Notify has taken it.</summary>
public sealed record NotifyMail(Guid Id, string Reference, string To, Guid Service, string Subject, string Body, bool Sms);

/// <summary>
/// GOV.UK Notify's API as its documentation has it, and stricter: it checks each call's token down to its claims, takes the documented fields and no others,
/// answers in the documented forms, calls back, and remembers what was wrong with anything it was asked.
/// </summary>
public sealed partial class NotifyServer : IAsyncDisposable
{
    public const string CallbackToken = "what-Notify-says-when-it-calls-back";

    private static readonly string[] OfAMail = ["email_address", "template_id", "personalisation", "reference", "email_reply_to_id", "one_click_unsubscribe_url", "sanitise_content_for"];
    private static readonly string[] OfAText = ["phone_number", "template_id", "personalisation", "reference", "sms_sender_id"];
    private const int LongestText = 918;
    private readonly WebApplication app;
    private readonly Func<DateTimeOffset> clock;
    private readonly TimeSpan skew;
    private readonly List<NotifyFault> faults = [], lookupFaults = [];
    private readonly ConcurrentDictionary<Guid, NotifyMail> mails = new();

    /// <summary>One service of Notify's: key and templates.</summary>
    public sealed record Account(Guid Id, Guid Secret, Guid Template, Guid SmsTemplate)
    {
        public string ApiKey => $"walk-and-talk-live-{Id}-{Secret}";
    }

    public Account Named { get; } = new(Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
    public Account Neutral { get; } = new(Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
    public string Address => app.Urls.First();

    /// <summary>Every line drops, until it is set back.</summary>
    public bool Down { get; set; }

    public IReadOnlyList<NotifyMail> Mails => [.. mails.Values];

    /// <summary>The address or number of each message offered, taken or not, in order; and the reference of each question.</summary>
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
        var told = mails.Values.FirstOrDefault(m => m.Reference == reference);
        return await client.PostAsJsonAsync("/v1/metropolitan/delivery-receipts", new
        {
            id = Guid.NewGuid(), reference, to = told?.To ?? "amina@example.org", status, created_at = Moment(clock()), completed_at = Moment(completed ?? clock()), sent_at = Moment(clock()),
            notification_type = told is { Sms: true } ? "sms" : "email", template_id = told is { Sms: true } ? Named.SmsTemplate : Named.Template, template_version = 1,
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
        if (post && http.Request.Path == "/v2/notifications/email") await Take(http, account, sms: false);
        else if (post && http.Request.Path == "/v2/notifications/sms") await Take(http, account, sms: true);
        else if (!post && http.Request.Path == "/v2/notifications") await Find(http, account);
        else
        {
            Wrong.Enqueue($"{http.Request.Method} {http.Request.Path}");
            await No(http, 404, "NoResultFound", "No result found");
        }
    }

    private async Task Take(HttpContext http, Account account, bool sms)
    {
        var sent = await JsonDocument.ParseAsync(http.Request.Body);
        var (body, reference) = (sent.RootElement, sent.RootElement.GetProperty("reference").GetString()!);
        var to = body.GetProperty(sms ? "phone_number" : "email_address").GetString()!;
        Offered.Enqueue(to);
        if (http.Request.ContentType != "application/json" || http.Request.QueryString.HasValue) Wrong.Enqueue($"{http.Request.ContentType} {http.Request.QueryString}");
        foreach (var field in body.EnumerateObject().Select(p => p.Name).Except(sms ? OfAText : OfAMail)) Wrong.Enqueue($"field {field}");
        if (!Guid.TryParseExact(reference, "D", out _)) Wrong.Enqueue($"reference {reference}");
        // Numbers are taken there in many forms; from us always in one.
        if (sms ? !Number().IsMatch(to) : !MailAddress.TryCreate(to, out _))
        {
            await No(http, 400, "ValidationError", sms ? $"phone_number {to} is not a valid phone number" : $"email_address {to} is not a valid email address");
            return;
        }
        var personal = body.GetProperty("personalisation");
        var template = sms ? account.SmsTemplate : account.Template;
        if (body.GetProperty("template_id").GetString() != template.ToString() || personal.TryGetProperty("subject", out var subject) == sms || !personal.TryGetProperty("body", out var text))
        {
            Wrong.Enqueue("template or personalisation");
            await No(http, 400, "BadRequestError", "Template not found");
            return;
        }

        if (sms && text.GetString()!.Length > LongestText)
        {
            await No(http, 400, "BadRequestError", $"Content for template has a character count greater than the limit of {LongestText}");
            return;
        }

        var fault = Next(faults);
        if (await Strikes(http, fault, to)) return;
        // One reference may stand for many there: nothing of Notify's keeps a mail from being taken twice.
        var mail = new NotifyMail(Guid.NewGuid(), reference, to, account.Id, sms ? "" : subject.GetString()!, text.GetString()!, sms);
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
            id = mail.Id, reference, content = sms ? (object)new { body = mail.Body, from_number = "GOVUK" } : new { subject = mail.Subject, body = mail.Body, from_email = "walks@notifications.service.gov.uk" },
            uri = $"{Address}/v2/notifications/{mail.Id}", template = new { id = template, version = 1, uri = $"{Address}/v2/template/{template}" },
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
                id = m.Id, reference = m.Reference, email_address = m.Sms ? null : m.To, phone_number = m.Sms ? m.To : null, type = m.Sms ? "sms" : "email", status = "sending", body = m.Body, subject = m.Sms ? null : m.Subject, created_at = Moment(clock()), sent_at = Moment(clock()),
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

    [GeneratedRegex(@"^\+447[0-9]{9}$")]
    private static partial Regex Number();

    private static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
