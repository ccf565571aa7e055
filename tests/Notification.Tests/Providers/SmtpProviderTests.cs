using System.Net;
using Microsoft.Extensions.Options;
using WalkTalk.Fixtures;
using WalkTalk.Notification.Providers;

namespace WalkTalk.Notification.Tests.Providers;

/// <summary>The conversation with a mail server that wants encryption and a sign-in, and with servers that are not there.</summary>
public sealed class SmtpProviderTests
{
    private static readonly Mail Mail = new(Guid.NewGuid(), "one@notification.walktalk", Guid.NewGuid(), "Zoë <zoë@example.org>", "Heddlu Dyfed-Powys",
        "Tŷ ŵ – héllo", "Text with ŵ and\n.a line that begins with a dot\n", "<p>ŵ</p>", "cy", "walk-thanks", false, null);

    private static Task<Answer> Send(SmtpServer server, Action<SmtpOptions>? change = null) => Send(server.Port, o =>
    {
        (o.User, o.Password, o.Thumbprint) = (server.User, server.Password, server.Thumbprint);
        change?.Invoke(o);
    });

    private static Task<Answer> Send(int port, Action<SmtpOptions>? change = null)
    {
        var options = new SmtpOptions { Host = SmtpServer.Host, Port = port, From = "walks@police.example", TimeoutSeconds = 5 };
        change?.Invoke(options);
        return new SmtpProvider(Options.Create(options), TimeProvider.System).Send(Mail, CancellationToken.None);
    }

    [Fact]
    public async Task Encrypted_and_signed_in_a_mail_of_any_script_arrives_whole()
    {
        await using var server = SmtpServer.Start("walks", "påss", startTls: true);
        Assert.Equal(new Answer(Handed.Accepted), await Send(server));
        var mail = Assert.Single(server.Mails);
        Assert.True(mail.Encrypted);
        Assert.Equal("walks", mail.User);
        Assert.Equal("Tŷ ŵ – héllo", mail.Message.Subject);
        Assert.Equal(Mail.Text, mail.Text.ReplaceLineEndings("\n"));
        Assert.Equal("zoë@example.org", Assert.Single(mail.To), ignoreCase: true);
    }

    [Fact]
    public async Task Nothing_goes_over_a_line_that_is_not_encrypted()
    {
        await using var server = SmtpServer.Start();
        Assert.Equal(new Answer(Handed.Temporary, "no-tls"), await Send(server));
        Assert.Empty(server.Mails);
    }

    [Fact]
    public async Task Nothing_goes_to_a_server_with_another_certificate()
    {
        await using var server = SmtpServer.Start(startTls: true);
        Assert.Equal(new Answer(Handed.Temporary, "no-tls"), await Send(server, o => o.Thumbprint = new string('0', 64)));
        Assert.Empty(server.Mails);
    }

    [Fact]
    public async Task A_wrong_password_is_a_fault_of_ours_that_may_pass()
    {
        await using var server = SmtpServer.Start("walks", "right", startTls: true);
        Assert.Equal(new Answer(Handed.Temporary, "sign-in-refused"), await Send(server, o => o.Password = "wrong"));
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_unreachable()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        Assert.Equal(new Answer(Handed.Temporary, "unreachable"), await Send(port));
    }

    [Fact]
    public async Task A_server_that_never_answers_is_given_up()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Assert.Equal(new Answer(Handed.Temporary, "unreachable"), await Send(((IPEndPoint)listener.LocalEndpoint).Port, o => o.TimeoutSeconds = 1));
    }

    [Fact]
    public async Task A_stopping_host_interrupts_before_the_hand_over_and_nothing_is_sent()
    {
        await using var server = SmtpServer.Start();
        using var stopped = new CancellationTokenSource();
        await stopped.CancelAsync();
        var options = new SmtpOptions { Host = SmtpServer.Host, Port = server.Port, StartTls = "never" };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new SmtpProvider(Options.Create(options), TimeProvider.System).Send(Mail, stopped.Token));
        Assert.Empty(server.Mails);
    }
}
