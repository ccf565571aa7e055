using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts;
using WalkTalk.Contracts.Notification;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking;

/// <summary>
/// What Booking asks Notification to send: requests in the same save as the change they tell of. Every message to her brings a fresh secret link,
/// because only hashes of the old ones are kept. Contact, codes, words and links travel protected.
/// </summary>
internal sealed partial class BookingMail(BookingDb db, PersonalData personal, Transit transit, ForcePackCatalogue packs, IConfiguration configuration)
{
    public const string Contact = "contact", Name = "first-name", Needs = "needs", Words = "meeting-words", GuardianName = "guardian-first-name", GuardianContact = "guardian-contact";

    private ForcePack Pack => packs.Get(db.Force!);

    /// <summary>A number is no contact where no text messages are sent.</summary>
    public Refusal? NoWayTo(string address, string field) =>
        MobileNumber.Of(address) is not null && !TextMessages.AreSent(configuration) ? Refusals.TextsNotSent with { Field = field } : null;

    /// <summary>A link for one purpose; its secret exists in the message and her browser only.</summary>
    public string NewLink(Booking booking, LinkPurpose purpose)
    {
        var secret = Secrets.NewToken();
        db.BookingLinks.Add(new BookingLink { Hash = Secrets.HashOf(secret), BookingId = booking.Id, Purpose = purpose });
        return secret;
    }

    /// <summary>The same for a request.</summary>
    public string NewLink(WalkRequest asked)
    {
        var secret = Secrets.NewToken();
        db.RequestLinks.Add(new RequestLink { Hash = Secrets.HashOf(secret), RequestId = asked.Id });
        return secret;
    }

    public async Task Code(Participant her, string code, CancellationToken ct)
    {
        var minutes = Math.Max(1, (int)(her.HoldUntil - db.Now).TotalMinutes);
        await ToHer(her, "contact-verify", her.CodesSent, her.HoldUntil, [("!code", code), ("minutes", $"{minutes}")], null, ct);
    }

    /// <summary>Her guardian is asked, with a code of her own, for what (no walk yet: a walk request) and until when.</summary>
    public async Task GuardianCode(Participant her, string code, Walk? walk, string herName, string address, CancellationToken ct) =>
        Ask("guardian-code", address, her.Language, her.Id, her.CodesSent, "normal", (walk?.StartsAt ?? db.Now.AddDays(1)), null, false,
            [("!name", herName), ("!code", code), .. walk is null ? ((string, string)[])[] : Offer(walk)]);

    /// <summary>What she asked for is arranged, or cannot be for this walk. What it is travels protected.</summary>
    public Task NeedAnswered(OpenNeed need, Need kind, Booking booking, Walk walk, CancellationToken ct) =>
        ToHer(booking, need.State == NeedState.Arranged ? "need-arranged" : "need-declined", 1, walk.StartsAt,
            [.. Offer(walk), ("!what", kind.Words(booking.Language)), ("!link", Path(NewLink(booking, LinkPurpose.MyWalk)))], null, ct, need.Id);

    /// <summary>The coordinators: something to arrange for a walk is nearly due, or over. The page tells what.</summary>
    public void NeedWaits(OpenNeed need, Walk walk) =>
        Remind(need.Id, need.Reminder, $"{walk.Ward(Pack)}, {walk.LocalDate:d MMMM}", need.DueAt, $"staff/walks/{walk.Id}");

