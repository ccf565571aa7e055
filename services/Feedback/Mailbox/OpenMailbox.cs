using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Feedback;

/// <summary>Reference and words open the mailbox for an hour. What is wrong is not said, and takes the same time.</summary>
internal static class OpenMailbox
{
    public static async Task<Results<Ok<MailboxOpened>, Refusal>> Handle(MailboxOpening opening, FeedbackDb db, CancellationToken ct)
    {
        var reference = References.Read(opening.Reference);
        var mailbox = await db.Mailboxes.SingleOrDefaultAsync(m => m.Reference == reference, ct);
        if (!MailboxWords.Match(mailbox, opening.Words))
            return FeedbackRefusals.MailboxClosed;

        db.Caller.Actor = "participant";
        var access = mailbox!.GrantAccess(db.Now);
        // The mailbox explains what recording means beside the choice.
        foreach (var disclosure in await db.Disclosures.Where(d => d.MailboxId == mailbox.Id).ToListAsync(ct))
            disclosure.Explain();
        await db.SaveChangesAsync(ct);
        return TypedResults.Ok(new MailboxOpened(access, mailbox.AccessUntil!.Value));
    }
}

/// <summary>Finds the mailbox a request has opened.</summary>
internal static class MailboxAccess
{
    public const string Header = "Mailbox-Access";

    public static async Task<Mailbox?> OpenedBy(this FeedbackDb db, HttpRequest request, CancellationToken ct)
    {
        if (request.Headers[Header].FirstOrDefault() is not { Length: > 0 and <= 100 } access)
            return null;
        var (hash, now) = (Secrets.HashOf(access), db.Now);
        db.Caller.Actor = "participant";
        return await db.Mailboxes.SingleOrDefaultAsync(m => m.AccessHash == hash && m.AccessUntil > now, ct);
    }
}
