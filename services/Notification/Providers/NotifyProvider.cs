using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using MimeKit;
using WalkTalk.Contracts;

namespace WalkTalk.Notification.Providers;

/// <summary>
/// Hands mail to GOV.UK Notify, which makes it from a template with nothing in it but ours. The reference is the message's id: wherever an answer leaves it open
/// whether Notify took a mail, it is asked by it. What this process has seen of Notify's limits and faults says whether the next mail goes there. Text messages go
/// by another one of these: their day's limit is their own.
/// </summary>
internal sealed class NotifyProvider : IMailProvider, IDisposable
{
    private const int MostBytes = 1024 * 1024;
    private static readonly TimeSpan AfterRateLimit = TimeSpan.FromSeconds(10), AfterDailyLimit = TimeSpan.FromMinutes(15);
    private readonly HttpClient http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, UseCookies = false, ActivityHeadersPropagator = null, PooledConnectionLifetime = TimeSpan.FromMinutes(2),
    }) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly NotifyOptions notify;
    private readonly NotifyAccount named, neutral;
    private readonly bool texts;
    private readonly TimeProvider time;
    private readonly Lock seen = new();
    private DateTimeOffset? pausedUntil, failingSince, awayUntil, spentUntil;

    public NotifyProvider(IOptions<NotifyOptions> options, TimeProvider time, bool texts = false)
    {
        (notify, this.time, this.texts) = (options.Value, time, texts);
        named = NotifyAccount.Of(notify.ApiKey, texts ? notify.SmsTemplateId : notify.TemplateId)!;
        neutral = NotifyAccount.Of(notify.NeutralApiKey, texts ? notify.NeutralSmsTemplateId : notify.NeutralTemplateId)!;
        http.BaseAddress = new Uri(notify.BaseAddress.TrimEnd('/') + "/");
        http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("WalkTalk", null));
    }

    public string Name => "notify";

    public bool Takes(bool sms) => sms == texts;

    public bool MayLeaveUnknown => true;

    public bool CanBeAsked => true;

    public bool Confirms => notify.CallbackToken is { Length: > 0 };

    public bool CarriesFiles => false;

    public DateTimeOffset? PausedUntil { get { lock (seen) return pausedUntil; } }

    public DateTimeOffset? AwayUntil { get { lock (seen) return awayUntil > spentUntil || spentUntil is null ? awayUntil : spentUntil; } }

    public async Task<Answer> Send(Mail mail, CancellationToken ct)
    {
        if (AddressOf(mail) is not { } to) return new(Handed.Permanent, "address-malformed");
        // Where it has long been failing a question goes first: that may get lost without leaving a mail in doubt.
        if (HasFailedLong && await Took(mail.Id, mail.Neutral, ct) is not false and var took) return took is true ? new(Handed.Accepted) : new(Handed.Temporary, "unreachable");
        ct.ThrowIfCancellationRequested();
        var account = mail.Neutral ? neutral : named;
        using var content = new Handing(texts
            ? JsonSerializer.SerializeToUtf8Bytes(new { phone_number = to, template_id = account.Template, reference = mail.Id, personalisation = new { body = mail.Text } })
            : JsonSerializer.SerializeToUtf8Bytes(new
            {
                email_address = to, template_id = account.Template, reference = mail.Id, personalisation = new { subject = mail.Subject, body = NotifyText.Of(mail.Text) },
            }));
        try
        {
            // From here a stopping host does not interrupt: an interrupted hand-over would leave it unknown.
            var (status, said) = await Call(HttpMethod.Post, texts ? "v2/notifications/sms" : "v2/notifications/email", account, content, CancellationToken.None);
            return Read(status, HttpStatusCode.Created, said);
        }
        catch (Exception e) when (IsFault(e))
        {
            Failed();
            return content.Began ? new(Handed.Unknown, "answer-lost") : new(Handed.Temporary, "unreachable");
        }
    }

    public async Task<bool?> Took(Guid id, bool neutral, CancellationToken ct)
    {
        try
        {
            var (status, said) = await Call(HttpMethod.Get, $"v2/notifications?reference={id}", neutral ? this.neutral : named, null, ct);
            if (Read(status, HttpStatusCode.OK, said).Handed != Handed.Accepted || said?.Notifications is not { } found) return null;
            return found.Count == 0 ? false : found.Any(n => n.Reference == id.ToString()) ? true : null;
        }
        catch (Exception e) when (IsFault(e) && !ct.IsCancellationRequested)
        {
            Failed();
            return null;
        }
    }

    private string? AddressOf(Mail mail) => texts ? (MobileNumber.Is(mail.To) ? mail.To : null) : MailboxAddress.TryParse(mail.To, out var to) ? to.Address : null;

    // Codes and kinds are what Notify promises to keep; its sentences are not, and are read nowhere.
    private Answer Read(HttpStatusCode status, HttpStatusCode wanted, Said? said)
    {
        var (code, kind) = ($"{(int)status}", said?.Errors is [var fault, ..] ? fault.Kind : null);
        if (status == wanted || (int)status is 400 or 429) Answered();
        switch ((int)status)
        {
            case var _ when status == wanted:
                return new(Handed.Accepted);
            case 400:
                return new(Handed.Technical, kind is "BadRequestError" or "ValidationError" ? $"{code}-{kind}" : code);
            case 429 when kind is "TooManyRequestsError":
                lock (seen) spentUntil = time.GetUtcNow() + AfterDailyLimit;
                return new(Handed.Later, "daily-limit");
            case 429:
                lock (seen) pausedUntil = time.GetUtcNow() + AfterRateLimit;
                return new(Handed.Later, "rate-limit");
            case >= 400 and < 500 and not 408:
                Failed();
                return new(Handed.Temporary, status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden ? "sign-in-refused" : code);
            default:
                // A server's fault, or one between us: it may have taken the mail before.
                Failed();
                return new(Handed.Unknown, code);
        }
    }

    private async Task<(HttpStatusCode Status, Said? Said)> Call(HttpMethod method, string path, NotifyAccount account, HttpContent? content, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", account.Token(time.GetUtcNow()));
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(ct);
        soon.CancelAfter(TimeSpan.FromSeconds(notify.TimeoutSeconds));
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, soon.Token);
        // It repeats the mail: nothing of that is needed.
        if (response.StatusCode == HttpStatusCode.Created) return (response.StatusCode, null);
        await response.Content.LoadIntoBufferAsync(MostBytes, soon.Token);
        try
        {
            return (response.StatusCode, JsonSerializer.Deserialize<Said>(await response.Content.ReadAsByteArrayAsync(soon.Token), JsonSerializerOptions.Web));
        }
        catch (JsonException)
        {
            return (response.StatusCode, null);
        }
    }

    private static bool IsFault(Exception e) => e is HttpRequestException or IOException or OperationCanceledException;

    private TimeSpan LongEnough => TimeSpan.FromSeconds(notify.FailoverSeconds);

    private bool HasFailedLong { get { lock (seen) return time.GetUtcNow() - failingSince >= LongEnough; } }

    private void Answered()
    {
        lock (seen) (failingSince, awayUntil) = (null, null);
    }

    private void Failed()
    {
        var now = time.GetUtcNow();
        lock (seen)
        {
            failingSince ??= now;
            if (now - failingSince >= LongEnough) awayUntil = now + LongEnough;
        }
    }

    public void Dispose() => http.Dispose();

    /// <summary>Notify's answers, as far as they are read.</summary>
    private sealed record Said(IReadOnlyList<Notified>? Notifications, IReadOnlyList<Fault>? Errors);

    private sealed record Notified(string? Reference);

    private sealed record Fault([property: JsonPropertyName("error")] string? Kind);

    /// <summary>Knows whether a word of the mail was on its way: before that nobody can have taken it.</summary>
    private sealed class Handing : HttpContent
    {
        private readonly byte[] json;

        public Handing(byte[] json)
        {
            this.json = json;
            Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        public bool Began { get; private set; }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            Began = true;
            return stream.WriteAsync(json).AsTask();
        }

        protected override bool TryComputeLength(out long length)
        {
            length = json.Length;
            return true;
        }
    }
}
