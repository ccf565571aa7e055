#pragma warning disable CA1309 // compared by the database
using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Feedback;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Messaging;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback;

/// <summary>
/// How long what is kept (D9, periods of the pack): landmarks so many days; a contributor's contact so many days after her last concern has ended, and not
/// before she was told a month ahead; a concern so many months, then without anything that is hers; audits and safe places as long; what held the stops of one
/// walk together as long as a route; what is sealed until it was handed over and that was receipted. Nothing that is open or held is touched. The dry run and
/// the run ask the same queries.
/// </summary>
internal sealed class Retention(FeedbackDb db, ForcePackCatalogue packs, PersonalData personal, Tell tell) : IConsume<ClockRound>
{
    public const string Place = "place", Picture = "photo", Notice = "notice", Contact = "contact", Content = "content", Audit = "audit", Walk = "capture", Sealed = "sealed";
    /// <summary>Days from telling her to what she is told of (D6).</summary>
    public const int NoticeDays = 30;
    // What is left is the next round's.
    private const int Most = 500;

    private int left;

    private ForcePack Pack => packs.Get(db.Force!);

    private DateOnly Today => Pack.Today(db.Now);

    private IQueryable<LegalHold> Holds => db.LegalHolds;

    private IQueryable<Concern> Free => db.Concerns.Where(c => !Holds.Any(h => h.ConcernId == c.Id));

    /// <summary>Whoever has a concern or a sealed record held back keeps all of hers.</summary>
    private IQueryable<Guid> HeldMailboxes =>
        db.Concerns.Where(c => Holds.Any(h => h.ConcernId == c.Id)).Select(c => c.MailboxId)
            .Concat(db.Disclosures.Where(d => Holds.Any(h => h.ConcernId == d.Id)).Select(d => d.MailboxId))
            .Concat(db.StandardsCases.Where(s => Holds.Any(h => h.ConcernId == s.Id)).Select(s => s.MailboxId));

    private DateOnly LandmarkUntil => Today.AddDays(-Pack.Retention.RawPinDaysAfterTriage);
    private DateOnly ContentUntil => Today.AddMonths(-Pack.Retention.ConcernMonthsBeforeAnonymised);

    public IQueryable<Concern> Places
    {
        get
        {
            var until = LandmarkUntil;
            return Free.Where(c => c.Landmark != null && (c.TriagedOn ?? c.EndedOn) <= until);
        }
    }

    /// <summary>Those that nothing named in time, and those of concerns, with the landmark; what came later with an answer of hers is kept as long from then. What belongs to a sealed record leaves with it.</summary>
    public IQueryable<Photo> Pictures
    {
        get
        {
            var (free, now, until) = (Free, db.Now, LandmarkUntil);
            return db.Photos.Where(p => p.State == PhotoState.Loose ? p.UseBefore <= now
                : p.ReceivedOn <= until && free.Any(c => c.Id == p.SubjectId && ((c.TriagedOn ?? c.EndedOn) <= until)));
        }
    }

    public IQueryable<PlaceAudit> AuditPlaces => db.Audits.Where(a => a.Landmark != null && !HeldMailboxes.Contains(a.MailboxId)).Where(Before(LandmarkUntil));

    public IQueryable<SafePlace> SafePlaces => Told(LandmarkUntil).Where(p => p.Landmark != null);

    /// <summary>Who is to be told today: what is hers goes in thirty days.</summary>
    public IQueryable<Mailbox> Notices => Lapsing(Today.AddDays(NoticeDays)).Where(m => m.NoticedOn == null);

    public IQueryable<Mailbox> Contacts
    {
        get
        {
            var told = Today.AddDays(-NoticeDays);
            return ContactLapsing(Today).Where(m => m.Email == null || m.NoticedOn <= told);
        }
    }

