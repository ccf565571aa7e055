using System.Collections.Concurrent;
using System.Globalization;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace WalkTalk.Feedback.Tests.Open311;

/// <summary>How the council's server misbehaves next.</summary>
public enum Fault { None, Down, Later, ServerError, Slow, TakesAndFails, TakesAndIsSlow, TakesAndBreaksOff, TokenFirst, Malformed, WrongType, Huge, DocumentType, Redirect, Says400, Says403, AnotherService, AsksForAPerson, ShowsLate }

/// <summary>
/// A council's GeoReport v2 endpoint, written from the specification and stricter than most: it takes the fields of the specification and of its own attributes
/// and nothing else, and remembers what was wrong with anything it was asked.
/// </summary>
public sealed class Council : IAsyncDisposable
{
    private static readonly string[] Personal = ["first_name", "last_name", "email", "phone", "device_id", "deviceid", "account_id", "media_url"];
    private static readonly string[] OfASend = ["service_code", "lat", "long", "address_string", "description", "jurisdiction_id", "api_key", "attribute[kind]", "attribute[urgent]"];
    private readonly WebApplication app;
    private int next = 4000;

    public sealed record Made(string Id, string Token, IReadOnlyDictionary<string, string> Fields)
    {
        public string Status { get; set; } = "open";
        public string Notes { get; set; } = "";
        public List<(string Id, string Status, string Text, DateTimeOffset At)> Updates { get; } = [];
    }

    public Fault Fault { get; set; }
    public bool Json { get; set; }
    public ConcurrentQueue<Made> Requests { get; } = new();
    /// <summary>What no client may do.</summary>
    public ConcurrentQueue<string> Wrong { get; } = new();
    /// <summary>The description of everything that was posted, taken or not.</summary>
    public ConcurrentQueue<string> Posted { get; } = new();
    public Uri Address => new(app.Urls.First() + "/open311/v2/");

    private Council(WebApplication app) => this.app = app;

