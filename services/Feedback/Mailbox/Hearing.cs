using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Feedback;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback;

/// <summary>
/// Her word on a concern, whether by mailbox or by link: an answer to a question, done, or not done. What she writes is screened
/// before it is kept where local staff read.
/// </summary>
internal sealed class Hearing(FeedbackDb db, ForcePackCatalogue packs, Sealing seal, Tell tell)
{
    private ForcePack Pack => packs.Get(db.Force!);

    public async Task<Refusal?> Answer(Concern concern, string text, CancellationToken ct)
    {
        if (concern.HearAnswer(Pack.Today(db.Now), Pack) is { } refused)
            return refused;
        await Keep(concern, text, ct);
        return null;
    }

    public async Task<Refusal?> Done(Concern concern, DoneAnswer answer, CancellationToken ct)
    {
        var today = Pack.Today(db.Now);
        if ((answer.Done ? concern.Confirm(today) : concern.Dispute(today, Pack)) is { } refused)
            return refused;

        var actions = await db.Actions.Include(a => a.Concerns)
            .Where(a => a.Counted && a.Concerns.Any(c => c.ConcernId == concern.Id)).ToListAsync(ct);
        var ids = actions.Select(a => a.Id).ToList();
        foreach (var action in actions)
            action.Hear(answer.Done);
        foreach (var entry in await db.Board.Where(e => ids.Contains(e.SourceId)).ToListAsync(ct))
            entry.WomenSay(answer.Done, today.Quarter());
        if (answer.Done)
            db.Publish(new ConcernConfirmedDone(concern.Id, today), untimed: true);
        else
            await Reopen(concern, actions, today, ct);
        if (!string.IsNullOrWhiteSpace(answer.Text))
            await Keep(concern, answer.Text, ct);
        return null;
    }

    /// <summary>Her answer at four or twelve weeks, or at any time between.</summary>
    public async Task<Refusal?> Fixed(Concern concern, FixedAnswer answer, CancellationToken ct)
    {
        if (concern.State is not (ConcernState.ClaimedDone or ConcernState.ConfirmedDone))
            return FeedbackRefusals.WrongState with { Detail = $"It is {concern.Shown}: nothing is claimed to be fixed." };
        db.FollowUps.Add(new FollowUp
        {
            ConcernId = concern.Id, Weeks = concern.AskedAtWeeks, On = Pack.Today(db.Now), Changed = answer.Changed, Fixed = answer.Fixed,
            FeelDaylight = answer.FeelDaylight, FeelAfterDark = answer.FeelAfterDark,
        });
        if (answer.Fixed == "no" || (answer.Fixed == "partly" && answer.Reopen))
            return await Done(concern, new DoneAnswer { Done = false, Text = answer.Text }, ct);
        if (answer.Fixed == "yes" && concern.State == ConcernState.ClaimedDone)
            return await Done(concern, new DoneAnswer { Done = true, Text = answer.Text }, ct);
        if (!string.IsNullOrWhiteSpace(answer.Text))
            await Keep(concern, answer.Text, ct);
        return null;
    }

    private async Task Reopen(Concern concern, List<ForceAction> actions, DateOnly today, CancellationToken ct)
    {
        db.Publish(new ConcernDisputed(concern.Id, today), untimed: true);
        var mailbox = await db.Mailboxes.SingleAsync(m => m.Id == concern.MailboxId, ct);
        Dictionary<string, string> Fields(string language) => new()
        {
            ["reference"] = concern.Reference,
            ["what"] = actions.LastOrDefault()?.Promise ?? Pack.FindConcern(concern.Code)!.Label.In(language),
            ["owner"] = Pack.BodyName(concern.OwnerBody!, language),
        };
        await tell.Contributor(mailbox, "reopened", concern.Id, concern.Version, Fields(mailbox.Language), ct);
        // To the owner, who is the coordinator where the pack gives the body no duty contact of its own.
        foreach (var role in ((string[])["coordinator", concern.OwnerBody!]).Distinct())
            tell.Duty(role, "reopened", concern.Id, concern.Version, Fields("en"));
        // Twice is not the owner's affair alone.
        if (concern.Disputes > 1)
            tell.Duty("oversight", "reopened", concern.Id, concern.Version, Fields("en"));
    }

    private async Task Keep(Concern concern, string text, CancellationToken ct)
    {
        var mailbox = await db.Mailboxes.SingleAsync(m => m.Id == concern.MailboxId, ct);
        var screened = Screen.Reply(text);
        var place = Pack.PlaceText(concern.WardCode, concern.Landmark);
        if (screened.Route == Route.Disclosure)
            await seal.Disclosure(mailbox, concern.Code, screened.Crime!, place, text, null, Pack, ct);
        if (screened.Route == Route.Standards)
            await seal.Conduct(mailbox, concern.Code, screened.Crime, place, text, null, Pack, ct);
        await db.Say(mailbox.Id, concern.Id, MailboxMessage.Contributor, screened.Working ?? MailboxMessage.Sealed, Pack.Today(db.Now), ct);
    }
}

internal static class Messages
{
    /// <summary>Adds a message under its subject; two at once are told apart by the unique number, and the second is asked to try again.</summary>
    public static async Task Say(this FeedbackDb db, Guid mailbox, Guid subject, string from, string text, DateOnly on, CancellationToken ct)
    {
        var number = await db.Messages.CountAsync(m => m.SubjectId == subject, ct) + 1;
        db.Messages.Add(new MailboxMessage { MailboxId = mailbox, SubjectId = subject, Number = number, From = from, On = on, Text = text });
    }
}
