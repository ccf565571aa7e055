using WalkTalk.Contracts.Booking.Api;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking;

/// <summary>
/// A woman's contact and its proof by a code, with whatever she asks for. First name and contact are stored under her own key
/// (<see cref="PersonId"/>): destroying the key erases them, here and in every backup.
/// </summary>
internal abstract class Participant : IForceRow, IVersioned
{
    public const int CodeTriesAllowed = 5;
    public const int CodesAllowed = 3;

    public Guid Id { get; init; } = Guid.CreateVersion7();
    public string ForceId { get; set; } = "";
    public long Version { get; set; }

    /// <summary>When the hold, the time to give a code, or the offer ends.</summary>
    public required DateTimeOffset HoldUntil { get; set; }

    public Guid PersonId { get; init; } = Guid.NewGuid();
    public string? NameProtected { get; set; }
    public string? ContactProtected { get; set; }
    public string? ContactHash { get; set; }
    public string Language { get; set; } = "en";
    public bool Neutral { get; set; }

    /// <summary>What she needs (<see cref="WalkNeeds"/>), under her key.</summary>
    public string? NeedsProtected { get; set; }

    // She is under 18: her guardian's name and contact, under her key like her own.
    public string? GuardianNameProtected { get; set; }
    public string? GuardianContactProtected { get; set; }
    public string? GuardianHash { get; set; }
    public byte[]? GuardianCodeHash { get; set; }
    public int GuardianCodeTries { get; set; }

    public byte[]? CodeHash { get; set; }
    public int CodeTries { get; set; }
    public int CodesSent { get; set; }
    public DateTimeOffset? CodeSentAt { get; set; }

    public int CodesLeft => CodesAllowed - CodesSent;

    /// <summary>Contact and code may still be given.</summary>
    public abstract bool IsOpen(DateTimeOffset now);

    /// <summary>Her own code has come back; only her guardian's is missing.</summary>
    public bool GuardianAwaited => GuardianCodeHash is not null && CodeHash is null && CodesSent > 0;

    /// <summary>A new code for this contact. Only its hash stays, mixed with the row so that equal codes look different.</summary>
    public Refusal? SendCode(string code, DateTimeOffset now)
    {
        if (!IsOpen(now)) return Refusals.HoldExpired;
        if (CodesLeft <= 0) return Refusals.TooManyCodes with { Detail = "Three codes were sent for this place. Look in your messages, in mail also under spam, or hold a place again." };
        CodeHash = HashOf(code);
        CodeTries = 0;
        CodesSent++;
        CodeSentAt = now;
        return null;
    }

    /// <summary>The guardian's own code, sent and replaced with hers.</summary>
    public void SendGuardianCode(string code) => (GuardianCodeHash, GuardianCodeTries) = (HashOf(code), 0);

    /// <summary>
    /// The codes that were typed; null when they are the ones that were sent. Each then proves nothing a second time. Where a guardian is asked, hers may
    /// come later than the other one.
    /// </summary>
    protected Refusal? Prove(string? code, string? guardianCode, DateTimeOffset now)
    {
        if (!IsOpen(now)) return Refusals.HoldExpired;
        if (!GuardianAwaited)
        {
            if (CodeHash is null) return Refusals.NoCodeSent;
            if (CodeTries >= CodeTriesAllowed) return Refusals.CodeUsedUp;
            if (!Right(CodeHash, code))
            {
                CodeTries++;
                return Refusals.CodeWrong with { Detail = $"{CodeTriesAllowed - CodeTries} tries left." };
            }
            CodeHash = null;
        }
        if (GuardianCodeHash is null) return null;
        if (guardianCode is null) return Refusals.GuardianAwaited;
        if (GuardianCodeTries >= CodeTriesAllowed) return Refusals.CodeUsedUp with { Field = "guardianCode" };
        if (!Right(GuardianCodeHash, guardianCode))
        {
            GuardianCodeTries++;
            return Refusals.CodeWrong with { Detail = $"{CodeTriesAllowed - GuardianCodeTries} tries left.", Field = "guardianCode" };
        }
        GuardianCodeHash = null;
        return null;
    }

    private bool Right(byte[] hash, string? code) => Secrets.Matches(hash, Mixed(string.Concat((code ?? "").Where(char.IsAsciiDigit))));

    /// <summary>Nothing about her remains; her key is destroyed by the caller in the same transaction.</summary>
    public virtual void Forget()
    {
        NameProtected = ContactProtected = ContactHash = NeedsProtected = GuardianNameProtected = GuardianContactProtected = GuardianHash = null;
        ForgetCodes();
    }

    /// <summary>What was sent to be typed proves nothing any more.</summary>
    public void ForgetCodes() => CodeHash = GuardianCodeHash = null;

    private byte[] HashOf(string code) => Secrets.HashOf(Mixed(code));
    private string Mixed(string code) => $"{Id:N}:{code}";
}
