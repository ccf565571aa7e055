using System.Text.Json;
using System.Text.RegularExpressions;

namespace WalkTalk.Bench.Faults;

/// <summary>What can be wrong with the history; uncertain is what SMTP leaves undecided.</summary>
internal enum Wrong { Lost, Doubled, DoubleBooked, SentTwice, Uncertain }

/// <summary>One thing that is wrong, with the request it came from where that is known.</summary>
internal sealed record Finding(Wrong Wrong, Entry? Entry, string Says);

/// <summary>
/// Compares what the client remembers with the owners' rows, those with the facts they told, the facts with Reporting's rows, and the messages
/// with what the mail server accepted. It looks at databases and mails alone and knows nothing of the code.
/// </summary>
internal sealed partial class Check(Databases databases, Ledger ledger, Postbox mail, CancellationToken stop)
{
    private readonly List<Finding> findings = [];
    private ILookup<(string Name, Guid Subject), JsonElement> facts = null!;

    public async Task<IReadOnlyList<Finding>> Run()
    {
        findings.Clear();
        facts = (await Facts("booking")).Concat(await Facts("feedback")).ToLookup(f => (f.Name, f.Subject), f => f.Body);
        await Walks();
        await Bookings();
        await Concerns();
        await Reporting();
        await Messages();
        await Parked();
        return [.. findings];
    }

    private void Find(Wrong wrong, Entry? entry, string says) => findings.Add(new Finding(wrong, entry, says));

    /// <summary>The effect of each request: accepted means once, refused means never, never answered means at most once.</summary>
    private void Once(string what, Func<Entry, int> effects, string effect)
    {
        foreach (var entry in ledger.Entries.Where(e => e.What == what && e.Subject is not null))
        {
            var (found, most) = (effects(entry), entry.Answered == Answered.Refused ? 0 : 1);
            if (found > most || (found == 0 && entry.Answered == Answered.Accepted))
            {
                Find(found == 0 ? Wrong.Lost : Wrong.Doubled, entry, $"{effect} of {entry.Subject}: expected {(most == 1 ? "once" : "never")}, found {found} times");
            }
        }
    }

    /// <summary>An owner's row and the fact it has to tell, or must not tell.</summary>
    private void Told(string fact, Guid subject, bool must, Entry? entry = null)
    {
        var told = facts[(fact, subject)].Count();
        if (told != (must ? 1 : 0))
        {
            Find(told == 0 ? Wrong.Lost : Wrong.Doubled, entry ?? ledger.Of(subject), $"{fact} of {subject}: expected {(must ? "once" : "never")}, found {told} times in the owner's history");
        }
    }

    /// <summary>What no request accounts for happened twice.</summary>
    private void NoMoreThanAsked(string what, int rows)
    {
        var asked = ledger.Entries.Count(e => e.What == what && e.Answered != Answered.Refused);
        if (rows > asked)
        {
            Find(Wrong.Doubled, null, $"{what}: {asked} accepted or never answered, but {rows} rows");
        }
    }

    private async Task Walks()
    {
        var walks = (await databases.Rows("booking", """
            SELECT w.id, w.capacity, w.taken, COALESCE((SELECT sum(b.people) FROM bookings b WHERE b.walk_id = w.id AND b.state IN ('Held', 'Confirmed')), 0)::int FROM walks w
            """, r => (Id: r.GetGuid(0), Capacity: r.GetInt32(1), Taken: r.GetInt32(2), People: r.GetInt32(3)), stop)).ToDictionary(w => w.Id);
        NoMoreThanAsked("publish", walks.Count);
        Once("publish", e => walks.ContainsKey(e.Subject!.Value) ? 1 : 0, "walk");
        foreach (var walk in walks.Values)
        {
            Told("walk-published", walk.Id, must: true);
            if (walk.People > walk.Capacity)
            {
                Find(Wrong.DoubleBooked, ledger.Of(walk.Id), $"walk {walk.Id} has {walk.Capacity} places and {walk.People} people");
            }
            else if (walk.Taken != walk.People)
            {
                Find(walk.Taken < walk.People ? Wrong.Doubled : Wrong.Lost, ledger.Of(walk.Id), $"walk {walk.Id}: {walk.Taken} places are counted as taken, its bookings have {walk.People}");
            }
        }
    }

