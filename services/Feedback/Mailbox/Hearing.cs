using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Feedback;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback;

/// <summary>
/// Her word on a concern, whether by mailbox or by link: an answer to a question, done, or not done. What she writes is screened
/// before it is kept where local staff read, and her photos go where her words go. The caller saves, in one transaction with it.
/// </summary>
internal sealed class Hearing(FeedbackDb db, ForcePackCatalogue packs, PersonalData personal, Sealing seal, Tell tell)
{
    private ForcePack Pack => packs.Get(db.Force!);

    public Task<Refusal?> Answer(Concern concern, MailboxAnswer answer, CancellationToken ct) => WithPhotos(concern, answer.Photos, async () =>
    {
        if (concern.HearAnswer(Pack.Today(db.Now), Pack) is { } refused)
            return refused;
        await Keep(concern, answer.Text, answer.Photos, ct);
        return null;
    }, ct);

    public Task<Refusal?> Done(Concern concern, DoneAnswer answer, CancellationToken ct) => WithPhotos(concern, answer.Photos, () => Decide(concern, answer, ct), ct);

    private async Task<Refusal?> Decide(Concern concern, DoneAnswer answer, CancellationToken ct)
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
        await Keep(concern, answer.Text, answer.Photos, ct);
        return null;
    }

    /// <summary>Her answer at four or twelve weeks, or at any time between.</summary>
    public Task<Refusal?> Fixed(Concern concern, FixedAnswer answer, CancellationToken ct) => WithPhotos(concern, answer.Photos, async () =>
    {
        if (concern.State is not (ConcernState.ClaimedDone or ConcernState.ConfirmedDone))
            return FeedbackRefusals.WrongState with { Detail = $"It is {concern.Shown}: nothing is claimed to be fixed." };
        db.FollowUps.Add(new FollowUp
        {
            ConcernId = concern.Id, Weeks = concern.AskedAtWeeks, On = Pack.Today(db.Now), Changed = answer.Changed, Fixed = answer.Fixed,
            FeelDaylight = answer.FeelDaylight, FeelAfterDark = answer.FeelAfterDark,
        });
        if (answer.Fixed == "no" || (answer.Fixed == "partly" && answer.Reopen))
            return await Decide(concern, new DoneAnswer { Done = false, Text = answer.Text, Photos = answer.Photos }, ct);
        if (answer.Fixed == "yes" && concern.State == ConcernState.ClaimedDone)
            return await Decide(concern, new DoneAnswer { Done = true, Text = answer.Text, Photos = answer.Photos }, ct);
        await Keep(concern, answer.Text, answer.Photos, ct);
        return null;
    }, ct);

    /// <summary>Her photos are taken first, and left to another try where her answer does not fit.</summary>
    private async Task<Refusal?> WithPhotos(Concern concern, IReadOnlyList<PhotoInput> photos, Func<Task<Refusal?>> hear, CancellationToken ct)
    {
        if (photos.Count > 0 && await db.Photos.CountAsync(p => p.SubjectId == concern.Id, ct) + photos.Count > Photos.MostOfOne)
            return FeedbackRefusals.PhotoMany;
        var claim = Guid.NewGuid();
        if (await db.Claim(photos, claim, ct) is { } gone)
            return gone;
        if (await hear() is not { } refused)
            return null;
        await db.Release(claim, ct);
        return refused;
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

    private async Task Keep(Concern concern, string? text, IReadOnlyList<PhotoInput> photos, CancellationToken ct)
    {
        text = string.IsNullOrWhiteSpace(text) ? null : text;
        if (text is null && photos.Count == 0)
            return;
        var mailbox = await db.Mailboxes.SingleAsync(m => m.Id == concern.MailboxId, ct);
        var screened = Screen.Reply(text, photos.Select(p => p.Description));
        var (place, narrative) = (Pack.PlaceText(concern.WardCode, concern.Landmark), text ?? $"Photos for concern {concern.Reference}. What she says of them stands with them.");
        var (subject, state) = screened.Route switch
        {
            Route.Disclosure => ((await seal.Disclosure(mailbox, concern.Code, screened.Crime!, place, narrative, null, Pack, ct)).Id, PhotoState.Disclosure),
            Route.Standards => ((await seal.Conduct(mailbox, concern.Code, screened.Crime, place, narrative, null, Pack, ct)).Case.Id, PhotoState.Standards),
            _ => (concern.Id, PhotoState.Held),
        };
        await db.Attach(personal, photos, subject, state, ct);
        // What staff see of it has changed; and of two answers with photos at once, which together would be too many, one is sent again.
        if (photos.Count > 0)
            db.Entry(concern).Property(c => c.State).IsModified = true;
        await db.Say(mailbox.Id, concern.Id, MailboxMessage.Contributor,
            screened.Route != Route.Triage ? MailboxMessage.Sealed : screened.Working ?? MailboxMessage.Photos, Pack.Today(db.Now), ct);
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
