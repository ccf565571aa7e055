using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Feedback;

namespace WalkTalk.Feedback;

/// <summary>She reads an outcome: whoever counts learns it the first time, by the day alone.</summary>
internal static class ReadOutcome
{
    public static async Task HasRead(this FeedbackDb db, IEnumerable<Concern> shown, DateOnly today, CancellationToken ct)
    {
        if (shown.Where(c => c.IsUnread).Select(c => c.Id).ToList() is not { Count: > 0 } unread)
            return;
        await db.Atomically(async () =>
        {
            foreach (var id in unread)
            {
                // Past the entity: that she reads must not overtake the version that somebody has open. Of two readings at once one tells.
                if (await db.AllConcerns.Where(c => c.Id == id && c.OutcomeReadOn == null
                    && (c.State == ConcernState.ClaimedDone || c.State == ConcernState.ConfirmedDone || c.State == ConcernState.NoAction))
                    .ExecuteUpdateAsync(s => s.SetProperty(c => c.OutcomeReadOn, today), ct) == 1)
                    db.Publish(new ConcernOutcomeRead(id, today), untimed: true);
            }
            await db.SaveChangesAsync(ct);
            return true;
        }, ct);
    }
}
