using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using WalkTalk.Gateway.Data;

namespace WalkTalk.Gateway.SignIn;

/// <summary>
/// How often somebody may be wrong with her password, her codes and her recovery codes together. A try is taken before it is looked at,
/// in one statement: however many come at once, no more are looked at than the lockout allows.
/// </summary>
internal sealed class Tries(GatewayDb db, IOptions<IdentityOptions> identity, TimeProvider time)
{
    /// <summary>False when there were too many: what she said is then not looked at.</summary>
    public async Task<bool> Take(string sub, CancellationToken stop)
    {
        var (most, now) = (identity.Value.Lockout.MaxFailedAccessAttempts, time.GetUtcNow());
        DateTimeOffset? until = now + identity.Value.Lockout.DefaultLockoutTimeSpan;
        return await db.Users.Where(u => u.Id == sub && (u.LockoutEnd == null || u.LockoutEnd <= now)).ExecuteUpdateAsync(set => set
            .SetProperty(u => u.AccessFailedCount, u => (u.LockoutEnd == null ? u.AccessFailedCount : 0) + 1)
            .SetProperty(u => u.LockoutEnd, u => (u.LockoutEnd == null ? u.AccessFailedCount : 0) + 1 >= most ? until : null), stop) == 1;
    }

    /// <summary>The try was right, but is not the whole sign-in: a password alone must not make room for more codes.</summary>
    public Task GiveBack(string sub, CancellationToken stop) => db.Users.Where(u => u.Id == sub && u.AccessFailedCount > 0).ExecuteUpdateAsync(set => set
        .SetProperty(u => u.AccessFailedCount, u => u.AccessFailedCount - 1).SetProperty(u => u.LockoutEnd, (DateTimeOffset?)null), stop);

    /// <summary>She is in.</summary>
    public Task Forget(string sub, CancellationToken stop) => db.Users.Where(u => u.Id == sub).ExecuteUpdateAsync(set => set
        .SetProperty(u => u.AccessFailedCount, 0).SetProperty(u => u.LockoutEnd, (DateTimeOffset?)null), stop);
}