    /// <summary>Her contact, with all that she said of herself, for a row with a life and an end of its own: so it has a key of its own.</summary>
    public async Task Copy(Participant from, Participant to, string reason, CancellationToken ct)
    {
        (to.ContactHash, to.GuardianHash, to.Language, to.Neutral) = (from.ContactHash, from.GuardianHash, from.Language, from.Neutral);
        to.NameProtected = await Field(Name, from.NameProtected);
        to.ContactProtected = await Field(Contact, from.ContactProtected);
        to.NeedsProtected = await Field(Needs, from.NeedsProtected);
        to.GuardianNameProtected = await Field(GuardianName, from.GuardianNameProtected);
        to.GuardianContactProtected = await Field(GuardianContact, from.GuardianContactProtected);

        async Task<string?> Field(string field, string? text) =>
            text is not null && await personal.Open(db, from.PersonId, field, text, reason, ct) is { } plain ? await personal.Protect(db, to.PersonId, field, plain, ct) : null;
    }

    /// <summary>Confirmation with the calendar file. Answers the secret of her page, which her browser needs now.</summary>
    public async Task<string> Confirmed(Booking booking, Walk walk, CancellationToken ct)
    {
        var link = NewLink(booking, LinkPurpose.MyWalk);
        await ToHer(booking, "walk-confirmed", booking.Told(walk), walk.EndsAt, [.. Facts(walk), ("!link", Path(link))], CalendarFile.Of(booking, walk, db.Now), ct);
        await ToGuardian(booking, "guardian-walk-confirmed", booking.Told(walk), walk.EndsAt, Facts(walk), ct);
        await TellOfficers("officer-walk-confirmed", booking, walk, booking.Told(walk), ct);
        return link;
    }

    /// <summary>She waits for a place. Meeting point and officer are told to those alone who have one. Answers the secret of her page.</summary>
    public async Task<string> Waiting(Booking booking, Walk walk, CancellationToken ct)
    {
        var link = NewLink(booking, LinkPurpose.MyWalk);
        await ToHer(booking, "waitlist-joined", 1, walk.StartsAt, [.. Offer(walk), ("!link", Path(link))], null, ct);
        return link;
    }

    /// <summary>A place is free, and hers until the offer ends.</summary>
    public async Task Offered(Booking place, Walk walk, CancellationToken ct)
    {
        var hers = await Hers(place, ct);
        await ToHer(hers, place.RequestId is null ? "waitlist-offer" : "slot-offer", 1, place.HoldUntil,
            [.. Offer(walk), ("until", walk.Local(place.HoldUntil).ToString("O")), ("!link", Path(NewLink(hers, LinkPurpose.MyWalk)))], null, ct, place.Id);
    }

    /// <summary>The walk begins, or was called off, and no place came free.</summary>
    public async Task NoPlace(Booking place, Walk walk, CancellationToken ct) =>
        await ToHer(await Hers(place, ct), "waitlist-closed", 1, db.Now.AddDays(1), [.. Offer(walk), ("rebook_link", $"/{db.Force}/walks")], null, ct, place.Id);

    /// <summary>Nobody came to meet her.</summary>
    public async Task Sorry(Booking booking, Walk walk, CancellationToken ct)
    {
        await StopReminders(booking, ct);
        await ToHer(booking, "no-show-sorry", booking.Told(walk) + 1, db.Now.AddDays(7),
            [("starts_at", walk.Local(walk.StartsAt).ToString("O")), ("rebook_link", $"/{db.Force}/walks"), ("complaint_link", $"/{db.Force}/complain"), .. Rebook(booking)], null, ct);
        await ToGuardian(booking, "guardian-walk-cancelled", booking.Told(walk) + 1, db.Now.AddDays(7), [("starts_at", walk.Local(walk.StartsAt).ToString("O")), ("by", "nobody")], ct);
    }

    public Task RequestReceived(WalkRequest asked, CancellationToken ct) =>
        ToHer(asked, "request-received", 1, asked.DueAt!.Value, [("until", Local(asked.DueAt.Value)), ("!link", $"/{db.Force}/request/{NewLink(asked)}")], null, ct);

    public Task RequestDeclined(WalkRequest asked, string reason, CancellationToken ct) =>
        ToHer(asked, "request-declined", 1, db.Now.AddDays(7),
            [.. RequestReasons.Words(reason, asked.Language) is { } text ? [("reason", text)] : ((string, string)[])[], ("rebook_link", $"/{db.Force}/walks")], null, ct);