    private async Task Bookings()
    {
        var bookings = (await databases.Rows("booking", """
            SELECT b.id, b.state, w.starts_at < now() + interval '2 hours', (SELECT count(*) FROM booking_links l WHERE l.booking_id = b.id AND l.purpose = 'MyWalk')
            FROM bookings b JOIN walks w ON w.id = b.walk_id
            """, r => (Id: r.GetGuid(0), State: r.GetString(1), IsSoon: r.GetBoolean(2), Links: r.GetInt64(3)), stop)).ToDictionary(b => b.Id);
        NoMoreThanAsked("hold", bookings.Count);
        Once("hold", e => bookings.ContainsKey(e.Subject!.Value) ? 1 : 0, "booking");
        Once("confirm", e => facts[("booking-confirmed", e.Subject!.Value)].Count(), "booking-confirmed");
        Once("cancel", e => facts[("booking-cancelled", e.Subject!.Value)].Count(), "booking-cancelled");
        foreach (var booking in bookings.Values)
        {
            Told("booking-confirmed", booking.Id, booking.State is "Confirmed" or "CancelledByParticipant");
            Told("booking-cancelled", booking.Id, booking.State is "CancelledByParticipant");
            // Each mail to her brings a link of its own: the confirmation's, and that of the meeting words where the walk begins soon.
            var (least, most) = booking.State switch
            {
                "Confirmed" => booking.IsSoon ? (2, 2) : (1, 1),
                "CancelledByParticipant" => (1, booking.IsSoon ? 2 : 1),
                _ => (0, 0),
            };
            if (booking.Links < least || booking.Links > most)
            {
                Find(booking.Links < least ? Wrong.Lost : Wrong.Doubled, ledger.Of(booking.Id), $"booking {booking.Id} ({booking.State}) has {booking.Links} links, expected {least} to {most}: a reminder was handled {(booking.Links < least ? "never" : "twice")}");
            }
        }
    }

    private async Task Concerns()
    {
        var concerns = await databases.Rows("feedback", "SELECT id, text, mailbox_id FROM concern",
            r => (Id: r.GetGuid(0), Tag: Lamp().Match(r.IsDBNull(1) ? "" : r.GetString(1)).Value, Mailbox: r.GetGuid(2)), stop);
        var actions = await databases.Rows("feedback", "SELECT id, promise FROM action", r => (Id: r.GetGuid(0), Tag: Lamp().Match(r.GetString(1)).Value), stop);
        var (concernsOf, actionsOf) = (concerns.ToLookup(c => c.Tag, c => c.Id), actions.ToLookup(a => a.Tag, a => a.Id));
        foreach (var entry in ledger.Entries.Where(e => e.What == "submit"))
        {
            entry.Subject ??= concernsOf[entry.Tag].FirstOrDefault();
        }

        Once("submit", e => concernsOf[e.Tag].Count(), "concern");
        Once("agree", e => actionsOf[e.Tag].Count(), "action");
        Once("triage", e => facts[("concern-triaged", e.Subject!.Value)].Count(), "concern-triaged");
        Once("claim", e => facts[("concern-claimed-done", e.Subject!.Value)].Count(), "concern-claimed-done");
        Once("done", e => facts[("concern-confirmed-done", e.Subject!.Value)].Count(), "concern-confirmed-done");
        Once("dispute", e => facts[("concern-disputed", e.Subject!.Value)].Count(), "concern-disputed");
        // A second concern of a submission carries no word of its own, but lies in the same mailbox.
        var tagOf = concerns.Where(c => c.Tag.Length > 0).ToLookup(c => c.Mailbox, c => c.Tag);
        concerns.ForEach(c => Told("concern-received", c.Id, must: true, Asked("submit", tagOf[c.Mailbox].FirstOrDefault())));
        actions.ForEach(a => Told("action-agreed", a.Id, must: true, Asked("agree", a.Tag)));
        Entry? Asked(string what, string? tag) => ledger.Entries.FirstOrDefault(e => e.What == what && e.Tag == tag);
    }

