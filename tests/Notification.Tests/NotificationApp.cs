using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using WalkTalk.Contracts.Notification;
using WalkTalk.Fixtures;
using WalkTalk.Notification.Data;
using WalkTalk.Notification.Messages;
using WalkTalk.Notification.Templates;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Notification.Tests;

/// <summary>Notification in its real host, with a real mail server beside it, GOV.UK Notify's stand-in, both, or none (then: the local inbox).</summary>
public abstract class NotificationApp(TestOn on, bool withMailServer, bool withNotify = false) : ServiceApp(on, NotificationService.Module)
{
    public SmtpServer Smtp { get; } = SmtpServer.Start();

    public NotifyServer Notify { get; private set; } = null!;

    /// <summary>Everything the process logged, down to Debug.</summary>
    public FakeLogCollector Logs { get; } = FakeLogCollector.Create(new FakeLogCollectorOptions());

    protected override IEnumerable<(string Key, string? Value)> Settings()
    {
        yield return ("Logging:LogLevel:Default", "Debug");
        yield return ("Notification:PublicUrl", "https://walktalk.example");
        if (withNotify)
        {
            Notify = NotifyServer.Start(() => Time.GetUtcNow(), skew: TimeSpan.FromHours(1)).GetAwaiter().GetResult();
            yield return ("Notify:ApiKey", Notify.Named.ApiKey);
            yield return ("Notify:TemplateId", $"{Notify.Named.Template}");
            yield return ("Notify:NeutralApiKey", Notify.Neutral.ApiKey);
            yield return ("Notify:NeutralTemplateId", $"{Notify.Neutral.Template}");
            yield return ("Notify:SmsTemplateId", $"{Notify.Named.SmsTemplate}");
            yield return ("Notify:NeutralSmsTemplateId", $"{Notify.Neutral.SmsTemplate}");
            yield return ("Notify:BaseAddress", Notify.Address);
            yield return ("Notify:CallbackToken", NotifyServer.CallbackToken);
            yield return ("Notify:TimeoutSeconds", "15");
        }
        if (!withMailServer) yield break;
        yield return ("Smtp:Host", SmtpServer.Host);
        yield return ("Smtp:Port", $"{Smtp.Port}");
        yield return ("Smtp:StartTls", "never");
        yield return ("Smtp:From", "walks@police.example");
    }

    protected override void Customise(IServiceCollection services) => services.AddSingleton<ILoggerProvider>(new FakeLoggerProvider(Logs));

    /// <summary>Itself, after whatever an earlier test has left with Notify is over.</summary>
    public NotificationApp Later(TimeSpan later)
    {
        Notify.StopFailing();
        (Notify.Down, Notify.Taken) = (false, null);
        Time.Advance(later);
        return this;
    }

    private Transit Transit => Services.GetRequiredService<Transit>();

    /// <summary>A request as Booking would publish it, with sample values for every field.</summary>
    public NotificationRequested Request(
        string template, string to, Guid? subject = null, long version = 1, Guid? id = null, bool? mandatory = null, bool urgent = false,
        TimeSpan? worthFor = null, Attachment? attachment = null, bool neutral = false, string language = "en", DateTimeOffset? startsAt = null)
    {
        var contract = NotificationTemplates.Find(template);
        var fields = contract is null ? [] : Samples.For(contract).ToDictionary(
            f => contract.Fields.Single(c => c.Name == f.Key).Secret ? "!" + f.Key : f.Key,
            f => f.Key == "starts_at" ? (startsAt ?? Time.GetUtcNow().AddDays(1)).ToString("O")
                : contract.Fields.Single(c => c.Name == f.Key).Secret ? Transit.Protect(f.Value) : f.Value);
        return new(id ?? Guid.CreateVersion7(), "booking", template, Transit.Protect(to), language, fields, subject ?? Guid.NewGuid(), version,
            urgent ? "urgent" : "normal", mandatory ?? contract?.Mandatory ?? true, Time.GetUtcNow() + (worthFor ?? TimeSpan.FromDays(2)), attachment, neutral);
    }

    public Attachment Calendar() => new("walk.ics", "text/calendar; method=REQUEST; charset=utf-8",
        Transit.Protect("BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"));

    internal Task<Message> Message(Guid request) =>
        Db<NotificationDb, Message>(db => db.Messages.AsNoTracking().SingleAsync(m => m.RequestId == request));

    internal async Task<Message> Reaches(Guid request, MessageState state)
    {
        Message message = null!;
        await Eventually(async () =>
        {
            message = await Message(request);
            Assert.True(message.State == state || message.EndedAt is null, $"ended as {message.State} ({message.Reason}) instead of {state}");
            return message.State == state;
        }, $"the message to be {state}");
        return message;
    }

    /// <summary>As <see cref="Reaches"/>, moving the clock along so that waits pass.</summary>
    internal async Task<Message> ReachesInTime(Guid request, MessageState state)
    {
        await Eventually(async () =>
        {
            if ((await Message(request)).State == state) return true;
            Time.Advance(TimeSpan.FromSeconds(5));
            return false;
        }, $"the message to be {state}");
        return await Message(request);
    }

    /// <summary>A mobile number, for nobody but this process.</summary>
    public static string SomebodysNumber() => $"+447{Random.Shared.NextInt64(700_000_000, 800_000_000)}";

    public static string Somebody() => $"amina.{Guid.NewGuid():N}@example.org";

    public class SmtpOnSqlite() : NotificationApp(TestOn.OneProcess, withMailServer: true);
    public class SmtpOnPostgres() : NotificationApp(TestOn.PostgresAndRabbit, withMailServer: true);
    public class NotifyOnSqlite() : NotificationApp(TestOn.OneProcess, withMailServer: false, withNotify: true);
    public class NotifyOnPostgres() : NotificationApp(TestOn.PostgresAndRabbit, withMailServer: false, withNotify: true);
    public class BothOnSqlite() : NotificationApp(TestOn.OneProcess, withMailServer: true, withNotify: true);
    public class BothOnPostgres() : NotificationApp(TestOn.PostgresAndRabbit, withMailServer: true, withNotify: true);
    public class InboxOnSqlite() : NotificationApp(TestOn.OneProcess, withMailServer: false);
    public class InboxOnPostgres() : NotificationApp(TestOn.PostgresAndRabbit, withMailServer: false);
}
