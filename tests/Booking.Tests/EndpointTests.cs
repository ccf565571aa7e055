using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace WalkTalk.Booking.Tests;

/// <summary>Every endpoint against every wrong caller: nobody, the wrong role, another force, an unknown force, a false secret, a broken body.</summary>
public sealed class EndpointTests(BookingApp.Sqlite app) : IClassFixture<BookingApp.Sqlite>
{
    private const string Id = "01930000-0000-7000-8000-000000000001";

    /// <summary>Method, path, role of staff or scheme of a secret or nothing, whether a body is read.</summary>
    public static TheoryData<string, string, string?, bool> Table => new()
    {
        { "GET", "officers", "coordinator", false },
        { "PUT", $"officers/{Id}/account", "coordinator", true },
        { "PUT", $"officers/{Id}/last-day", "coordinator", true },
        { "DELETE", $"officers/{Id}/last-day", "coordinator", false },
        { "GET", "meeting-points", "coordinator", false },
        { "POST", "import/officers/preview", "coordinator", true },
        { "POST", "import/officers", "coordinator", true },
        { "POST", "import/meeting-points/preview", "coordinator", true },
        { "POST", "import/meeting-points", "coordinator", true },
        { "GET", $"officers/{Id}/availability", "coordinator", false },
        { "POST", $"officers/{Id}/availability", "coordinator", true },
        { "DELETE", $"availability/{Id}", "coordinator", false },
        { "PUT", $"availability/{Id}/except/2026-12-01", "coordinator", false },
        { "DELETE", $"availability/{Id}/except/2026-12-01", "coordinator", false },
        { "POST", $"officers/{Id}/leave", "coordinator", true },
        { "DELETE", $"leave/{Id}", "coordinator", false },
        { "GET", "officers/suggested?meetingPointId=tate-modern&date=2026-12-01&time=10:00", "coordinator", false },
        { "POST", "plan/preview", "coordinator", true },
        { "POST", "plan", "coordinator", true },
        { "POST", "walks", "coordinator", true },
        { "GET", "schedule", "coordinator", false },
        { "POST", $"walks/{Id}/officers", "coordinator", true },
        { "POST", $"walks/{Id}/nobody-came", "officer", false },
        { "POST", "my-walk/officer/accept", "Link", false },
        { "POST", "my-walk/officer/decline", "Link", false },
        { "GET", $"schedule/{Id}", "coordinator", false },
        { "POST", $"needs/{Id}/arrange", "coordinator", false },
        { "POST", $"needs/{Id}/decline", "coordinator", true },
        { "POST", $"walks/{Id}/cancel", "coordinator", true },
        { "POST", $"walks/{Id}/officer-absent", "coordinator", false },
        { "GET", "alerts", "coordinator", false },
        { "POST", $"alerts/{Id}/acknowledge", "coordinator", false },
        { "POST", $"alerts/{Id}/resolve", "coordinator", true },
        { "GET", "overrides", "coordinator", false },
        { "POST", $"overrides/{Id}/close", "coordinator", true },
        { "GET", "retention", "administrator oversight", false },
        { "POST", "retention/holds", "administrator", true },
        { "GET", "day-sheet", "officer", false },
        { "GET", "calendar-address", "officer", false },
        { "POST", "calendar-address", "officer", false },
        { "DELETE", "calendar-address", "officer", false },
        { "GET", "officer-calendar.ics", "Calendar", false },
        { "POST", $"walks/{Id}/bookings/{Id}/words", "officer", true },
        { "POST", $"walks/{Id}/bookings/{Id}/alarm", "officer", false },
        { "POST", $"walks/{Id}/start", "officer", true },
        { "POST", $"walks/{Id}/check-ins", "officer", true },
        { "POST", $"walks/{Id}/end", "officer", true },
        { "POST", $"walks/{Id}/help", "officer", true },
        { "GET", "requests", "coordinator", false },
        { "GET", $"requests/{Id}", "coordinator", false },
        { "POST", $"requests/{Id}/match", "coordinator", true },
        { "POST", $"requests/{Id}/decline", "coordinator", true },
        { "POST", "requests", null, true },
        { "GET", "my-request", "Request", false },
        { "POST", "my-request/confirm", "Request", true },
        { "POST", "my-request/withdraw", "Request", false },
        { "GET", "walks", null, false },
        { "GET", "walks/days", null, false },
        { "GET", "attendance-key", null, false },
        { "POST", $"walks/{Id}/holds", null, true },
        { "POST", $"walks/{Id}/waitlist", null, true },
        { "GET", "booking", "Hold", false },
        { "POST", "booking/contact", "Hold", true },
        { "POST", "booking/confirm", "Hold", true },
        { "GET", "my-walk", "Link", false },
        { "GET", "my-walk/calendar.ics", "Link", false },
        { "POST", "my-walk/cancel", "Link", true },
        { "POST", "my-walk/move", "Link", true },
        { "POST", "my-walk/place/take", "Link", false },
        { "POST", "my-walk/place/leave", "Link", false },
        { "POST", "my-walk/officer-check", "Link", true },
        { "POST", "my-walk/alarm", "Link", false },
        { "POST", "my-walk/officer-absent", "Link", false },
        { "POST", "my-walk/attendance-token", "Link", false },
    };