    public IQueryable<Concern> Contents
    {
        get
        {
            var (today, until, told) = (Today, ContentUntil, Today.AddDays(-NoticeDays));
            // Whoever can be told is told first, and may keep it.
            return Free.Where(c => !c.Anonymised && c.EndedOn != null && c.ReceivedOn <= until
                && !db.Mailboxes.Any(m => m.Id == c.MailboxId && m.Email != null && !(m.NoticedOn <= told && (m.KeepUntil == null || m.KeepUntil <= today))));
        }
    }

    public IQueryable<PlaceAudit> Audits => db.Audits.Where(a => !HeldMailboxes.Contains(a.MailboxId)).Where(Before(ContentUntil));

    public IQueryable<SafePlace> OldSafePlaces => Told(ContentUntil);

    public IQueryable<Capture> Captures
    {
        get
        {
            var first = Disclosure.Quarter.Of(Today.AddDays(1 - Pack.Retention.RouteDays)).ToString();
            return db.Captures.Where(c => string.Compare(c.Quarter, first) < 0 && !HeldMailboxes.Contains(c.MailboxId));
        }
    }

    /// <summary>Handed over and receipted: the narrative is theirs who record it.</summary>
    public IQueryable<SealedDisclosure> Disclosures => db.Disclosures.Where(d => d.SealedNarrative != null && d.State == DisclosureState.Receipted && !HeldMailboxes.Contains(d.MailboxId));

    /// <summary>Answered, and as long ago as a contributor's contact is kept.</summary>
    public IQueryable<StandardsCase> Cases
    {
        get
        {
            var until = Today.AddDays(-Pack.Retention.ContributorContactDaysAfterLastConcern);
            return db.StandardsCases.Where(s => s.SealedNarrative != null && s.State == StandardsState.Answered && (s.AnsweredOn ?? s.DueOn) <= until && !HeldMailboxes.Contains(s.MailboxId));
        }
    }

    /// <summary>What stays of them, until the concern's own time is over: reference and receipt, and what she was told.</summary>
    public IQueryable<SealedDisclosure> OldDisclosures
    {
        get
        {
            var until = db.Now.AddMonths(-Pack.Retention.ConcernMonthsBeforeAnonymised);
            return db.Disclosures.Where(d => d.SealedNarrative == null && d.HandedOverAt <= until && !HeldMailboxes.Contains(d.MailboxId));
        }
    }

    public IQueryable<StandardsCase> OldCases
    {
        get
        {
            var until = ContentUntil;
            return db.StandardsCases.Where(s => s.SealedNarrative == null && (s.AnsweredOn ?? s.DueOn) <= until && !HeldMailboxes.Contains(s.MailboxId)
                && !db.Disclosures.Any(d => d.StandardsCaseId == s.Id));
        }
    }

