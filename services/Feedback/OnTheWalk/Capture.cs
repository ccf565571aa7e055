using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback;

/// <summary>
/// What an officer notes on one walk, held together by a random reference that her browser's session made for it: which walk that was, this
/// service never learns, nor does Booking learn what was said. Neither officer nor moment stands with it, in no row and in no audit entry.
/// </summary>
internal sealed class Capture : IForceRow, IUntimed
{
    public required byte[] Hash { get; init; }
    public string ForceId { get; set; } = "";

    /// <summary>Contributor of the stops (D8 rule 12): a mailbox whose words nobody has.</summary>
    public required Guid MailboxId { get; init; }
    public required string Quarter { get; init; }
    public int Stops { get; set; }

    /// <summary>Groups of the taxonomy the talk was about; null until the officer has answered at the end.</summary>
    public List<string>? Themes { get; set; }
    public bool Disclosed { get; set; }
}

/// <summary>Opens the capture of the header for a use case of the officer's.</summary>
internal static class Captures
{
    public const string Header = "Capture";

    /// <summary>The capture of this reference, made on first use; or the refusal of something that is none.</summary>
    public static async Task<(Refusal? Refused, Capture Capture)> Of(FeedbackDb db, ForcePack pack, string? reference, CancellationToken ct)
    {
        if (Read(db, reference) is not { } hash)
            return (FeedbackRefusals.CaptureNeeded, null!);
        if (await db.Captures.SingleOrDefaultAsync(c => c.Hash == hash, ct) is { } known)
            return (null, known);
        var today = pack.Today(db.Now);
        var (mailbox, _) = Mailbox.Open("en", today, Mailbox.Stop);
        var capture = new Capture { Hash = hash, MailboxId = mailbox.Id, Quarter = today.Quarter() };
        db.Mailboxes.Add(mailbox);
        db.Captures.Add(capture);
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            db.ChangeTracker.Clear();
            return (FeedbackRefusals.CaptureBusy, null!);
        }
        return (null, capture);
    }

    /// <summary>The hash of a reference; from here on the audit trail says "officer" and not which one.</summary>
    public static byte[]? Read(FeedbackDb db, string? reference)
    {
        db.Caller.Actor = "officer";
        return reference is { Length: >= 32 and <= 64 } && reference.All(char.IsAsciiLetterOrDigit) ? SHA256.HashData(Encoding.ASCII.GetBytes(reference)) : null;
    }
}
