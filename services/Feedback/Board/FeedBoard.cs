using System.Text.Json.Nodes;
using System.Xml.Linq;
using WalkTalk.ForcePacks;

namespace WalkTalk.Feedback;

/// <summary>The board for feed readers: Atom (RFC 4287) and JSON Feed 1.1, page by page by links.</summary>
internal static class FeedBoard
{
    private static readonly XNamespace Ns = "http://www.w3.org/2005/Atom";

    public static async Task<IResult> Atom(FeedbackDb db, ForcePackCatalogue packs, IConfiguration configuration, string? ward, string? borough, string? state, string? cursor, CancellationToken ct)
    {
        var (rows, next, refusal) = await ReadBoard.Page(db, ward, borough, state, cursor, ct);
        if (refusal is not null)
            return refusal;
        var pack = packs.Get(db.Force!);
        var address = new Addresses(configuration.PublicUrl(), pack.Id, "board.atom", ward, borough, state);
        return new XElement(Ns + "feed", new XAttribute(XNamespace.Xml + "lang", "en"),
            new XElement(Ns + "id", $"urn:walktalk:board:{pack.Id}{address.Filter}"),
            new XElement(Ns + "title", Title(pack)),
            // An empty feed has no day of its own.
            new XElement(Ns + "updated", pack.Midnight(rows.Select(e => e.Updated()).DefaultIfEmpty(new DateOnly(2000, 1, 1)).Max())),
            new XElement(Ns + "author", new XElement(Ns + "name", pack.Name.In("en"))),
            Link("self", "application/atom+xml", address.Feed(cursor)),
            Link("alternate", "text/html", address.Page(ward)),
            next is null ? null : Link("next", "application/atom+xml", address.Feed(next)),
            rows.Select(e => new XElement(Ns + "entry",
                new XElement(Ns + "id", $"urn:uuid:{e.Id}"),
                new XElement(Ns + "title", Title(pack, e)),
                new XElement(Ns + "updated", pack.Midnight(e.Updated())),
                Link("alternate", "text/html", address.Page(e.WardCode, e.Id)),
                new XElement(Ns + "category", new XAttribute("term", e.Category)),
                new XElement(Ns + "summary", e.Asked.ForXml()),
                new XElement(Ns + "content", new XAttribute("type", "text"), Words(e).ForXml())))).AsXml("application/atom+xml");
    }

    public static async Task<IResult> Json(FeedbackDb db, ForcePackCatalogue packs, IConfiguration configuration, string? ward, string? borough, string? state, string? cursor, CancellationToken ct)
    {
        var (rows, next, refusal) = await ReadBoard.Page(db, ward, borough, state, cursor, ct);
        if (refusal is not null)
            return refusal;
        var pack = packs.Get(db.Force!);
        var address = new Addresses(configuration.PublicUrl(), pack.Id, "board.json", ward, borough, state);
        var feed = new JsonObject
        {
            ["version"] = "https://jsonfeed.org/version/1.1", ["title"] = Title(pack), ["language"] = "en",
            ["home_page_url"] = address.Page(ward), ["feed_url"] = address.Feed(cursor),
            ["authors"] = new JsonArray(new JsonObject { ["name"] = pack.Name.In("en") }),
            ["items"] = new JsonArray([.. rows.Select(e => new JsonObject
            {
                ["id"] = $"urn:uuid:{e.Id}", ["url"] = address.Page(e.WardCode, e.Id), ["title"] = Title(pack, e), ["summary"] = e.Asked,
                ["content_text"] = Words(e), ["date_modified"] = pack.Midnight(e.Updated()), ["tags"] = new JsonArray(e.Category),
            })]),
        };
        if (next is not null)
            feed["next_url"] = address.Feed(next);
        return Results.Text(feed.ToJsonString(), "application/feed+json");
    }

    /// <summary>What a step says to somebody who does not see the board beside it.</summary>
    public static string Kind(string kind) => kind switch
    {
        "said" => "Said", "we-say-done" => "We say done", "women-say-done" => "Women say done", "women-say-not-done" => "Women say not done",
        "review" => "Looked at again", "delayed" => "Later than we said", "dropped" => "Will not be done this way", _ => "Not done",
    };

    private static string Title(ForcePack pack) => $"What was done: {pack.Name.In("en")}";

    private static string Title(ForcePack pack, BoardEntry entry) =>
        $"{pack.FindConcern(entry.Category)?.Label.In("en") ?? entry.Category}: {pack.PublicPlace(entry) ?? "place not shown"}";

    private static string Words(BoardEntry entry) => string.Join('\n',
        entry.Steps.Select(s => $"{Kind(s.Kind)} ({s.When}){(s.Text is null ? "." : ": " + s.Text)}").Prepend($"Asked ({entry.Period}): {entry.Asked}"));

    private static XElement Link(string rel, string type, string href) =>
        new(Ns + "link", new XAttribute("rel", rel), new XAttribute("type", type), new XAttribute("href", href));

    /// <summary>Absolute where the public address is configured; else relative, and never from a header that a caller can choose.</summary>
    private sealed class Addresses(string? publicUrl, string force, string file, string? ward, string? borough, string? state)
    {
        private readonly string? origin = publicUrl?.TrimEnd('/');

        public string Filter { get; } = QueryString.Create(Given(("ward", ward), ("borough", borough), ("state", state))).Value ?? "";

        public string Feed(string? cursor) => (origin is null ? "" : $"{origin}/api/feedback/v1/{force}/") + file
            + QueryString.Create(Given(("ward", ward), ("borough", borough), ("state", state), ("cursor", cursor)));

        public string Page(string? ward, Guid? entry = null) => $"{origin}/{force}/done{QueryString.Create(Given(("ward", ward)))}{(entry is { } id ? $"#c-{id:N}" : "")}";

        private static IEnumerable<KeyValuePair<string, string?>> Given(params (string Name, string? Value)[] all) =>
            all.Where(p => !string.IsNullOrEmpty(p.Value)).Select(p => KeyValuePair.Create(p.Name, p.Value));
    }
}