    /// <summary>The coordinators: a request's time is nearly over, or over. Where and in which light alone; the page tells the rest.</summary>
    public void RequestWaits(WalkRequest asked)
    {
        var what = $"{(asked.WardCode is { } ward ? Pack.FindWard(ward)?.Name ?? ward : "any ward")}, {asked.Band?.Wire() ?? "any light"}";
        Remind(asked.Id, asked.Reminder, what, asked.DueAt!.Value, $"staff/requests/{asked.Id}");
    }

    private void Remind(Guid subject, int reminder, string what, DateTimeOffset due, string page)
    {
        foreach (var contact in Pack.DutyContacts.Where(c => c.Role == "coordinator"))
        {
            Ask(reminder == 0 ? "sla-warning" : "sla-breach", contact.Email, "en", subject, reminder, "normal", db.Now.AddDays(1), null, false,
                [("what", what), ("due_at", Local(due)), ("link", $"/{db.Force}/{page}")]);
        }
    }

    private string Local(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, Pack.TimeZone).ToString("O");

    /// <summary>Who waits beside a booking has her contact and her page there.</summary>
    private async Task<Booking> Hers(Booking place, CancellationToken ct) =>
        place.FromBookingId is { } from ? await db.Bookings.SingleAsync(b => b.Id == from, ct) : place;

    /// <summary>walk-reminder-24h or walk-reminder-2h.</summary>
    public Task Reminder(string template, Booking booking, Walk walk, CancellationToken ct) =>
        ToHer(booking, template, booking.Told(walk), walk.StartsAt, [.. Facts(walk), ("!link", Path(NewLink(booking, LinkPurpose.MyWalk)))], null, ct);

    public async Task VerifyCode(Booking booking, Walk walk, CancellationToken ct)
    {
        if (await WordsOf(booking, "verify-code message", ct) is not { } words) return;
        await ToHer(booking, "verify-code", booking.Told(walk), walk.WordsUntil,
            [.. Facts(walk), ("!officer_words", words.Officer), ("!your_words", words.Participant), ("!link", Path(NewLink(booking, LinkPurpose.MyWalk)))], null, ct);
    }

    /// <summary>After a move: what was to come of the old walk comes no more, and the calendar's entry moves with her.</summary>
    public async Task Moved(Booking booking, Walk from, Walk to, CancellationToken ct)
    {
        await StopReminders(booking, ct);
        db.Request(new NotificationWithdrawn(booking.Id, null, booking.Told(to) - 1));
        await ToHer(booking, "walk-changed", booking.Told(to), to.EndsAt,
            [("old_starts_at", from.Local(from.StartsAt).ToString("O")), .. Facts(to), ("!link", Path(NewLink(booking, LinkPurpose.MyWalk)))],
            CalendarFile.Of(booking, to, db.Now), ct);
        await ToGuardian(booking, "guardian-walk-changed", booking.Told(to), to.EndsAt, [("old_starts_at", from.Local(from.StartsAt).ToString("O")), .. Facts(to)], ct);
        await TellOfficers("officer-walk-changed", booking, from, booking.Told(to), ct);
        await TellOfficers("officer-walk-confirmed", booking, to, booking.Told(to), ct);
    }

    /// <summary>Somebody else meets her; she may say no.</summary>
    public async Task OfficerChanged(Booking booking, Walk walk, CancellationToken ct)
    {
        await ToHer(booking, "officer-changed", booking.Told(walk), walk.StartsAt, [.. Facts(walk), ("!link", Path(NewLink(booking, LinkPurpose.MyWalk)))], null, ct);
        await ToGuardian(booking, "guardian-walk-changed", booking.Told(walk), walk.StartsAt, Facts(walk), ct);
    }

