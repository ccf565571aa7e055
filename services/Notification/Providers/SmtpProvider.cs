using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;
using MimeKit.Text;
using MimeKit.Utils;

namespace WalkTalk.Notification.Providers;

/// <summary>
/// Hands mail to the configured SMTP server. The line dropping once the content is on its way is told apart from any earlier fault:
/// then, and only then, the server may have taken the message.
/// </summary>
internal sealed class SmtpProvider(IOptions<SmtpOptions> options, TimeProvider time) : IMailProvider
{
    private readonly SmtpOptions smtp = options.Value;

    public string Name => "smtp";

    public bool MayLeaveUnknown => true;

    public async Task<Answer> Send(Mail mail, CancellationToken ct)
    {
        if (!MailboxAddress.TryParse(mail.To, out var to)) return new(Handed.Permanent, "address-malformed");
        using var message = Compose(mail, to);
        using var client = new SmtpClient { ServerCertificateValidationCallback = smtp.Thumbprint is null ? null : IsTheOne };
        var transfer = new Transfer();
        try
        {
            using (var soon = CancellationTokenSource.CreateLinkedTokenSource(ct))
            {
                soon.CancelAfter(TimeSpan.FromSeconds(smtp.TimeoutSeconds));
                await client.ConnectAsync(smtp.Host!, smtp.Port, Security, soon.Token);
                if (smtp.User is { Length: > 0 } user) await client.AuthenticateAsync(user, smtp.Password ?? "", soon.Token);
            }
            // From here a stopping host does not interrupt: an interrupted hand-over would leave it unknown.
            using var answer = new CancellationTokenSource(TimeSpan.FromSeconds(smtp.TimeoutSeconds));
            await client.SendAsync(message, answer.Token, transfer);
            await Leave(client);
            return new(Handed.Accepted);
        }
        catch (SmtpCommandException e)
        {
            return Refused(e);
        }
        catch (Exception e) when (!ct.IsCancellationRequested || transfer.Began)
        {
            if (transfer.Began) return new(Handed.Unknown, "answer-lost");
            return e switch
            {
                AuthenticationException => new(Handed.Temporary, "sign-in-refused"),
                SslHandshakeException or NotSupportedException => new(Handed.Temporary, "no-tls"),
                SmtpProtocolException or IOException or SocketException or OperationCanceledException => new(Handed.Temporary, "unreachable"),
                _ => new(Handed.Technical, e.GetType().Name),
            };
        }
    }

    private static Answer Refused(SmtpCommandException e)
    {
        var code = ((int)e.StatusCode).ToString(CultureInfo.InvariantCulture);
        if ((int)e.StatusCode < 500) return new(Handed.Temporary, code);
        return new(e.ErrorCode == SmtpErrorCode.RecipientNotAccepted ? Handed.Permanent : Handed.Technical, code);
    }

    private MimeMessage Compose(Mail mail, MailboxAddress to)
    {
        var body = new MultipartAlternative
        {
            new TextPart(TextFormat.Plain) { Text = mail.Text },
            new TextPart(TextFormat.Html) { Text = mail.Html },
        };
        var message = new MimeMessage
        {
            MessageId = mail.MessageId, Date = time.GetUtcNow(), Subject = mail.Subject,
            Body = mail.File is { } file ? new Multipart("mixed") { body, Attached(file) } : body,
        };
        message.From.Add(new MailboxAddress(mail.SenderName, smtp.From));
        message.To.Add(to);
        message.Headers.Add("Content-Language", mail.Language);
        // Tells out-of-office machines to keep quiet (RFC 3834).
        message.Headers.Add("Auto-Submitted", "auto-generated");
        if (mail.Urgent) message.Priority = MessagePriority.Urgent;
        return message;
    }

    private static MimePart Attached(Messages.AttachedFile file)
    {
        var type = ContentType.TryParse(file.ContentType, out var known) ? known : new ContentType("application", "octet-stream");
        return new MimePart(type)
        {
            Content = new MimeContent(new MemoryStream(Encoding.UTF8.GetBytes(file.Content))),
            ContentDisposition = new ContentDisposition(ContentDisposition.Attachment),
            ContentTransferEncoding = ContentEncoding.Base64,
            FileName = file.Name,
            ContentId = MimeUtils.GenerateMessageId("attachment"),
        };
    }

    private SecureSocketOptions Security => smtp switch
    {
        { Port: 465 } => SecureSocketOptions.SslOnConnect,
        { StartTls: "never" } => SecureSocketOptions.None,
        { StartTls: "offered" } => SecureSocketOptions.StartTlsWhenAvailable,
        _ => SecureSocketOptions.StartTls,
    };

    private bool IsTheOne(object sender, System.Security.Cryptography.X509Certificates.X509Certificate? certificate,
        System.Security.Cryptography.X509Certificates.X509Chain? chain, SslPolicyErrors errors) =>
        errors == SslPolicyErrors.None
        || string.Equals(certificate?.GetCertHashString(HashAlgorithmName.SHA256), smtp.Thumbprint, StringComparison.OrdinalIgnoreCase);

    // Accepted is accepted: a server that hangs up instead of saying goodbye changes nothing.
    private static async Task Leave(SmtpClient client)
    {
        try
        {
            using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            await client.DisconnectAsync(quit: true, soon.Token);
        }
        catch (Exception e) when (e is IOException or SocketException or SmtpProtocolException or SmtpCommandException or OperationCanceledException)
        {
        }
    }

    private sealed class Transfer : ITransferProgress
    {
        public bool Began { get; private set; }
        public void Report(long bytesTransferred, long totalSize) => Began = true;
        public void Report(long bytesTransferred) => Began = true;
    }
}
