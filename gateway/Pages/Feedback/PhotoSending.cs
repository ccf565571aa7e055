using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Localization;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.Gateway.Entry;
using WalkTalk.Gateway.Web;

namespace WalkTalk.Gateway.Pages.Feedback;

/// <summary>A photo that Feedback holds until the form around it can be sent, in the place where it was chosen.</summary>
public sealed record HeldPhoto(Guid Id, string Name, string? Says, int Place)
{
    public PhotoInput ToInput() => new() { Id = Id, Description = Says };
}

/// <summary>Hands the files of a form to Feedback, which makes each anew. What is wrong with one stands beside its field and names the file.</summary>
public static class PhotoSending
{
    /// <summary>Photos of one concern, or of one answer.</summary>
    public const int Most = 3;
    /// <summary>Bytes of one file; Feedback takes no more either.</summary>
    public const long MaxBytes = 8 * 1024 * 1024;
    /// <summary>Bytes a page with photos takes at once: more than it asks for, so that a file that is too large is told beside its field.</summary>
    public const long PageBytes = 40 * 1024 * 1024;

    public static string FileField(string prefix, int n) => $"{prefix}.File{n}";

    /// <summary>Ticked, a held photo is left out.</summary>
    public static string DropField(string prefix, int n) => $"{prefix}.Drop{n}";

    public static string SaysField(string prefix, int n) => $"{prefix}.Says{n}";

    /// <summary>The hidden field in which a form keeps what was held with an earlier try.</summary>
    public static string KeptField(string prefix) => $"{prefix}.Kept";

    /// <summary>What was held with an earlier try of this form; nothing where the field is of another force, or nobody's.</summary>
    public static List<HeldPhoto> Kept(FormState form, IDataProtectionProvider protection, string force, string prefix)
    {
        try
        {
            return form[KeptField(prefix)] is { } kept ? JsonSerializer.Deserialize<List<HeldPhoto>>(Protector(protection, force).Unprotect(kept)) ?? [] : [];
        }
        catch (CryptographicException)
        {
            return [];
        }
    }

    /// <summary>The same for the page that shows the form again.</summary>
    public static string Keep(IReadOnlyList<HeldPhoto> held, IDataProtectionProvider protection, string force) => Protector(protection, force).Protect(JsonSerializer.Serialize(held));

    private static IDataProtector Protector(IDataProtectionProvider protection, string force) => protection.CreateProtector("held-photos", force);

    /// <summary>Feedback does not hold them any more: they have to be chosen again.</summary>
    public static bool Gone(FormState form, IStringLocalizer t) => form.Errors.Any(e => e.Message == t["Each is good once, within the hour. Choose it again."]);

    /// <summary>Every file there is, in order, added to those held before.</summary>
    public static async Task Hold(FormState form, ServiceClient feedback, string prefix, List<HeldPhoto> held, IStringLocalizer t)
    {
        held.RemoveAll(photo => form[DropField(prefix, photo.Place)] is not null);
        for (var n = 0; n < Most; n++)
        {
            if (form.Files(FileField(prefix, n)) is not [{ FileName.Length: > 0 } file])
                continue;
            // Its place is taken: the same form was sent again.
            if (held.Exists(photo => photo.Place == n))
                continue;
            if (file.Length > MaxBytes)
            {
                form.Error(FileField(prefix, n), $"{file.FileName}: {t["It may have up to 8 MB. Send a smaller copy, or a screenshot of it."]}");
                continue;
            }
            if (TooLargeForms.LeftOut(file))
            {
                form.Error(FileField(prefix, n), $"{file.FileName}: {t["Together they were too large. Choose this one again and send it with the next try."]}");
                continue;
            }
            await using var stream = file.OpenReadStream();
            using var content = new StreamContent(stream);
            content.Headers.ContentType = new("application/octet-stream");
            // The same click is the same photo, and leaves the key of the submission to the submission.
            var answer = await feedback.With("Idempotency-Key", $"{form[FormState.KeyField] ?? Guid.NewGuid().ToString("N")}-{prefix}-{n}").Post<PhotoHeld>("/photos", content);
            if (answer.Value is { } kept)
                held.Add(new HeldPhoto(kept.Id, file.FileName, form[SaysField(prefix, n)] is { } says ? says[..Math.Min(says.Length, 200)] : null, n));
            else
                form.Error(FileField(prefix, n), $"{file.FileName}: {t[answer.Problem!.Detail ?? answer.Problem.Title]}");
        }
    }
}