    /// <summary>Reporting's rows, column by column, are what the facts in the owners' histories add up to.</summary>
    private async Task Reporting()
    {
        await Same("walks", "quarter, ward_code, light_band, cancelled, started, ended", "walk-published", f => Line(
            Quarter(f.Body.GetProperty("startsAt").GetDateTimeOffset()), f.Text("wardCode"), f.Text("lightBand"), "False", "False", "False"));
        await Same("bookings", "walk_id, confirmed, cancelled, met", "booking-confirmed", f => Line(
            f.Text("walkId"), "True", Said("booking-cancelled", f.Subject, _ => "True") ?? "False", "False"));
        await Same("concerns", "contributor, quarter, ward_code, borough_code, category, light_band, removed, triaged_quarter, action_on, claimed_on, confirmed_on, disputed_on, no_action_on", "concern-received", f => Line(
            f.Text("contributor"), f.Text("quarter"), f.Text("wardCode"), f.Text("boroughCode"), f.Text("category"), f.Text("lightBand"), "False",
            Said("concern-triaged", f.Subject, b => b.GetProperty("quarter").GetString()), agreedOn.GetValueOrDefault(f.Subject),
            Said("concern-claimed-done", f.Subject, On), Said("concern-confirmed-done", f.Subject, On), Said("concern-disputed", f.Subject, On), null));
    }

    private Dictionary<Guid, string?> agreedOn = [];

    private async Task Same(string table, string columns, string fact, Func<Fact, string> expected)
    {
        agreedOn = facts.Where(f => f.Key.Name == "action-agreed").SelectMany(f => f)
            .SelectMany(body => body.GetProperty("concernIds").EnumerateArray().Select(id => (Id: id.GetGuid(), On: On(body)))).GroupBy(a => a.Id).ToDictionary(g => g.Key, g => g.Min(a => a.On));
        var rows = (await databases.Rows("reporting", $"SELECT id, {columns} FROM {table}", r => (Id: r.GetGuid(0),
            Line: Line([.. Enumerable.Range(1, r.FieldCount - 1).Select(i => r.IsDBNull(i) ? null : r.GetValue(i) is DateOnly day ? Day(day) : r.GetValue(i) is DateTime date ? Day(DateOnly.FromDateTime(date)) : $"{r.GetValue(i)}")])), stop))
            .ToDictionary(r => r.Id, r => r.Line);
        foreach (var group in facts.Where(f => f.Key.Name == fact))
        {
            var should = expected(new Fact(fact, group.Key.Subject, group.First()));
            if (!rows.Remove(group.Key.Subject, out var is_))
            {
                Find(Wrong.Lost, ledger.Of(group.Key.Subject), $"Reporting has no row in {table} for {group.Key.Subject}");
            }
            else if (is_ != should)
            {
                Find(Wrong.Lost, ledger.Of(group.Key.Subject), $"Reporting's row {group.Key.Subject} in {table} is {is_}, the facts say {should} ({columns})");
            }
        }

        foreach (var id in rows.Keys)
        {
            Find(Wrong.Doubled, ledger.Of(id), $"Reporting has a row in {table} for {id}, of which no {fact} tells");
        }
    }