    public async Task Consume(ClockRound message, Delivery delivery, CancellationToken ct)
    {
        left = 0;
        var (places, audited, safe) = (await Due(Places, c => c.Id, ct), await Due(AuditPlaces, a => a.Id, ct), await Due(SafePlaces, p => p.Id, ct));
        places.ForEach(c => c.Landmark = null);
        // Re-audits compare the point; what it was called is not needed for that.
        audited.ForEach(a => (a.Point, a.Landmark) = (a.Point ?? PlaceAudit.PointOf(a.Landmark, db, personal), null));
        safe.ForEach(p => p.Landmark = null);
        await Count(Place, places.Count + audited.Count + safe.Count, ct);

        var pictures = await db.Forget(personal, Pictures, ct);
        left += pictures < Most ? 0 : await Pictures.CountAsync(ct) - pictures;
        await Count(Picture, pictures, ct);

        await Remind(ct);

        var contacts = await Due(Contacts, m => m.Id, ct);
        foreach (var mailbox in contacts)
            await Forget(mailbox, ct);
        await Count(Contact, contacts.Count, ct);

        var contents = await Due(Contents, c => c.Id, ct);
        foreach (var concern in contents)
            await Anonymise(concern, ct);
        var (records, cases) = (await Due(OldDisclosures, d => d.Id, ct), await Due(OldCases, s => s.Id, ct));
        db.Disclosures.RemoveRange(records);
        foreach (var one in cases)
        {
            db.StandardsCases.Remove(one);
            if (!await db.StandardsCases.AnyAsync(s => s.MailboxId == one.MailboxId && s.Id != one.Id, ct))
                db.Conflicts.RemoveRange(await db.Conflicts.Where(x => x.MailboxId == one.MailboxId).ToListAsync(ct));
        }
        await Count(Content, contents.Count + records.Count + cases.Count, ct);

        var (audits, good) = (await Due(Audits, a => a.Id, ct), await Due(OldSafePlaces, p => p.Id, ct));
        db.Audits.RemoveRange(audits);
        db.SafePlaces.RemoveRange(good);
        await Count(Audit, audits.Count + good.Count, ct);

        var captures = await Due(Captures, c => c.MailboxId, ct);
        foreach (var capture in captures)
        {
            foreach (var promise in await db.Promises.Where(p => p.CaptureHash == capture.Hash).ToListAsync(ct))
                promise.CaptureHash = [];
            db.Captures.Remove(capture);
        }
        await Count(Walk, captures.Count, ct);

        var (disclosures, conduct) = (await Due(Disclosures, d => d.Id, ct), await Due(Cases, s => s.Id, ct));
        foreach (var disclosure in disclosures)
        {
            (disclosure.SealedPlace, disclosure.SealedNarrative) = (null, null);
            await personal.Erase(db, disclosure.Id, ct);
            await db.Forget(personal, db.Photos.Where(p => p.SubjectId == disclosure.Id), ct);
        }
        foreach (var one in conduct)
        {
            (one.SealedPlace, one.SealedNarrative) = (null, null);
            await personal.Erase(db, one.Id, ct);
            await db.Forget(personal, db.Photos.Where(p => p.SubjectId == one.Id), ct);
        }
        await Count(Sealed, disclosures.Count + conduct.Count, ct);
        db.Publish(new FeedbackRetentionRun(Today, left));

        await db.ForgetOrder(ct);
    }

    /// <summary>She keeps it as long again as a contact is kept, or all of it that has ended goes now; false where it is held back.</summary>
    public async Task<bool> Decide(Mailbox mailbox, bool keep, CancellationToken ct)
    {
        if (!keep && await HeldMailboxes.ContainsAsync(mailbox.Id, ct))
            return false;
        (mailbox.NoticedOn, mailbox.KeepLinkHash) = (null, null);
        if (keep)
        {
            mailbox.KeepUntil = Today.AddDays(Pack.Retention.ContributorContactDaysAfterLastConcern);
            return true;
        }
        await Forget(mailbox, ct);
        foreach (var concern in await Free.Where(c => c.MailboxId == mailbox.Id && c.EndedOn != null && !c.Anonymised).ToListAsync(ct))
            await Anonymise(concern, ct);
        return true;
    }

    private async Task Remind(CancellationToken ct)
    {
        // What is open again, or is kept, is not announced any more.
        var coming = Lapsing(Today.AddDays(NoticeDays));
        foreach (var mailbox in await First(db.Mailboxes.Where(m => m.NoticedOn != null && !coming.Any(x => x.Id == m.Id)), m => m.Id, ct))
            (mailbox.NoticedOn, mailbox.KeepLinkHash) = (null, null);

        var notices = await First(Notices, m => m.Id, ct);
        foreach (var mailbox in notices)
        {
            var token = Secrets.NewToken();
            (mailbox.NoticedOn, mailbox.KeepLinkHash) = (Today, Secrets.HashOf(token));
            await tell.Contributor(mailbox, "retention-notice", mailbox.Id, db.Now.ToUnixTimeSeconds(), new()
            {
                ["reference"] = mailbox.Reference, ["on"] = Today.AddDays(NoticeDays).Iso(), ["!link"] = Pack.KeepPath(token),
            }, ct);
        }
        await Count(Notice, notices.Count, ct);
    }