    [Theory, MemberData(nameof(Table))]
    public async Task Each_refuses_whom_it_should(string method, string path, string? who, bool body)
    {
        string[] roles = ["coordinator", "officer", "analyst", "oversight", "operator", "safeguarding", "standards", "administrator"];
        var may = roles.Intersect(who?.Split(' ') ?? []).ToList();
        Assert.Equal(HttpStatusCode.NotFound, await Send(app.Client(), "atlantis", may.Count > 0 ? app.Client(may[0], "atlantis") : app.Client()));
        if (may.Count > 0)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await Send(app.Client()));
            foreach (var other in roles.Except(may)) Assert.Equal(HttpStatusCode.Forbidden, await Send(app.Client(other)));
            foreach (var role in may) Assert.Equal(HttpStatusCode.Forbidden, await Send(app.Client(role, BookingApp.OtherForce)));
        }
        else if (who is not null)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await Send(app.Client()));
            Assert.Equal(HttpStatusCode.Unauthorized, await Send(app.With(who, "guessed")));
            Assert.Equal(HttpStatusCode.Unauthorized, await Send(app.With(who == "Hold" ? "Link" : "Hold", "guessed")));
            Assert.Equal(HttpStatusCode.Unauthorized, await Send(app.Client("coordinator")));
        }
        if (body)
        {
            var caller = may.Count > 0 ? app.Client(may[0]) : who is null ? app.Client() : app.With(who, "guessed");
            foreach (var broken in (string[])["", "{", "[]", "\"text\"", "null", "{\"people\":\"many\",\"heard\":3,\"code\":[],\"reason\":7,\"sub\":{},\"override\":1,\"minutes\":\"long\",\"happenedAt\":\"soon\",\"outcome\":4,\"note\":{},\"collarNumber\":{},\"email\":1}"])
                Assert.InRange((int)await Send(caller, body: broken), 400, 499);
            Assert.InRange((int)await Send(caller, body: "x", type: "text/plain"), 400, 499);
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await Send(caller, body: $"{{\"x\":\"{new string('x', 300_000)}\"}}"));
        }

        async Task<HttpStatusCode> Send(HttpClient client, string force = "metropolitan", HttpClient? instead = null, string? body = null, string type = "application/json")
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), $"/v1/{force}/{path}");
            if (method != "GET") request.Content = new StringContent(body ?? Valid(path), Encoding.UTF8, new MediaTypeHeaderValue(type));
            using var answer = await (instead ?? client).SendAsync(request);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task No_endpoint_is_missing_from_the_table()
    {
        var document = System.Text.Json.Nodes.JsonNode.Parse(await app.Client().GetStringAsync("/openapi/booking.json"))!;
        var mapped = document["paths"]!.AsObject().Where(p => !new[] { "/operations", "/history", "/audit" }.Any(everyService => p.Key.Contains($"{{force}}{everyService}", StringComparison.Ordinal)))
            .SelectMany(p => p.Value!.AsObject().Select(o => $"{o.Key.ToUpperInvariant()} {p.Key.Replace("/v1/{force}/", "", StringComparison.Ordinal)}")).Order();
        var listed = Table.Select(row => row.Data).Select(d => $"{d.Item1} {Pattern(d.Item2)}").Order();
        Assert.Equal(listed, mapped);
    }

    [Fact]
    public async Task A_link_of_one_force_opens_nothing_in_another()
    {
        var (officer, _) = await app.SignedInOfficer(0);
        var walk = await app.Publish(officer.OfficerId);
        var (_, her) = await app.Book(walk.WalkId);
        Assert.Equal("link-unknown", await (await her.GetAsync($"/v1/{BookingApp.OtherForce}/my-walk")).Refusal(401));
    }

    [Fact]
    public void The_readme_names_every_refusal_and_no_other()
    {
        var readme = File.ReadAllText(Path.Combine(WalkTalk.Fixtures.Repository.Root, "services", "Booking", "README.md"));
        var table = readme[readme.IndexOf("## Refusals", StringComparison.Ordinal)..];
        var listed = System.Text.RegularExpressions.Regex.Matches(table, "`([a-z-]+)`").Select(m => m.Groups[1].Value).Distinct();
        // Of the platform's own, those that its callers meet at a change.
        Assert.Equal(Types.Append("if-match-required").Append("changed-meanwhile").Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_refusal_is_met_in_a_test()
    {
        var tests = string.Concat(Directory.EnumerateFiles(Path.Combine(WalkTalk.Fixtures.Repository.Root, "tests", "Booking.Tests"), "*Tests.cs", SearchOption.AllDirectories).Select(File.ReadAllText));
        Assert.DoesNotContain(Types, type => !tests.Contains($"\"{type}\"", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Types => typeof(Refusals).GetFields().Select(f => ((WalkTalk.ServiceDefaults.Refusal)f.GetValue(null)!).Type);

    /// <summary>The path as it is mapped: of a kind of things the id, of a question its address alone.</summary>
    private static string Pattern(string path) =>
        System.Text.RegularExpressions.Regex.Replace(path.Split('?')[0].Replace("2026-12-01", "{date}", StringComparison.Ordinal), "(walk|booking|officer|alert|request|availability|leave|override|need)(s?)/" + Id, "$1$2/{$1Id}")
            .Replace($"schedule/{Id}", "schedule/{walkId}", StringComparison.Ordinal);

    private static string Valid(string path) =>
        path == "walks" ? """{"meetingPointId":"tate-modern","officerIds":["01930000-0000-7000-8000-000000000001"],"date":"2026-12-01","time":"10:00"}"""
        : path.EndsWith("cancel", StringComparison.Ordinal) && path.StartsWith("walks", StringComparison.Ordinal) ? """{"reason":"other"}"""
        : path.EndsWith("availability", StringComparison.Ordinal) ? """{"firstDate":"2026-12-01","from":"18:00","until":"20:00"}"""
        : path.EndsWith($"{Id}/leave", StringComparison.Ordinal) ? """{"from":"2026-12-01","until":"2026-12-02","kind":"annual"}"""
        : path.EndsWith("words", StringComparison.Ordinal) ? """{"heard":"seven bridges"}"""
        : path.EndsWith("account", StringComparison.Ordinal) ? """{"sub":"somebody"}"""
        : path.EndsWith("last-day", StringComparison.Ordinal) ? """{"lastDay":"2026-12-31"}"""
        : path.EndsWith("contact", StringComparison.Ordinal) ? """{"firstName":"A","email":"a@example.org"}"""
        : path.EndsWith("confirm", StringComparison.Ordinal) ? """{"code":"123456"}"""
        : path == "requests" ? """{"firstName":"A","email":"a@example.org"}"""
        : path.EndsWith("resolve", StringComparison.Ordinal) ? """{"outcome":"well"}"""
        : path.EndsWith("close", StringComparison.Ordinal) ? """{"note":"Both sides were asked."}"""
        : path.EndsWith("match", StringComparison.Ordinal) ? """{"walkId":"01930000-0000-7000-8000-000000000001"}"""
        : path.EndsWith("decline", StringComparison.Ordinal) && path.StartsWith("requests", StringComparison.Ordinal) ? """{"reason":"other"}"""
        : path.EndsWith("move", StringComparison.Ordinal) ? """{"walkId":"01930000-0000-7000-8000-000000000001"}"""
        : path == "retention/holds" ? """{"reference":"01930000-0000-7000-8000-000000000001","reason":"A court has asked for it."}"""
        : "{}";
}
