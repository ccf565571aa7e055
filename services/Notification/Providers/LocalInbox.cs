using System.Text.Json;
using WalkTalk.Notification.Data;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Notification.Providers;

/// <summary>A mail kept here because no provider is configured; readable only with its recipient's key, and for seven days.</summary>
internal sealed class InboxMail : IForceRow
{
    /// <summary>The message's id: a message lies in the inbox once.</summary>
    public Guid Id { get; init; }
    public string ForceId { get; set; } = "";
    public required Guid RecipientId { get; init; }
    public required string Template { get; init; }
    public required string Language { get; init; }
    public required bool HasFile { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>The whole mail, protected.</summary>
    public required string Content { get; init; }
}

/// <summary>
/// Makes the product usable from the first minute: mail goes into the database, in the same save as the message's state,
/// and an operator opens it in the web client.
/// </summary>
internal sealed class LocalInbox(NotificationDb db, PersonalData personal, TimeProvider time) : IMailProvider
{
    public string Name => "inbox";

    public bool MayLeaveUnknown => false;

    public bool Takes(bool sms) => true;

    // Nothing of it is on its way to anybody.
    public bool HasLastWord => false;

    public async Task<Answer> Send(Mail mail, CancellationToken ct)
    {
        var content = await personal.Protect(db, mail.RecipientId, nameof(InboxMail), JsonSerializer.Serialize(mail), ct);
        db.Mails.Add(new InboxMail
        {
            Id = mail.Id, RecipientId = mail.RecipientId, Template = mail.Template, Language = mail.Language,
            HasFile = mail.File is not null, At = time.GetUtcNow(), Content = content,
        });
        return new(Handed.Accepted);
    }
}
