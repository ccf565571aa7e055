using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Gateway.Data;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Gateway.SignIn;

/// <summary>
/// What staff of the built-in issuer show beside the password: a code of an authenticator app, or one of ten recovery codes. Each is taken once,
/// which the database decides. Setting up, moving and resetting change her security stamp, which ends her sessions elsewhere.
/// </summary>
internal sealed class SecondFactor(GatewayDb db, Keys keys, IDataProtectionProvider protection, IConfiguration configuration, TimeProvider time)
{
    private const int HowMany = 10, Length = 10;

    // Without vowels and without what is read as something else.
    private const string Alphabet = "23456789BCDFGHJKMNPQRSTVXYZ";

    /// <summary>Auth:RequireSecondFactor, default false: whoever has none sets it up directly after the password and reaches nothing before.</summary>
    public bool IsRequired => configuration.GetValue("Auth:RequireSecondFactor", false);

    /// <summary>Whether she may have a session once she has proved who she is.</summary>
    public bool Suffices(StaffUser user) => user.TwoFactorEnabled || !IsRequired;

    public Task<Authenticator?> AuthenticatorOf(string sub, CancellationToken stop) => db.Authenticators.AsNoTracking().FirstOrDefaultAsync(a => a.Sub == sub, stop);

    public Task<int> RecoveryCodesLeft(string sub, CancellationToken stop) => db.RecoveryCodes.CountAsync(c => c.Sub == sub, stop);

    /// <summary>Takes the code that the app shows; false when it is wrong, of another time, or was used.</summary>
    public async Task<bool> TakesCode(string sub, string code, CancellationToken stop)
    {
        if (await AuthenticatorOf(sub, stop) is not { } hers || Totp.StepOf(Protector(sub).Unprotect(hers.Key), Plain(code), time.GetUtcNow(), hers.Step) is not { } step)
        {
            return false;
        }
        return await db.Authenticators.Where(a => a.Sub == sub && a.Key == hers.Key && a.Step < step).ExecuteUpdateAsync(set => set.SetProperty(a => a.Step, step), stop) == 1;
    }

    /// <summary>Takes a recovery code; false when it is wrong or was used.</summary>
    public Task<bool> TakesRecoveryCode(string sub, string code, string force, CancellationToken stop) => db.Atomically(async () =>
    {
        var hash = HashOf(sub, Plain(code));
        if (await db.RecoveryCodes.Where(c => c.Sub == sub && c.Hash == hash).ExecuteDeleteAsync(stop) != 1)
        {
            return false;
        }
        await Record("recovery-code-used", sub, force, by: sub, stop);
        return true;
    }, stop);

    /// <summary>The key becomes that of her app once a code of it is right: then her new recovery codes, shown this once. Null when the code is wrong or something about her changed meanwhile.</summary>
    public async Task<IReadOnlyList<string>?> Confirm(StaffUser user, byte[] key, string code, string force, CancellationToken stop)
    {
        if (Totp.StepOf(key, Plain(code), time.GetUtcNow()) is not { } step)
        {
            return null;
        }
        var codes = await db.Atomically<IReadOnlyList<string>?>(async () =>
        {
            if (await Renew(user, u => u.SecurityStamp == user.SecurityStamp && u.Active, hasOne: true, stop) != 1)
            {
                return null;
            }
            var moved = await db.Authenticators.Where(a => a.Sub == user.Id).ExecuteDeleteAsync(stop) == 1;
            db.Add(new Authenticator { Sub = user.Id, Key = Protector(user.Id).Protect(key), Since = time.GetUtcNow(), Step = step });
            var made = await MakeRecoveryCodes(user.Id, stop);
            await Record(moved ? "second-factor-moved" : "second-factor-set-up", user.Id, force, by: user.Id, stop);
            return made;
        }, stop);
        await db.Entry(user).ReloadAsync(stop);
        return codes;
    }

    /// <summary>Ten new recovery codes instead of those she had. Null when somebody does the same at this moment.</summary>
    public Task<IReadOnlyList<string>?> NewRecoveryCodes(StaffUser user, string force, CancellationToken stop) => db.Atomically<IReadOnlyList<string>?>(async () =>
    {
        if (await db.Users.Where(u => u.Id == user.Id && u.ConcurrencyStamp == user.ConcurrencyStamp).ExecuteUpdateAsync(set => set.SetProperty(u => u.ConcurrencyStamp, NewStamp()), stop) != 1)
        {
            return null;
        }
        var codes = await MakeRecoveryCodes(user.Id, stop);
        await Record("recovery-codes-made", user.Id, force, by: user.Id, stop);
        return codes;
    }, stop);

    /// <summary>For who lost phone and codes. She signs in by password alone again, or sets it up anew where it is required.</summary>
    public Task<bool> Reset(StaffUser user, string force, string by, CancellationToken stop) => db.Atomically(async () =>
    {
        if (await Renew(user, u => u.TwoFactorEnabled, hasOne: false, stop) != 1)
        {
            return false;
        }
        await db.Authenticators.Where(a => a.Sub == user.Id).ExecuteDeleteAsync(stop);
        await db.RecoveryCodes.Where(c => c.Sub == user.Id).ExecuteDeleteAsync(stop);
        await Record("second-factor-reset", user.Id, force, by, stop);
        return true;
    }, stop);

    // The concurrency stamp too: whoever changes her account with what she was before is refused and does not undo it.
    private Task<int> Renew(StaffUser user, System.Linq.Expressions.Expression<Func<StaffUser, bool>> when, bool hasOne, CancellationToken stop) => db.Users.Where(u => u.Id == user.Id).Where(when).ExecuteUpdateAsync(set => set
        .SetProperty(u => u.SecurityStamp, NewStamp()).SetProperty(u => u.ConcurrencyStamp, NewStamp()).SetProperty(u => u.TwoFactorEnabled, hasOne), stop);

    private async Task<IReadOnlyList<string>> MakeRecoveryCodes(string sub, CancellationToken stop)
    {
        await db.RecoveryCodes.Where(c => c.Sub == sub).ExecuteDeleteAsync(stop);
        List<string> codes = [.. Enumerable.Range(0, HowMany).Select(_ => RandomNumberGenerator.GetString(Alphabet, Length))];
        db.AddRange(codes.Select(code => new RecoveryCode { Sub = sub, Hash = HashOf(sub, code) }));
        return [.. codes.Select(code => code.Insert(Length / 2, "-"))];
    }

    // Keyed, because a code is short enough to be looked for in a stolen database.
    private byte[] HashOf(string sub, string code) => HMACSHA256.HashData(keys.Of("gateway", "recovery-codes"), Encoding.UTF8.GetBytes($"{sub}\n{code}"));

    private IDataProtector Protector(string sub) => protection.CreateProtector("authenticators").CreateProtector(sub);

    private async Task Record(string action, string sub, string force, string by, CancellationToken stop)
    {
        db.Force = force;
        db.Caller.Actor = "staff:" + by;
        db.Audit(action, nameof(StaffUser), sub);
        await db.SaveChangesAsync(stop);
    }

    private static string NewStamp() => Guid.NewGuid().ToString("N");

    /// <summary>As it is kept, whichever way it was typed.</summary>
    private static string Plain(string code) => string.Concat(code.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();
}
