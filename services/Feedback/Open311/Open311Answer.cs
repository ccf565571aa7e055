using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace WalkTalk.Feedback;

/// <summary>A list in the two formats of GeoReport v2: elements of one name under a root, or an array of objects.</summary>
internal static class Open311Answer
{
    public static IResult List(string format, string root, string item, IEnumerable<(string Name, object? Value)[]> rows, int status = StatusCodes.Status200OK) =>
        format switch
        {
            "xml" => new XElement(root, rows.Select(row => new XElement(item, row.Select(f => new XElement(f.Name, f.Value is string text ? text.ForXml() : f.Value))))).AsXml("text/xml", status),
            "json" => Json(new JsonArray([.. rows.Select(row => new JsonObject(row.Select(f => KeyValuePair.Create(f.Name, JsonSerializer.SerializeToNode(f.Value)))))]), status),
            _ => Error("xml", StatusCodes.Status404NotFound, "The formats are xml and json"),
        };

    public static IResult Json(JsonNode json, int status = StatusCodes.Status200OK) =>
        Results.Text(json.ToJsonString(), "application/json", statusCode: status);

    /// <summary>GeoReport's own form; its clients read no other.</summary>
    public static IResult Error(string format, int status, string description) =>
        List(format, "errors", "error", [[("code", status), ("description", description)]], status);

    /// <summary>The force stands in the path; whoever names it again must name the same.</summary>
    public static IResult? WrongJurisdiction(string format, string? jurisdiction, string force) =>
        format is not ("xml" or "json") ? Error("xml", StatusCodes.Status404NotFound, "The formats are xml and json")
        : string.IsNullOrEmpty(jurisdiction) || jurisdiction == force ? null
        : Error(format, StatusCodes.Status404NotFound, $"jurisdiction_id was not found: here it is {force}");
}
