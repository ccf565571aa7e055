using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Notification.Api;
using WalkTalk.Notification.Data;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Notification.Providers;

/// <summary>The local inbox: what lies there, one mail, its attachment. Mapped only while no provider is configured.</summary>
internal static class ReadInbox
{
    private const int Page = 50;

    private static readonly Refusal Unknown = new("mail-unknown", 404, "There is no such mail", "It may be gone: the inbox keeps mail for seven days.");
    private static readonly Refusal NoFile = new("mail-without-file", 404, "This mail has no attachment");
    private static readonly Refusal MalformedPage = new("page-malformed", 400, "There is no such page", "Send \"before\" as it was given as \"next\".", "before");

    public static async Task<IResult> List(NotificationDb db, CancellationToken ct, string? before = null)
    {
        InboxMail? start = null;
        if (before is { Length: > 0 })
        {
            if (!Guid.TryParse(before, CultureInfo.InvariantCulture, out var id)) return MalformedPage;
            start = await db.Mails.AsNoTracking().SingleOrDefaultAsync(m => m.Id == id, ct);
            if (start is null) return MalformedPage;
        }
        var mails = start is null ? db.Mails : db.Mails.Where(m => m.At < start.At || (m.At == start.At && m.Id.CompareTo(start.Id) < 0));
        var rows = await mails.AsNoTracking().OrderByDescending(m => m.At).ThenByDescending(m => m.Id).Take(Page + 1).ToListAsync(ct);
        var texts = await db.Messages.Where(m => m.Sms && rows.Select(r => r.Id).Contains(m.Id)).Select(m => m.Id).ToListAsync(ct);
        var page = rows.Take(Page).Select(m => new InboxEntry(m.Id, m.Template, m.Language, m.HasFile, m.At, texts.Contains(m.Id))).ToList();
        return TypedResults.Ok(new InboxList(page, rows.Count > Page ? page[^1].Id.ToString() : null));
    }

    public static async Task<IResult> Open(Guid id, NotificationDb db, PersonalData personal, CancellationToken ct) =>
        await Opened(id, db, personal, ct) is var (row, mail)
            ? TypedResults.Ok(new OpenedMail(row.Id, row.Template, row.Language, row.At, mail.SenderName, mail.To, mail.Subject, mail.Text, mail.File?.Name, mail.Sms))
            : Unknown;

    public static async Task<IResult> Download(Guid id, NotificationDb db, PersonalData personal, CancellationToken ct) =>
        await Opened(id, db, personal, ct) is not var (_, mail) ? Unknown
        : mail.File is not { } file ? NoFile
        : TypedResults.File(Encoding.UTF8.GetBytes(file.Content), file.ContentType, file.Name);

    private static async Task<(InboxMail Row, Mail Mail)?> Opened(Guid id, NotificationDb db, PersonalData personal, CancellationToken ct)
    {
        if (await db.Mails.AsNoTracking().SingleOrDefaultAsync(m => m.Id == id, ct) is not { } row) return null;
        return await personal.Open(db, row.RecipientId, nameof(InboxMail), row.Content, $"local inbox {id}", ct) is { } content
            ? (row, JsonSerializer.Deserialize<Mail>(content)!)
            : null;
    }
}
