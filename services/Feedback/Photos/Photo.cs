using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback;

/// <summary>Who may look at a picture.</summary>
internal enum PhotoState
{
    /// <summary>Nobody: nothing has named it yet.</summary>
    Loose,
    /// <summary>Safeguarding, to check it. Coordinators see that it is there.</summary>
    Held,
    /// <summary>Coordinators, beside its concern.</summary>
    Shown,
    /// <summary>Safeguarding, as part of a disclosure.</summary>
    Disclosure,
    /// <summary>Standards, as part of a case.</summary>
    Standards,
}

/// <summary>
/// One picture, made anew from what was sent and sealed under a key of its own, so that deleting the key deletes it in backups too. Rows are moved and
/// taken by conditional statements: the database decides between two who name or check one at once.
/// </summary>
internal sealed class Photo : IForceRow, IUntimed
{
    public Guid Id { get; init; } = Guid.NewGuid();
    public string ForceId { get; set; } = "";
    public PhotoState State { get; init; }
    /// <summary>The concern, disclosure or standards case it belongs to.</summary>
    public Guid? SubjectId { get; init; }
    public required DateOnly ReceivedOn { get; init; }
    /// <summary>Until when a submission or an answer may name it: a full hour, so that the minute is not kept. Null once one has.</summary>
    public DateTimeOffset? UseBefore { get; init; }
    public required int Width { get; init; }
    public required int Height { get; init; }
    /// <summary>The JPEG, sealed.</summary>
    public required byte[] Content { get; init; }
    /// <summary>What she says it shows, sealed; masked where coordinators may come to read it.</summary>
    public string? Description { get; init; }
}

/// <summary>What happens to pictures along with what they belong to.</summary>
internal static class Photos
{
    public const string Field = "photo", DescriptionField = "photo-description";
    /// <summary>Of one concern at most, with all its answers: what a page can show.</summary>
    public const int MostOfOne = 20;

    /// <summary>Takes the pictures a submission or an answer names out of everybody else's reach, all or none; in its transaction, before anything else is written.</summary>
    public static async Task<Refusal?> Claim(this FeedbackDb db, IReadOnlyList<PhotoInput> named, Guid claim, CancellationToken ct)
    {
        if (named.Count == 0)
            return null;
        var (ids, now) = (named.Select(p => p.Id).ToList(), db.Now);
        var claimed = await db.Photos.Where(p => ids.Contains(p.Id) && p.State == PhotoState.Loose && p.UseBefore > now)
            .ExecuteUpdateAsync(s => s.SetProperty(p => p.State, PhotoState.Held).SetProperty(p => p.SubjectId, claim), ct);
        if (claimed == named.Count)
            return null;
        await db.Release(claim, ct);
        return FeedbackRefusals.PhotoUnknown;
    }

    /// <summary>Leaves them to another try.</summary>
    public static Task Release(this FeedbackDb db, Guid claim, CancellationToken ct) => db.Photos.Where(p => p.SubjectId == claim && p.UseBefore != null)
        .ExecuteUpdateAsync(s => s.SetProperty(p => p.State, PhotoState.Loose).SetProperty(p => p.SubjectId, (Guid?)null), ct);

    /// <summary>Gives claimed pictures to the record that they are read with.</summary>
    public static async Task Attach(this FeedbackDb db, PersonalData personal, IReadOnlyList<PhotoInput> named, Guid subject, PhotoState state, CancellationToken ct)
    {
        foreach (var photo in named)
        {
            var said = photo.Description is not { Length: > 0 } text ? null : state == PhotoState.Held ? PersonalDataMask.Apply(text.Trim()).Text : text.Trim();
            var description = said is null ? null : await personal.Protect(db, photo.Id, DescriptionField, said, ct);
            await db.Photos.Where(p => p.Id == photo.Id && p.State == PhotoState.Held && p.UseBefore != null).ExecuteUpdateAsync(s => s
                .SetProperty(p => p.SubjectId, subject).SetProperty(p => p.State, state).SetProperty(p => p.UseBefore, (DateTimeOffset?)null)
                .SetProperty(p => p.Description, description), ct);
        }
    }

    /// <summary>The pictures of a record, with their descriptions where the reader may have them; what she reads is audited.</summary>
    public static async Task<List<PhotoSeen>> PhotosOf(this FeedbackDb db, PersonalData personal, Guid subject, CancellationToken ct)
    {
        var seen = new List<PhotoSeen>();
        foreach (var photo in await db.Photos.AsNoTracking().Where(p => p.SubjectId == subject).OrderBy(p => p.ReceivedOn).ThenBy(p => p.Id).Select(p => new { p.Id, p.State, p.Description, p.ReceivedOn }).Take(MostOfOne).ToListAsync(ct))
        {
            var readable = photo.State != PhotoState.Held;
            var description = readable && photo.Description is { } kept ? await personal.Open(db, photo.Id, DescriptionField, kept, photo.State.ToString().ToLowerInvariant(), ct) : null;
            seen.Add(new PhotoSeen(photo.Id, readable ? "readable" : "waiting", description, photo.ReceivedOn));
        }
        return seen;
    }

    /// <summary>Deletes pictures and their keys with the caller's save, without reading what is in them.</summary>
    public static async Task<int> Forget(this FeedbackDb db, PersonalData personal, IQueryable<Photo> photos, CancellationToken ct)
    {
        var gone = await photos.OrderBy(p => p.Id).Take(500)
            .Select(p => new Photo { Id = p.Id, ForceId = p.ForceId, ReceivedOn = p.ReceivedOn, Width = p.Width, Height = p.Height, Content = Array.Empty<byte>() }).AsNoTracking().ToListAsync(ct);
        foreach (var photo in gone)
            await personal.Erase(db, photo.Id, ct);
        db.Photos.RemoveRange(gone);
        return gone.Count;
    }
}
