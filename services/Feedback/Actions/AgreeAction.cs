using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Feedback;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback;

/// <summary>
/// Somebody will do something about one or many concerns, by a date, in words the public reads. Advice to women is kept, but answers
/// nothing; nor does what is only proposed: it moves no concern and tells nobody until it is agreed.
/// </summary>
internal static class AgreeAction
{
    public static async Task<Results<Created<ActionView>, Refusal>> Handle(ActionAgreement agreed, FeedbackDb db, ForcePackCatalogue packs, Tell tell, CancellationToken ct)
    {
        var pack = packs.Get(db.Force!);
        var (refused, action) = await Make(agreed, db, pack, tell, ct);
        if (refused is not null)
            return refused;
        await db.SaveChangesAsync(ct);
        return TypedResults.Created($"/v1/{pack.Id}/actions/{action!.Id}", ListActions.View(action));
    }

    /// <summary>The action with all it brings, not saved yet. For a promise of an officer there may be no concern.</summary>
    public static async Task<(Refusal? Refused, ForceAction? Action)> Make(ActionAgreement agreed, FeedbackDb db, ForcePack pack, Tell tell, CancellationToken ct)
    {
        var today = pack.Today(db.Now);
        if (pack.ActionTypes.FirstOrDefault(t => t.Code == agreed.Type) is not { } type)
            return (FeedbackRefusals.UnknownActionType, null);
        if (pack.Bodies.All(b => b.Code != agreed.OwnerBody))
            return (FeedbackRefusals.UnknownBody, null);
        if (agreed.DueOn <= today || agreed.DueOn > today.AddYears(2))
            return (FeedbackRefusals.DueDate, null);
        if (PublicWords.Check((nameof(agreed.Asked), agreed.Asked), (nameof(agreed.Promise), agreed.Promise), (nameof(agreed.OwnerRole), agreed.OwnerRole)) is { } unfit)
            return (unfit, null);

        var ids = agreed.ConcernIds.Distinct().ToList();
        if (await db.Concerns.CountAsync(c => ids.Contains(c.Id), ct) != ids.Count)
            return (FeedbackRefusals.NotFound, null);

        var action = new ForceAction
        {
            Type = type.Code, Counted = type.Counted, OwnerBody = agreed.OwnerBody, OwnerRole = agreed.OwnerRole, AgreedOn = today, DueOn = agreed.DueOn,
            FourP = agreed.FourP, Asked = agreed.Asked, Promise = agreed.Promise, Concerns = [.. ids.Select(id => new ActionConcern { ConcernId = id })],
            State = agreed.Proposed ? ActionState.Proposed : ActionState.Agreed,
        };
        if (!agreed.Proposed && await Agree(action, db, pack, tell, ct) is { } refused)
            return (refused, null);
        db.Actions.Add(action);
        db.Audit(agreed.Proposed ? "proposed" : "agreed", nameof(ForceAction), $"{action.Id}");
        return (null, action);
    }

    /// <summary>What was proposed is agreed.</summary>
    public static Task<IResult> Proposed(Guid id, HttpContext http, FeedbackDb db, ForcePackCatalogue packs, Tell tell, CancellationToken ct) =>
        ChangeAction.On(id, "agreed", http, db, async action =>
        {
            var pack = packs.Get(db.Force!);
            var today = pack.Today(db.Now);
            if (action.DueOn <= today)
                return FeedbackRefusals.DueDate with { Detail = $"{action.DueOn.Iso()} has passed: drop this proposal and make another." };
            return action.Agree(today) ?? await Agree(action, db, pack, tell, ct);
        }, ct);

    private static async Task<Refusal?> Agree(ForceAction action, FeedbackDb db, ForcePack pack, Tell tell, CancellationToken ct)
    {
        var ids = action.Concerns.Select(c => c.ConcernId).ToList();
        var concerns = await db.AllConcerns.Where(c => ids.Contains(c.Id)).ToListAsync(ct);
        foreach (var concern in concerns)
        {
            if (concern.TakeUp(action, action.AgreedOn, pack) is { } refused)
                return refused with { Detail = $"{concern.Reference}: {refused.Detail}" };
        }
        if (action.Counted)
        {
            // What is merged into one of them is answered with it.
            foreach (var waiting in (await db.WaitingFor(ids, ct)).Where(w => !ids.Contains(w.Id)))
            {
                waiting.Follow(action, action.AgreedOn, pack);
                action.Concerns.Add(new ActionConcern { ConcernId = waiting.Id });
                concerns.Add(waiting);
            }
            if (concerns.Count > 0)
                Publish(action, concerns, pack, db);
            foreach (var concern in concerns)
                await TellHer(concern, action, pack, tell, ct);
        }
        db.Publish(new ActionAgreed(action.Id, [.. concerns.Select(c => c.Id)], action.Type, action.Counted, action.OwnerBody, action.DueOn, action.AgreedOn));
        return null;
    }

    internal static Task TellHer(Concern concern, ForceAction action, ForcePack pack, Tell tell, CancellationToken ct) => tell.About(concern, "action-agreed", null, new()
    {
        ["reference"] = concern.Reference, ["what"] = action.Promise, ["owner"] = pack.BodyName(action.OwnerBody, "en"), ["due_on"] = action.DueOn.Iso(),
    }, ct);

    /// <summary>One entry however many asked; its place and light are given only where they are the same for all.</summary>
    private static void Publish(ForceAction action, List<Concern> concerns, ForcePack pack, FeedbackDb db)
    {
        // The strictest category speaks for all, so that joining concerns never makes one of them finer.
        var first = concerns.OrderByDescending(c => pack.FindConcern(c.Code)!.BoroughByYearOnly).ThenBy(c => c.Quarter, StringComparer.Ordinal).First();
        var entry = BoardEntry.Coarse(action.Id, pack.FindConcern(first.Code)!, first, action.Asked);
        entry = entry.Coarser(
            sameWard: concerns.All(c => c.WardCode == first.WardCode),
            sameBorough: concerns.All(c => c.BoroughCode == first.BoroughCode),
            sameBand: concerns.All(c => c.LightBand == first.LightBand));
        entry.ForceSays("in-hand", "said", action.AgreedOn, action.Promise);
        db.Board.Add(entry);
    }
}
