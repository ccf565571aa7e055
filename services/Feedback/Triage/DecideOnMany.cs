using System.Runtime.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Feedback;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Messaging;

namespace WalkTalk.Feedback;

/// <summary>
/// One step for many concerns at once. Each is decided by itself: what was changed meanwhile, or does not follow, stays as it was and is
/// named. The other services are told ten minutes later; until then whoever did it can take it back.
/// </summary>
internal static class DecideOnMany
{
    public static async Task<Results<Ok<ManyDone>, Refusal>> Handle(ManyAtOnce many, FeedbackDb db, ForcePackCatalogue packs, CancellationToken ct)
    {
        var pack = packs.Get(db.Force!);
        var today = pack.Today(db.Now);
        if (many.Step == "assign" && string.IsNullOrWhiteSpace(many.Assignee))
            return FeedbackRefusals.AssigneeNeeded;
        if (many.OwnerBody is { Length: > 0 } body && pack.Bodies.All(b => b.Code != body))
            return FeedbackRefusals.UnknownBody;

        var versions = many.Concerns.DistinctBy(c => c.Id).ToDictionary(c => c.Id, c => c.Version);
        var ids = versions.Keys.ToList();
        var (rows, not) = (new List<BulkRow>(), new List<NotDone>());
        var concerns = await db.Concerns.Where(c => ids.Contains(c.Id)).ToListAsync(ct);
        var mailboxes = concerns.ConvertAll(c => c.MailboxId);
        var conflicts = many.Step == "assign" ? await db.Conflicts.AsNoTracking().Where(x => mailboxes.Contains(x.MailboxId)).ToListAsync(ct) : [];
        foreach (var concern in concerns)
        {
            var before = concern.Memo();
            var refused = versions[concern.Id] != concern.Version ? WalkTalk.ServiceDefaults.Persistence.Etag.ChangedMeanwhile : many.Step == "assign" ? Assign(concern, many.Assignee!.Trim()) : Triage(concern);
            if (refused is not null)
            {
                not.Add(new NotDone(concern.Reference, refused.Detail ?? refused.Title));
                continue;
            }
            if (before == concern.Memo())
                continue; // as it was already
            rows.Add(new BulkRow(concern.Id, concern.Version + 1, many.Step == "triage" && before.State == ConcernState.Acknowledged, before));
            db.Audit(many.Step == "assign" ? "assigned" : "triaged", nameof(Concern), $"{concern.Id}");
        }
        var step = new BulkStep { Sub = db.Caller.Sub!, At = db.Now, Rows = rows };
        if (rows.Count > 0)
        {
            db.BulkSteps.Add(step);
            await db.Schedule(BulkTold.Key(step.Id), db.Now + BulkStep.HeldBack, new BulkTold(step.Id), ct);
            await db.SaveChangesAsync(ct);
        }
        return TypedResults.Ok(new ManyDone(step.Id, rows.Count, not, step.At + BulkStep.HeldBack));

        Refusal? Assign(Concern concern, string assignee) =>
            conflicts.Exists(x => x.MailboxId == concern.MailboxId && x.Is(assignee)) ? FeedbackRefusals.NotForThem : concern.Assign(assignee);

        Refusal? Triage(Concern concern)
        {
            var route = many.OwnerBody is { Length: > 0 } ? null : pack.RouteOf(concern.Code, concern.WardCode, concern.BoroughCode);
            var owner = many.OwnerBody is { Length: > 0 } chosen ? chosen : route?.Body ?? concern.OwnerBody!;
            var role = many.OwnerRole is { Length: > 0 } named ? named : route?.Role ?? pack.BodyName(owner, "en");
            return concern.Triage(owner, role, today, pack);
        }
    }

    /// <summary>Everything of the step that nobody has changed since is as it was before.</summary>
    public static async Task<Results<Ok<ManyDone>, Refusal>> Undo(Guid id, FeedbackDb db, CancellationToken ct)
    {
        if (await db.BulkSteps.SingleOrDefaultAsync(s => s.Id == id && s.Sub == db.Caller.Sub, ct) is not { } step)
            return FeedbackRefusals.NotFound;
        if (step.Closed || db.Now >= step.At + BulkStep.HeldBack)
            return FeedbackRefusals.AlreadyTold;
        var rows = step.Rows.ToDictionary(r => r.ConcernId);
        var ids = rows.Keys.ToList();
        var (done, not, kept) = (0, new List<NotDone>(), new List<BulkRow>());
        foreach (var concern in await db.Concerns.Where(c => ids.Contains(c.Id)).ToListAsync(ct))
        {
            if (concern.Version != rows[concern.Id].Version)
            {
                not.Add(new NotDone(concern.Reference, "It was changed meanwhile."));
                kept.Add(rows[concern.Id]);
                continue;
            }
            concern.Restore(rows[concern.Id].Before);
            db.Audit("taken-back", nameof(Concern), $"{concern.Id}");
            done++;
        }
        step.Rows = kept;
        step.Closed = kept.Count == 0;
        if (step.Closed)
            await db.Withdraw(BulkTold.Key(id), ct);
        await db.SaveChangesAsync(ct);
        return TypedResults.Ok(new ManyDone(id, done, not, step.At + BulkStep.HeldBack));
    }
}

/// <summary>A reminder of this service to itself: a step for many has stood long enough to be told.</summary>
[DataContract(Name = "feedback-bulk-told")]
internal sealed record BulkTold(Guid StepId)
{
    public static string Key(Guid step) => $"bulk-told:{step}";
}

/// <summary>Tells the other services what stands of a step.</summary>
internal sealed class TellBulk(FeedbackDb db, ForcePackCatalogue packs) : IConsume<BulkTold>
{
    public async Task Consume(BulkTold message, Delivery delivery, CancellationToken ct)
    {
        if (await db.BulkSteps.SingleOrDefaultAsync(s => s.Id == message.StepId, ct) is not { Closed: false } step)
            return;
        step.Closed = true;
        var before = step.Rows.Where(r => r.FirstOwner).ToDictionary(r => r.ConcernId, r => r.Before);
        var ids = before.Keys.ToList();
        var day = packs.Get(delivery.ForceId).Today(step.At);
        foreach (var concern in await db.Concerns.AsNoTracking().Where(c => ids.Contains(c.Id) && c.OwnerBody != null && c.TriagedOn != null).Select(c => new { c.Id, c.OwnerBody }).ToListAsync(ct))
            db.TellOwner(concern.Id, concern.OwnerBody!, before[concern.Id], day);
    }
}
