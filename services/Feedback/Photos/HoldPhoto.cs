using Microsoft.AspNetCore.Http.HttpResults;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback;

/// <summary>Holds one picture for a submission or an answer that will name it. Its body is the file; nobody can look at it until then, and what nothing names is gone.</summary>
internal static class HoldPhoto
{
    public static async Task<Results<Created<PhotoHeld>, Refusal>> Handle(SentPhoto sent, FeedbackDb db, PersonalData personal, ForcePackCatalogue packs, CancellationToken ct)
    {
        if (sent.Picture is not { } picture)
            return sent.Refused!;
        var id = Guid.NewGuid();
        // Between one hour and two: the minute in which she sent it is not kept.
        var hour = new DateTimeOffset(db.Now.UtcDateTime.Date, TimeSpan.Zero).AddHours(db.Now.UtcDateTime.Hour);
        var photo = new Photo
        {
            Id = id, ReceivedOn = packs.Get(db.Force!).Today(db.Now), UseBefore = hour.AddHours(2), Width = picture.Width, Height = picture.Height,
            Content = await personal.Protect(db, id, Photos.Field, picture.Jpeg, ct),
        };
        db.Photos.Add(photo);
        await db.SaveChangesAsync(ct);
        return TypedResults.Created((string?)null, new PhotoHeld(id, photo.Width, photo.Height, photo.UseBefore.Value));
    }
}

/// <summary>The body of the request as a picture made anew, before the transaction of an Idempotency-Key begins: nobody waits for a decoder with a lock in hand.</summary>
internal sealed record SentPhoto(Refusal? Refused, Picture? Picture)
{
    public static async ValueTask<SentPhoto> BindAsync(HttpContext http)
    {
        using var buffer = new MemoryStream();
        try
        {
            await http.Request.Body.CopyToAsync(buffer, http.RequestAborted);
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return new(FeedbackRefusals.PhotoTooLarge, null);
        }
        if (buffer.Length > Picture.MaxBytes)
            return new(FeedbackRefusals.PhotoTooLarge, null);
        var (refused, picture) = await Picture.Remake(buffer.ToArray(), http.RequestAborted);
        return new(refused, picture);
    }
}
