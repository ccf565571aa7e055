using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Feedback;

/// <summary>Reference and words for who texted, shown once: the link of the reply is used up by it, so that she knows when somebody else was quicker.</summary>
internal static class ShowWords
{
    public static Task<Results<Ok<MailboxWordsShown>, Refusal>> Handle(WordsLink link, FeedbackDb db, ForcePackCatalogue packs, CancellationToken ct) =>
        db.Atomically<Results<Ok<MailboxWordsShown>, Refusal>>(async () =>
        {
            db.Caller.Actor = "participant";
            var (hash, since) = (Secrets.HashOf(link.Token), packs.Get(db.Force!).Today(db.Now).AddDays(-Mailbox.WordsWait));
            if (await db.Mailboxes.SingleOrDefaultAsync(m => m.AccessHash == hash && m.AccessUntil == null && m.OpenedOn >= since, ct) is not { } mailbox)
                return FeedbackRefusals.LinkUnknown;
            // Of two who open it at once one sees the words.
            if (await db.Mailboxes.Where(m => m.Id == mailbox.Id && m.AccessHash == hash).ExecuteUpdateAsync(s => s.SetProperty(m => m.AccessHash, (byte[]?)null), ct) == 0)
                return FeedbackRefusals.LinkUnknown;
            var words = mailbox.NewWords();
            await db.SaveChangesAsync(ct);
            return TypedResults.Ok(new MailboxWordsShown(mailbox.Reference, words));
        }, ct);
}
