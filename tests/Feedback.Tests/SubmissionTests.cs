using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Feedback;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.Contracts.Notification;

namespace WalkTalk.Feedback.Tests;

public abstract class SubmissionTests(FeedbackApp app)
{
    private const string Path = "/v1/metropolitan/submissions";

    [Fact]
    public async Task After_a_walk_she_audits_a_place_and_names_two_concerns_of_which_one_is_sealed()
    {
        var token = app.Token();
        var receipt = await app.Send(new FeedbackSubmission
        {
            AttendanceToken = token,
            Concerns = [FeedbackApp.Light("The lamp is out, ring me on 07700 900123"), FeedbackApp.Light("A man followed me from here") with { Code = "BEH-FOLLOW" }],
            Audits = [new AuditInput { WardCode = FeedbackApp.Ward, LightBand = "dark", Ratings = new Dictionary<string, int>
                { ["A1"] = 0, ["A2"] = 1, ["A3"] = 1, ["A4"] = 0, ["A5"] = 1, ["A6"] = 1, ["A7"] = 2, ["F"] = 1 } }],
        });

        Assert.Equal(["audit", "concern", "concern", "disclosure"], receipt.Items.Select(i => i.Kind).Order());
        Assert.Equal(29, receipt.Items.Single(i => i.Kind == "audit").Score);

        var references = receipt.Items.Select(i => i.Reference).ToList();
        var rows = await app.Db<FeedbackDb, List<Concern>>(db => db.Concerns.AsNoTracking().Where(c => references.Contains(c.Reference)).ToListAsync());
        var light = rows.Single(c => c.Code == "ENV-LIGHT-OUT");
        Assert.Equal("The lamp is out, ring me on [phone]", light.Text);
        Assert.True(light.FromWalk);
        var followed = rows.Single(c => c.Code == "BEH-FOLLOW");
        Assert.True(followed is { NarrativeSealed: true, Text: null, Landmark: null, WardCode: FeedbackApp.Ward, State: ConcernState.Acknowledged });

        var received = (await app.Published<ConcernReceived>()).Where(r => rows.Any(c => c.Id == r.ConcernId)).ToList();
        Assert.Equal(["BEH-FOLLOW", "ENV-LIGHT-OUT"], received.Select(r => r.Category).Order());
        Assert.Single((await app.Published<AuditSubmitted>()), a => a.Contributor == received[0].Contributor && a.Ratings.Count == 7 && a.Feel == 1);

        await FeedbackApp.Refused(await app.Client().PostAsJsonAsync(Path, new FeedbackSubmission { AttendanceToken = token, Concerns = [FeedbackApp.Light()] }), "attendance-spent", 409);
    }

