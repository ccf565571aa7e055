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

    public byte[]? CodeHash { get; set; }
    public int CodeTries { get; set; }
    public int CodesSent { get; set; }
    public DateTimeOffset? CodeSentAt { get; set; }

    public int CodesLeft => CodesAllowed - CodesSent;

    /// <summary>Contact and code may still be given.</summary>
    public abstract bool IsOpen(DateTimeOffset now);

    /// <summary>A new code for this contact. Only its hash stays, mixed with the row so that equal codes look different.</summary>
    public Refusal? SendCode(string code, DateTimeOffset now)
    {
        if (!IsOpen(now)) return Refusals.HoldExpired;
        if (CodesLeft <= 0) return Refusals.TooManyCodes with { Detail = "Three codes were sent for this place. Look in your mail, also under spam, or hold a place again." };
        CodeHash = HashOf(code);
        CodeTries = 0;
        CodesSent++;
        CodeSentAt = now;
        return null;
    }

    /// <summary>The code she typed; null when it is the one that was sent. It then proves nothing a second time.</summary>
    protected Refusal? Prove(string code, DateTimeOffset now)
    {
        if (!IsOpen(now)) return Refusals.HoldExpired;
        if (CodeHash is null) return Refusals.NoCodeSent;
        if (CodeTries >= CodeTriesAllowed) return Refusals.CodeUsedUp;
        var typed = string.Concat(code.Where(char.IsAsciiDigit));
        if (!Secrets.Matches(CodeHash, Mixed(typed)))
        {
            CodeTries++;
            return Refusals.CodeWrong with { Detail = $"{CodeTriesAllowed - CodeTries} tries left." };
        }
        CodeHash = null;
        return null;
    }

    /// <summary>Nothing about her remains; her key is destroyed by the caller in the same transaction.</summary>
    public virtual void Forget()
    {
        NameProtected = ContactProtected = ContactHash = null;
        CodeHash = null;
    }

    private byte[] HashOf(string code) => Secrets.HashOf(Mixed(code));
    private string Mixed(string code) => $"{Id:N}:{code}";
}
