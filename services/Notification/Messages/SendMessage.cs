using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Scriban.Syntax;
using WalkTalk.Contracts.Notification;
using WalkTalk.ForcePacks;
using WalkTalk.Notification.Data;
using WalkTalk.Notification.Providers;
using WalkTalk.Notification.Templates;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Notification.Messages;

/// <summary>
/// Brings one claimed message one step on. <c>Sending</c> is saved before the provider is spoken to, so a crash in between is seen
/// afterwards: a provider that can be asked is asked whether it has the message, and it is offered again only after a no; to another it is
/// offered once more under the same Message-ID and marked uncertain, and never a third time.
/// </summary>
internal sealed class SendMessage(
    NotificationDb db, ChooseProvider providers, TemplateLibrary library, ForcePackCatalogue packs, PersonalData personal,
    IOptions<NotificationOptions> options, IConfiguration configuration, TimeProvider time, ILogger<SendMessage> log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250), AskAgain = TimeSpan.FromMinutes(1);

    /// <param name="id">The message.</param>
    /// <param name="until">When the claim under which it is to be brought on ends.</param>
    /// <param name="ct">Stops before the provider has been spoken to.</param>
    public async Task Run(Guid id, DateTimeOffset until, CancellationToken ct)
    {
        // Slow ones before it may have used the lease up, and then it is another worker's.
        if (await db.Messages.SingleOrDefaultAsync(m => m.Id == id, ct) is not { } message || message.LeasedUntil != until) return;
        var recipient = await db.Recipients.SingleAsync(r => r.Id == message.RecipientId, ct);
        try
        {
            var known = providers.MayHave(message);
            (IMailProvider, DateTimeOffset)? next = known is null ? providers.Next(message.Sms) : (known, known.PausedUntil ?? DateTimeOffset.MinValue);
            if (next is not var (provider, from))
            {
                // Whoever takes numbers as contacts is told when none are sent; somebody did not hear it.
                Fail(message, null, MessageState.TechnicalFailure, message.IsUndecided ? "not-answered" : "texts-not-sent", time.GetUtcNow());
                await db.SaveChangesAsync(ct);
                log.Brought(message.Id, message.Template, message.State, message.Reason, message.Attempts, "nobody");
                return;
            }
            if (await Prepare(message, recipient, provider, from, ct) is { } mail)
            {
                message.State = MessageState.Sending;
                message.Provider = provider.Name;
                message.Attempts++;
                // The conversation has the whole lease for itself: nobody takes over what is being said.
                message.LeasedUntil = ClaimMessages.Until(time.GetUtcNow(), options.Value.LeaseSeconds);
                await db.SaveChangesAsync(ct);
                message = await Keep(message, recipient, provider, await Offer(message, provider, mail, ct));
            }
            else
            {
                await db.SaveChangesAsync(CancellationToken.None);
            }
            log.Brought(message.Id, message.Template, message.State, message.Reason, message.Attempts, provider.Name);
        }
        catch (DbUpdateConcurrencyException)
        {
            // A withdrawal was quicker, or another worker took the message over: what they saved stands.
        }
    }

    /// <summary>The mail to send, or null when the message has ended or waits instead.</summary>
    private async Task<Mail?> Prepare(Message message, Recipient recipient, IMailProvider provider, DateTimeOffset from, CancellationToken ct)
    {
        if (!message.IsUnsent && message.State != MessageState.Sending) return null;
        if (message.IsUndecided && !await MayBeOffered(message, recipient, provider, from, ct)) return null;

        var now = time.GetUtcNow();
        if (now >= message.WorthUntil) return Fail(message, provider, MessageState.TechnicalFailure, "too-late", now);
        if (from > now)
        {
            message.Wait(message.State, message.Reason, from);
            return null;
        }
        var pack = packs.Get(message.ForceId);
        if (QuietHours.MayGoAt(now, pack.TimeZone, message.Mandatory, message.WalkAt) is var mayGoAt && mayGoAt > now)
        {
            if (mayGoAt >= message.WorthUntil) message.End(MessageState.Suppressed, "quiet-hours", now);
            else message.Wait(MessageState.Queued, "quiet-hours", mayGoAt);
            return null;
        }
        if (recipient.BadSince is not null && !message.Mandatory)
        {
            message.End(MessageState.Suppressed, "channel-bad", now);
            return null;
        }
        if (message.Payload is null || await personal.Open(db, recipient.Id, nameof(Payload), message.Payload, "send", ct) is not { } opened)
        {
            message.Cancel("erased", now);
            return null;
        }

        var payload = JsonSerializer.Deserialize<Payload>(opened)!;
        try
        {
            var force = pack.Name.In(message.Language);
            var template = library.Get(message.Template, message.Language, message.TemplateVersion)!;
            var around = new Surroundings(force, pack.TimeZone, options.Value.PublicUrlOr(configuration), Attached: payload.File is not null && provider.CarriesFiles);
            var rendered = template.Render(payload.Fields, around, message.Neutral);
            var mail = new Mail(message.Id, $"{message.Id:N}@notification.walktalk", recipient.Id, payload.Address,
                message.Neutral ? options.Value.NeutralSender : force, rendered.Subject, rendered.Text, rendered.Html,
                message.Language, message.Template, message.Urgent, payload.File, message.Neutral);
            return message.Sms ? mail with { Subject = "", Text = rendered.Sms!, Html = "", File = null, Sms = true } : mail;
        }
        catch (ScriptRuntimeException)
        {
            return Fail(message, provider, MessageState.TechnicalFailure, "template-failed", now);
        }
    }

    /// <summary>Whether a message that a provider may have can be offered: asked where there is somebody to ask, once more where there is not.</summary>
    private async Task<bool> MayBeOffered(Message message, Recipient recipient, IMailProvider provider, DateTimeOffset from, CancellationToken ct)
    {
        if (message.Provider is not null && message.Provider != provider.Name)
        {
            // Whoever may have it is not configured any more: nobody can tell, and twice is worse.
            Fail(message, provider, MessageState.TechnicalFailure, "not-answered", time.GetUtcNow());
            return false;
        }
        if (!provider.CanBeAsked)
        {
            if (message.State != MessageState.Sending || !provider.MayLeaveUnknown) return true;
            if (message.Uncertain) Fail(message, provider, MessageState.TechnicalFailure, "uncertain-twice", time.GetUtcNow());
            message.Uncertain = true;
            return message.EndedAt is null;
        }

        var took = from > time.GetUtcNow() ? null : await provider.Took(message.Id, message.Neutral, ct);
        var now = time.GetUtcNow();
        message.Uncertain = took is null;
        if (took is true)
        {
            Settle(message, recipient, provider, new(Handed.Accepted));
        }
        else if (took is false && message.Attempts >= options.Value.MostAttempts)
        {
            Fail(message, provider, MessageState.TechnicalFailure, $"gave-up:{message.Reason}", now);
        }
        else if (took is false)
        {
            message.Wait(MessageState.TemporaryFailure, message.Reason, now);
        }
        else if (now >= message.WorthUntil)
        {
            Fail(message, provider, MessageState.TechnicalFailure, "not-answered", now);
        }
        else
        {
            message.Wait(MessageState.TemporaryFailure, "not-answered", from > now ? from : now + AskAgain);
        }
        return took is false && message.EndedAt is null;
    }

    private static async Task<Answer> Offer(Message message, IMailProvider provider, Mail mail, CancellationToken ct)
    {
        try
        {
            return await provider.Send(mail, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The host stops and nothing was handed over: give the message back untouched.
            message.Attempts--;
            return new(Handed.Temporary, "stopping");
        }
    }

    /// <summary>
    /// Saves what the provider answered. Only this worker knows it, and what is not kept is sent a second time: while the database is away it tries on, past its
    /// lease too; at anything else for as long as its lease lasts.
    /// </summary>
    private async Task<Message> Keep(Message message, Recipient recipient, IMailProvider provider, Answer answer)
    {
        var began = time.GetTimestamp();
        for (var again = false; ; again = true)
        {
            try
            {
                if (again)
                {
                    await Task.Delay(Pause);
                    db.ChangeTracker.Clear();
                    message = await db.Messages.SingleAsync(m => m.Id == message.Id);
                    recipient = await db.Recipients.SingleAsync(r => r.Id == recipient.Id);
                }
                // A commit that seemed to fail may have succeeded.
                if (message.State == MessageState.Sending)
                {
                    Settle(message, recipient, provider, answer);
                    await db.SaveChangesAsync(CancellationToken.None);
                }
                return message;
            }
            catch (Exception e) when (e is not DbUpdateConcurrencyException && (Unavailable.Of(e) is not null || time.GetElapsedTime(began).TotalSeconds < options.Value.LeaseSeconds))
            {
                // Once: an outage may last for hours.
                if (!again) log.NotKept(e, message.Id);
            }
        }
    }

    private void Settle(Message message, Recipient recipient, IMailProvider provider, Answer answer)
    {
        var now = time.GetUtcNow();
        switch (answer.Handed)
        {
            case Handed.Accepted:
                message.End(MessageState.Sent, null, now);
                if (!provider.Confirms) recipient.BadSince = null;
                db.Publish(new NotificationDelivered(message.RequestId, message.Template, message.SubjectId, provider.HasLastWord ? null : false));
                db.TellEnd(message, packs, provider);
                break;
            case Handed.Permanent:
                recipient.BadSince ??= now;
                Fail(message, provider, MessageState.PermanentFailure, answer.Reason, now);
                break;
            case Handed.Technical:
                Fail(message, provider, MessageState.TechnicalFailure, answer.Reason, now);
                break;
            case Handed.Later:
                message.Attempts--;
                message.Wait(MessageState.TemporaryFailure, answer.Reason, providers.Next(message.Sms)!.Value.From);
                break;
            case Handed.Unknown when message.Uncertain:
                Fail(message, provider, MessageState.TechnicalFailure, "uncertain-twice", now);
                break;
            case Handed.Temporary when message.Attempts >= options.Value.MostAttempts:
                Fail(message, provider, MessageState.TechnicalFailure, $"gave-up:{answer.Reason}", now);
                break;
            default:
                message.Uncertain |= answer.Handed == Handed.Unknown;
                var pause = Message.Backoff(Math.Max(1, message.Attempts), message.Urgent, Random.Shared.NextDouble());
                // Where another has taken its place meanwhile, that one need not be waited for.
                var another = answer.Handed == Handed.Temporary && providers.Next(message.Sms)?.Provider != provider;
                message.Wait(MessageState.TemporaryFailure, answer.Reason, another ? now : now + pause);
                break;
        }
    }

    // What finally fails reaches a person: the asking service is told, and an operator sees it among the failures.
    private Mail? Fail(Message message, IMailProvider? provider, MessageState state, string? reason, DateTimeOffset now)
    {
        message.End(state, reason, now);
        db.Publish(new NotificationFailed(message.RequestId, message.Template, message.SubjectId, state.ToString()));
        db.TellEnd(message, packs, provider);
        return null;
    }
}

