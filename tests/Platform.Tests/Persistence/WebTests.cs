using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Platform.Tests.Persistence;

/// <summary>What every endpoint of every service does with a caller: problems, keys, versions, forces, the audit trail.</summary>
public abstract class WebTests
{
    private const string Things = "/v1/metropolitan/things";
    private readonly Probe.App app;

    private protected WebTests(Probe.App app) => this.app = app;

    private static async Task<JsonElement> Problem(HttpResponseMessage answer, HttpStatusCode status, string type)
    {
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(status == answer.StatusCode, $"{answer.StatusCode}: {body}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonDocument.Parse(body).RootElement;
        Assert.Equal($"urn:walktalk:problem:{type}", problem.GetProperty("type").GetString());
        return problem;
    }

    private static Task<HttpResponseMessage> Post(HttpClient client, object body, string? key = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Things) { Content = JsonContent.Create(body) };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return client.SendAsync(request);
    }

    private async Task<ThingView> Make(string name, string? contact = null) =>
        (await (await Post(app.Client("coordinator"), new NewThing { Name = name, Contact = contact })).Content.ReadFromJsonAsync<ThingView>())!;

    [Fact]
    public async Task The_same_key_and_body_give_the_same_answer_once()
    {
        var (key, name) = ($"{Guid.NewGuid()}", $"key {Guid.NewGuid()}");
        var client = app.Client("coordinator");
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Post(client, new NewThing { Name = name }, key)));
        Assert.All(answers, a => Assert.Equal(HttpStatusCode.Created, a.StatusCode));
        var bodies = await Task.WhenAll(answers.Select(a => a.Content.ReadAsStringAsync()));
        Assert.Single(bodies.Distinct());
        Assert.Single(answers.Select(a => a.Headers.Location).Distinct());
        Assert.Equal(11, answers.Count(a => a.Headers.Contains("Idempotency-Replayed")));
        Assert.Equal(1, await app.Db<ProbeDb, int>(db => db.Things.CountAsync(t => t.Name == name)));
    }

    [Fact]
    public async Task The_same_key_with_another_body_is_refused()
    {
        var key = $"{Guid.NewGuid()}";
        await Post(app.Client("coordinator"), new NewThing { Name = "one" }, key);
        await Problem(await Post(app.Client("coordinator"), new NewThing { Name = "two" }, key), HttpStatusCode.UnprocessableEntity, "idempotency-key-reused");
    }

    [Theory]
    [InlineData("short")]
    [InlineData("has a blank in the middle")]
    public async Task A_key_that_can_be_guessed_is_refused(string key) =>
        await Problem(await Post(app.Client("coordinator"), new NewThing { Name = "one" }, key), HttpStatusCode.BadRequest, "idempotency-key-malformed");

    [Fact]
    public async Task What_is_kept_of_an_answer_cannot_be_read_without_the_key()
    {
        var name = $"sealed {Guid.NewGuid()}";
        await Post(app.Client("coordinator"), new NewThing { Name = name }, $"{Guid.NewGuid()}");
        var kept = await app.Db<ProbeDb, List<byte[]?>>(db => db.Answers.Select(a => a.Answer).ToListAsync());
        Assert.NotEmpty(kept);
        Assert.All(kept, a => Assert.DoesNotContain(name, Encoding.UTF8.GetString(a!), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_change_says_which_version_it_saw()
    {
        var thing = await Make("versioned");
        var client = app.Client("coordinator");
        var url = $"{Things}/{thing.Id}";
        var etag = (await client.GetAsync(url)).Headers.ETag!;
        await Problem(await client.PutAsJsonAsync(url, new NewThing { Name = "no version" }), (HttpStatusCode)428, "if-match-required");

        async Task<HttpResponseMessage> Put(string name)
        {
            var request = new HttpRequestMessage(HttpMethod.Put, url) { Content = JsonContent.Create(new NewThing { Name = name }) };
            request.Headers.IfMatch.Add(etag);
            return await client.SendAsync(request);
        }

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Put($"name {i}")));
        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.NoContent);
        Assert.Equal(7, answers.Count(a => a.StatusCode == HttpStatusCode.PreconditionFailed));
        await Problem(await Put("late"), HttpStatusCode.PreconditionFailed, "changed-meanwhile");
    }

    [Fact]
    public async Task A_force_sees_only_its_own_rows()
    {
        var thing = await Make("ours");
        Assert.Equal(HttpStatusCode.Forbidden, (await app.Client("coordinator", force: "north-wales").GetAsync($"{Things}/{thing.Id}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await app.Client("coordinator", force: "north-wales").GetAsync($"/v1/north-wales/things/{thing.Id}")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await app.Client("coordinator", force: "north-wales metropolitan").GetAsync($"{Things}/{thing.Id}")).StatusCode);
        Assert.Equal(0, await app.Client().GetFromJsonAsync<int>("/v1/north-wales/things"));
        var nobody = await app.Client().GetAsync("/v1/atlantis/things");
        Assert.Contains("metropolitan", (await Problem(nobody, HttpStatusCode.NotFound, "unknown-force")).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_force_no_row_is_visible()
    {
        await Make("hidden");
        Assert.Equal(0, await app.Db<ProbeDb, int>(db => db.Things.CountAsync(), force: null!));
    }

    [Theory]
    [InlineData("{", "")]
    [InlineData("""{"name": 7}""", "name")]
    [InlineData("""{"name": "a", "nmae": "b"}""", "nmae")]
    [InlineData("""{}""", "name")]
    public async Task Malformed_JSON_is_answered_with_the_place(string json, string field)
    {
        var answer = await app.Client("coordinator").PostAsync(Things, new StringContent(json, Encoding.UTF8, "application/json"));
        var problem = await Problem(answer, HttpStatusCode.BadRequest, "malformed-json");
        Assert.Contains(field, problem.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("WalkTalk.", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Something_else_than_JSON_and_too_much_of_it_are_refused()
    {
        var client = app.Client("coordinator");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await client.PostAsync(Things, new StringContent("name=a", Encoding.UTF8, "text/plain"))).StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await Post(client, new NewThing { Name = new string('x', 300_000) })).StatusCode);
    }

    [Fact]
    public async Task Nobody_and_the_wrong_role_are_kept_out_with_a_problem()
    {
        var nobody = await Post(app.Client(), new NewThing { Name = "a" });
        Assert.Equal(HttpStatusCode.Unauthorized, nobody.StatusCode);
        Assert.Equal("application/problem+json", nobody.Content.Headers.ContentType?.MediaType);
        Assert.Equal(HttpStatusCode.Forbidden, (await Post(app.Client("officer"), new NewThing { Name = "a" })).StatusCode);
        var forged = app.Client();
        forged.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4Iiwicm9sZSI6ImNvb3JkaW5hdG9yIiwiZm9yY2UiOiJtZXRyb3BvbGl0YW4ifQ.");
        Assert.Equal(HttpStatusCode.Unauthorized, (await Post(forged, new NewThing { Name = "a" })).StatusCode);
    }

    [Fact]
    public async Task Contact_is_unreadable_at_rest_and_gone_with_its_key()
    {
        var contact = $"{Guid.NewGuid()}@example.org";
        var thing = await Make("contact", contact);
        var atRest = await app.Db<ProbeDb, string>(db => db.Things.Where(t => t.Id == thing.Id).Select(t => t.Contact).SingleAsync());
        Assert.DoesNotContain(contact, Encoding.UTF8.GetString(Convert.FromBase64String(atRest)), StringComparison.Ordinal);
        Assert.Equal(contact, (await app.Client("officer").GetFromJsonAsync<ThingView>($"{Things}/{thing.Id}"))!.Contact);

        var personal = (PersonalData)app.Services.GetService(typeof(PersonalData))!;
        await app.Db<ProbeDb>(async db =>
        {
            await personal.Erase(db, thing.Id);
            await db.SaveChangesAsync();
        });
        Assert.Null((await app.Client("officer").GetFromJsonAsync<ThingView>($"{Things}/{thing.Id}"))!.Contact);
    }

    [Fact]
    public async Task Changes_and_reads_are_audited_without_a_value_and_linked_into_a_chain()
    {
        var thing = await Make("audited", "someone@example.org");
        await app.Client("officer", sub: "officer-7").GetAsync($"{Things}/{thing.Id}");
        var subject = $"{thing.Id}";
        await app.Eventually(() => app.Db<ProbeDb, bool>(async db =>
            await db.AuditTrail.CountAsync(a => a.SubjectId == subject && a.Sequence != null) >= 2), "the sealer");
        var chain = await app.Db<ProbeDb, List<AuditRow>>(db => db.AuditTrail.Where(a => a.Sequence != null).OrderBy(a => a.Sequence).ToListAsync());
        Assert.Contains(chain, a => a is { Action: "added", SubjectType: "Thing", Actor: "staff:test-coordinator" } && a.SubjectId == subject);
        Assert.Contains(chain, a => a is { Action: "read", SubjectType: "contact", Actor: "staff:officer-7", Reason: "looked at" } && a.SubjectId == subject);

        var hash = new byte[32];
        Assert.All(chain.Select((row, i) => (row, i)), link =>
        {
            Assert.Equal(link.i + 1, link.row.Sequence);
            hash = AuditChain.Link(hash, link.row);
            Assert.Equal(hash, link.row.Hash);
        });
        chain[0].Actor = "staff:somebody-else";
        Assert.NotEqual(chain[0].Hash, AuditChain.Link(new byte[32], chain[0]));
    }
}

public sealed class WebOnSqlite(Probe.OnSqlite app) : WebTests(app), IClassFixture<Probe.OnSqlite>;

public sealed class WebOnPostgres(Probe.OnPostgres app) : WebTests(app), IClassFixture<Probe.OnPostgres>;
