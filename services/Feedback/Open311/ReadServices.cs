using System.Text.Json.Nodes;
using System.Xml.Linq;
using Microsoft.AspNetCore.Mvc;
using WalkTalk.ForcePacks;

namespace WalkTalk.Feedback;

/// <summary>The codes of concerns as GeoReport services. None asks for attributes: nothing is taken here.</summary>
internal static class ReadServices
{
    public static IResult List(string format, FeedbackDb db, ForcePackCatalogue packs, [FromQuery(Name = "jurisdiction_id")] string? jurisdiction)
    {
        if (Open311Answer.WrongJurisdiction(format, jurisdiction, db.Force!) is { } wrong)
            return wrong;
        var pack = packs.Get(db.Force!);
        return Open311Answer.List(format, "services", "service", Answered(pack).Select(t => new (string, object?)[]
        {
            ("service_code", t.Code), ("service_name", t.Label.In("en")), ("description", $"{t.Label.In("en")}. Usually answered by: {pack.BodyName(t.Owner!, "en")}."),
            ("metadata", false), ("type", "realtime"), ("keywords", t.StreetSafe), ("group", t.Group),
        }));
    }

    public static IResult Definition(string code, string format, FeedbackDb db, ForcePackCatalogue packs, [FromQuery(Name = "jurisdiction_id")] string? jurisdiction)
    {
        if (Open311Answer.WrongJurisdiction(format, jurisdiction, db.Force!) is { } wrong)
            return wrong;
        if (!Answered(packs.Get(db.Force!)).Any(t => t.Code == code))
            return Open311Answer.Error(format, StatusCodes.Status404NotFound, "service_code was not found: GET services lists them");
        return format == "xml"
            ? new XElement("service_definition", new XElement("service_code", code), new XElement("attributes")).AsXml("text/xml")
            : Open311Answer.Json(new JsonObject { ["service_code"] = code, ["attributes"] = new JsonArray() });
    }

    /// <summary>Safe places want no answer.</summary>
    public static IEnumerable<ConcernType> Answered(ForcePack pack) => pack.Taxonomy.Where(t => t.Owner is not null);
}
