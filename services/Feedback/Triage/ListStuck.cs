using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.ForcePacks;

namespace WalkTalk.Feedback;

/// <summary>What does not move although it should, or cannot move by itself; for the coordinator and for oversight, without place or word.</summary>
internal static class ListStuck
{
    private const int Most = 200;

    public static async Task<Ok<StuckList>> Handle(FeedbackDb db, ForcePackCatalogue packs, CancellationToken ct)
    {
        var pack = packs.Get(db.Force!);
        var today = pack.Today(db.Now);
        var (week, asked, silent) = (today.AddDays(-7), today.AddDays(-Concern.DaysToAnswer), today.AddDays(-7 * Concern.LastAsked - Concern.DaysToAnswer));
        // Referred, and nothing more to wait for there.
        var back = db.PartnerRequests.Where(r => r.State == PartnerState.Refused || r.State == PartnerState.Unclear || r.State == PartnerState.GaveUp || r.TheirStatus == "closed");
        var stuck = await db.Concerns.AsNoTracking().Where(c => c.DueOn != null && (
                ((c.State == ConcernState.Acknowledged || c.State == ConcernState.Triaged || c.State == ConcernState.InAction) && c.DueOn < week)
                || (c.State == ConcernState.Referred && (c.DueOn < today || back.Any(r => r.ConcernId == c.Id && r.Body == c.ReferredTo)))
                || (c.State == ConcernState.WaitingForContributor && c.WaitingSince <= asked)
                || (c.State == ConcernState.ClaimedDone && c.ClaimedOn <= silent)
                || (c.ProposedBy != null && (c.State == ConcernState.Acknowledged || c.State == ConcernState.Triaged))))
            .OrderBy(c => c.DueOn).ThenBy(c => c.Id).Take(Most).ToListAsync(ct);
        return TypedResults.Ok(new StuckList(
            [.. stuck.Select(c => new StuckRow(c.Id, c.Reference, c.Code, c.Shown, Why(c, week, today), c.DueOn!.Value, pack.WorkingDaysUntil(today, c.DueOn.Value), c.OwnerBody, c.Assignee))],
            pack.HolidaysUntil < today.AddMonths(6) ? pack.HolidaysUntil : null));
    }

    private static string Why(Concern concern, DateOnly week, DateOnly today) => concern.State switch
    {
        ConcernState.Referred => concern.DueOn < today ? "referral" : "partner",
        ConcernState.WaitingForContributor => "no-reply",
        ConcernState.ClaimedDone => "silent",
        _ => concern.DueOn < week ? "over" : "second-person",
    };
}
