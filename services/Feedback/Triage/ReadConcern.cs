using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback;

/// <summary>One concern in its screened view, with its messages and actions. The reading is audited.</summary>
internal static class ReadConcern
{
    public static async Task<Results<Ok<ConcernView>, Refusal>> Handle(Guid id, HttpResponse response, FeedbackDb db, PersonalData personal, ForcePackCatalogue packs, CancellationToken ct)
    {
        if (await db.Concerns.FindAsync([id], ct) is not { } c || c.ForceId != db.Force)
            return FeedbackRefusals.NotFound;
        db.Audit("read", nameof(Concern), $"{c.Id}");
        var messages = await db.Messages.AsNoTracking().Where(m => m.SubjectId == id).OrderBy(m => m.Number).ToListAsync(ct);
        var actions = await db.Actions.AsNoTracking().Include(a => a.Concerns).Where(a => a.Concerns.Any(x => x.ConcernId == id)).OrderBy(a => a.DueOn).ToListAsync(ct);
        var mailbox = await db.Mailboxes.AsNoTracking().SingleOrDefaultAsync(m => m.Id == c.MailboxId, ct);
        var sent = await db.PartnerRequests.AsNoTracking().Where(r => r.ConcernId == id).OrderBy(r => r.MadeAt).ToListAsync(ct);
        var pack = packs.Get(db.Force!);
        var today = pack.Today(db.Now);
        Etag.Set(response, c);
        return TypedResults.Ok(new ConcernView(
            c.Id, c.Version, c.Reference, c.Code, c.WardCode, c.BoroughCode, c.Landmark, c.LightBand, c.DayType, c.HowOften, c.Since, c.With, c.BecauseOfIt,
            c.Basis, c.Intensity, c.Text, c.WhatWouldChangeIt, c.NarrativeSealed, c.Masked.Split(',', StringSplitOptions.RemoveEmptyEntries),
            c.FromWalk, c.Quarter, c.ReceivedOn, c.Shown, c.Clock(today), c.DueOn, c.DueOn is { } due ? pack.WorkingDaysUntil(today, due) : null,
            c.OwnerBody, c.OwnerRole, c.Assignee, c.NoActionReason, c.ReviewOn, c.Outcome, c.ProposedBy is null ? null : c.NotAConcernReason, mailbox?.Email is not null,
            c.Next, [.. messages.Select(m => new MailboxText(m.From, m.On, m.Text))], [.. actions.Select(ListActions.View)],
            c.ReferredTo, c.ReferredRef, await Other(c.MergedInto), await Waiting(), c.Disputes,
            pack.RouteOf(c.Code, c.WardCode, c.BoroughCode) is { } route ? new UsualOwner(route.Body, route.Role) : null, await db.Pairs(c, ct),
            await db.FollowUps.Where(f => f.ConcernId == id).OrderBy(f => f.Weeks).Select(f => new FollowUpView(f.Weeks, f.On, f.Changed, f.Fixed, f.FeelDaylight, f.FeelAfterDark)).ToListAsync(ct),
            mailbox?.Channel ?? "web", await db.PhotosOf(personal, c.Id, ct), [.. sent.Select(View)],
            [.. pack.Bodies.Select(b => b.Code).Where(b => c.Next.Contains("refer") && SendToPartner.To(b, c, pack) is { } to && !sent.Any(r => r.Partner == to.Partner.Id && r.State != PartnerState.Withdrawn))]));

        async Task<MergedConcern?> Other(Guid? into) => into is null ? null : await db.Concerns.Where(o => o.Id == into).Select(o => new MergedConcern(o.Id, o.Reference)).SingleOrDefaultAsync(ct);
        async Task<List<MergedConcern>> Waiting() => c.MergedHere == 0 ? [] : await db.Concerns.Where(o => o.MergedInto == id).OrderBy(o => o.Reference).Select(o => new MergedConcern(o.Id, o.Reference)).ToListAsync(ct);
    }

    internal static PartnerRequestView View(PartnerRequest r) => new(
        r.Id, r.Version, r.Partner, r.Body, r.Reference, r.State.ToString(), r.Reason, r.TheirWords, r.TheirReference, r.TheirStatus, r.TheirNotes,
        [.. r.Updates.Select(u => new PartnerNote(u.At, u.Status, u.Text))], r.Description, r.MadeAt, r.SentAt, r.LookedAt, r.DueAt, r.Next);
}