    [Fact]
    public async Task Two_who_use_one_token_at_once_are_one_submission()
    {
        var submission = new FeedbackSubmission { AttendanceToken = app.Token(), Concerns = [FeedbackApp.Light()] };
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => app.Client().PostAsJsonAsync(Path, submission)));
        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.Created);
        Assert.Equal(5, answers.Count(a => a.StatusCode == HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task A_wrong_token_sends_nothing()
    {
        var before = await app.Db<FeedbackDb, int>(db => db.Mailboxes.CountAsync());
        foreach (var token in new[] { "x", app.Token()[..^6] + "AAAAAA", app.Token().Replace('.', ' '), app.Token(force: "gwent") })
        {
            await FeedbackApp.Refused(await app.Client().PostAsJsonAsync(Path, new FeedbackSubmission { AttendanceToken = token, Concerns = [FeedbackApp.Light()] }), "attendance-invalid", 422);
            await FeedbackApp.Refused(await app.Client().PostAsJsonAsync("/v1/metropolitan/attendance", new AttendanceCheck { Token = token }), "attendance-invalid", 422);
        }
        Assert.Equal(before, await app.Db<FeedbackDb, int>(db => db.Mailboxes.CountAsync()));
        var good = await FeedbackApp.Read<AttendanceChecked>(await app.Client().PostAsJsonAsync("/v1/metropolitan/attendance", new AttendanceCheck { Token = app.Token() }));
        Assert.Equal(new AttendanceChecked(FeedbackApp.Ward, "2026Q4"), good);
    }

    [Fact]
    public async Task Without_a_walk_she_stays_nobody_and_no_row_knows_the_moment()
    {
        var receipt = await app.Send(FeedbackApp.Light("My e-mail is a@example.org"));
        await app.Db<FeedbackDb>(async db =>
        {
            var mailbox = await db.Mailboxes.SingleAsync(m => m.Reference == receipt.Reference);
            Assert.True(mailbox is { Email: null, AccessUntil: null });
            // Random, not time-ordered.
            Assert.Equal(4, mailbox.Id.Version);
            var concern = await db.Concerns.SingleAsync(c => c.MailboxId == mailbox.Id);
            Assert.Equal(4, concern.Id.Version);
            Assert.Equal("My e-mail is [email]", concern.Text);
            Assert.DoesNotContain("example", concern.SealedOriginal!, StringComparison.Ordinal);
            var fact = await db.Outbox.AsNoTracking().SingleAsync(r => r.Name == "concern-received" && r.Body.Contains(concern.Id.ToString()));
            Assert.Equal(TimeSpan.Zero, fact.CreatedAt.TimeOfDay);
            Assert.Null(fact.Traceparent);
            Assert.All(await db.AuditTrail.AsNoTracking().Where(a => a.SubjectId == concern.Id.ToString()).ToListAsync(), a => Assert.Equal(TimeSpan.Zero, a.At.TimeOfDay));
        });
        Assert.Empty(await Asked(receipt));
    }

    [Fact]
    public async Task Who_gives_an_address_is_told_and_no_word_of_hers_travels()
    {
        var receipt = await app.Send(new FeedbackSubmission { Email = "her@example.org", Language = "cy", Concerns = [FeedbackApp.Light("a very private sentence")] });
        var ack = Assert.Single(await Asked(receipt));
        Assert.Equal(("concern-ack", "cy", true), (ack.Template, ack.Language, ack.Mandatory));
        Assert.DoesNotContain("private", string.Join(' ', ack.Fields.Values), StringComparison.Ordinal);
        Assert.DoesNotContain("example", ack.RecipientProtected, StringComparison.Ordinal);
        Assert.All(ack.Fields.Keys, k => Assert.Contains(NotificationTemplates.Find(ack.Template)!.Fields, f => f.Name == k.TrimStart('!')));
    }

    [Fact]
    public async Task The_same_key_and_body_are_one_submission_with_the_same_words()
    {
        var client = app.Client();
        client.DefaultRequestHeaders.Add("Idempotency-Key", Guid.NewGuid().ToString());
        var body = new FeedbackSubmission { Concerns = [FeedbackApp.Light()] };
        var first = await FeedbackApp.Read<FeedbackReceipt>(await client.PostAsJsonAsync(Path, body), HttpStatusCode.Created);
        var second = await FeedbackApp.Read<FeedbackReceipt>(await client.PostAsJsonAsync(Path, body), HttpStatusCode.Created);
        Assert.Equal((first.Reference, first.Words), (second.Reference, second.Words));
        await FeedbackApp.Refused(await client.PostAsJsonAsync(Path, body with { Language = "cy" }), "idempotency-key-reused", 422);
    }

    [Fact]
    public async Task Safe_places_and_conduct_are_no_open_concerns()
    {
        var receipt = await app.Send(
            new ConcernInput { Code = "POS-SAFE", Place = new() { WardCode = FeedbackApp.Ward }, Text = "The market is busy until late" },
            new ConcernInput { Code = "POL-CONDUCT", Place = new() { WardCode = FeedbackApp.Ward }, Text = "The officer would not listen to me" });
        Assert.Equal(["safe-place", "standards"], receipt.Items.Select(i => i.Kind).Order());
        Assert.True(receipt.ComplaintRoute);
        var references = receipt.Items.Select(i => i.Reference).ToList();
        Assert.False(await app.Db<FeedbackDb, bool>(db => db.Concerns.AnyAsync(c => references.Contains(c.Reference))));
        Assert.Contains(await app.Published<ConcernReceived>(), r => r is { Category: "POL-CONDUCT", WardCode: null, BoroughCode: FeedbackApp.Borough });
    }

    [Fact]
    public async Task Danger_now_is_said_before_and_after_sending()
    {
        var check = await FeedbackApp.Read<TextChecked>(await app.Client().PostAsJsonAsync("/v1/metropolitan/text-checks", new TextCheck { Text = "He is outside my door" }));
        Assert.True(check.Danger);
        Assert.True((await app.Send(FeedbackApp.Light("He is outside my door"))).Danger);
    }

    public static TheoryData<string, string, int> Unfit => new()
    {
        { "{}", "nothing-sent", 400 },
        { """{"concerns":[{"code":"NO-SUCH"}]}""", "unknown-code", 400 },
        { """{"concerns":[{"code":"ENV-VEG","place":{"wardCode":"W06000015"}}]}""", "unknown-ward", 400 },
        { """{"audits":[{"wardCode":"E05014098","lightBand":"dark","ratings":{"A1":4}}]}""", "unknown-rating", 400 },
        { """{"audits":[{"wardCode":"E05014098","lightBand":"dark","ratings":{"Z9":1}}]}""", "unknown-rating", 400 },
    };

    [Theory, MemberData(nameof(Unfit))]
    public async Task What_does_not_fit_is_refused_by_name(string json, string type, int status) =>
        await FeedbackApp.Refused(await app.Client().PostAsync(Path, Json(json)), type, status);

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"concerns":[{"code":"ENV-VEG","lightBand":"noon"}]}""")]
    [InlineData("""{"concerns":[{"code":"ENV-VEG","intensity":9}]}""")]
    [InlineData("""{"concerns":[{}]}""")]
    [InlineData("""{"email":"nobody","concerns":[{"code":"ENV-VEG"}]}""")]
    [InlineData("""{"language":"xx","concerns":[{"code":"ENV-VEG"}]}""")]
    [InlineData("""{"concerns":[{"code":"ENV-VEG","disclosureChoice":"Maybe"}]}""")]
    public async Task What_is_malformed_is_a_400_problem(string json)
    {
        var response = await app.Client().PostAsync(Path, Json(json));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    private async Task<List<NotificationRequested>> Asked(FeedbackReceipt receipt)
    {
        var references = receipt.Items.Select(i => i.Reference).ToList();
        var ids = await app.Db<FeedbackDb, List<Guid>>(db => db.Concerns.Where(c => references.Contains(c.Reference)).Select(c => c.Id).ToListAsync());
        return [.. (await app.Published<NotificationRequested>()).Where(n => ids.Contains(n.SubjectId))];
    }

    private static StringContent Json(string json) => new(json, System.Text.Encoding.UTF8, "application/json");
}

public sealed class SubmissionsOnSqlite(FeedbackApp.Sqlite app) : SubmissionTests(app), IClassFixture<FeedbackApp.Sqlite>;

public sealed class SubmissionsOnPostgres(FeedbackApp.Postgres app) : SubmissionTests(app), IClassFixture<FeedbackApp.Postgres>;
