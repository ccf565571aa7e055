using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Xml.Linq;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.ForcePacks;

namespace WalkTalk.Feedback.Tests.Open311;

/// <summary>GeoReport v2 as a client reads it that knows the specification and nothing of ours.</summary>
public abstract class Open311Tests(FeedbackApp app)
{
    private const string Root = "/v1/metropolitan/open311/v2/";

    /// <summary>What the specification lists for a request, in its order.</summary>
    private static readonly string[] OfARequest =
    [
        "service_request_id", "status", "status_notes", "service_name", "service_code", "description", "agency_responsible", "service_notice",
        "requested_datetime", "updated_datetime", "expected_datetime", "address", "address_id", "zipcode", "lat", "long", "media_url",
    ];

    private static readonly string[] OfAService = ["service_code", "service_name", "description", "metadata", "type", "keywords", "group"];

    private async Task<XElement> Xml(string path, HttpStatusCode expected = HttpStatusCode.OK)
    {
        var answer = await app.Client().GetAsync(Root + path);
        Assert.Equal((path, expected, "text/xml"), (path, answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        return XDocument.Parse(await answer.Content.ReadAsStringAsync()).Root!;
    }

    private async Task<JsonElement> Json(string path, HttpStatusCode expected = HttpStatusCode.OK)
    {
        var answer = await app.Client().GetAsync(Root + path);
        Assert.Equal((path, expected, "application/json"), (path, answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
    }

    private async Task<List<Dictionary<string, string>>> Requests(string query)
    {
        var root = await Xml($"requests.xml?{query}");
        Assert.Equal("service_requests", root.Name);
        Assert.All(root.Elements(), r => Assert.Equal("request", r.Name));
        Assert.All(root.Elements(), r => Assert.Equal(OfARequest, r.Elements().Select(e => e.Name.LocalName)));
        var rows = root.Elements().Select(r => r.Elements().ToDictionary(e => e.Name.LocalName, e => e.Value)).ToList();
        // The same in the other format, which can hold what XML cannot.
        var json = (await Json($"requests.json?{query}")).EnumerateArray().Select(r => r.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.ToString().Replace("\u0001", "", StringComparison.Ordinal))).ToList();
        Assert.Equal(rows, json);
        return rows;
    }

    [Fact]
    public async Task The_services_are_the_codes_that_get_an_answer_and_none_asks_for_more()
    {
        var services = await Xml("services.xml");
        Assert.Equal("services", services.Name);
        Assert.All(services.Elements(), s => Assert.Equal((XName)"service", s.Name));
        Assert.All(services.Elements(), s => Assert.Equal(OfAService, s.Elements().Select(e => e.Name.LocalName)));
        Assert.All(services.Elements(), s => Assert.Equal(("false", "realtime"), (s.Element("metadata")!.Value, s.Element("type")!.Value)));
        var codes = services.Elements().Select(s => s.Element("service_code")!.Value).ToList();
        Assert.Contains("ENV-LIGHT-OUT", codes);
        Assert.DoesNotContain(codes, c => c.StartsWith("POS-", StringComparison.Ordinal));
        var json = await Json("services.json?jurisdiction_id=metropolitan");
        Assert.Equal(codes, json.EnumerateArray().Select(s => s.GetProperty("service_code").GetString()));
        Assert.All(json.EnumerateArray(), s => Assert.False(s.GetProperty("metadata").GetBoolean()));

        var definition = await Xml("services/ENV-LIGHT-OUT.xml");
        Assert.Equal(("service_definition", "ENV-LIGHT-OUT", ""), (definition.Name.LocalName, definition.Element("service_code")!.Value, definition.Element("attributes")!.Value));
        Assert.Equal(0, (await Json("services/ENV-LIGHT-OUT.json")).GetProperty("attributes").GetArrayLength());
    }

    [Fact]
    public async Task A_request_is_an_answer_of_the_board_at_the_centre_of_its_ward_and_the_start_of_its_quarter()
    {
        var ids = await app.Published(3, "E05014111", "Women asked for a mirror \u0001here.");
        var ward = ForcePackCatalogue.Load(ForcePackCatalogue.DefaultFolder).Get("metropolitan").FindWard("E05014111")!;
        var rows = await Requests($"service_request_id={string.Join(',', ids)},nonsense&status=rubbish");
        Assert.Equal(ids.Order(), rows.Select(r => Guid.Parse(r["service_request_id"])).Order());
        Assert.Equal(["closed", "open", "open"], rows.Select(r => r["status"]).Order());
        Assert.All(rows, r => Assert.Equal(
            ("ENV-VEG", "2026-10-01T00:00:00+01:00", ward.Name, "E05014111", ward.Lat, ward.Lng),
            (r["service_code"], r["requested_datetime"], r["address"], r["address_id"], double.Parse(r["lat"], CultureInfo.InvariantCulture), double.Parse(r["long"], CultureInfo.InvariantCulture))));
        Assert.All(rows, r => Assert.EndsWith("T00:00:00+00:00", r["updated_datetime"], StringComparison.Ordinal));
        var one = await Xml($"requests/{ids[0]}.xml");
        Assert.Equal(("service_requests", ids[0].ToString()), (one.Name.LocalName, Assert.Single(one.Elements("request")).Element("service_request_id")!.Value));
        Assert.Equal(1, (await Json($"requests/{ids[0]}.json")).GetArrayLength());
    }

    [Fact]
    public async Task What_is_told_by_borough_and_year_only_has_no_place_on_a_map_and_no_day()
    {
        var ids = await app.Published(3, "E05014111", "Women asked who watches the platform.", "BEH-TOUCH", "2026");
        Assert.All(await Requests($"service_request_id={string.Join(',', ids)}"), r => Assert.Equal(
            ("", "", "Lambeth", FeedbackApp.Borough, "2026-01-01T00:00:00+00:00", "2026-01-01T00:00:00+00:00"),
            (r["lat"], r["long"], r["address"], r["address_id"], r["requested_datetime"], r["updated_datetime"])));
        Assert.DoesNotContain(await Requests(""), r => r["service_code"] == "BEH-TOUCH");
        Assert.Contains(await Requests("start_date=2025-12-01&end_date=2026-01-31"), r => r["service_code"] == "BEH-TOUCH");
    }

    [Fact]
    public async Task What_is_not_on_the_board_is_in_no_list()
    {
        await app.Published(4, "E05014112");
        var sent = await app.Send(FeedbackApp.Light("Nobody has answered this.") with { Place = new PlaceInput { WardCode = "E05014112", Landmark = "the unanswered corner" } });
        var concern = await app.Concern(sent);
        var board = await app.Db<FeedbackDb, HashSet<string>>(db => Task.FromResult(db.Board.Select(e => e.Id).ToList().ConvertAll(id => id.ToString()).ToHashSet()));
        foreach (var query in new[] { "", "status=open", "status=closed", "status=open,closed", "service_code=ENV-LIGHT-OUT,ENV-VEG", "start_date=2026-09-15&end_date=2026-12-01", $"service_request_id={concern.Id}" })
        {
            var rows = await Requests(query);
            Assert.All(rows, r => Assert.Contains(r["service_request_id"], board));
            Assert.DoesNotContain("nanswered", string.Concat(rows.SelectMany(r => r.Values)), StringComparison.Ordinal);
        }
        await Xml($"requests/{concern.Id}.xml", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_range_has_the_quarters_that_begin_in_it_and_none_is_the_last_ninety_days()
    {
        var now = await app.Published(1, "E05014113", code: "ENV-SIGHT");
        var before = await app.Published(1, "E05014113", code: "ENV-SIGHT", period: "2026Q2");
        async Task<List<Guid>> Of(string query) => [.. (await Requests($"service_code=ENV-SIGHT&{query}")).Select(r => Guid.Parse(r["service_request_id"]))];
        Assert.Equal(now, await Of(""));
        Assert.Equal(before, await Of("start_date=2026-03-15T00:00:00Z&end_date=2026-06-01T00:00:00Z"));
        Assert.Equal(before, await Of("start_date=2026-03-31T23:00:00Z"));
        // A quarter has a day and no hour: midnight in UTC is an hour after it began, and still its first day.
        Assert.Equal(before, await Of("start_date=2026-04-01T00:00:00Z"));
        Assert.Empty(await Of("start_date=2026-04-01T23:00:00Z"));
        Assert.Equal(now, await Of("start_date=2026-10-01T00:00:00+01:00"));
        Assert.Equal(before, await Of("end_date=2026-06-20"));
        Assert.Empty(await Of("page=2"));
    }

    [Theory]
    [InlineData("requests.{0}?start_date=yesterday", 400, "start_date")]
    [InlineData("requests.{0}?end_date=2026-13-01", 400, "end_date")]
    [InlineData("requests.{0}?start_date=9999-12-31T23:59:59Z", 400, "start_date")]
    [InlineData("requests.{0}?start_date=2026-01-01&end_date=2026-06-01", 400, "90 days")]
    [InlineData("requests.{0}?start_date=2026-06-01&end_date=2026-05-01", 400, "order")]
    [InlineData("requests.{0}?status=fixed", 400, "status")]
    [InlineData("requests.{0}?page=0", 400, "page")]
    [InlineData("requests.{0}?service_code=ENV-NOTHING", 404, "ENV-NOTHING")]
    [InlineData("requests.{0}?jurisdiction_id=gwent", 404, "jurisdiction_id")]
    [InlineData("requests/none.{0}", 404, "service_request_id")]
    [InlineData("services/POS-NOTHING.{0}", 404, "service_code")]
    [InlineData("services.{0}?jurisdiction_id=gwent", 404, "jurisdiction_id")]
    public async Task A_no_has_the_form_of_the_specification(string path, int status, string says)
    {
        var xml = await Xml(string.Format(CultureInfo.InvariantCulture, path, "xml"), (HttpStatusCode)status);
        Assert.Equal("errors", xml.Name);
        var error = Assert.Single(xml.Elements("error"));
        Assert.Equal($"{status}", error.Element("code")!.Value);
        Assert.Contains(says, error.Element("description")!.Value, StringComparison.Ordinal);
        var json = Assert.Single((await Json(string.Format(CultureInfo.InvariantCulture, path, "json"), (HttpStatusCode)status)).EnumerateArray().ToList());
        Assert.Equal((status, error.Element("description")!.Value), (json.GetProperty("code").GetInt32(), json.GetProperty("description").GetString()));
    }

    [Theory, InlineData("xml", "text/xml"), InlineData("json", "application/json")]
    public async Task Nothing_is_taken_and_the_answer_says_where_to_go(string format, string type)
    {
        using var form = new FormUrlEncodedContent([new("service_code", "ENV-LIGHT-OUT"), new("description", "The lamp is out.")]);
        var answer = await app.Client().PostAsync($"{Root}requests.{format}", form);
        Assert.Equal((HttpStatusCode.Forbidden, type), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        Assert.Contains("/metropolitan/tell-us", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_format_and_an_absent_force_are_not_there()
    {
        Assert.Contains("xml and json", (await Xml("requests.csv", HttpStatusCode.NotFound)).Value, StringComparison.Ordinal);
        foreach (var (format, type) in ((string, string)[])[("xml", "text/xml"), ("json", "application/json")])
        {
            var absent = await app.Client().GetAsync($"/v1/atlantis/open311/v2/requests.{format}");
            Assert.Equal((HttpStatusCode.NotFound, type), (absent.StatusCode, absent.Content.Headers.ContentType!.MediaType));
            var error = await absent.Content.ReadAsStringAsync();
            Assert.Contains("metropolitan", error, StringComparison.Ordinal);
            Assert.DoesNotContain("urn:walktalk", error, StringComparison.Ordinal);
        }
    }
}

public sealed class Open311OnSqlite(FeedbackApp.Sqlite app) : Open311Tests(app), IClassFixture<FeedbackApp.Sqlite>;

public sealed class Open311OnPostgres(FeedbackApp.Postgres app) : Open311Tests(app), IClassFixture<FeedbackApp.Postgres>;
