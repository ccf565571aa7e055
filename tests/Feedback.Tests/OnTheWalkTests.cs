using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Feedback;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.Feedback;

namespace WalkTalk.Feedback.Tests;

/// <summary>What an officer notes on a walk: under a random reference, without her name and without the walk's.</summary>
public abstract class OnTheWalkTests(FeedbackApp app)
{
    private static string NewReference() => Guid.NewGuid().ToString("N");

    private HttpClient Officer(string reference, string sub = "officer-1")
    {
        var client = app.Client("officer", sub: sub);
        client.DefaultRequestHeaders.Add("Capture", reference);
        return client;
    }

    private static StopNoted Dark => new()
    {
        Place = new PlaceInput { WardCode = FeedbackApp.Ward, Landmark = "the steps by the station" }, LightBand = "dark", Codes = ["ENV-LIGHT-LOW", "ENV-VEG"], Consent = true,
        Ratings = new Dictionary<string, int> { ["A1"] = 0, ["A2"] = 1, ["F"] = 1 },
    };

    private static Task<HttpResponseMessage> Post(HttpClient officer, string path, object body) => officer.PostAsJsonAsync($"/v1/metropolitan/capture/{path}", body);

    [Fact]
    public async Task Stops_become_concerns_and_audits_of_one_contributor_whom_nobody_can_name()
    {
        var reference = NewReference();
        var officer = Officer(reference, "officer-of-the-stops");
        var before = await app.Published<ConcernReceived>();
        Assert.Equal(1, (await FeedbackApp.Read<CaptureView>(await Post(officer, "stops", Dark))).Stops);
        Assert.Equal(2, (await FeedbackApp.Read<CaptureView>(await Post(officer, "stops", Dark with { Ratings = new Dictionary<string, int>(), Codes = ["ENV-WORKS"] }))).Stops);

        var received = (await app.Published<ConcernReceived>()).Except(before).ToList();
        Assert.Equal(["ENV-LIGHT-LOW", "ENV-VEG", "ENV-WORKS"], received.Select(c => c.Category).Order());
        var contributor = Assert.Single(received.Select(c => c.Contributor).Distinct());
        Assert.Contains(await app.Published<AuditSubmitted>(), a => a.Contributor == contributor);
        // Her rating is the force's own: it must not confirm what the force claims.
        Assert.False(await app.Db<FeedbackDb, bool>(db => db.Audits.Where(a => a.MailboxId == contributor).Select(a => a.FromWalk).SingleAsync()));
        var concern = await app.Concern(received[0].ConcernId);
        Assert.True(concern.FromWalk);

        // Nothing in the whole database names the officer, and the reference itself is nowhere.
        var texts = await app.Db<FeedbackDb, List<string>>(async db => [.. (await db.Database.SqlQuery<string>($"SELECT actor AS \"Value\" FROM audit").ToListAsync()).Distinct()]);
        Assert.DoesNotContain(texts, a => a.Contains("officer-of-the-stops", StringComparison.Ordinal));
        Assert.Contains("officer", texts);
        Assert.Empty(await app.Db<FeedbackDb, List<string>>(db => db.Database.SqlQuery<string>($"SELECT subject_id AS \"Value\" FROM audit WHERE subject_id LIKE {"%" + reference + "%"}").ToListAsync()));
        var times = await app.Db<FeedbackDb, List<TimeSpan>>(async db => [.. (await db.AuditTrail.Where(a => a.Actor == "officer").Select(a => a.At).ToListAsync()).Select(at => at.TimeOfDay).Distinct()]);
        Assert.Equal([TimeSpan.Zero], times);
    }

