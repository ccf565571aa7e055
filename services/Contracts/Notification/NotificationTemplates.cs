namespace WalkTalk.Contracts.Notification;

/// <summary>What a field holds, and so how a request writes it.</summary>
public enum FieldKind
{
    /// <summary>Words, already in the recipient's language.</summary>
    Text,

    /// <summary>An instant, ISO 8601 with offset (<c>"O"</c>). The message shows it in the force's time zone, zone named.</summary>
    Instant,

    /// <summary>A day, <c>yyyy-MM-dd</c>.</summary>
    Day,

    /// <summary>An absolute address, or a path beginning with "/" that is put behind Notification's <c>PublicUrl</c>.</summary>
    Link,
}

/// <summary>One field of a template. A secret one travels only under "!name" with a value protected for transit.</summary>
public sealed record TemplateField(string Name, FieldKind Kind, bool Secret = false, bool Optional = false);

/// <summary>What a request for one template must bring.</summary>
/// <param name="Mandatory">Column M of D6: ignores preferences and quiet hours.</param>
public sealed record NotificationTemplate(string Id, bool Mandatory, params TemplateField[] Fields)
{
    /// <summary>To officers and staff, who have an e-mail address: it has no text message.</summary>
    public bool ToStaff => Id.StartsWith("officer-walk-", StringComparison.Ordinal)
        || Id is "sla-warning" or "sla-breach" or "verify-alert" or "checkin-overdue" or "officer-help" or "officer-day-sheet" or "disclosure-overdue";
}

/// <summary>The templates of D6 that Notification can send, and their fields: what an asking service must honour.</summary>
public static class NotificationTemplates
{
    private static readonly TemplateField StartsAt = new("starts_at", FieldKind.Instant);
    private static readonly TemplateField Place = new("place", FieldKind.Text);
    private static readonly TemplateField Officer = new("officer", FieldKind.Text);
    private static readonly TemplateField SecretLink = new("link", FieldKind.Link, Secret: true);
    private static readonly TemplateField StaffLink = new("link", FieldKind.Link);
    private static readonly TemplateField Reference = new("reference", FieldKind.Text);
    private static readonly TemplateField What = new("what", FieldKind.Text);
    private static readonly TemplateField Owner = new("owner", FieldKind.Text);
    private static readonly TemplateField DueOn = new("due_on", FieldKind.Day);
    private static readonly TemplateField Reason = new("reason", FieldKind.Text);

