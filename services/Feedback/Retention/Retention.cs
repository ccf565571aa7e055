using Microsoft.EntityFrameworkCore;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults.Messaging;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback;

/// <summary>
/// How long what is kept (D9, periods of the pack): the landmark so many days after triage; a contributor's contact so many days after
/// her last concern has ended; a concern so many months, then without anything that is hers. Nothing that is open or held is touched.
/// The dry run and the run ask the same queries.
/// </summary>
internal sealed class Retention(FeedbackDb db, ForcePackCatalogue packs, PersonalData personal) : IConsume<ClockRound>
{
    public const string Place = "place", Contact = "contact", Content = "content";
    // What is left is the next round's.
    private const int Most = 500;

    private ForcePack Pack => packs.Get(db.Force!);

    private DateOnly Today => Pack.Today(db.Now);

    private IQueryable<Concern> Free => db.Concerns.Where(c => !db.LegalHolds.Any(h => h.ConcernId == c.Id));

    public IQueryable<Concern> Places
    {
        get
        {
            var until = Today.AddDays(-Pack.Retention.RawPinDaysAfterTriage);
            return Free.Where(c => c.Landmark != null && (c.TriagedOn ?? c.EndedOn) <= until);
        }
    }

    public IQueryable<Mailbox> Contacts
    {
        get
        {
            var until = Today.AddDays(-Pack.Retention.ContributorContactDaysAfterLastConcern);
            return db.Mailboxes.Where(m => m.Email != null && m.OpenedOn <= until
                && !db.Concerns.Any(c => c.MailboxId == m.Id && (c.EndedOn == null || c.EndedOn > until || db.LegalHolds.Any(h => h.ConcernId == c.Id)))
                && !db.Disclosures.Any(d => d.MailboxId == m.Id && d.State != DisclosureState.Receipted)
                && !db.StandardsCases.Any(s => s.MailboxId == m.Id && s.State != StandardsState.Answered));
        }
    }

    public IQueryable<Concern> Contents
    {
        get
        {
            var until = Today.AddMonths(-Pack.Retention.ConcernMonthsBeforeAnonymised);
            return Free.Where(c => !c.Anonymised && c.EndedOn != null && c.ReceivedOn <= until);
        }
    }

    public async Task Consume(ClockRound message, Delivery delivery, CancellationToken ct)
    {
        var places = await Places.OrderBy(c => c.Id).Take(Most).ToListAsync(ct);
        foreach (var concern in places)
            concern.Landmark = null;
        await Tell(Place, places.Count, ct);

        var contacts = await Contacts.OrderBy(m => m.Id).Take(Most).ToListAsync(ct);
        foreach (var mailbox in contacts)
            await Forget(mailbox, ct);
        await Tell(Contact, contacts.Count, ct);

        var contents = await Contents.OrderBy(c => c.Id).Take(Most).ToListAsync(ct);
        foreach (var concern in contents)
        {
            db.Messages.RemoveRange(await db.Messages.Where(m => m.SubjectId == concern.Id).ToListAsync(ct));
            concern.Anonymise();
        }
        await Tell(Content, contents.Count, ct);
    }

    /// <summary>Her address and the key it was under are gone; with the key what was masked in her words. Reference and words still open her answers.</summary>
    private async Task Forget(Mailbox mailbox, CancellationToken ct)
    {
        mailbox.Email = null;
        foreach (var concern in await db.Concerns.Where(c => c.MailboxId == mailbox.Id && c.SealedOriginal != null).ToListAsync(ct))
            concern.SealedOriginal = null;
        await personal.Erase(db, mailbox.Id, ct);
    }

    private async Task Tell(string rule, int taken, CancellationToken ct)
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
