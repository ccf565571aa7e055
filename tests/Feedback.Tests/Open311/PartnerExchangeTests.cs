using System.Net;
using System.Xml.Linq;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.Contracts.Notification;

namespace WalkTalk.Feedback.Tests.Open311;

/// <summary>A partner that comes itself, with a key: it reads what was passed on to it and says how it stands there. Nothing else.</summary>
public abstract class PartnerExchangeTests(PartnerApp app)
{
    private const string Root = "partner/open311/v2/";

    private async Task<HttpResponseMessage> Call(string path, string? key = PartnerApp.TransportKey, IEnumerable<KeyValuePair<string, string>>? form = null, string force = "metropolitan", HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? (form is null ? HttpMethod.Get : HttpMethod.Post), $"/v1/{force}/{path}");
        request.Content = form is null ? null : new FormUrlEncodedContent(form);
        if (key is not null)
            request.Headers.Add("Api-Key", key);
        return await app.Client().SendAsync(request);
    }

    private static async Task<XElement> Xml(HttpResponseMessage response, HttpStatusCode expected = HttpStatusCode.OK)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == expected, $"{(int)response.StatusCode}: {text}");
        return XDocument.Parse(text).Root!;
    }

    private static Dictionary<string, string> Update(PartnerRequestView of, string id, string status = "open", string text = "Our engineer comes on Monday.") => new()
    {
        ["service_request_id"] = of.Reference, ["update_id"] = id, ["status"] = status, ["updated_datetime"] = "2026-11-24T10:00:00Z", ["description"] = text,
    };

    private async Task<(ConcernView Concern, PartnerRequestView Offered)> Offered()
    {
        var concern = await app.Lamp(code: "TRN-STOP");
        var referral = PartnerApp.Referral("TFL") with { Description = "The shelter of the bus stop is not lit.", Why = "The stop is theirs to light.", Attributes = [] };
        return (concern, await app.PassOn(concern, referral));
    }

    [Fact]
    public async Task Every_endpoint_for_partners_wants_a_key_of_a_partner_of_this_very_force()
    {
        var endpoints = app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(e => e.RoutePattern.RawText!.Contains("/partner/", StringComparison.Ordinal)).ToList();
        Assert.Equal(3, endpoints.Count);
        Assert.All(endpoints, e => Assert.NotNull(e.Metadata.GetMetadata<PartnerAccess>()));
        foreach (var endpoint in endpoints)
        {
            var method = new HttpMethod(endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods[0]);
            foreach (var format in new[] { "xml", "json" })
            {
                var path = endpoint.RoutePattern.RawText!["/v1/{force}/".Length..].Replace("{format}", format, StringComparison.Ordinal).Replace("{id}", "WT-22222222", StringComparison.Ordinal);
                foreach (var key in new[] { null, "", "wrong", PartnerApp.OtherForcesKey, PartnerApp.TransportKey[..^1], PartnerApp.TransportKey + "x" })
                    Assert.Equal((path, key, HttpStatusCode.Unauthorized), (path, key, (await Call(path, key, method: method)).StatusCode));
                Assert.Equal((path, HttpStatusCode.Unauthorized), (path, (await Call(path + "?api_key=" + PartnerApp.TransportKey, null, method: method)).StatusCode));
                Assert.Equal((path, HttpStatusCode.Unauthorized), (path, (await Call(path, force: "kent", method: method)).StatusCode));
                Assert.Equal((path, HttpStatusCode.NotFound), (path, (await Call(path, force: "atlantis", method: method)).StatusCode));
                Assert.NotEqual(HttpStatusCode.Unauthorized, (await Call(path, method: method)).StatusCode);
            }
        }
        Assert.Equal("401", (await Xml(await Call(Root + "requests.xml", null), HttpStatusCode.Unauthorized)).Element("error")!.Element("code")!.Value);
        Assert.Equal(HttpStatusCode.OK, (await Call(Root + "requests.json", "an-older-key-that-still-counts-0123456789")).StatusCode);
        // A key of a partner opens nothing of the staff's.
        Assert.Equal(HttpStatusCode.Unauthorized, (await Call("concerns")).StatusCode);
    }

    [Fact]
    public async Task It_reads_what_was_passed_on_to_it_and_of_nobody_else_anything()
    {
        var (concern, offered) = await Offered();
        Assert.Equal("Offered", offered.State);
        var others = await app.Lamp();
        var council = await app.PassOn(others);
        await app.Stands(others.Id, r => r.State == "Sent");
        var all = await Xml(await Call(Root + "requests.xml?status=open"));
        var hers = all.Elements("request").Single(r => r.Element("service_request_id")!.Value == offered.Reference);
        Assert.Equal(("open", "TRN", "The shelter of the bus stop is not lit.", "2026-11-24T00:00:00+00:00"),
            (hers.Element("status")!.Value, hers.Element("service_code")!.Value, hers.Element("description")!.Value, hers.Element("requested_datetime")!.Value[..10] + "T00:00:00+00:00"));
        var text = all.ToString();
        Assert.DoesNotContain(council.Reference, text, StringComparison.Ordinal);
        foreach (var never in new[] { concern.Reference, $"{concern.Id}", "three whole weeks", "the steps", "example.org" })
            Assert.DoesNotContain(never, text, StringComparison.OrdinalIgnoreCase);
        await Xml(await Call(Root + $"requests/{council.Reference}.xml"), HttpStatusCode.NotFound);
        await Xml(await Call(Root + "servicerequestupdates.xml", form: Update(council, "u1")), HttpStatusCode.NotFound);
        Assert.Equal("open", (await app.Partner(others.Id)).TheirStatus ?? "open");
        Assert.Single((await Xml(await Call(Root + $"requests/{offered.Reference}.xml"))).Elements("request"));
    }

    [Fact]
    public async Task What_it_says_is_shown_she_is_told_its_reference_once_and_closed_is_work_for_the_coordinator()
    {
        var (concern, offered) = await Offered();
        var update = Update(offered, "u1", text: "Mr Smith comes on Monday.");
        update["service_request_id_ext"] = "TFL-2026-77";
        for (var again = 0; again < 2; again++)
            Assert.Equal("u1", (await Xml(await Call(Root + "servicerequestupdates.xml", form: update))).Element("request_update")!.Element("update_id")!.Value);
        var known = await app.Partner(concern.Id);
        Assert.Equal(("Sent", "TFL-2026-77", "open", "Mr [name] comes on Monday."), (known.State, known.TheirReference, known.TheirStatus, Assert.Single(known.Updates).Text));
        Assert.Equal("TFL-2026-77", Assert.Single(await app.Published<NotificationRequested>(), n => n.SubjectId == concern.Id && n.Template == "concern-referred").Fields["their_reference"]);
        Assert.Equal(20, (await app.Concern(concern.Id)).WorkingDaysLeft);

        await Xml(await Call(Root + "servicerequestupdates.xml", form: Update(offered, "u2", "closed", "The shelter is lit.")));
        var back = await app.Concern(concern.Id);
        Assert.Equal(("Referred", Concern.DaysToReview), (back.State, back.WorkingDaysLeft));
        Assert.Contains((await Xml(await Call(Root + "requests.xml?status=closed"))).Elements("request"), r => r.Element("service_request_id")!.Value == offered.Reference);
    }

    [Theory]
    [InlineData("email", "her@example.org", "email")]
    [InlineData("attribute[x]", "1", "attribute[x]")]
    [InlineData("status", "fixed", "status")]
    [InlineData("updated_datetime", "yesterday", "updated_datetime")]
    [InlineData("updated_datetime", "2036-01-01T00:00:00Z", "updated_datetime")]
    [InlineData("update_id", "", "update_id")]
    [InlineData("service_request_id_ext", "<b>", "service_request_id_ext")]
    public async Task Everything_else_is_refused_by_its_name(string field, string value, string named)
    {
        var (concern, offered) = await Offered();
        var form = Update(offered, "u1");
        form[field] = value;
        var error = await Xml(await Call(Root + "servicerequestupdates.xml", form: form), HttpStatusCode.BadRequest);
        Assert.StartsWith(named, error.Element("error")!.Element("description")!.Value, StringComparison.Ordinal);
        Assert.Empty((await app.Partner(concern.Id)).Updates);
    }
}

public sealed class PartnerExchangeOnSqlite(PartnerApp.Sqlite app) : PartnerExchangeTests(app), IClassFixture<PartnerApp.Sqlite>;

public sealed class PartnerExchangeOnPostgres(PartnerApp.Postgres app) : PartnerExchangeTests(app), IClassFixture<PartnerApp.Postgres>;
