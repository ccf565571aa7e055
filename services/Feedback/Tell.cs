using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Notification;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback;

/// <summary>Asks Notification to tell somebody, only where a contact exists. Never a word of what she wrote.</summary>
internal sealed class Tell(FeedbackDb db, PersonalData personal, Transit transit, ForcePackCatalogue packs)
{
    /// <summary>Tells the contributor, if she gave an address. A field named "!x" is a secret and travels protected.</summary>
    public async Task Contributor(Mailbox mailbox, string template, Guid subject, long version, Dictionary<string, string> fields, CancellationToken ct)
    {
        if (mailbox.Email is { } kept && await personal.Open(db, mailbox.Id, "email", kept, template, ct) is { } email)
            Request(template, email, mailbox.Language, subject, version, fields, urgent: false, TimeSpan.FromDays(14));
    }

    /// <summary>
    /// Tells the contributor of a concern, with a link of her own: a fresh one (good for this concern alone, the one before is void),
    /// or a page that asks for her words. False when there is nobody to tell, neither by this nor in her mailbox.
    /// </summary>
    public async Task<bool> About(Concern concern, string template, string? page, Dictionary<string, string> fields, CancellationToken ct)
    {
        // No address, or a concern that is anonymised and nobody's any more.
        if (await db.Mailboxes.SingleOrDefaultAsync(m => m.Id == concern.MailboxId, ct) is not { } mailbox)
            return false;
        if (mailbox.Email is null)
            return mailbox.HasWords(packs.Get(db.Force!).Today(db.Now));
        if (page is null)
        {
            var token = Secrets.NewToken();
            concern.AnswerLinkHash = Secrets.HashOf(token);
            page = packs.Get(db.Force!).AnswerPath(token);
        }
        fields["!link"] = page;
        await Contributor(mailbox, template, concern.Id, concern.Version, fields, ct);
        return true;
    }

    /// <summary>Tells whoever is on duty in a role of the pack, e.g. safeguarding, or for a body, e.g. LA; nobody where the pack names none.</summary>
    public void Duty(string role, string template, Guid subject, long version, Dictionary<string, string> fields)
    {
        if (packs.Get(db.Force!).DutyContacts.FirstOrDefault(d => d.Role == role) is { } duty)
            Request(template, duty.Email, "en", subject, version, fields, urgent: true, TimeSpan.FromDays(2));
    }

    private void Request(string template, string email, string language, Guid subject, long version, Dictionary<string, string> fields, bool urgent, TimeSpan worth) =>
        db.Request(new NotificationRequested(
            Guid.NewGuid(), db.Service, template, transit.Protect(email), language,
            fields.ToDictionary(f => f.Key, f => f.Key.StartsWith('!') ? transit.Protect(f.Value) : f.Value),
            subject, version, urgent ? "urgent" : "normal", NotificationTemplates.Find(template)?.Mandatory ?? false, db.Now + worth));
}
