using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback;

/// <summary>The officer on the walk: stops, promises, and at the end what it was about. The reference comes in a header, so that no log holds it.</summary>
internal static class CaptureWalk
{
    public static async Task<Results<Ok<CaptureView>, Refusal>> Read(
        [FromHeader(Name = Captures.Header)] string? reference, HttpResponse response, FeedbackDb db, CancellationToken ct)
    {
        if (Captures.Read(db, reference) is not { } hash)
            return FeedbackRefusals.CaptureNeeded;
        response.Headers.CacheControl = "no-store";
        var capture = await db.Captures.AsNoTracking().SingleOrDefaultAsync(c => c.Hash == hash, ct);
        var promises = await db.Promises.AsNoTracking().Where(p => p.CaptureHash == hash).OrderBy(p => p.DueOn).ToListAsync(ct);
        return TypedResults.Ok(new CaptureView(capture?.Stops ?? 0, [.. promises.Select(p => new PromiseNoted(p.What, p.DueOn))], capture?.Themes is not null, capture?.Disclosed ?? false));
    }

    /// <summary>A place as they found it. Concerns are noted by her consent alone; what may be a crime or is about police has the sealed form.</summary>
    public static Task<Results<Ok<CaptureView>, Refusal>> Stop(
        StopNoted stop, [FromHeader(Name = Captures.Header)] string? reference, HttpResponse response, FeedbackDb db, ForcePackCatalogue packs, Intake intake, CancellationToken ct) =>
        On(reference, response, db, packs, async (capture, pack) =>
        {
            var sent = new FeedbackSubmission
            {
                Concerns = [.. stop.Codes.Distinct().Select(code => new ConcernInput { Code = code, Place = stop.Place, LightBand = stop.LightBand })],
                Audits = stop.Ratings.Count == 0 ? [] : [new AuditInput { WardCode = stop.Place.WardCode ?? "", Landmark = stop.Place.Landmark, LightBand = stop.LightBand, Ratings = stop.Ratings }],
            };
            if (SubmitFeedback.Check(sent, pack) is { } unfit)
                return unfit;
            if (sent.Concerns.Any(c => pack.FindConcern(c.Code)!.Branch != ConcernBranch.None))
                return FeedbackRefusals.SealedForm;
            if (sent.Concerns.Count > 0 && !stop.Consent)
                return FeedbackRefusals.ConsentNeeded;
            // A landmark alone can say what belongs under seal.
            if (stop.Place.Landmark is { } landmark && Screen.Reply(landmark).Route != Route.Triage)
                return FeedbackRefusals.SealedForm with { Field = nameof(stop.Place) };
            await intake.Into(await db.Mailboxes.SingleAsync(m => m.Id == capture.MailboxId, ct), sent, pack, fromWalk: true, capture.Quarter, ct, byOfficer: true);
            capture.Stops++;
            return null;
        }, ct);

    public static Task<Results<Ok<CaptureView>, Refusal>> Promise(
        PromiseMade made, [FromHeader(Name = Captures.Header)] string? reference, HttpResponse response, FeedbackDb db, ForcePackCatalogue packs, CancellationToken ct) =>
        On(reference, response, db, packs, (capture, pack) =>
        {
            if (made.WardCode is { } ward && pack.FindWard(ward) is null)
                return Task.FromResult<Refusal?>(FeedbackRefusals.UnknownWard with { Detail = $"{ward} is no ward of {pack.Id}." });
            var (what, to) = (PersonalDataMask.Apply(made.What.Trim()).Text, PersonalDataMask.Apply(made.To.Trim()).Text);
            // To tell women what to do is no promise.
            if (PublicWords.Check((nameof(made.What), what)) is { } burden)
                return Task.FromResult<Refusal?>(burden);
            db.Promises.Add(new Promise { CaptureHash = capture.Hash, What = what, To = to, WardCode = made.WardCode, DueOn = Feedback.Promise.DueAfter(pack.Today(db.Now), made.WithinDays) });
            return Task.FromResult<Refusal?>(null);
        }, ct);