    [Fact]
    public async Task A_stop_holds_no_secret_and_nothing_without_her_consent()
    {
        var officer = Officer(NewReference());
        await FeedbackApp.Refused(await Post(officer, "stops", Dark with { Consent = false }), "consent-needed", 422);
        await FeedbackApp.Refused(await Post(officer, "stops", Dark with { Codes = ["BEH-FOLLOW"] }), "sealed-form", 422);
        await FeedbackApp.Refused(await Post(officer, "stops", Dark with { Codes = ["POL-CONDUCT"] }), "sealed-form", 422);
        await FeedbackApp.Refused(await Post(officer, "stops", Dark with { Place = new PlaceInput { WardCode = FeedbackApp.Ward, Landmark = "where a man raped her" } }), "sealed-form", 422);
        await FeedbackApp.Refused(await Post(officer, "stops", Dark with { Place = new PlaceInput { WardCode = "E01" } }), "unknown-ward", 400);
        await FeedbackApp.Refused(await Post(officer, "stops", Dark with { Codes = ["ENV-NONE"] }), "unknown-code", 400);
        await FeedbackApp.Refused(await Post(officer, "stops", Dark with { Ratings = new Dictionary<string, int> { ["A1"] = 4 } }), "unknown-rating", 400);
        await FeedbackApp.Refused(await Post(officer, "stops", Dark with { Codes = [], Ratings = new Dictionary<string, int>() }), "nothing-sent", 400);
        await FeedbackApp.Refused(await Post(app.Client("officer"), "stops", Dark), "capture-needed", 400);
        await FeedbackApp.Refused(await Post(Officer("too-short"), "stops", Dark), "capture-needed", 400);
        // To rate a place needs no consent: it says nothing of her.
        Assert.Equal(1, (await FeedbackApp.Read<CaptureView>(await Post(officer, "stops", Dark with { Codes = [], Consent = false }))).Stops);
        Assert.Equal(0, (await FeedbackApp.Read<CaptureView>(await Officer(NewReference()).GetAsync("/v1/metropolitan/capture"))).Stops);
    }

