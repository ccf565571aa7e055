using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Feedback;

/// <summary>The link of the notice a month ahead: she reads what goes when, and keeps it or erases it now. Without her word it goes.</summary>
internal static class AnswerRetentionNotice
{
    public static async Task<Results<Ok<RetentionNoticeView>, Refusal>> Read(AnswerLink link, FeedbackDb db, CancellationToken ct) =>
        await Find(link.Token, db, ct) is { } mailbox
            ? TypedResults.Ok(new RetentionNoticeView(mailbox.Reference, mailbox.NoticedOn!.Value.AddDays(Retention.NoticeDays), await db.Concerns.CountAsync(c => c.MailboxId == mailbox.Id && c.EndedOn != null, ct)))
            : FeedbackRefusals.LinkUnknown;

    public static async Task<IResult> Handle(RetentionChoice choice, FeedbackDb db, Retention retention, CancellationToken ct)
    {
        if (await Find(choice.Token, db, ct) is not { } mailbox)
            return FeedbackRefusals.LinkUnknown;
        if (!await retention.Decide(mailbox, choice.Keep, ct))
            return FeedbackRefusals.HeldBack;
        await db.SaveChangesAsync(ct);
        return TypedResults.NoContent();
    }

    private static Task<Mailbox?> Find(string token, FeedbackDb db, CancellationToken ct)
    {
        db.Caller.Actor = "participant";
        var hash = Secrets.HashOf(token);
        return db.Mailboxes.SingleOrDefaultAsync(m => m.KeepLinkHash == hash && m.NoticedOn != null, ct);
    }
}
