using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Feedback;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Feedback;

/// <summary>Somebody will do something about one or many concerns, by a date, in words the public reads. Advice to women is kept, but answers nothing.</summary>
internal static class AgreeAction
{
    public static async Task<Results<Created<ActionView>, Refusal>> Handle(ActionAgreement agreed, FeedbackDb db, ForcePackCatalogue packs, Tell tell, CancellationToken ct)
    {
        var pack = packs.Get(db.Force!);
        var today = pack.Today(db.Now);
        if (pack.ActionTypes.FirstOrDefault(t => t.Code == agreed.Type) is not { } type)
            return FeedbackRefusals.UnknownActionType;
        if (pack.Bodies.All(b => b.Code != agreed.OwnerBody))
            return FeedbackRefusals.UnknownBody;
        if (agreed.DueOn <= today || agreed.DueOn > today.AddYears(2))
            return FeedbackRefusals.DueDate;
        if (PublicWords.Check((nameof(agreed.Asked), agreed.Asked), (nameof(agreed.Promise), agreed.Promise), (nameof(agreed.OwnerRole), agreed.OwnerRole)) is { } unfit)
            return unfit;

        var ids = agreed.ConcernIds.Distinct().ToList();
        var concerns = await db.Concerns.Where(c => ids.Contains(c.Id)).ToListAsync(ct);
        if (concerns.Count != ids.Count)
            return FeedbackRefusals.NotFound;

        var action = new ForceAction
        {
            Type = type.Code, Counted = type.Counted, OwnerBody = agreed.OwnerBody, OwnerRole = agreed.OwnerRole, AgreedOn = today, DueOn = agreed.DueOn,
            FourP = agreed.FourP, Asked = agreed.Asked, Promise = agreed.Promise, Concerns = [.. ids.Select(id => new ActionConcern { ConcernId = id })],
        };
        foreach (var concern in concerns)
        {
            if (concern.TakeUp(action) is { } refused)
                return refused with { Detail = $"{concern.Reference}: {refused.Detail}" };
        }
        db.Actions.Add(action);
        db.Publish(new ActionAgreed(action.Id, ids, action.Type, action.Counted, action.OwnerBody, action.DueOn, today));
        db.Audit("agreed", nameof(ForceAction), $"{action.Id}");
        if (action.Counted)
        {
            Publish(action, concerns, pack, db, today);
            foreach (var concern in concerns)
            {
                await tell.About(concern, "action-agreed", null, new()
                {
                    ["reference"] = concern.Reference, ["what"] = action.Promise, ["owner"] = pack.BodyName(action.OwnerBody, "en"), ["due_on"] = action.DueOn.Iso(),
                }, ct);
            }
        }
        await db.SaveChangesAsync(ct);
        return TypedResults.Created($"/v1/{pack.Id}/actions/{action.Id}", ListActions.View(action));
    }

    /// <summary>One entry however many asked; its place and light are given only where they are the same for all.</summary>
    private static void Publish(ForceAction action, List<Concern> concerns, ForcePack pack, FeedbackDb db, DateOnly today)
    {
        // The strictest category speaks for all, so that joining concerns never makes one of them finer.
        var first = concerns.OrderByDescending(c => pack.FindConcern(c.Code)!.BoroughByYearOnly).ThenBy(c => c.Quarter, StringComparer.Ordinal).First();
        var entry = BoardEntry.Coarse(action.Id, pack.FindConcern(first.Code)!, first, action.Asked);
        entry = entry.Coarser(
            sameWard: concerns.All(c => c.WardCode == first.WardCode),
            sameBorough: concerns.All(c => c.BoroughCode == first.BoroughCode),
            sameBand: concerns.All(c => c.LightBand == first.LightBand));
        entry.ForceSays("in-hand", "said", today, action.Promise);
        db.Board.Add(entry);
    }
}
