using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Feedback;

/// <summary>Everything she sent with this mailbox, where it stands, and what she may do.</summary>
internal static class ReadMailbox
{
    public static async Task<Results<Ok<MailboxView>, Refusal>> Handle(HttpRequest request, FeedbackDb db, ForcePackCatalogue packs, CancellationToken ct)
    {
        if (await db.OpenedBy(request, ct) is not { } mailbox)
            return FeedbackRefusals.MailboxClosed;

        var messages = (await db.Messages.Where(m => m.MailboxId == mailbox.Id).OrderBy(m => m.Number).ToListAsync(ct))
            .ToLookup(m => m.SubjectId, m => new MailboxText(m.From, m.On, m.Text));
        var concerns = await db.Concerns.AsNoTracking().Where(c => c.MailboxId == mailbox.Id).ToListAsync(ct);
        var disclosures = await db.Disclosures.AsNoTracking().Where(d => d.MailboxId == mailbox.Id).ToListAsync(ct);
        await db.HasRead(concerns, packs.Get(db.Force!).Today(db.Now), ct);
        var standards = await db.StandardsCases.AsNoTracking().Where(s => s.MailboxId == mailbox.Id).ToListAsync(ct);

        var into = concerns.Select(c => c.MergedInto).OfType<Guid>().ToList();
        var carriers = into.Count == 0 ? [] : await db.Concerns.AsNoTracking().Where(c => into.Contains(c.Id)).ToDictionaryAsync(c => c.Id, ct);
        // One that is merged stands where the one stands whose answer it waits for.
        Concern Seen(Concern c) => c.MergedInto is { } id ? carriers[id] : c;

        return TypedResults.Ok(new MailboxView(mailbox.Reference, mailbox.Email is not null,
        [
            .. concerns.Select(c => new MailboxItem("concern", c.Id, c.Reference, c.Code, c.WardCode, Seen(c).Shown, Seen(c).OwnerBody,
                Seen(c).DueOn ?? c.ReviewOn, c.Outcome, c.NoActionReason, Can(c), [.. messages[c.Id]], AskedAtWeeks: c.AskedAtWeeks)),
            .. disclosures.Select(d => new MailboxItem("disclosure", d.Id, d.Reference, d.Code, null, d.State.ToString(), null,
                null, d.HandedOverRef, null, d.State is DisclosureState.Explained or DisclosureState.Chosen ? ["choose"] : [], [], d.Choice, ByStandards: d.StandardsCaseId is not null)),
            .. standards.Select(s => new MailboxItem("standards", s.Id, s.Reference, s.Code, null, s.State.ToString(), null,
                s.State == StandardsState.Answered ? null : s.DueOn, s.Answer, null, [], [])),
        ]));
    }

    private static string[] Can(Concern concern) => concern.State switch
    {
        ConcernState.WaitingForContributor => ["answer", "withdraw"],
        ConcernState.ClaimedDone => ["confirm", "dispute", "withdraw"],
        ConcernState.ConfirmedDone => ["dispute"],
        _ => concern.IsOpen ? ["withdraw"] : [],
    };
}
