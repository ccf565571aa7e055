using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Feedback;

/// <summary>Passed on to a body that can act, under its reference. She is told to whom and why; the case stays open here.</summary>
internal static class ReferConcern
{
    public static Task<IResult> Handle(Guid id, Referral referral, HttpContext http, FeedbackDb db, ForcePackCatalogue packs, Tell tell, CancellationToken ct) =>
        DecideOnConcern.On(id, "referred", http, db, async concern =>
        {
            var pack = packs.Get(db.Force!);
            if (pack.Bodies.All(b => b.Code != referral.To))
                return FeedbackRefusals.UnknownBody with { Field = nameof(referral.To) };
            if (PublicWords.Check((nameof(referral.Why), referral.Why)) is { } unfit)
                return unfit;
            var (before, today) = (concern.Memo(), pack.Today(db.Now));
            if (concern.Refer(referral.To, referral.Reference, today, pack) is { } refused)
                return refused;
            db.TellOwner(concern.Id, referral.To, before, today);
            await Say(concern, referral.To, referral.Reference, referral.Why, db, pack, tell, ct);
            return null;
        }, ct);

    /// <summary>Tells her, and all who wait for the same answer, to whom it went and under which reference.</summary>
    public static async Task Say(Concern concern, string to, string reference, string why, FeedbackDb db, ForcePack pack, Tell tell, CancellationToken ct)
    {
        foreach (var told in (await db.WaitingFor([concern.Id], ct)).Prepend(concern))
        {
            await db.Say(told.MailboxId, told.Id, MailboxMessage.Force, why, pack.Today(db.Now), ct);
            await tell.About(told, "concern-referred", pack.MailboxPath(), new()
            {
                ["reference"] = told.Reference, ["owner"] = pack.BodyName(to, "en"), ["reason"] = why, ["their_reference"] = reference,
                ["next_on"] = concern.DueOn!.Value.Iso(),
            }, ct);
        }
    }
}