    /// <summary>Of whom something goes by then, her address or her words, unless she says otherwise.</summary>
    private IQueryable<Mailbox> Lapsing(DateOnly by)
    {
        var until = by.AddMonths(-Pack.Retention.ConcernMonthsBeforeAnonymised);
        var contacts = ContactLapsing(by);
        return db.Mailboxes.Where(m => m.Email != null && (m.KeepUntil == null || m.KeepUntil <= by)
            && (contacts.Any(x => x.Id == m.Id) || Free.Any(c => c.MailboxId == m.Id && !c.Anonymised && c.EndedOn != null && c.ReceivedOn <= until)));
    }

    private IQueryable<Mailbox> ContactLapsing(DateOnly by)
    {
        var until = by.AddDays(-Pack.Retention.ContributorContactDaysAfterLastConcern);
        return db.Mailboxes.Where(m => (m.Email != null || m.Phone != null) && m.OpenedOn <= until && (m.KeepUntil == null || m.KeepUntil <= by)
            && !HeldMailboxes.Contains(m.Id)
            && !db.Concerns.Any(c => c.MailboxId == m.Id && (c.EndedOn == null || c.EndedOn > until))
            && !db.Disclosures.Any(d => d.MailboxId == m.Id && d.State != DisclosureState.Receipted)
            && !db.StandardsCases.Any(s => s.MailboxId == m.Id && s.State != StandardsState.Answered));
    }

    /// <summary>By its day, or where it has none by the end of its quarter.</summary>
    private static Expression<Func<PlaceAudit, bool>> Before(DateOnly until)
    {
        var first = Disclosure.Quarter.Of(until.AddDays(1)).ToString();
        return a => a.On <= until || (a.On == null && string.Compare(a.Quarter, first) < 0);
    }

    private IQueryable<SafePlace> Told(DateOnly until)
    {
        var first = Disclosure.Quarter.Of(until.AddDays(1)).ToString();
        return db.SafePlaces.Where(p => string.Compare(p.Quarter, first) < 0 && !HeldMailboxes.Contains(p.MailboxId));
    }

    private static Task<List<T>> First<T>(IQueryable<T> due, Expression<Func<T, Guid>> by, CancellationToken ct) => due.OrderBy(by).Take(Most).ToListAsync(ct);

    private async Task<List<T>> Due<T>(IQueryable<T> due, Expression<Func<T, Guid>> by, CancellationToken ct)
    {
        var taken = await First(due, by, ct);
        left += taken.Count < Most ? 0 : await due.CountAsync(ct) - taken.Count;
        return taken;
    }

    /// <summary>Her address and the key it was under are gone; with the key what was masked in her words. Reference and words still open her answers.</summary>
    private async Task Forget(Mailbox mailbox, CancellationToken ct)
    {
        (mailbox.Email, mailbox.Phone, mailbox.NoticedOn, mailbox.KeepUntil, mailbox.KeepLinkHash) = (null, null, null, null, null);
        foreach (var concern in await db.Concerns.Where(c => c.MailboxId == mailbox.Id && c.SealedOriginal != null).ToListAsync(ct))
            concern.SealedOriginal = null;
        await personal.Erase(db, mailbox.Id, ct);
    }

    private async Task Anonymise(Concern concern, CancellationToken ct)
    {
        db.Messages.RemoveRange(await db.Messages.Where(m => m.SubjectId == concern.Id).ToListAsync(ct));
        await db.Forget(personal, db.Photos.Where(p => p.SubjectId == concern.Id), ct);
        db.PartnerRequests.RemoveRange(await db.PartnerRequests.Where(r => r.ConcernId == concern.Id).ToListAsync(ct));
        concern.Anonymise();
    }

    private async Task Count(string rule, int taken, CancellationToken ct)
    {
        if (taken == 0)
            return;
        db.Audit("retention", rule, $"{taken}");
        if (await db.RetentionRuns.FindAsync([db.Force, rule, Today], ct) is { } run)
            run.Taken += taken;
        else
            db.RetentionRuns.Add(new RetentionRun { Rule = rule, On = Today, Taken = taken });
    }
}
