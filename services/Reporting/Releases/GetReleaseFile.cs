using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Net.Http.Headers;
using WalkTalk.Reporting.Data;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Reporting.Releases;

/// <summary>One file of a release, byte for byte as published: it may be kept for ever.</summary>
internal static class GetReleaseFile
{
    private static readonly Refusal NoSuchRelease = new("unknown-release", 404, "There is no release of that quarter");
    private static readonly Refusal NoSuchFile = new("unknown-file", 404, "A release has no such file", $"Files: {ReleaseFiles.Data}, {ReleaseFiles.Table}, {ReleaseFiles.Geo}, {ReleaseFiles.Manifest}.");
    private static readonly Refusal NotInThisOne = NoSuchFile with { Detail = $"This release was published before releases had a {ReleaseFiles.Geo}. A release never changes; its manifest lists what it has." };

    public static async Task<IResult> Handle(string quarter, string file, ReportingDb db, HttpContext http, CancellationToken ct)
    {
        var contentType = ContentType(file);
        if (contentType is null) return NoSuchFile;
        if (await db.Releases.AsNoTracking().SingleOrDefaultAsync(r => r.Quarter == quarter, ct) is not { } release) return NoSuchRelease;

        var text = file switch { ReleaseFiles.Data => release.Json, ReleaseFiles.Table => release.Csv, ReleaseFiles.Geo => release.Geo, _ => release.Manifest };
        if (text is null) return NotInThisOne;
        http.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return TypedResults.Bytes(Encoding.UTF8.GetBytes(text), contentType, entityTag: new EntityTagHeaderValue($"\"{ReleaseFiles.Sha256(text)}\""));
    }

    internal static string? ContentType(string file) => file switch
    {
        ReleaseFiles.Data or ReleaseFiles.Manifest => "application/json; charset=utf-8",
        ReleaseFiles.Table => "text/csv; charset=utf-8; header=present",
        ReleaseFiles.Geo => "application/geo+json; charset=utf-8",
        _ => null,
    };
}
