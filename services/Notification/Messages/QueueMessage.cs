using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts;
using WalkTalk.Contracts.Notification;
using WalkTalk.ForcePacks;
using WalkTalk.Notification.Data;
using WalkTalk.Notification.Providers;
using WalkTalk.Notification.Templates;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Notification.Messages;

/// <summary>
/// Turns a request into one queued message, or into none where it is already there, was withdrawn or is too late.
/// What cannot be sent as asked is kept as a failure that a person sees, not retried for ever.
/// </summary>
internal sealed class QueueMessage(NotificationDb db, TemplateLibrary library, PersonalData personal, ForcePackCatalogue packs, ChooseProvider providers, TimeProvider time)
{
    /// <summary>The message that stands for this request now, not yet saved; null when an earlier request already brought it.</summary>
    /// <param name="asked">The request.</param>
    /// <param name="address">The recipient's e-mail address or number (E.164), opened.</param>
    /// <param name="fields">The fields by their plain names, opened.</param>
    /// <param name="file">The attachment, opened.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<Message?> Queue(
        NotificationRequested asked, string address, IReadOnlyDictionary<string, string> fields, AttachedFile? file, CancellationToken ct)
    {
        var recipient = await Recipient(asked.Service, address, ct);
        var known = await db.Messages.AnyAsync(m => m.RequestId == asked.RequestId
            || (m.RecipientId == recipient.Id && m.Template == asked.Template && m.SubjectId == asked.SubjectId && m.SubjectVersion == asked.SubjectVersion), ct);
        if (known) return null;

        var now = time.GetUtcNow();
        var language = asked.Language == "cy" ? "cy" : "en";
        var template = library.Newest(asked.Template, language);
        var message = new Message
        {
            RequestId = asked.RequestId, Service = asked.Service, RecipientId = recipient.Id,
            Template = asked.Template, TemplateVersion = template?.Version ?? 0, Language = template?.Language ?? language,
            SubjectId = asked.SubjectId, SubjectVersion = asked.SubjectVersion,
            Urgent = asked.Urgency == "urgent", Mandatory = asked.Mandatory, Neutral = asked.Neutral, Sms = MobileNumber.Is(address),
            QueuedAt = now, DueAt = now, WorthUntil = asked.WorthUntil,
            WalkAt = fields.TryGetValue("starts_at", out var at) && Wording.IsInstant(at) ? Wording.Instant(at) : null,
        };
        db.Messages.Add(message);

        if (await Withdrawn(asked, ct))
        {
            message.Cancel("withdrawn", now);
            return message;
        }
        if (Fault(asked, template, message.Sms, fields) is { } fault)
        {
            message.End(MessageState.TechnicalFailure, fault, now);
            db.Publish(new NotificationFailed(asked.RequestId, asked.Template, asked.SubjectId, nameof(MessageState.TechnicalFailure)));
            db.TellEnd(message, packs, providers.Next(message.Sms)?.Provider);
            return message;
        }

        await CancelOlder(message, now, ct);
        message.Payload = await personal.Protect(db, recipient.Id, nameof(Payload), JsonSerializer.Serialize(new Payload(address, fields, file)), ct);
        return message;
    }

    private async Task<Recipient> Recipient(string service, string address, CancellationToken ct)
    {
        var hash = personal.Hash(db, $"{service}\n{address}");
        if (await db.Recipients.SingleOrDefaultAsync(r => r.ContactHash == hash, ct) is { } known) return known;
        var recipient = new Recipient { ContactHash = hash };
        db.Recipients.Add(recipient);
        return recipient;
    }

    private Task<bool> Withdrawn(NotificationRequested asked, CancellationToken ct) => db.Withdrawals.AnyAsync(
        w => w.SubjectId == asked.SubjectId && w.UpToVersion >= asked.SubjectVersion && (w.Template == null || w.Template == asked.Template), ct);

    // Who is told of version 3 is not told of version 2 afterwards.
    private async Task CancelOlder(Message message, DateTimeOffset now, CancellationToken ct)
    {
        var same = await db.Messages.Where(m => m.RecipientId == message.RecipientId && m.Template == message.Template && m.SubjectId == message.SubjectId)
            .ToListAsync(ct);
        foreach (var older in same.Where(m => m.IsUnsent && m.SubjectVersion < message.SubjectVersion)) older.Cancel("superseded", now);
        if (same.Any(m => m.SubjectVersion > message.SubjectVersion)) message.Cancel("superseded", now);
    }

    private static string? Fault(NotificationRequested asked, MessageTemplate? template, bool sms, IReadOnlyDictionary<string, string> fields)
    {
        if (template is null) return "template-unknown";
        if (sms && !template.HasSms) return "template-without-sms";
        foreach (var field in template.Contract.Fields)
        {
            if (!fields.TryGetValue(field.Name, out var value))
            {
                if (!field.Optional) return $"field-missing:{field.Name}";
                continue;
            }
            if (field.Secret && asked.Service != SendTest.Service && asked.Fields.ContainsKey(field.Name)) return $"field-unprotected:{field.Name}";
            if (field.Kind == FieldKind.Instant && !Wording.IsInstant(value)) return $"field-not-an-instant:{field.Name}";
            if (field.Kind == FieldKind.Day && !Wording.IsDay(value)) return $"field-not-a-day:{field.Name}";
        }
        return null;
    }
}