    [Fact]
    public async Task The_same_key_notes_a_stop_once_also_when_many_send_it()
    {
        var officer = Officer(NewReference());
        officer.DefaultRequestHeaders.Add("Idempotency-Key", Guid.NewGuid().ToString());
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Post(officer, "stops", Dark)));
        Assert.All(answers, a => Assert.Equal(HttpStatusCode.OK, a.StatusCode));
        officer.DefaultRequestHeaders.Remove("Idempotency-Key");
        Assert.Equal(1, (await FeedbackApp.Read<CaptureView>(await officer.GetAsync("/v1/metropolitan/capture"))).Stops);
    }

    [Fact]
    public async Task A_promise_stays_open_until_it_is_an_action_or_is_answered()
    {
        var officer = Officer(NewReference());
        await FeedbackApp.Refused(await Post(officer, "promises", new PromiseMade { What = "Please avoid the passage after dark." }), "burdening-wording", 422);
        await FeedbackApp.Refused(await Post(officer, "promises", new PromiseMade { What = "Ask for a second lamp.", WardCode = "E01" }), "unknown-ward", 400);
        Assert.Equal(HttpStatusCode.BadRequest, (await Post(officer, "promises", new { what = "Ask for a second lamp.", withinDays = 3 })).StatusCode);
        var lamp = "Ask street lighting for a second lamp.";
        var patrol = "Come by on Friday evenings, ask amina@example.org.";
        await FeedbackApp.Read<CaptureView>(await Post(officer, "promises", new PromiseMade { What = lamp, WithinDays = 14, WardCode = FeedbackApp.Ward }));
        var view = await FeedbackApp.Read<CaptureView>(await Post(officer, "promises", new PromiseMade { What = patrol, To = "Shop keeper", WithinDays = 7 }));
        Assert.Equal(2, view.Promises.Count);
        Assert.All(view.Promises, p => Assert.Equal(DayOfWeek.Friday, p.DueOn.DayOfWeek));

        var open = (await List("open")).Rows;
        var first = open.Single(p => p.What == lamp);
        var second = open.Single(p => p.To == "Shop keeper");
        Assert.Equal(("in-time", "Open", FeedbackApp.Ward), (first.Clock, first.State, first.WardCode));
        Assert.DoesNotContain("amina@example.org", second.What, StringComparison.Ordinal);
        Assert.True(second.DueOn < first.DueOn);

        await FeedbackApp.Refused(await app.Post($"promises/{first.Id}/action", Taken), "if-match-required", 428);
        await FeedbackApp.Refused(await app.Post($"promises/{first.Id}/action", Taken with { Code = null }, first.Version), "unknown-code", 400);
        await FeedbackApp.Refused(await app.Post($"promises/{first.Id}/action", Taken with { OwnerBody = "NOBODY" }, first.Version), "unknown-body", 400);
        await FeedbackApp.Accepted(await app.Post($"promises/{first.Id}/action", Taken, first.Version));
        await FeedbackApp.Refused(await app.Post($"promises/{first.Id}/answer", new PromiseAnswer { Answer = "The lamp was asked for.", Code = "ENV-LIGHT-LOW" }, first.Version + 1), "wrong-state", 409);
        await FeedbackApp.Refused(await app.Post($"promises/{second.Id}/answer", new PromiseAnswer { Answer = "Women should avoid the path.", Code = "POL-ABSENT" }, second.Version), "burdening-wording", 422);
        await FeedbackApp.Refused(await app.Post($"promises/{second.Id}/answer", new PromiseAnswer { Answer = "We come by on Fridays.", Code = "BEH-TOUCH" }, second.Version), "unknown-code", 400);
        await FeedbackApp.Accepted(await app.Post($"promises/{second.Id}/answer", new PromiseAnswer { Answer = "We come by on Fridays until Easter.", Code = "POL-ABSENT", Kept = true }, second.Version));
        await FeedbackApp.Refused(await app.Post($"promises/{Guid.NewGuid()}/answer", new PromiseAnswer { Answer = "We come by on Fridays.", Code = "POL-ABSENT" }, 1), "not-found", 404);

        Assert.DoesNotContain((await List("open")).Rows, p => p.Id == first.Id || p.Id == second.Id);
        var ended = (await List("ended")).Rows;
        var action = ended.Single(p => p.Id == first.Id).ActionId!.Value;
        Assert.Equal("We come by on Fridays until Easter.", ended.Single(p => p.Id == second.Id).Answer);
        Assert.Equal(lamp, (await FeedbackApp.Read<ActionView>(await app.Client("coordinator").GetAsync($"/v1/metropolitan/actions/{action}"))).Asked);
        Assert.Contains(await app.Published<ActionAgreed>(), a => a.ActionId == action && a.ConcernIds.Count == 0);
        Assert.Equal(HttpStatusCode.OK, (await app.Client("oversight").GetAsync($"/v1/metropolitan/promises/{first.Id}")).StatusCode);

        // Both stand on the public board, as coarse as everything there; what is done about the action goes on in its entry.
        var board = (await FeedbackApp.Read<BoardPage>(await app.Client().GetAsync("/v1/metropolitan/board"))).Entries;
        var inHand = board.Single(e => e.Asked == lamp);
        Assert.Equal(("ENV-LIGHT-LOW", FeedbackApp.Ward, null, "2026Q4", "in-hand"), (inHand.Category, inHand.WardCode, inHand.LightBand, inHand.Period, inHand.State));
        var kept = board.Single(e => e.Steps[^1].Text == "We come by on Fridays until Easter.");
        Assert.Equal(("POL-ABSENT", null, "we-say-done"), (kept.Category, kept.WardCode, kept.State));
        await FeedbackApp.Accepted(await app.Post($"actions/{action}/claim", new DoneClaim { Done = "A second lamp was fitted." }, 1));
        Assert.Equal("we-say-done", (await FeedbackApp.Read<BoardPage>(await app.Client().GetAsync("/v1/metropolitan/board"))).Entries.Single(e => e.Asked == lamp).State);
    }

    [Fact]
    public async Task What_was_told_of_harm_is_flagged_at_once_and_sealed()
    {
        var officer = Officer(NewReference());
        var flagged = await app.Published<DisclosureFlagged>();
        await FeedbackApp.Refused(await Post(officer, "end", new CaptureEnded { Themes = ["NONE"] }), "unknown-code", 400);
        var ended = await FeedbackApp.Read<CaptureView>(await Post(officer, "end", new CaptureEnded { Themes = ["ENV", "BEH"], Disclosed = true }));
        Assert.Equal((true, true), (ended.Ended, ended.Disclosed));
        await FeedbackApp.Read<CaptureView>(await Post(officer, "end", new CaptureEnded { Themes = ["ENV"], Disclosed = true }));
        var id = Assert.Single((await app.Published<DisclosureFlagged>()).Except(flagged)).DisclosureId;

        // The clock runs from the flag; the form fills the same record.
        var empty = await Opened(id);
        Assert.Equal(("officer", "Flagged"), (empty.Cause, empty.State));
        Assert.Equal(HttpStatusCode.BadRequest, (await Post(officer, "disclosure", new { text = "A man follows her home. Reach me at 3127.", choice = "Later" })).StatusCode);
        await FeedbackApp.Read<CaptureView>(await Post(officer, "disclosure", new DisclosureTold { Text = "A man follows her home. Reach me at 3127.", Choice = "Supported" }));
        var told = await Opened(id);
        Assert.Equal(("Supported", "A man follows her home. Reach me at 3127.", empty.DueAt), (told.Choice, told.Narrative, told.DueAt));
        Assert.Single((await app.Published<DisclosureFlagged>()).Except(flagged));
    }

    [Fact]
    public async Task A_sealed_form_that_tells_of_police_leaves_safeguarding_for_standards()
    {
        var officer = Officer(NewReference());
        var flagged = await app.Published<DisclosureFlagged>();
        await FeedbackApp.Read<CaptureView>(await Post(officer, "end", new CaptureEnded { Disclosed = true }));
        var id = Assert.Single((await app.Published<DisclosureFlagged>()).Except(flagged)).DisclosureId;
        await FeedbackApp.Read<CaptureView>(await Post(officer, "disclosure", new DisclosureTold { Text = "The officer grabbed her arm. Reach me at 3127.", Choice = "Supported" }));
        await FeedbackApp.Refused(await app.Client("safeguarding").GetAsync($"/v1/metropolitan/disclosures/{id}"), "not-found", 404);
        Assert.Contains("grabbed", (await FeedbackApp.Read<DisclosureView>(await app.Client("standards").GetAsync($"/v1/metropolitan/disclosures/{id}"))).Narrative, StringComparison.Ordinal);
    }

    private async Task<DisclosureView> Opened(Guid id) =>
        await FeedbackApp.Read<DisclosureView>(await app.Client("safeguarding").GetAsync($"/v1/metropolitan/disclosures/{id}"));

    private async Task<PromisesPage> List(string state) =>
        await FeedbackApp.Read<PromisesPage>(await app.Client("coordinator").GetAsync($"/v1/metropolitan/promises?state={state}"));

    private PromiseTaken Taken => new()
    {
        Type = "LIGHT", OwnerBody = "LA", OwnerRole = "Street lighting", DueOn = DateOnly.FromDateTime(app.Time.GetUtcNow().UtcDateTime).AddDays(20), FourP = "protect",
        Promise = "Council street lighting fits a second lamp within three weeks.", Code = "ENV-LIGHT-LOW",
    };
}

public sealed class OnTheWalkOnSqlite(FeedbackApp.Sqlite app) : OnTheWalkTests(app), IClassFixture<FeedbackApp.Sqlite>;

public sealed class OnTheWalkOnPostgres(FeedbackApp.Postgres app) : OnTheWalkTests(app), IClassFixture<FeedbackApp.Postgres>;
