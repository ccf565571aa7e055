using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using WalkTalk.ForcePacks;

namespace WalkTalk.Feedback;

/// <summary>What the formats of others have in common: XML on the wire, days with a zone, a place in words.</summary>
internal static class PublicFormats
{
    /// <summary>Where the pages are, if anybody has said so. Where all runs in one process, the host writes the address that it listens at beside the service's.</summary>
    public static string? PublicUrl(this IConfiguration configuration) => configuration["Feedback:PublicUrl"]
        ?? (configuration["Services:feedback:http:0"] is { } own && own.IndexOf("/api/", StringComparison.Ordinal) is > 0 and var api ? own[..api] : null);

    public static IResult AsXml(this XElement root, string type, int status = StatusCodes.Status200OK)
    {
        using var stream = new MemoryStream();
        using (var writer = XmlWriter.Create(stream, new XmlWriterSettings { Encoding = new UTF8Encoding(false) }))
            root.WriteTo(writer);
        return Results.Text(stream.ToArray(), type + "; charset=utf-8", status);
    }

    /// <summary>Without what XML cannot hold in any form: a control character somebody pasted.</summary>
    public static string ForXml(this string text) => string.Concat(text.Where(c => XmlConvert.IsXmlChar(c) || char.IsSurrogate(c)));

    /// <summary>A day that is no moment, as formats want it that know only moments: its first one on the force's clock.</summary>
    public static string Midnight(this ForcePack pack, DateOnly day)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(midnight, pack.TimeZone.GetUtcOffset(midnight)).ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);
    }

    /// <summary>The ward, or the borough where no more is told; null where not even that.</summary>
    public static string? PublicPlace(this ForcePack pack, BoardEntry entry) =>
        (entry.WardCode is { } ward ? pack.FindWard(ward)?.Name : null) ?? pack.Boroughs.FirstOrDefault(b => b.Code == entry.BoroughCode)?.Name;
}
