using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Feedback;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Feedback;

/// <summary>No is an answer when it has a reason, a name and a date: published, and told to her.</summary>
internal static class EndWithoutAction
{
    public static Task<IResult> Handle(Guid id, NoActionDecision decision, HttpContext http, FeedbackDb db, ForcePackCatalogue packs, Tell tell, CancellationToken ct) =>
        DecideOnConcern.On(id, "no-action", http, db, async concern =>
        {
            var pack = packs.Get(db.Force!);
            var today = pack.Today(db.Now);
            if (pack.NoActionReasons.All(r => r.Code != decision.Reason))
                return FeedbackRefusals.UnknownReason;
            if (PublicWords.Check((nameof(decision.Asked), decision.Asked), (nameof(decision.Answer), decision.Answer), (nameof(decision.OwnerRole), decision.OwnerRole)) is { } unfit)
                return unfit;
            var before = concern.Memo();
            if (concern.EndWithoutAction(decision.Reason, decision.OwnerRole, decision.ReviewOn, decision.Answer, today) is { } refused)
                return refused;

            if (before.TriagedOn is null)
                db.TellOwner(concern.Id, concern.OwnerBody!, before, today);
            var answered = (await db.Settle(concern, pack, ct)).Prepend(concern).ToList();
            // A no that was looked at again stands in the entry it had.
            if (await db.Board.SingleOrDefaultAsync(e => e.SourceId == id, ct) is not { } entry)
            {
                entry = BoardEntry.Coarse(concern.Id, pack.FindConcern(concern.Code)!, concern, decision.Asked).Coarser(
                    sameWard: answered.TrueForAll(c => c.WardCode == concern.WardCode),
                    sameBorough: answered.TrueForAll(c => c.BoroughCode == concern.BoroughCode),
                    sameBand: answered.TrueForAll(c => c.LightBand == concern.LightBand));
                db.Board.Add(entry);
            }
            entry.ForceSays("not-done", "not-done", today, $"{pack.ReasonText(decision.Reason, "en")}. {decision.Answer}");
            entry.LooksAgain(decision.ReviewOn, decision.OwnerRole);
            foreach (var told in answered)
            {
                var reachable = await tell.About(told, "outcome-no-action", null, new()
                {
                    ["reference"] = told.Reference, ["owner"] = decision.OwnerRole, ["review_on"] = decision.ReviewOn.Iso(), ["reason"] = decision.Answer,
                }, ct);
                db.Publish(new ConcernEndedNoAction(told.Id, decision.Reason, decision.ReviewOn, today, reachable));
            }
            return null;
        }, ct);
}