    /// <summary>The walk is over. What was told of crime or harm is flagged at once: its 24 hours do not wait for the sealed form.</summary>
    public static Task<Results<Ok<CaptureView>, Refusal>> End(
        CaptureEnded ended, [FromHeader(Name = Captures.Header)] string? reference, HttpResponse response, FeedbackDb db, ForcePackCatalogue packs, Sealing seal, CancellationToken ct) =>
        On(reference, response, db, packs, async (capture, pack) =>
        {
            if (ended.Themes.FirstOrDefault(t => pack.Taxonomy.All(c => c.Group != t)) is { } unknown)
                return FeedbackRefusals.UnknownCode with { Detail = $"{unknown} is no group of the taxonomy.", Field = nameof(ended.Themes) };
            capture.Themes = [.. ended.Themes.Distinct()];
            if (!ended.Disclosed || capture.Disclosed)
                return null;
            capture.Disclosed = true;
            var mailbox = await db.Mailboxes.SingleAsync(m => m.Id == capture.MailboxId, ct);
            await seal.Disclosure(mailbox, SealedCode(pack), SealedDisclosure.ByOfficer, "", "An officer was told of it on a walk. Her sealed form has not come yet.", null, pack, ct);
            return null;
        }, ct);

    /// <summary>The sealed form: what she told, her choice, and how safeguarding reaches the officer; for safeguarding alone, or for standards where it tells of police.</summary>
    public static Task<Results<Ok<CaptureView>, Refusal>> Seal(
        DisclosureTold told, [FromHeader(Name = Captures.Header)] string? reference, HttpResponse response, FeedbackDb db, ForcePackCatalogue packs, Sealing seal, CancellationToken ct) =>
        On(reference, response, db, packs, async (capture, pack) =>
        {
            capture.Disclosed = true;
            var mailbox = await db.Mailboxes.SingleAsync(m => m.Id == capture.MailboxId, ct);
            var conduct = Cues.PoliceConduct(told.Text);
            if (await db.Disclosures.SingleOrDefaultAsync(d => d.MailboxId == capture.MailboxId && d.Cause == SealedDisclosure.ByOfficer, ct) is not { } open)
            {
                if (conduct)
                    await seal.Conduct(mailbox, SealedCode(pack), SealedDisclosure.ByOfficer, told.Place ?? "", told.Text, told.Choice, pack, ct);
                else
                    await seal.Disclosure(mailbox, SealedCode(pack), SealedDisclosure.ByOfficer, told.Place ?? "", told.Text, told.Choice, pack, ct);
                return null;
            }
            if (open.State is DisclosureState.HandedOver or DisclosureState.Receipted)
                return FeedbackRefusals.WrongState with { Detail = "It has been handed over. Call safeguarding." };
            // Safeguarding has seen that there is something; what it is they do not read.
            if (conduct && open.StandardsCaseId is null)
                open.StandardsCaseId = (await seal.Conduct(mailbox, SealedCode(pack), null, told.Place ?? "", told.Text, null, pack, ct)).Case.Id;
            await seal.Again(open, told.Place ?? "", told.Text, ct);
            open.Explain();
            return open.Choose(told.Choice);
        }, ct);

    /// <summary>Nobody has said yet which crime it is, if it is one.</summary>
    private static string SealedCode(ForcePack pack) => pack.Taxonomy.Last(t => t.Branch == ConcernBranch.Disclosure).Code;

    private static Task<Results<Ok<CaptureView>, Refusal>> On(
        string? reference, HttpResponse response, FeedbackDb db, ForcePackCatalogue packs, Func<Capture, ForcePack, Task<Refusal?>> note, CancellationToken ct) =>
        db.Atomically<Results<Ok<CaptureView>, Refusal>>(async () =>
        {
            var pack = packs.Get(db.Force!);
            var (refused, capture) = await Captures.Of(db, pack, reference, ct);
            if ((refused ?? await note(capture, pack)) is { } no)
                return no;
            await db.SaveChangesAsync(ct);
            return await Read(reference, response, db, ct);
        }, ct);
}
