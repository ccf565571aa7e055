using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback;

/// <summary>Safeguarding looks at each picture of a concern before anybody local may: a face or a number plate is personal data, and a picture can show what no text said.</summary>
internal static class CheckPhotos
{
    public static async Task<Ok<List<PhotoRow>>> List(FeedbackDb db, CancellationToken ct) =>
        TypedResults.Ok(await Waiting(db).OrderBy(w => w.Photo.ReceivedOn).ThenBy(w => w.Photo.Id).Take(200)
            .Select(w => new PhotoRow(w.Photo.Id, w.Concern.Reference, w.Concern.Code, w.Photo.ReceivedOn)).ToListAsync(ct));

    public static async Task<Results<Ok<PhotoView>, Refusal>> Open(Guid id, FeedbackDb db, PersonalData personal, CancellationToken ct)
    {
        if (await Waiting(db).Where(w => w.Photo.Id == id).Select(w => new { w.Photo.Description, w.Photo.ReceivedOn, w.Concern.Reference, w.Concern.Code, w.Concern.WardCode }).SingleOrDefaultAsync(ct) is not { } photo)
            return FeedbackRefusals.NotFound;
        db.Audit("read", nameof(Photo), $"{id}");
        var description = photo.Description is { } kept ? await personal.Open(db, id, Photos.DescriptionField, kept, "photo check", ct) : null;
        return TypedResults.Ok(new PhotoView(id, photo.Reference, photo.Code, photo.WardCode, photo.ReceivedOn, description));
    }

    public static Task<IResult> Decide(Guid id, PhotoDecision decision, FeedbackDb db, PersonalData personal, Sealing seal, ForcePackCatalogue packs, CancellationToken ct) =>
        db.Atomically<IResult>(async () =>
        {
            if (await db.Photos.Where(p => p.Id == id && p.SubjectId != null).Select(p => p.SubjectId).SingleOrDefaultAsync(ct) is not { } subject
                || await db.Concerns.SingleOrDefaultAsync(c => c.Id == subject, ct) is not { } concern)
                return FeedbackRefusals.NotFound;
            var (state, pack) = (decision.Decision == "disclosure" ? PhotoState.Disclosure : decision.Decision == "standards" ? PhotoState.Standards : PhotoState.Shown, packs.Get(db.Force!));
            // Of two who check it at once one decides.
            if (await db.Photos.Where(p => p.Id == id && p.State == PhotoState.Held).ExecuteUpdateAsync(s => s.SetProperty(p => p.State, state), ct) == 0)
                return FeedbackRefusals.PhotoChecked;
            if (decision.Decision == "remove")
                await db.Forget(personal, db.Photos.Where(p => p.Id == id), ct);
            else if (state != PhotoState.Shown)
            {
                var mailbox = await db.Mailboxes.SingleAsync(m => m.Id == concern.MailboxId, ct);
                var (place, narrative) = (pack.PlaceText(concern.WardCode, concern.Landmark), $"A photo sent with concern {concern.Reference}. She wrote nothing of it.");
                var record = state == PhotoState.Disclosure
                    ? (await seal.Disclosure(mailbox, concern.Code, SealedDisclosure.ByPhoto, place, narrative, null, pack, ct)).Id
                    : (await seal.Conduct(mailbox, concern.Code, null, place, narrative, null, pack, ct)).Case.Id;
                await db.Photos.Where(p => p.Id == id).ExecuteUpdateAsync(s => s.SetProperty(p => p.SubjectId, record), ct);
            }
            db.Audit($"photo-{decision.Decision}", nameof(Photo), $"{id}");
            await db.SaveChangesAsync(ct);
            return TypedResults.NoContent();
        }, ct);

    private static IQueryable<WaitingPhoto> Waiting(FeedbackDb db) =>
        db.Photos.AsNoTracking().Where(p => p.State == PhotoState.Held).Join(db.Concerns, p => p.SubjectId, c => c.Id, (p, c) => new WaitingPhoto { Photo = p, Concern = c });

    private sealed class WaitingPhoto
    {
        public required Photo Photo { get; init; }
        public required Concern Concern { get; init; }
    }
}
