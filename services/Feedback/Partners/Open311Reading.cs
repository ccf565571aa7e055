using System.Text.Json;
using System.Xml;
using System.Xml.Linq;

namespace WalkTalk.Feedback;

/// <summary>
/// Reads what a server of others answers, which may be anything: XML without document type or entities, JSON as if it were XML (an item of
/// a list is an element "item"), both of bounded depth and size. What cannot be read is null.
/// </summary>
internal static class Open311Reading
{
    private const int Deepest = 16;

    public static XElement? Read(string? mediaType, byte[] body)
    {
        try
        {
            return mediaType switch
            {
                "text/xml" or "application/xml" => Xml(body),
                "application/json" or "text/json" => Json(JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = Deepest }).RootElement, "root"),
                _ => null,
            };
        }
        catch (Exception e) when (e is XmlException or JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The text of a field; null where it is missing or blank.</summary>
    public static string? Field(this XElement of, string name) => of.Element(name)?.Value.Trim() is { Length: > 0 } text ? text : null;

    private static XElement? Xml(byte[] body)
    {
        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreComments = true, IgnoreProcessingInstructions = true };
        using (var depth = XmlReader.Create(new MemoryStream(body), settings))
        {
            while (depth.Read())
            {
                if (depth.Depth > Deepest)
                    return null;
            }
        }
        using var reader = XmlReader.Create(new MemoryStream(body), settings);
        var root = XDocument.Load(reader).Root;
        // Some servers put the specification's elements into a namespace of theirs.
        foreach (var element in root?.DescendantsAndSelf() ?? [])
            element.Name = element.Name.LocalName;
        return root;
    }

    private static XElement Json(JsonElement json, string name) => json.ValueKind switch
    {
        JsonValueKind.Object => new XElement(XmlConvert.EncodeLocalName(name), json.EnumerateObject().Select(p => Json(p.Value, p.Name))),
        JsonValueKind.Array => new XElement(XmlConvert.EncodeLocalName(name), json.EnumerateArray().Select(item => Json(item, "item"))),
        JsonValueKind.Null or JsonValueKind.Undefined => new XElement(XmlConvert.EncodeLocalName(name)),
        _ => new XElement(XmlConvert.EncodeLocalName(name), json.ToString().ForXml()),
    };
}