    /// <summary>Nothing that was to come comes any more; the cancellation itself carries the calendar's CANCEL.</summary>
    public async Task Cancelled(Booking booking, Walk walk, string by, string reason, CancellationToken ct)
    {
        await StopReminders(booking, ct);
        db.Request(new NotificationWithdrawn(booking.Id, null, booking.Told(walk)));
        (string, string)[] why = CancelReasons.Words(reason, booking.Language) is { } text ? [("reason", text)] : [];
        await ToHer(booking, "walk-cancelled", booking.Told(walk) + 1, walk.EndsAt.AddDays(1),
            [("starts_at", walk.Local(walk.StartsAt).ToString("O")), ("by", by), .. why, ("rebook_link", $"/{db.Force}/walks"), .. Rebook(booking)],
            CalendarFile.Of(booking, walk, db.Now, cancelled: true), ct);
        await ToGuardian(booking, "guardian-walk-cancelled", booking.Told(walk) + 1, walk.EndsAt.AddDays(1), [("starts_at", walk.Local(walk.StartsAt).ToString("O")), ("by", by), .. why], ct);
        if (by == "participant") await TellOfficers("officer-walk-changed", booking, walk, booking.Told(walk) + 1, ct);
    }

    public Task Thanks(Booking booking, Walk walk, CancellationToken ct) =>
        ToHer(booking, "walk-thanks", booking.Told(walk) + 1, db.Now.AddDays(7), [("!link", Path(NewLink(booking, LinkPurpose.MyWalk)))], null, ct);

    public async Task StopReminders(Booking booking, CancellationToken ct)
    {
        foreach (var template in WalkReminder.Templates) await db.Withdraw(WalkReminder.Key(booking.Id, template), ct);
    }

    /// <summary>The control room and the coordinator, at once; after that one of them in turn. The alert is the subject, each turn a new version of the same message.</summary>
    public async Task ToDuty(Alert alert, Walk walk, CancellationToken ct, int turn = 0)
    {
        await db.Entry(walk).Collection(w => w.Officers).Query().Include(o => o.Officer).LoadAsync(ct);
        var label = $"{walk.Ward(Pack)}, {string.Join(", ", walk.Officers.Select(o => o.Officer.CollarNumber))}";
        var (template, when, at) = alert.Kind switch
        {
            AlertKind.Mismatch => ("verify-alert", "starts_at", walk.StartsAt),
            AlertKind.Overdue => ("checkin-overdue", "last_seen_at", walk.LastSeenAt ?? walk.StartsAt),
            _ => ("officer-help", "last_seen_at", walk.LastSeenAt ?? alert.RaisedAt),
        };
        var duty = Pack.DutyContacts.Where(c => c.Role is "coordinator" or "control-room").OrderBy(c => c.Role != "control-room").ToList();
        foreach (var contact in turn == 0 ? duty : [.. duty.Skip((turn - 1) % duty.Count).Take(1)])
        {
            Ask(template, contact.Email, "en", alert.Id, 1 + turn, "urgent", db.Now.AddHours(12), null, false,
                [("walk", label), (when, walk.Local(at).ToString("O")), ("place", walk.MeetingPoint), ("link", $"/{db.Force}/staff/alerts")]);
        }
    }

    public async Task<MeetingWords?> WordsOf(Booking booking, string reason, CancellationToken ct) =>
        booking.WordsProtected is { } text && await personal.Open(db, booking.PersonId, Words, text, reason, ct) is { } words ? MeetingWords.Parse(words) : null;

    public async Task<string?> NameOf(Participant her, string reason, CancellationToken ct) =>
        her.NameProtected is { } text ? await personal.Open(db, her.PersonId, Name, text, reason, ct) : null;