    public static async Task<Council> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var council = new Council(builder.Build());
        council.app.Run(council.Answer);
        await council.app.StartAsync();
        return council;
    }

    private async Task Answer(HttpContext http)
    {
        var (path, query) = (http.Request.Path.Value!, http.Request.Query);
        var ending = Json ? ".json" : ".xml";
        if (!path.StartsWith("/open311/v2/", StringComparison.Ordinal) || !path.EndsWith(ending, StringComparison.Ordinal))
            Wrong.Enqueue($"{http.Request.Method} {path}");
        foreach (var header in http.Request.Headers.Keys.Except(["Host", "User-Agent", "Content-Type", "Content-Length"], StringComparer.OrdinalIgnoreCase))
            Wrong.Enqueue($"header {header}");
        if (query.ContainsKey("api_key"))
            Wrong.Enqueue("a key in an address");
        path = path["/open311/v2/".Length..^ending.Length];
        switch (Fault)
        {
            case Fault.Down:
                http.Abort();
                return;
            case Fault.Later:
                http.Response.Headers.RetryAfter = "120";
                http.Response.StatusCode = 503;
                return;
            case Fault.Redirect:
                http.Response.Redirect("http://169.254.169.254/latest/meta-data/");
                return;
            case Fault.Malformed:
                await Text(http, "<services><service><service_code>STL</service_cod", "text/xml");
                return;
            case Fault.WrongType:
                await Text(http, "<services/>", "text/html");
                return;
            case Fault.Huge:
                http.Response.ContentType = "text/xml";
                for (var i = 0; i < 400 && !http.RequestAborted.IsCancellationRequested; i++)
                    await http.Response.WriteAsync(new string(' ', 16 * 1024));
                return;
            case Fault.DocumentType:
                await Text(http, "<!DOCTYPE s [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><services><service><service_code>&b;</service_code></service></services>", "text/xml");
                return;
        }
        if (http.Request.Method == "POST")
        {
            await Take(http, path);
            return;
        }
        if (http.Request.Method != "GET")
        {
            Wrong.Enqueue(http.Request.Method);
            http.Response.StatusCode = 405;
            return;
        }
        switch (path.Split('/'))
        {
            case ["services"]:
                Only(query, "jurisdiction_id");
                await Say(http, "services", "service", [[("service_code", Fault == Fault.AnotherService ? "OTHER" : "STL"), ("service_name", "Street light"), ("metadata", "true"), ("type", "realtime")]]);
                return;
            case ["services", "STL"]:
                Only(query, "jurisdiction_id");
                await Definition(http);
                return;
            case ["tokens", var token]:
                Only(query, "jurisdiction_id");
                await Say(http, "service_requests", "request", Requests.Where(r => r.Token == token).Select(r => new[] { ("token", token), ("service_request_id", Fault == Fault.TokenFirst ? "" : r.Id) }));
                return;
            case ["requests"]:
                Only(query, "jurisdiction_id", "service_code", "start_date", "end_date");
                foreach (var date in new[] { "start_date", "end_date" })
                {
                    if (!DateTimeOffset.TryParseExact(query[date], "yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _))
                        Wrong.Enqueue($"{date} {query[date]}");
                }
                await Say(http, "service_requests", "request", Requests.Where(r => Fault != Fault.ShowsLate && r.Fields["service_code"] == query["service_code"]).Select(View));
                return;
            case ["requests", var id]:
                Only(query, "jurisdiction_id");
                if (Requests.FirstOrDefault(r => r.Id == id) is not { } one)
                    await No(http, 404, "service_request_id was not found");
                else
                    await Say(http, "service_requests", "request", [View(one)]);
                return;
            case ["servicerequestupdates"]:
                Only(query, "jurisdiction_id", "start_date", "end_date");
                await Say(http, "service_requests_updates", "request_update", Requests.SelectMany(r => r.Updates.Select(u => new[]
                    { ("update_id", u.Id), ("service_request_id", r.Id), ("status", u.Status), ("updated_datetime", u.At.ToString("yyyy-MM-ddTHH:mm:ssK", CultureInfo.InvariantCulture)), ("description", u.Text) })));
                return;
            default:
                Wrong.Enqueue($"GET {path}");
                await No(http, 404, "not found");
                return;
        }

        void Only(IQueryCollection asked, params string[] known)
        {
            foreach (var other in asked.Keys.Except(known))
                Wrong.Enqueue($"{path}?{other}");
            if (asked["jurisdiction_id"] != "lambeth.example")
                Wrong.Enqueue($"{path}: jurisdiction_id {asked["jurisdiction_id"]}");
        }
    }

    private async Task Take(HttpContext http, string path)
    {
        if (path != "requests" || http.Request.ContentType != "application/x-www-form-urlencoded" || http.Request.Query.Count > 0)
            Wrong.Enqueue($"POST {path} {http.Request.ContentType} {http.Request.QueryString}");
        var form = await http.Request.ReadFormAsync();
        Posted.Enqueue(form["description"].ToString());
        foreach (var field in form.Keys.Where(k => Personal.Contains(k) || !OfASend.Contains(k)))
            Wrong.Enqueue($"field {field}");
        foreach (var (field, value) in form.Where(f => f.Value.Count != 1 || string.IsNullOrWhiteSpace(f.Value)))
            Wrong.Enqueue($"{field} is {value}");
        if (form["api_key"] != "the-key-we-gave")
            Wrong.Enqueue($"api_key {form["api_key"]}");
        if (!double.TryParse(form["lat"], CultureInfo.InvariantCulture, out var lat) || !double.TryParse(form["long"], CultureInfo.InvariantCulture, out var lng) || lat is < 51 or > 52 || lng is < -1 or > 1)
            Wrong.Enqueue($"lat {form["lat"]} long {form["long"]}");
        if (form["service_code"] != "STL" || form["attribute[kind]"] != "OUT")
            Wrong.Enqueue($"service_code {form["service_code"]} kind {form["attribute[kind]"]}");
        switch (Fault)
        {
            case Fault.Says400:
                await No(http, 400, "lat and long are outside of our area. Ring Mr Smith on 020 7946 0999");
                return;
            case Fault.Says403:
                await No(http, 403, "api_key was not recognised");
                return;
            case Fault.ServerError:
                http.Response.StatusCode = 500;
                return;
            case Fault.Slow:
                await Task.Delay(TimeSpan.FromSeconds(5), http.RequestAborted);
                return;
        }
        var id = $"SLW-{Interlocked.Increment(ref next)}";
        var made = new Made(id, $"tok.{id}", form.ToDictionary(f => f.Key, f => f.Value.ToString()));
        Requests.Enqueue(made);
        switch (Fault)
        {
            case Fault.TakesAndFails:
                http.Response.StatusCode = 500;
                return;
            case Fault.TakesAndIsSlow or Fault.ShowsLate:
                await Task.Delay(TimeSpan.FromSeconds(5), http.RequestAborted);
                return;
            case Fault.TakesAndBreaksOff:
                http.Abort();
                return;
            case Fault.TokenFirst:
                await Say(http, "service_requests", "request", [[("token", made.Token), ("service_notice", "")]]);
                return;
            default:
                await Say(http, "service_requests", "request", [[("service_request_id", id), ("service_notice", "Usually within ten days."), ("account_id", "")]]);
                return;
        }
    }

    private static (string, string)[] View(Made r) =>
        [("service_request_id", r.Id), ("status", r.Status), ("status_notes", r.Notes), ("service_code", r.Fields["service_code"]), ("description", r.Fields["description"]), ("lat", r.Fields["lat"]), ("long", r.Fields["long"])];

    private Task Definition(HttpContext http)
    {
        var person = Fault == Fault.AsksForAPerson ? "reporter_phone" : "urgent";
        return Json
            ? Text(http, $$"""{"service_code":"STL","attributes":[{"variable":true,"code":"kind","datatype":"singlevaluelist","required":true,"order":1,"description":"What is wrong","values":[{"key":"OUT","name":"Out"},{"key":"DIM","name":"Dim"}]},{"variable":true,"code":"{{person}}","datatype":"string","required":true,"order":2,"description":"Is it urgent?"}]}""", "application/json")
            : Text(http, $"<?xml version=\"1.0\" encoding=\"utf-8\"?><service_definition><service_code>STL</service_code><attributes><attribute><variable>true</variable><code>kind</code><datatype>singlevaluelist</datatype><required>true</required><order>1</order><description>What is wrong</description><values><value><key>OUT</key><name>Out</name></value><value><key>DIM</key><name>Dim</name></value></values></attribute><attribute><variable>true</variable><code>{person}</code><datatype>string</datatype><required>true</required><order>2</order><description>Is it urgent?</description></attribute></attributes></service_definition>", "text/xml");
    }

    private Task Say(HttpContext http, string root, string item, IEnumerable<IEnumerable<(string Name, string Value)>> rows) => Json
        ? Text(http, System.Text.Json.JsonSerializer.Serialize(rows.Select(r => r.ToDictionary(f => f.Name, f => f.Value))), "application/json; charset=utf-8")
        : Text(http, new XElement(root, rows.Select(r => new XElement(item, r.Select(f => new XElement(f.Name, f.Value))))).ToString(), "text/xml; charset=utf-8");

    private Task No(HttpContext http, int status, string why)
    {
        http.Response.StatusCode = status;
        return Say(http, "errors", "error", [[("code", $"{status}"), ("description", why)]]);
    }

    private static async Task Text(HttpContext http, string text, string type)
    {
        http.Response.ContentType = type;
        await http.Response.WriteAsync(text);
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync(new CancellationTokenSource(1000).Token);
        await app.DisposeAsync();
    }
}
