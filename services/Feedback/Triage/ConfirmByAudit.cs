using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Feedback;

/// <summary>The other way to "done": two audits of the same point in the same light, before and after, by others than the force and her. She may still dispute.</summary>
internal static class ConfirmByAudit
{
    public static Task<IResult> Handle(Guid id, ReAudit pair, HttpContext http, FeedbackDb db, Hearing hearing, CancellationToken ct) =>
        DecideOnConcern.On(id, "confirmed-by-audit", http, db, async concern =>
        {
            var audits = await db.Audits.Where(a => a.Id == pair.Before || a.Id == pair.After).ToListAsync(ct);
            if (audits.Find(a => a.Id == pair.Before) is not { } before || audits.Find(a => a.Id == pair.After) is not { } after)
                return FeedbackRefusals.NotFound with { Detail = "There is no such audit." };
            if (PlaceAudit.Doubt(before, after, concern) is { } doubt)
                return FeedbackRefusals.AuditsDoubted with { Detail = doubt };
            return await hearing.Done(concern, new DoneAnswer { Done = true }, ct);
        }, ct);

    /// <summary>The pairs that would do, latest audit first.</summary>
    public static async Task<IReadOnlyList<ReAuditPair>> Pairs(this FeedbackDb db, Concern concern, CancellationToken ct)
    {
        if (concern.State != ConcernState.ClaimedDone || concern.WardCode is null)
            return [];
        var there = await db.Audits.AsNoTracking().Where(a => a.WardCode == concern.WardCode && a.On != null && a.Score != null && (a.Landmark != null || a.Point != null)
            && (concern.LightBand == null || a.LightBand == concern.LightBand)).OrderByDescending(a => a.On).Take(200).ToListAsync(ct);
        return [.. there.SelectMany(after => there.Where(before => PlaceAudit.Doubt(before, after, concern) is null)
            .Select(before => new ReAuditPair(before.Id, after.Id, after.Landmark ?? before.Landmark ?? "The same point", after.LightBand, before.Score!.Value, after.Score!.Value))).Take(5)];
    }
}