    private async Task Messages()
    {
        var messages = await databases.Rows("notification", "SELECT id, template, subject_id, state, reason FROM message",
            r => (Id: r.GetGuid(0), Template: r.GetString(1), Subject: r.GetGuid(2), State: r.GetString(3), Reason: r.IsDBNull(4) ? null : r.GetString(4)), stop);
        var asked = messages.ToLookup(m => (m.Template, m.Subject));
        Once("contact", e => asked[("contact-verify", e.Subject!.Value)].Count(), "message contact-verify");
        Once("confirm", e => asked[("walk-confirmed", e.Subject!.Value)].Count(), "message walk-confirmed");
        Once("cancel", e => asked[("walk-cancelled", e.Subject!.Value)].Count(), "message walk-cancelled");
        foreach (var id in await databases.Rows("feedback", "SELECT c.id FROM concern c JOIN mailbox m ON m.id = c.mailbox_id WHERE m.email IS NOT NULL", r => r.GetGuid(0), stop))
        {
            if (asked[("concern-ack", id)].Count() is not 1 and var found)
            {
                Find(found == 0 ? Wrong.Lost : Wrong.Doubled, ledger.Of(id), $"message concern-ack of {id}: expected once, found {found} times");
            }
        }

        foreach (var message in messages)
        {
            var arrivals = mail.Of(MessageId(message.Id));
            var says = $"message {message.Id} ({message.Template} of {message.Subject}, {message.State} {message.Reason}) was accepted {arrivals.Count} times by the mail server";
            if (arrivals.Count > 1)
            {
                Find(arrivals.SkipLast(1).All(mail.Undecidable) ? Wrong.Uncertain : Wrong.SentTwice, ledger.Of(message.Subject), says);
            }
            else if (message.State == "TechnicalFailure" && message.Reason == "uncertain-twice")
            {
                Find(Wrong.Uncertain, ledger.Of(message.Subject), says);
            }
            else if (arrivals.Count == 0 && message is not { State: "Cancelled" or "Suppressed" } and not { Reason: "quiet-hours" })
            {
                Find(Wrong.Lost, ledger.Of(message.Subject), says);
            }
        }

        var known = messages.Select(m => MessageId(m.Id)).ToHashSet();
        foreach (var (id, _) in mail.Messages.Where(m => !known.Contains(m.MessageId)))
        {
            Find(Wrong.Doubled, null, $"the mail server has accepted {id}, of which Notification knows nothing");
        }
    }

    private async Task Parked()
    {
        foreach (var service in Hosting.Deployment.Services)
        {
            foreach (var row in await databases.Rows(service, """
                SELECT id::text || ' ' || name || ': ' || COALESCE(error, '') FROM outbox WHERE parked_at IS NOT NULL
                UNION ALL SELECT message_id::text || ' ' || name || ' at ' || consumer || ': ' || COALESCE(error, '') FROM inbox WHERE parked_at IS NOT NULL AND handled_on IS NULL
                """, r => r.GetString(0), stop))
            {
                Find(Wrong.Lost, null, $"parked in {service}: {row}");
            }
        }
    }

    private async Task<IEnumerable<Fact>> Facts(string service) =>
        (await databases.Rows(service, "SELECT name, body FROM outbox WHERE kind = 'fact'", r => (Name: r.GetString(0), Body: JsonDocument.Parse(r.GetString(1)).RootElement), stop))
            .Select(f => new Fact(f.Name, Subject(f.Name, f.Body), f.Body));

    private static Guid Subject(string fact, JsonElement body) => body.GetProperty(fact.Split('-')[0] switch
    {
        "walk" => "walkId",
        "booking" => "bookingId",
        "concern" => "concernId",
        "action" => "actionId",
        "disclosure" => "disclosureId",
        "audit" => "auditId",
        _ => throw new InvalidOperationException($"A fact that the check does not know: {fact}"),
    }).GetGuid();

    private string? Said(string fact, Guid subject, Func<JsonElement, string?> what) => facts[(fact, subject)].Select(what).FirstOrDefault();

    private static string? On(JsonElement body) => body.GetProperty("on").GetString();

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private static string Quarter(DateTimeOffset instant)
    {
        var local = TimeZoneInfo.ConvertTime(instant, TimeZoneInfo.FindSystemTimeZoneById("Europe/London"));
        return $"{local.Year}Q{(local.Month + 2) / 3}";
    }

    private static string Line(params IEnumerable<string?> columns) => string.Join(" | ", columns.Select(c => c ?? "-"));

    private static string MessageId(Guid message) => $"{message:N}@notification.walktalk";

    /// <summary>The request's own word, as the story writes it into what it asks for.</summary>
    [GeneratedRegex(@"(?<=the lamp at post )\w+", RegexOptions.IgnoreCase)]
    private static partial Regex Lamp();

    private sealed record Fact(string Name, Guid Subject, JsonElement Body)
    {
        public string? Text(string field) => Body.TryGetProperty(field, out var value) && value.ValueKind != JsonValueKind.Null ? value.ToString() : null;
    }
}
