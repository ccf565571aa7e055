using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback;

/// <summary>The picture itself, for the role that may see it where it stands. Each look is audited; nothing on the way may keep it, and a browser does nothing with it but draw.</summary>
internal static class ReadPhoto
{
    public static async Task<Results<FileContentHttpResult, Refusal>> Handle(Guid id, HttpResponse response, FeedbackDb db, PersonalData personal, CancellationToken ct)
    {
        var states = new List<PhotoState>();
        if (db.Caller.Is("coordinator"))
            states.Add(PhotoState.Shown);
        if (db.Caller.Is("safeguarding"))
            states.AddRange([PhotoState.Held, PhotoState.Disclosure]);
        if (db.Caller.Is("standards"))
            states.Add(PhotoState.Standards);
        // Whoever is kept from the record is kept from its pictures (Conflict).
        var (held, cases) = (db.Held(), db.StandardsCases);
        // One that is claimed and not yet attached is still nobody's.
        if (await db.Photos.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id && p.UseBefore == null && states.Contains(p.State)
                && (db.Concerns.Any(c => c.Id == p.SubjectId) || held.Any(d => d.Id == p.SubjectId) || cases.Any(c => c.Id == p.SubjectId)), ct) is not { } photo
            || await personal.Open(db, photo.Id, Photos.Field, photo.Content, photo.State.ToString().ToLowerInvariant(), ct) is not { } jpeg)
            return FeedbackRefusals.NotFound;
        response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = "no-store";
        return TypedResults.File(jpeg, "image/jpeg", "photo.jpg");
    }
}
