using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using WalkTalk.Contracts.Reporting.Api;
using WalkTalk.ForcePacks;

namespace WalkTalk.Reporting.Releases;

/// <summary>The files of a release as bytes anybody can hash again: the same figures always give the same text.</summary>
internal static class ReleaseFiles
{
    public const string Data = "data.json", Table = "data.csv", Geo = "data.geojson", Manifest = "manifest.json";

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true, NewLine = "\n" };

    public static string Json<T>(T value) => JsonSerializer.Serialize(value, Options);

    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, Options)!;

    public static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    public static ReleaseFile Describe(string name, string contentType, string text) =>
        new(name, contentType, Encoding.UTF8.GetByteCount(text), Sha256(text));

    /// <summary>One value a line, so that no column ever changes its meaning. Codes and numbers only: nothing needs quoting.</summary>
    public static string Csv(ReleaseData data)
    {
        var csv = new StringBuilder("table,place,light,measure,value\r\n");
        void Line(string table, string? place, string? light, string measure, object? value) =>
            csv.Append(CultureInfo.InvariantCulture, $"{table},{place},{light},{measure},{value ?? "c"}\r\n");

        var force = data.Force;
        Line("headline", force, null, "decided", data.Headline.Decided);
        Line("headline", force, null, "we-say-percent", data.Headline.WeSay);
        Line("headline", force, null, "women-say-percent", data.Headline.WomenSay);
        Line("headline", force, null, "gap-points", data.Headline.Gap);
        Line("headline", force, null, "refused-percent", data.Headline.Refused);
        foreach (var step in data.Funnel) Line("funnel", force, null, step.Step, step.Contributors);
        foreach (var (table, shares) in new[] { ("walks", data.Walks), ("concerns", data.Concerns) })
        {
            Line(table, force, "day", "percent", shares.Day);
            Line(table, force, "dusk", "percent", shares.Dusk);
            Line(table, force, "dark", "percent", shares.Dark);
            Line(table, force, "late", "percent", shares.Late);
        }
        Line("meetings", force, null, "verified-percent", data.VerifiedMeetings);
        Line("coverage", force, null, "wards-walked", data.Coverage.WardsWalked);
        Line("coverage", force, null, "wards", data.Coverage.Wards);
        foreach (var row in data.ConcernsByWard.Rows.Append(data.ConcernsByWard.Total))
        {
            var place = row.WardCode ?? force;
            Line("concerns-by-ward", place, "day", "contributors", row.Day);
            Line("concerns-by-ward", place, "dusk", "contributors", row.Dusk);
            Line("concerns-by-ward", place, "dark", "contributors", row.Dark);
            Line("concerns-by-ward", place, "late", "contributors", row.Late);
            Line("concerns-by-ward", place, "not-said", "contributors", row.NotSaid);
            Line("concerns-by-ward", place, "all", "contributors", row.All);
        }
        return csv.ToString();
    }

    /// <summary>
    /// The released ward numbers, and nothing else, at the centre of each ward: GeoJSON (RFC 7946), one ward a line. A boundary is joined by its ONS code, so that
    /// the file holds nothing that changes with a map.
    /// </summary>
    public static string GeoJson(ReleaseData data, ForcePack pack)
    {
        var wards = data.ConcernsByWard.Rows.Select(row => (Row: row, Ward: pack.FindWard(row.WardCode!)!)).Select(x => JsonSerializer.Serialize(
            new
            {
                type = "Feature",
                id = x.Ward.Code,
                geometry = new { type = "Point", coordinates = (double[])[x.Ward.Lng, x.Ward.Lat] },
                properties = new
                {
                    ward = x.Ward.Code, name = x.Ward.Name, borough = x.Ward.BoroughCode, quarter = data.Quarter, measure = "contributors",
                    x.Row.Day, x.Row.Dusk, x.Row.Dark, x.Row.Late, x.Row.NotSaid, x.Row.All,
                },
            }, JsonSerializerOptions.Web));
        return $"{{\"type\":\"FeatureCollection\",\"features\":[\n{string.Join(",\n", wards)}\n]}}\n";
    }
}
