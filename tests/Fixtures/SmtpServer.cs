using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MimeKit;

namespace WalkTalk.Fixtures;

/// <summary>Where in an SMTP conversation a scripted fault strikes.</summary>
public enum SmtpStage
{
    Connect,
    Auth,
    MailFrom,
    RcptTo,
    Data,

    /// <summary>After the final dot. With a reply the message is refused; without one it was accepted and the answer is lost.</summary>
    AfterData,
}

/// <summary>One scripted fault, used up when its stage is reached. Without a reply the connection drops.</summary>
public sealed record SmtpFault(SmtpStage Stage, string? Reply = null);

/// <summary>A message the server has accepted. <see cref="Text"/> is its decoded plain-text part.</summary>
public sealed record SmtpMail(string From, IReadOnlyList<string> To, MimeMessage Message, bool Encrypted, string? User)
{
    public string Text => Message.TextBody ?? "";

    /// <summary>The client spoke again after it was told that the message is accepted, so it knows. Without that the hand-over stays undecided for it.</summary>
    public bool AnswerRead { get; internal set; }
}

/// <summary>
/// A real SMTP server on a free port of the loopback interface: EHLO, STARTTLS, AUTH PLAIN and LOGIN, dot-stuffing,
/// and faults on demand. It keeps what it accepted in memory.
/// </summary>
public sealed class SmtpServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentQueue<SmtpMail> mails = new();
    private readonly List<SmtpFault> faults = [];
    private readonly X509Certificate2? certificate;
    private readonly Task accepting;
    private int connections;

    private SmtpServer(string? user, string? password, bool startTls)
    {
        (User, Password) = (user, password);
        certificate = startTls ? SelfSigned() : null;
        listener.Start();
        accepting = Accept();
    }

    /// <summary>With a user, AUTH is demanded before MAIL FROM. With STARTTLS, encryption is demanded too.</summary>
    public static SmtpServer Start(string? user = null, string? password = null, bool startTls = false) => new(user, password, startTls);

    public static string Host => "127.0.0.1";
    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;
    public string? User { get; }
    public string? Password { get; }

    /// <summary>SHA-256 thumbprint of the server's own certificate.</summary>
    public string? Thumbprint => certificate?.GetCertHashString(HashAlgorithmName.SHA256);

    public IReadOnlyList<SmtpMail> Mails => [.. mails];

    /// <summary>Told of each message as it is accepted.</summary>
    public event Action<SmtpMail>? Accepted;

    public int Connections => Volatile.Read(ref connections);

    public void Fail(params SmtpFault[] next)
    {
        lock (faults) faults.AddRange(next);
    }

    /// <summary>The newest message to this address that fits, as soon as there is one.</summary>
    public async Task<SmtpMail> Wait(string to, Func<SmtpMail, bool>? fits = null, TimeSpan? atMost = null)
    {
        using var limit = new CancellationTokenSource(atMost ?? TimeSpan.FromSeconds(20));
        while (true)
        {
            var found = mails.LastOrDefault(m => m.To.Contains(to, StringComparer.OrdinalIgnoreCase) && (fits?.Invoke(m) ?? true));
            if (found is not null) return found;
            if (limit.IsCancellationRequested)
                throw new TimeoutException($"No such mail to {to}; arrived: {string.Join(", ", mails.Select(m => m.Message.Subject))}");
            await Task.Delay(25);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Stop();
        await accepting;
        certificate?.Dispose();
        stopping.Dispose();
    }

    private async Task Accept()
    {
        var conversations = new List<Task>();
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(stopping.Token);
                Interlocked.Increment(ref connections);
                conversations.Add(Converse(client));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(conversations);
        }
    }

    private async Task Converse(TcpClient client)
    {
        using var _ = client;
        try
        {
            await new Conversation(this, client.GetStream()).Run(stopping.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException or Dropped or ObjectDisposedException)
        {
            // The client left, the script dropped the line, or the server stops: nothing to tell anyone.
        }
    }

    private void Keep(SmtpMail mail)
    {
        mails.Enqueue(mail);
        Accepted?.Invoke(mail);
    }

    private SmtpFault? Strikes(SmtpStage stage)
    {
        lock (faults)
        {
            var fault = faults.Find(f => f.Stage == stage);
            if (fault is not null) faults.Remove(fault);
            return fault;
        }
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var made = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    private sealed class Dropped : Exception;

    /// <summary>One client's session. Bytes are read as Latin-1, so that the message keeps them as they came.</summary>
    private sealed class Conversation(SmtpServer server, Stream stream)
    {
        private readonly List<string> to = [];
        private string? from;
        private string? user;
        private bool encrypted;
        private SmtpMail? told;

        public async Task Run(CancellationToken ct)
        {
            if (!await Passes(SmtpStage.Connect, ct)) return;
            await Say("220 localhost ready", ct);
            while (await Line(ct) is { } line)
            {
                if (told is not null) told.AnswerRead = true;
                var verb = line.Split(' ', 2)[0].ToUpperInvariant();
                if (verb == "QUIT")
                {
                    await Say("221 bye", ct);
                    return;
                }
                await Answer(verb, line, ct);
            }
        }

        private Task Answer(string verb, string line, CancellationToken ct) => verb switch
        {
            "EHLO" or "HELO" => Say(Greeting(), ct),
            "STARTTLS" when server.certificate is not null && !encrypted => Encrypt(ct),
            "AUTH" when server.User is not null => Authenticate(line, ct),
            "MAIL" when server.certificate is not null && !encrypted => Say("530 5.7.0 STARTTLS first", ct),
            "MAIL" when server.User is not null && user is null => Say("530 5.7.0 authenticate first", ct),
            "MAIL" => Begin(line, ct),
            "RCPT" when from is not null => Address(line, ct),
            "DATA" when to.Count > 0 => Receive(ct),
            "RSET" => Reset(ct),
            "NOOP" => Say("250 ok", ct),
            _ => Say("503 5.5.1 not now", ct),
        };

        private string Greeting()
        {
            List<string> lines = ["localhost", "8BITMIME", "SMTPUTF8", "SIZE 20000000"];
            if (server.certificate is not null && !encrypted) lines.Add("STARTTLS");
            if (server.User is not null) lines.Add("AUTH PLAIN LOGIN");
            return string.Join("\r\n", lines.Select((l, i) => (i == lines.Count - 1 ? "250 " : "250-") + l));
        }

        private async Task Encrypt(CancellationToken ct)
        {
            await Say("220 go ahead", ct);
            var tls = new SslStream(stream);
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = server.certificate }, ct);
            (stream, encrypted) = (tls, true);
        }

        private async Task Authenticate(string line, CancellationToken ct)
        {
            if (!await Passes(SmtpStage.Auth, ct)) return;
            var parts = line.Split(' ');
            string? name = null, password = null;
            if (parts[1].Equals("PLAIN", StringComparison.OrdinalIgnoreCase))
            {
                var plain = Decode(parts.Length > 2 ? parts[2] : await Ask("334 ", ct)).Split('\0');
                if (plain.Length == 3) (name, password) = (plain[1], plain[2]);
            }
            else
            {
                name = Decode(parts.Length > 2 ? parts[2] : await Ask("334 VXNlcm5hbWU6", ct));
                password = Decode(await Ask("334 UGFzc3dvcmQ6", ct));
            }
            if (name == server.User && password == server.Password)
            {
                user = name;
                await Say("235 2.7.0 welcome", ct);
            }
            else
            {
                await Say("535 5.7.8 wrong user or password", ct);
            }
        }

        private async Task Begin(string line, CancellationToken ct)
        {
            if (!await Passes(SmtpStage.MailFrom, ct)) return;
            from = Between(line);
            to.Clear();
            await Say("250 ok", ct);
        }

        private async Task Address(string line, CancellationToken ct)
        {
            if (!await Passes(SmtpStage.RcptTo, ct)) return;
            to.Add(Between(line));
            await Say("250 ok", ct);
        }

        private async Task Receive(CancellationToken ct)
        {
            if (!await Passes(SmtpStage.Data, ct)) return;
            await Say("354 end with a dot", ct);
            using var content = new MemoryStream();
            while (await Line(ct) is { } line && line != ".")
                content.Write(Encoding.Latin1.GetBytes((line.StartsWith('.') ? line[1..] : line) + "\r\n"));
            content.Position = 0;
            var mail = new SmtpMail(from!, [.. to], await MimeMessage.LoadAsync(content, ct), encrypted, user);
            if (server.Strikes(SmtpStage.AfterData) is { } fault)
            {
                if (fault.Reply is null) server.Keep(mail);
                await Apply(fault, ct);
                return;
            }
            server.Keep(mail);
            from = null;
            await Say("250 2.0.0 accepted", ct);
            told = mail;
        }

        private async Task Reset(CancellationToken ct)
        {
            from = null;
            to.Clear();
            await Say("250 ok", ct);
        }

        private async Task<bool> Passes(SmtpStage stage, CancellationToken ct)
        {
            if (server.Strikes(stage) is not { } fault) return true;
            await Apply(fault, ct);
            return false;
        }

        private Task Apply(SmtpFault fault, CancellationToken ct) => fault.Reply is null ? throw new Dropped() : Say(fault.Reply, ct);

        private async Task<string> Ask(string challenge, CancellationToken ct)
        {
            await Say(challenge, ct);
            return await Line(ct) ?? throw new Dropped();
        }

        private async Task Say(string reply, CancellationToken ct) => await stream.WriteAsync(Encoding.Latin1.GetBytes(reply + "\r\n"), ct);

        private readonly byte[] buffer = new byte[8192];
        private int start, end;

        private async Task<string?> Line(CancellationToken ct)
        {
            var line = new StringBuilder();
            while (true)
            {
                var at = Array.IndexOf(buffer, (byte)'\n', start, end - start);
                if (at >= 0)
                {
                    line.Append(Encoding.Latin1.GetString(buffer, start, at - start));
                    start = at + 1;
                    return line.ToString().TrimEnd('\r');
                }
                line.Append(Encoding.Latin1.GetString(buffer, start, end - start));
                (start, end) = (0, await stream.ReadAsync(buffer, ct));
                if (end == 0) return null;
            }
        }

        // An address may be UTF-8 (SMTPUTF8).
        private static string Between(string line) =>
            Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(line[(line.IndexOf('<') + 1)..line.IndexOf('>')]));

        private static string Decode(string base64) => Encoding.UTF8.GetString(Convert.FromBase64String(base64));
    }
}
