using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using WalkTalk.Notification.Providers;

namespace WalkTalk.Notification.Tests.Providers;

/// <summary>The conversation with GOV.UK Notify: what is asked of it, and what each of its answers means.</summary>
public sealed class NotifyProviderTests : IAsyncLifetime
{
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
    private NotifyServer server = null!;
    private TimeSpan skew;

    public async ValueTask InitializeAsync() => server = await NotifyServer.Start(() => time.GetUtcNow() + skew);

    public async ValueTask DisposeAsync() => await server.DisposeAsync();

    private static Mail Mail(bool neutral = false, string to = "zoe@example.org") => new(Guid.NewGuid(), "one@notification.walktalk", Guid.NewGuid(), to, "Heddlu Dyfed-Powys",
        "Tŷ ŵ – héllo", "When: now\nhttps://walktalk.example/a_b-c[1]\n", "<p>ŵ</p>", "cy", "walk-thanks", false, null, neutral);

    private NotifyOptions Options() => new()
    {
        ApiKey = server.Named.ApiKey, TemplateId = $"{server.Named.Template}", NeutralApiKey = server.Neutral.ApiKey, NeutralTemplateId = $"{server.Neutral.Template}",
        BaseAddress = server.Address, TimeoutSeconds = 3,
    };

    private NotifyProvider Provider(Action<NotifyOptions>? change = null)
    {
        var options = Options();
        change?.Invoke(options);
        return new NotifyProvider(Microsoft.Extensions.Options.Options.Create(options), time);
    }

    [Fact]
    public async Task A_mail_of_any_script_arrives_under_its_reference_and_is_found_by_it()
    {
        using var notify = Provider();
        var mail = Mail();
        Assert.False(await notify.Took(mail.Id, false, default));
        Assert.Equal(new Answer(Handed.Accepted), await notify.Send(mail, default));
        var taken = Assert.Single(server.Mails);
        Assert.Equal((mail.Id.ToString(), "zoe@example.org", "Tŷ ŵ – héllo", server.Named.Id), (taken.Reference, taken.To, taken.Subject, taken.Service));
        Assert.Equal("When: now\nhttps://walktalk.example/a_b-c[1]\n", taken.Body);
        Assert.True(await notify.Took(mail.Id, false, default));
        Assert.False(await notify.Took(mail.Id, true, default));
        Assert.Empty(server.Wrong);
    }

    [Fact]
    public async Task A_neutral_mail_goes_by_the_service_that_is_named_so()
    {
        using var notify = Provider();
        Assert.Equal(new Answer(Handed.Accepted), await notify.Send(Mail(neutral: true), default));
        Assert.Equal(server.Neutral.Id, Assert.Single(server.Mails).Service);
    }

    [Theory]
    [InlineData(30, Handed.Accepted, null)]
    [InlineData(31, Handed.Temporary, "sign-in-refused")]
    [InlineData(-31, Handed.Temporary, "sign-in-refused")]
    public async Task A_clock_that_goes_wrong_is_a_fault_that_may_pass(int seconds, object handed, string? reason)
    {
        skew = TimeSpan.FromSeconds(seconds);
        using var notify = Provider();
        Assert.Equal(new Answer((Handed)handed, reason), await notify.Send(Mail(), default));
    }

    [Fact]
    public async Task A_key_that_is_none_of_theirs_is_a_fault_that_may_pass()
    {
        using var notify = Provider(o => o.ApiKey = $"name-{server.Named.Id}-{Guid.NewGuid()}");
        Assert.Equal(new Answer(Handed.Temporary, "sign-in-refused"), await notify.Send(Mail(), default));
        Assert.Null(await notify.Took(Guid.NewGuid(), false, default));
    }

    [Theory]
    [InlineData(NotifyFault.Says400, Handed.Technical, "400-BadRequestError")]
    [InlineData(NotifyFault.Says403, Handed.Temporary, "sign-in-refused")]
    [InlineData(NotifyFault.Says404, Handed.Temporary, "404")]
    [InlineData(NotifyFault.RateLimit, Handed.Later, "rate-limit")]
    [InlineData(NotifyFault.DailyLimit, Handed.Later, "daily-limit")]
    [InlineData(NotifyFault.Says500, Handed.Unknown, "500")]
    [InlineData(NotifyFault.Says502, Handed.Unknown, "502")]
    [InlineData(NotifyFault.Says200, Handed.Unknown, "200")]
    [InlineData(NotifyFault.Redirects, Handed.Unknown, "302")]
    [InlineData(NotifyFault.Drops, Handed.Unknown, "answer-lost")]
    [InlineData(NotifyFault.Hangs, Handed.Unknown, "answer-lost")]
    public async Task Each_answer_means_one_thing(NotifyFault fault, object handed, string reason)
    {
        using var notify = Provider();
        server.Fail(fault);
        Assert.Equal(new Answer((Handed)handed, reason), await notify.Send(Mail(), default));
        Assert.Empty(server.Mails);
    }

