using WalkTalk.Contracts.Feedback;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback;

/// <summary>Seals a narrative away from everybody local, under a key of its own, and starts its clock.</summary>
internal sealed class Sealing(FeedbackDb db, PersonalData personal, Tell tell)
{
    public async Task<SealedDisclosure> Disclosure(Mailbox mailbox, string code, string cause, string place, string narrative, string? choice, ForcePack pack, CancellationToken ct, StandardsCase? toldWith = null)
    {
        var disclosure = new SealedDisclosure
        {
            Reference = References.New(6), MailboxId = mailbox.Id, Cause = cause, Code = code, DueAt = SealedDisclosure.ClockFrom(db.Now),
            StandardsCaseId = toldWith?.Id,
        };
        disclosure.SealedPlace = await personal.Protect(db, disclosure.Id, "place", place, ct);
        disclosure.SealedNarrative = await personal.Protect(db, disclosure.Id, "narrative", narrative, ct);
        if (choice is not null)
        {
            // The form explained before it asked.
            disclosure.Explain();
            disclosure.Choose(choice);
        }
        else
        {
            await tell.Contributor(mailbox, "disclosure-options", disclosure.Id, 1, new() { ["!link"] = pack.MailboxPath() }, ct);
        }
        db.Disclosures.Add(disclosure);
        await db.Schedule(DisclosureClock.Key(disclosure.Id), disclosure.DueAt.AddHours(-6), new DisclosureClock(disclosure.Id), ct);
        db.Publish(new DisclosureFlagged(disclosure.Id, DateOnly.FromDateTime(db.Now.UtcDateTime)), untimed: true);
        return disclosure;
    }

    /// <summary>What comes after the flag takes the place of what was sealed with it.</summary>
    public async Task Again(SealedDisclosure disclosure, string place, string narrative, CancellationToken ct)
    {
        disclosure.SealedPlace = await personal.Protect(db, disclosure.Id, "place", place, ct);
        disclosure.SealedNarrative = await personal.Protect(db, disclosure.Id, "narrative", narrative, ct);
    }

    /// <summary>What is about police, for standards; and where a crime was told with it, the record of that with its 24 hours, which are theirs too.</summary>
    public async Task<(StandardsCase Case, SealedDisclosure? Crime)> Conduct(
        Mailbox mailbox, string code, string? crime, string place, string narrative, string? choice, ForcePack pack, CancellationToken ct)
    {
        var standards = await Standards(mailbox, place, narrative, pack, ct);
        return (standards, crime is null ? null : await Disclosure(mailbox, code, crime, place, narrative, choice, pack, ct, standards));
    }

    private async Task<StandardsCase> Standards(Mailbox mailbox, string place, string narrative, ForcePack pack, CancellationToken ct)
    {
        var type = pack.Taxonomy.First(t => t.Branch == ConcernBranch.Standards);
        var standards = new StandardsCase
        {
            Reference = References.New(6), MailboxId = mailbox.Id, Code = type.Code,
            DueOn = pack.AddWorkingDays(pack.Today(db.Now), type.SlaWorkingDays ?? 1),
        };
        standards.SealedPlace = await personal.Protect(db, standards.Id, "place", place, ct);
        standards.SealedNarrative = await personal.Protect(db, standards.Id, "narrative", narrative, ct);
        db.StandardsCases.Add(standards);
        return standards;
    }
}
