using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback;

/// <summary>The holder's list, least time first and no word of content, then the last twenty that were handed over; and one of them opened, which the audit trail remembers.</summary>
internal static class ReadDisclosures
{
    public static async Task<Ok<List<DisclosureRow>>> List(FeedbackDb db, CancellationToken ct)
    {
        var now = db.Now;
        var all = db.Held().AsNoTracking();
        var open = await all.Where(d => d.State != DisclosureState.HandedOver && d.State != DisclosureState.Receipted)
            .OrderBy(d => d.DueAt).ThenBy(d => d.Id).Take(200).ToListAsync(ct);
        var ended = await all.Where(d => d.State == DisclosureState.HandedOver || d.State == DisclosureState.Receipted)
            .OrderByDescending(d => d.DueAt).ThenBy(d => d.Id).Take(20).ToListAsync(ct);
        return TypedResults.Ok(open.Concat(ended).Select(d => new DisclosureRow(d.Id, d.Reference, d.State.ToString(), d.Choice, d.Cause, d.Clock(now), d.DueAt, d.HandedOverRef)).ToList());
    }

    public static async Task<Results<Ok<DisclosureView>, Refusal>> Open(Guid id, HttpResponse response, FeedbackDb db, PersonalData personal, CancellationToken ct)
    {
        if (await db.Held().AsNoTracking().SingleOrDefaultAsync(d => d.Id == id, ct) is not { } d)
            return FeedbackRefusals.NotFound;
        var mailbox = await db.Mailboxes.AsNoTracking().SingleOrDefaultAsync(m => m.Id == d.MailboxId, ct);
        var place = d.SealedPlace is null ? null : await personal.Open(db, d.Id, "place", d.SealedPlace, "disclosure", ct);
        var narrative = d.SealedNarrative is null ? null : await personal.Open(db, d.Id, "narrative", d.SealedNarrative, "disclosure", ct);
        // "Not now" means no contact: then not even its holder sees an address.
        var email = d.MayBeContacted && mailbox?.Email is { } kept ? await personal.Open(db, mailbox.Id, "email", kept, "disclosure", ct) : null;
        var phone = d.MayBeContacted && mailbox?.Phone is { } number ? await personal.Open(db, mailbox.Id, "phone", number, "disclosure", ct) : null;
        Etag.Set(response, d);
        return TypedResults.Ok(new DisclosureView(d.Id, d.Version, d.Reference, d.State.ToString(), d.Choice, d.Cause, d.Clock(db.Now), d.DueAt,
            d.Code, place, narrative, d.MayBeContacted, email, d.HandedOverTo, d.HandedOverRef, d.HandedOverAt, d.Next, d.StandardsCaseId, phone, await db.PhotosOf(personal, d.Id, ct), d.OverrideReason));
    }

    /// <summary>What the caller holds: safeguarding, what may be a crime; standards, what was told with the conduct of police.</summary>
    public static IQueryable<SealedDisclosure> Held(this FeedbackDb db)
    {
        var (safeguarding, standards) = (db.Caller.Is("safeguarding"), db.Caller.Is("standards"));
        return db.Disclosures.Where(d => d.StandardsCaseId == null ? safeguarding : standards);
    }
}
