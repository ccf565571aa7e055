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