    /// <summary>Every template, in the order of a walk and then of a concern.</summary>
    public static IReadOnlyList<NotificationTemplate> All { get; } =
    [
        new("contact-verify", true, new("code", FieldKind.Text, Secret: true), new("minutes", FieldKind.Text)),
        // To the parent or guardian of somebody under 18; name: the first name of who asks. No walk yet: a walk request.
        new("guardian-code", true, new("name", FieldKind.Text, Secret: true), new("code", FieldKind.Text, Secret: true), StartsAt with { Optional = true }, Place with { Optional = true }),
        // The guardian hears of the walk she has agreed to, without the link and the words, which are the young woman's. by: "participant", "force", or "nobody" (no officer came).
        new("guardian-walk-confirmed", true, new("name", FieldKind.Text, Secret: true), StartsAt, Place, Officer),
        new("guardian-walk-changed", true, new("name", FieldKind.Text, Secret: true), new("old_starts_at", FieldKind.Instant, Optional: true), StartsAt, Place, Officer),
        new("guardian-walk-cancelled", true, new("name", FieldKind.Text, Secret: true), StartsAt, new("by", FieldKind.Text), Reason with { Optional = true }),
        // what: something she needs, which may tell of her health.
        new("need-arranged", true, StartsAt, Place, What with { Secret = true }, SecretLink),
        new("need-declined", true, StartsAt, Place, What with { Secret = true }, SecretLink),
        // link: her page for this booking, where she checks the officer, moves or cancels.
        new("walk-confirmed", true, StartsAt, Place, Officer, SecretLink),
        // place: the ward alone; who only waits learns neither meeting point nor officer.
        new("waitlist-joined", true, StartsAt, Place, SecretLink),
        new("waitlist-offer", false, StartsAt, Place, new("until", FieldKind.Instant), SecretLink),
        new("waitlist-closed", false, StartsAt, Place, new("rebook_link", FieldKind.Link)),
        new("request-received", true, new("until", FieldKind.Instant), SecretLink),
        new("slot-offer", false, StartsAt, Place, new("until", FieldKind.Instant), SecretLink),
        new("request-declined", true, Reason with { Optional = true }, new("rebook_link", FieldKind.Link)),
        // To the coordinator, and of concerns to oversight too: what waits and its time is nearly over, or over.
        new("sla-warning", true, What, new("due_at", FieldKind.Instant), StaffLink),
        new("sla-breach", true, What, new("due_at", FieldKind.Instant), StaffLink),
        new("walk-reminder-24h", false, StartsAt, Place, Officer, SecretLink),
        new("walk-reminder-2h", false, StartsAt, Place, Officer, SecretLink),
        new("walk-changed", true, new("old_starts_at", FieldKind.Instant), StartsAt, Place, Officer, SecretLink),
        // link: her page, where she says yes or no.
        new("officer-changed", true, StartsAt, Place, Officer, SecretLink),
        // by: "participant" or "force". link: her page, where she chooses another walk without a new code.
        new("walk-cancelled", true, StartsAt, new("by", FieldKind.Text), Reason with { Optional = true }, new("rebook_link", FieldKind.Link), SecretLink with { Optional = true }),
        new("verify-code", true, StartsAt, Place, Officer,
            new("officer_words", FieldKind.Text, Secret: true), new("your_words", FieldKind.Text, Secret: true), SecretLink),
        new("verify-alert", true, new("walk", FieldKind.Text), StartsAt, Place, StaffLink),
        new("checkin-overdue", true, new("walk", FieldKind.Text), new("last_seen_at", FieldKind.Instant), Place, StaffLink),
        new("officer-help", true, new("walk", FieldKind.Text), new("last_seen_at", FieldKind.Instant), Place, StaffLink),
        // To officers. people and what: a number and the place's hazards, no name; link: the walk's page.
        new("officer-walk-confirmed", true, StartsAt, Place, new("people", FieldKind.Text), What, StaffLink),
        new("officer-walk-changed", true, StartsAt, Place, new("people", FieldKind.Text), What, StaffLink),
        new("officer-walk-cancelled", true, StartsAt, Place),
        // The walk is hers now, or somebody else's.
        new("officer-walk-given", true, StartsAt, Place, new("people", FieldKind.Text), What, StaffLink),
        new("officer-walk-taken", true, StartsAt, Place),
        new("officer-walk-reminder", false, StartsAt, Place, new("people", FieldKind.Text), What, StaffLink),
        // Six in the morning is within quiet hours, which are for participants: hence mandatory.
        // needs: what somebody who comes needs, a line each; it may tell of her health.
        new("officer-day-sheet", true, new("on", FieldKind.Day), new("walks", FieldKind.Text), new("needs", FieldKind.Text, Secret: true, Optional: true), StaffLink),
        // To safeguarding: 18 of the 24 hours are gone.
        new("disclosure-overdue", true, Reference, new("due_at", FieldKind.Instant), StaffLink),
        new("walk-thanks", false, SecretLink),
        new("no-show-sorry", true, StartsAt, new("rebook_link", FieldKind.Link), new("complaint_link", FieldKind.Link), SecretLink with { Optional = true }),
        new("concern-ack", true, Reference, Owner, new("next_on", FieldKind.Day), SecretLink with { Optional = true }),
        new("concern-question", false, Reference, new("question", FieldKind.Text, Secret: true), SecretLink),
        new("concern-referred", false, Reference, Owner, Reason, new("their_reference", FieldKind.Text), new("next_on", FieldKind.Day), SecretLink),
        new("action-agreed", false, Reference, What, Owner, DueOn, SecretLink with { Optional = true }),
        new("action-delayed", false, Reference, What, Owner, DueOn, Reason, SecretLink with { Optional = true }),
        new("action-delivered", false, Reference, What, Owner, SecretLink),
        new("outcome-no-action", true, Reference, Reason, Owner, new("review_on", FieldKind.Day), SecretLink),
        new("is-it-fixed-4w", false, Reference, What, SecretLink),
        new("is-it-fixed-12w", false, Reference, What, SecretLink),
        new("reopened", true, Reference, What, Owner, SecretLink with { Optional = true }),
        // reference: of the mailbox; link: where she keeps what is hers or erases it now.
        new("retention-notice", false, Reference, new("on", FieldKind.Day), SecretLink),
        new("disclosure-options", true, SecretLink),
        new("disclosure-receipt", true, Reference, new("handed_over_at", FieldKind.Instant), Owner),
    ];

    /// <summary>The template with this id, or null.</summary>
    public static NotificationTemplate? Find(string id) => All.FirstOrDefault(t => t.Id == id);
}
