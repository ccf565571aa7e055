using Microsoft.EntityFrameworkCore;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Booking;

/// <summary>Who may act on a walk: its assigned officers, signed in. Being an officer of the force is not enough.</summary>
internal static class Duty
{
    /// <summary>The walk, locked for this transaction, if the caller walks it; else why not.</summary>
    public static async Task<(Refusal? Refused, Walk Walk)> MyWalk(this BookingDb db, Guid walkId, CancellationToken ct)
    {
        if (await db.Lock(walkId, ct) == 0) return (Refusals.WalkUnknown, null!);
        var walk = await db.Walks.Include(w => w.Officers).ThenInclude(o => o.Officer).SingleAsync(w => w.Id == walkId, ct);
        // Who has left takes part in nothing any more. A walk that has begun she still ends, and calls for help: both are for her safety.
        var left = walk.State == WalkState.Started ? (DateTimeOffset?)null : walk.Local(db.Now);
        return walk.Officers.Any(o => o.Officer.Sub is { } sub && sub == db.Caller.Sub && !(left is { } now && o.Officer.HasLeft(now))) ? (null, walk) : (Refusals.NotYourWalk, null!);
    }
}