    private async Task ToHer(
        Participant her, string template, long version, DateTimeOffset worthUntil, (string, string)[] fields, string? calendar, CancellationToken ct, Guid? subject = null)
    {
        // Erased or never given: nobody to write to.
        if (her.ContactProtected is null || await personal.Open(db, her.PersonId, Contact, her.ContactProtected, template, ct) is not { } address) return;
        Ask(template, address, her.Language, subject ?? her.Id, version, "normal", worthUntil,
            calendar is null ? null : new Attachment("walk.ics", CalendarFile.ContentType, transit.Protect(calendar)), her.Neutral, fields);
    }

    /// <summary>
    /// Her guardian, of the walk she has agreed to (docs/decisions/0027): without her link, which can cancel and check, and without the meeting words. What the walk
    /// led to is between the force and her.
    /// </summary>
    private async Task ToGuardian(Booking booking, string template, long version, DateTimeOffset worthUntil, (string, string)[] fields, CancellationToken ct)
    {
        if (booking.GuardianContactProtected is not { } contact || await personal.Open(db, booking.PersonId, GuardianContact, contact, template, ct) is not { } address) return;
        if (await NameOf(booking, template, ct) is not { } name) return;
        Ask(template, address, booking.Language, booking.Id, version, "normal", worthUntil, null, booking.Neutral, [("!name", name), .. fields]);
    }

    private void Ask(string template, string address, string language, Guid subject, long version, string urgency, DateTimeOffset worthUntil,
        Attachment? attachment, bool neutral, (string Name, string Value)[] fields) =>
        db.Request(new NotificationRequested(
            Guid.CreateVersion7(db.Now), db.Service, template, transit.Protect(address), language,
            fields.ToDictionary(f => f.Name, f => f.Name.StartsWith('!') ? transit.Protect(f.Value) : f.Value),
            subject, version, urgency, NotificationTemplates.Find(template)!.Mandatory, worthUntil, attachment, neutral));

    /// <summary>Her page, where it lets her choose another walk.</summary>
    private (string, string)[] Rebook(Booking booking) => booking.CanRebook ? [("!link", Path(NewLink(booking, LinkPurpose.MyWalk)))] : [];

    private (string, string)[] Offer(Walk walk) => [("starts_at", walk.Local(walk.StartsAt).ToString("O")), ("place", walk.Ward(Pack))];

    private static (string, string)[] Facts(Walk walk) =>
    [
        ("starts_at", walk.Local(walk.StartsAt).ToString("O")), ("place", walk.MeetingPoint),
        ("officer", string.Join(" + ", walk.Officers.Select(o => $"{o.Officer.FirstName}, {o.Officer.CollarNumber}"))),
    ];

    private string Path(string secret) => $"/{db.Force}/my-walk/{secret}";
}

/// <summary>Why the force called a walk off, in words to her.</summary>
internal static class CancelReasons
{
    public static string? Words(string reason, string language) => (reason, language) switch
    {
        ("officer-unavailable", "cy") => "Ni all y swyddog ddod.",
        ("officer-unavailable", _) => "The officer cannot come.",
        ("weather", "cy") => "Mae’r tywydd yn rhy wael.",
        ("weather", _) => "The weather is too bad.",
        ("safety", "cy") => "Nid yw’r man cyfarfod yn ddiogel ar y pryd.",
        ("safety", _) => "The meeting point is not safe at that time.",
        _ => null,
    };
}

/// <summary>Why there is no walk for a request, in words to her.</summary>
internal static class RequestReasons
{
    public static string? Words(string reason, string language) => (reason, language) switch
    {
        ("no-officer", "cy") => "Nid oes swyddog ar gael ar yr adegau hynny.",
        ("no-officer", _) => "No officer is free at those times.",
        ("no-language", "cy") => "Nid oes swyddog gennym sy’n siarad yr iaith honno.",
        ("no-language", _) => "We have no officer who speaks that language.",
        ("outside-area", "cy") => "Nid ydym yn cerdded yno eto.",
        ("outside-area", _) => "We do not walk there yet.",
        _ => null,
    };
}