internal static partial class SendLog
{
    [LoggerMessage(EventId = 3001, EventName = "MessageBrought", Level = LogLevel.Information,
        Message = "Message {Id} ({Template}) is {State} {Reason} after {Attempts} attempts by {Provider}")]
    public static partial void Brought(this ILogger log, Guid id, string template, MessageState state, string? reason, int attempts, string provider);

    [LoggerMessage(EventId = 3002, EventName = "SendRoundFailed", Level = LogLevel.Error, Message = "A round of sending failed; the next one tries again")]
    public static partial void RoundFailed(this ILogger log, Exception exception);

    [LoggerMessage(EventId = 3003, EventName = "MessageLeft", Level = LogLevel.Error, Message = "Message {Id} could not be brought on; it is taken up again when its lease ends")]
    public static partial void Left(this ILogger log, Exception exception, Guid id);

    [LoggerMessage(EventId = 3005, EventName = "AnswerNotKept", Level = LogLevel.Warning, Message = "What the provider answered to message {Id} is not saved yet; trying again")]
    public static partial void NotKept(this ILogger log, Exception exception, Guid id);

    [LoggerMessage(EventId = 3004, EventName = "MessagesForgotten", Level = LogLevel.Information,
        Message = "Forgot {Bodies} bodies, {Copies} inbox copies, {Messages} messages and {Recipients} recipients of {Force}")]
    public static partial void Forgot(this ILogger log, string force, int bodies, int copies, int messages, int recipients);
}
