namespace WalkTalk.Notification;

/// <summary>How Notification speaks and how long it remembers. Configuration section <c>Notification</c>.</summary>
public sealed class NotificationOptions
{
    /// <summary>
    /// The address people reach the web client at, put in front of links that begin with "/". To be set wherever the gateway is another
    /// process; in the same one, where it listens is the default.
    /// </summary>
    public string? PublicUrl { get; set; }

    // The host writes its own address here once it listens (house rule: services of one process are reached like any other).
    internal string PublicUrlOr(IConfiguration configuration) =>
        PublicUrl ?? (configuration["Services:notification:http:0"] is { } own && own.IndexOf("/api/", StringComparison.Ordinal) is > 0 and var api
            ? own[..api] : "http://localhost:5080");

    /// <summary>The sender's name on a neutral message: it must say nothing to whoever looks over her shoulder.</summary>
    public string NeutralSender { get; set; } = "Appointments";

    /// <summary>How often a message is offered to the provider before it counts as failed.</summary>
    public int MostAttempts { get; set; } = 8;

    /// <summary>How long one worker may hold a message before another takes it over, seconds.</summary>
    public int LeaseSeconds { get; set; } = 120;
}

/// <summary>The mail server. Configuration section <c>Smtp</c>; without a host, mail goes to the local inbox.</summary>
public sealed class SmtpOptions
{
    /// <summary>Name or address of the server.</summary>
    public string? Host { get; set; }

    /// <summary>25, 587 or, for TLS from the first byte, 465.</summary>
    public int Port { get; set; } = 587;

    /// <summary>Null for a server that asks for no sign-in.</summary>
    public string? User { get; set; }

    /// <summary>Goes only over an encrypted connection unless <see cref="StartTls"/> is <c>never</c>.</summary>
    public string? Password { get; set; }

    /// <summary>The sender's address.</summary>
    public string From { get; set; } = "walktalk@localhost";

    /// <summary><c>always</c> (the default: no TLS, no mail), <c>offered</c> or <c>never</c>; port 465 speaks TLS anyway.</summary>
    public string StartTls { get; set; } = "always";

    /// <summary>SHA-256 of a private server's own certificate, in hexadecimal, where no public authority vouches for it.</summary>
    public string? Thumbprint { get; set; }

    /// <summary>How long one step of the conversation may take, seconds.</summary>
    public int TimeoutSeconds { get; set; } = 30;
}

/// <summary>GOV.UK Notify. Configuration section <c>Notify</c>; without an API key it is not used. What cannot be used as it stands ends the start.</summary>
public sealed class NotifyOptions
{
    internal const string PublicAddress = "https://api.notifications.service.gov.uk";

    /// <summary>A key of the force's own service there, whole as Notify shows it once: {name}-{service id}-{secret}.</summary>
    public string? ApiKey { get; set; }

    /// <summary>The e-mail template of that service: subject <c>((subject))</c>, message <c>((body))</c>.</summary>
    public string? TemplateId { get; set; }

    /// <summary>
    /// The same of a second service whose name gives nothing away: there the sender's name is the service's. A force whose one service is so named repeats its own.
    /// </summary>
    public string? NeutralApiKey { get; set; }

    /// <summary>The template of the neutral service.</summary>
    public string? NeutralTemplateId { get; set; }

    /// <summary>The text message template of the force's own service: message <c>((body))</c>. Without it no text messages are sent.</summary>
    public string? SmsTemplateId { get; set; }

    /// <summary>The text message template of the neutral service; needed with <see cref="SmsTemplateId"/>.</summary>
    public string? NeutralSmsTemplateId { get; set; }

    /// <summary>Where the API is; https, or this machine.</summary>
    public string BaseAddress { get; set; } = PublicAddress;

    /// <summary>The bearer token Notify sends with its delivery receipts, 20 characters or more; without one they are not taken.</summary>
    public string? CallbackToken { get; set; }

    /// <summary>How long one call may take, seconds (1 to 60: a message is held for longer).</summary>
    public int TimeoutSeconds { get; set; } = 30;

    /// <summary>After so many seconds without one answer the mail server takes over, where there is one, and Notify is asked again as often.</summary>
    public int FailoverSeconds { get; set; } = 120;
}