    [Theory]
    [InlineData(NotifyFault.Says200)]
    [InlineData(NotifyFault.Says403)]
    [InlineData(NotifyFault.Says404)]
    [InlineData(NotifyFault.Says500)]
    [InlineData(NotifyFault.RateLimit)]
    [InlineData(NotifyFault.Unreadable)]
    [InlineData(NotifyFault.Drops)]
    [InlineData(NotifyFault.Hangs)]
    public async Task A_question_without_an_answer_is_no_no(NotifyFault fault)
    {
        using var notify = Provider();
        server.FailLookups(fault);
        Assert.Null(await notify.Took(Guid.NewGuid(), false, default));
        Assert.False(await notify.Took(Guid.NewGuid(), false, default));
    }

    [Fact]
    public async Task An_address_that_is_none_is_not_even_offered()
    {
        using var notify = Provider();
        Assert.Equal(new Answer(Handed.Permanent, "address-malformed"), await notify.Send(Mail(to: "not an address"), default));
        Assert.Empty(server.Offered);
    }

    [Fact]
    public async Task A_server_that_is_not_there_has_taken_nothing()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        using var notify = Provider(o => o.BaseAddress = $"http://127.0.0.1:{port}");
        Assert.Equal(new Answer(Handed.Temporary, "unreachable"), await notify.Send(Mail(), default));
    }

    [Fact]
    public async Task A_stopping_host_interrupts_before_the_hand_over_and_nothing_is_sent()
    {
        using var stopped = new CancellationTokenSource();
        await stopped.CancelAsync();
        using var notify = Provider();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => notify.Send(Mail(), stopped.Token));
        Assert.Empty(server.Offered);
    }

    [Fact]
    public async Task Where_it_has_long_been_failing_a_question_goes_before_the_next_mail()
    {
        using var notify = Provider();
        server.Down = true;
        Assert.Equal(Handed.Unknown, (await notify.Send(Mail(), default)).Handed);
        Assert.Null(notify.AwayUntil);
        time.Advance(TimeSpan.FromSeconds(120));
        Assert.Equal(new Answer(Handed.Temporary, "unreachable"), await notify.Send(Mail(), default));
        Assert.Equal(time.GetUtcNow().AddSeconds(120), notify.AwayUntil);
        server.Down = false;
        Assert.Equal(new Answer(Handed.Accepted), await notify.Send(Mail(), default));
        Assert.Null(notify.AwayUntil);
        Assert.Single(server.Asked);
    }

    public static TheoryData<string, Action<NotifyOptions>> Unusable => new()
    {
        { "Notify:ApiKey", o => o.ApiKey = "not-a-key" },
        { "Notify:ApiKey", o => o.ApiKey = o.ApiKey![..^1] },
        { "Notify:ApiKey", o => o.ApiKey = o.ApiKey![^73..].Replace('-', '+') },
        { "Notify:TemplateId", o => o.TemplateId = "walk-thanks" },
        { "Notify:NeutralApiKey", o => o.NeutralApiKey = null },
        { "Notify:NeutralTemplateId", o => o.NeutralTemplateId = "" },
        { "Notify:SmsTemplateId", o => (o.SmsTemplateId, o.NeutralSmsTemplateId) = ("walk-thanks", $"{Guid.NewGuid()}") },
        { "Notify:NeutralSmsTemplateId", o => o.SmsTemplateId = $"{Guid.NewGuid()}" },
        { "Notify:SmsTemplateId", o => o.NeutralSmsTemplateId = $"{Guid.NewGuid()}" },
        { "Notify:BaseAddress", o => o.BaseAddress = "http://notify.example" },
        { "Notify:BaseAddress", o => o.BaseAddress = "notify" },
        { "Notify:CallbackToken", o => o.CallbackToken = "nineteen-characters" },
        { "Notify:TimeoutSeconds", o => o.TimeoutSeconds = 0 },
    };

    [Theory, MemberData(nameof(Unusable))]
    public void What_cannot_be_used_is_named_at_the_start_and_not_told(string setting, Action<NotifyOptions> spoil)
    {
        var options = Options();
        Assert.True(new NotifySettings().Validate(null, options).Succeeded);
        spoil(options);
        var result = new NotifySettings().Validate(null, options);
        Assert.Contains(setting, Assert.Single(result.Failures!), StringComparison.Ordinal);
        foreach (var told in new[] { options.ApiKey, options.CallbackToken, $"{server.Named.Secret}" }.OfType<string>().Where(t => t.Length > 0))
            Assert.DoesNotContain(told, result.FailureMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_key_nothing_else_of_it_is_asked() => Assert.True(new NotifySettings().Validate(null, new NotifyOptions { ApiKey = " ", CallbackToken = "short" }).Skipped);

    [Fact]
    public async Task A_host_with_a_malformed_key_does_not_start()
    {
        await using var app = new Malformed();
        var fault = await Assert.ThrowsAsync<OptionsValidationException>(async () => await app.InitializeAsync());
        Assert.Contains("Notify:ApiKey", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("mistyped", fault.Message, StringComparison.Ordinal);
    }

    private sealed class Malformed() : NotificationApp(Fixtures.TestOn.OneProcess, withMailServer: false)
    {
        protected override IEnumerable<(string Key, string? Value)> Settings() => [.. base.Settings(), ("Notify:ApiKey", "mistyped")];
    }
}
