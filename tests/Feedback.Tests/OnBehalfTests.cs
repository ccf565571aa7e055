using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.Fixtures;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Feedback.Tests;

/// <summary>What does not come from her own hand on a screen: typed in for her, or sent as a text message.</summary>
public abstract class OnBehalfTests(FeedbackApp app)
{
    private static OnBehalf Phoned(params ConcernInput[] concerns) => new() { Channel = "phone", Consented = true, ReadBack = true, Submission = new FeedbackSubmission { Concerns = concerns } };

    private async Task<FeedbackReceipt> TypedIn(OnBehalf typed) => await FeedbackApp.Read<FeedbackReceipt>(await app.Post("submissions/on-behalf", typed, sub: "the-typist"), HttpStatusCode.Created);

    [Fact]
    public async Task What_she_told_on_the_phone_is_a_concern_like_any_other_and_the_slip_opens_her_mailbox()
    {
        var receipt = await TypedIn(Phoned(FeedbackApp.Light("The lamp is out, ring 07700 900123")));
        Assert.Equal("concern", (await app.Item(await app.Open(receipt))).Kind);
        var concern = await app.Concern(receipt);
        Assert.Equal(("phone", "The lamp is out, ring [phone]", false), (concern.Channel, concern.Text, concern.FromWalk));
        Assert.Equal("web", (await app.Concern(await app.Send(FeedbackApp.Light()))).Channel);
        Assert.Equal("walk", (await app.Concern(await app.Send(new FeedbackSubmission { AttendanceToken = app.Token(), Concerns = [FeedbackApp.Light()] }))).Channel);
    }

    [Fact]
    public async Task Who_typed_it_stands_in_the_audit_trail_alone()
    {
        var receipt = await TypedIn(Phoned(FeedbackApp.Light()));
        var concern = await app.Concern(receipt);
        await app.Db<FeedbackDb>(async db =>
        {
            var mailbox = (await db.Mailboxes.SingleAsync(m => m.Reference == receipt.Reference)).Id.ToString();
            Assert.Contains(await db.AuditTrail.ToListAsync(), a => a is { Action: "typed-in", Actor: "staff:the-typist", Reason: "phone, read back" } && a.SubjectId == mailbox);
        });
        foreach (var seen in (string[])[$"/v1/metropolitan/concerns/{concern.Id}", "/v1/metropolitan/concerns"])
            Assert.DoesNotContain("the-typist", await app.Client("coordinator").GetStringAsync(seen), StringComparison.Ordinal);
        Assert.DoesNotContain("the-typist", await (await app.Open(receipt)).GetStringAsync("/v1/metropolitan/mailbox"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_belongs_under_seal_is_sealed_although_somebody_has_typed_it()
    {
        var receipt = await TypedIn(Phoned(FeedbackApp.Light("A man followed me to my door"), FeedbackApp.Light("The officer would not listen to me") with { Code = "POL-CONDUCT" }));
        Assert.Equal(["concern", "disclosure", "standards"], receipt.Items.Select(i => i.Kind).Order());
        Assert.True((await app.Concern(receipt)) is { NarrativeSealed: true, Text: null });
    }

    [Fact]
    public async Task Without_her_yes_nothing_is_kept()
    {
        var before = await app.Db<FeedbackDb, int>(db => db.Mailboxes.CountAsync());
        var typed = Phoned(FeedbackApp.Light());
        await FeedbackApp.Refused(await app.Post("submissions/on-behalf", typed with { Consented = false }), "consent-needed", 422);
        await FeedbackApp.Refused(await app.Post("submissions/on-behalf", typed with { ReadBack = false }), "read-back-needed", 422);
        await FeedbackApp.Refused(await app.Post("submissions/on-behalf", typed with { Submission = typed.Submission with { AttendanceToken = app.Token() } }), "attendance-invalid", 422);
        await FeedbackApp.Refused(await app.Post("submissions/on-behalf", typed with { Submission = new FeedbackSubmission() }), "nothing-sent", 400);
        Assert.Equal(HttpStatusCode.BadRequest, (await app.Post("submissions/on-behalf", typed with { Channel = "pigeon" })).StatusCode);
        Assert.Equal(before, await app.Db<FeedbackDb, int>(db => db.Mailboxes.CountAsync()));
        // Nobody reads paper back to anybody.
        await TypedIn(typed with { Channel = "paper", ReadBack = false });
    }

    private static object Texted(string message, string number = "447400123456", object? id = null) =>
        new { id = id ?? Guid.NewGuid(), source_number = number, destination_number = "447700900999", message, date_received = "2026-11-24T11:59:00.000000Z" };

    [Fact]
    public async Task A_text_message_is_one_concern_however_often_it_is_called_back_with()
    {
        var text = Texted("The lamp by the steps is out, says Ann on 07700 900456");
        var before = await app.Db<FeedbackDb, int>(db => db.Mailboxes.CountAsync());
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Text(text, FeedbackApp.TextToken)));
        // One reply, whichever of them is told it; the others have nothing to send.
        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.OK);
        Assert.All(answers.Where(a => a.StatusCode != HttpStatusCode.OK), a => Assert.Equal(HttpStatusCode.NoContent, a.StatusCode));
        var reply = (await FeedbackApp.Read<ReplyToText>(answers.Single(a => a.StatusCode == HttpStatusCode.OK))).Text;
        Assert.StartsWith("We have your message. Nobody reads it at once. In danger: call 999;", reply, StringComparison.Ordinal);
        await app.Db<FeedbackDb>(async db =>
        {
            var mailbox = await db.Mailboxes.SingleAsync(m => m.Channel == "sms" && db.Concerns.Any(c => c.MailboxId == m.Id && c.Text!.StartsWith("The lamp by the steps is out")));
            Assert.Equal(before + 1, await db.Mailboxes.CountAsync());
            // Nobody needs her number: it is not kept.
            Assert.True(mailbox is { Phone: null, AccessUntil: null });
            var concern = await db.Concerns.SingleAsync(c => c.MailboxId == mailbox.Id);
            Assert.Equal(("ENV-OTHER", false), (concern.Code, concern.Text!.Contains("900456", StringComparison.Ordinal)));
        });
        Assert.DoesNotContain(app.Log, line => line.Contains("7400123456", StringComparison.Ordinal) || line.Contains(Link(reply), StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_link_of_the_reply_shows_words_once_and_they_open_her_mailbox()
    {
        var link = Link(await Replied(Texted("The gate by the canal is broken")));
        // The link opens nothing itself.
        var client = app.Client();
        client.DefaultRequestHeaders.Add("Mailbox-Access", link);
        await FeedbackApp.Refused(await client.GetAsync("/v1/metropolitan/mailbox"), "mailbox-closed", 401);

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Words(link)));
        var shown = await FeedbackApp.Read<MailboxWordsShown>(Assert.Single(answers, a => a.StatusCode == HttpStatusCode.OK));
        await FeedbackApp.Refused(await Words(link), "link-unknown", 404);
        await FeedbackApp.Refused(await Words("another"), "link-unknown", 404);

        await FeedbackApp.Refused(await client.PostAsJsonAsync("/v1/metropolitan/mailbox/openings", new MailboxOpening { Reference = shown.Reference, Words = "apple apple apple apple apple" }), "mailbox-closed", 401);
        var mailbox = await app.Open(new FeedbackReceipt { Reference = shown.Reference, Words = shown.Words, Danger = false, ComplaintRoute = false, Items = [] });
        var item = await app.Item(mailbox);
        Assert.Equal(("Acknowledged", "ENV-OTHER"), (item.State, item.Code));
        await FeedbackApp.Accepted(await mailbox.PostAsJsonAsync($"/v1/metropolitan/mailbox/concerns/{item.Id}/withdrawal", new { }));

        // Of her rows none says more than the day, in the audit trail either.
        await app.Db<FeedbackDb>(async db =>
        {
            var id = (await db.Mailboxes.SingleAsync(m => m.Reference == shown.Reference)).Id.ToString();
            Assert.All(await db.AuditTrail.Where(a => a.SubjectId == id).ToListAsync(), a => Assert.Equal(TimeSpan.Zero, a.At.TimeOfDay));
        });
        await FeedbackApp.Refused(await Words(link), "link-unknown", 404);
    }

    [Fact]
    public async Task The_same_key_is_the_same_reply_for_the_adapter_alone_and_nothing_at_rest_reads_it()
    {
        var (text, key) = (Texted("The bench is broken"), Guid.NewGuid().ToString());
        var first = await Replied(text, key);
        Assert.Equal(first, await Replied(text, key));
        await FeedbackApp.Refused(await Text(text, null, key), "text-token", 401);
        await FeedbackApp.Refused(await Text(text, FeedbackApp.TextToken[..^1] + "x", key), "text-token", 401);
        // Without the key the message has been answered: nothing goes to her twice.
        Assert.Equal(HttpStatusCode.NoContent, (await Text(text, FeedbackApp.TextToken)).StatusCode);
        await app.Db<FeedbackDb>(async db =>
        {
            var link = Link(first);
            Assert.All(await db.Answers.ToListAsync(), row => Assert.Equal(-1, row.Answer.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(link))));
            Assert.Equal(1, await db.Mailboxes.CountAsync(m => m.AccessHash == Secrets.HashOf(link)));
        });

        // Words that were on their way when the line broke are the same words again.
        var again = Guid.NewGuid().ToString();
        Assert.Equal(await FeedbackApp.Read<MailboxWordsShown>(await Words(Link(first), again)), await FeedbackApp.Read<MailboxWordsShown>(await Words(Link(first), again)));
    }

    [Fact]
    public async Task What_a_text_says_of_a_crime_is_sealed_and_its_reply_does_not_tell()
    {
        var harmless = await Replied(Texted("The lamp at the crossing is out"));
        var reply = await Replied(Texted("A man followed me to my gate"));
        Assert.Equal(harmless.Replace(Link(harmless), "", StringComparison.Ordinal), reply.Replace(Link(reply), "", StringComparison.Ordinal));
        var shown = await FeedbackApp.Read<MailboxWordsShown>(await Words(Link(reply)));
        var mailbox = await app.Open(new FeedbackReceipt { Reference = shown.Reference, Words = shown.Words, Danger = false, ComplaintRoute = false, Items = [] });
        var disclosure = await app.Item(mailbox, "disclosure");

        // Safeguarding may come to need her number, and has it only once she chose to be contacted.
        Assert.Null((await View(disclosure.Id)).Phone);
        await FeedbackApp.Accepted(await mailbox.PostAsJsonAsync($"/v1/metropolitan/mailbox/disclosures/{disclosure.Id}/choice", new DisclosureChoice { Choice = "Supported" }));
        Assert.Equal("+447400123456", (await View(disclosure.Id)).Phone);
        await app.Db<FeedbackDb>(async db => Assert.DoesNotContain("7400123456", (await db.Mailboxes.SingleAsync(m => m.Reference == shown.Reference)).Phone!, StringComparison.Ordinal));

        await Replied(Texted("A man followed me to my door", "WALKTALK"));
        await app.Db<FeedbackDb>(async db => Assert.Contains(await db.Mailboxes.ToListAsync(), m => m is { Channel: "sms", Phone: null } && db.Disclosures.Any(d => d.MailboxId == m.Id)));

        async Task<DisclosureView> View(Guid id) => await FeedbackApp.Read<DisclosureView>(await app.Client("safeguarding").GetAsync($"/v1/metropolitan/disclosures/{id}"));
    }

    [Fact]
    public async Task A_text_without_the_token_or_for_a_force_that_takes_none_is_refused()
    {
        var text = new { id = Guid.NewGuid(), source_number = "447700900123", message = "The lamp is out" };
        await FeedbackApp.Refused(await Text(text, null), "text-token", 401);
        await FeedbackApp.Refused(await Text(text, FeedbackApp.TextToken[..^1]), "text-token", 401);
        await FeedbackApp.Refused(await Text(text, FeedbackApp.TextToken + "x"), "text-token", 401);
        Assert.Equal(HttpStatusCode.BadRequest, (await Text(new { id = "1", source_number = "447700900123" }, FeedbackApp.TextToken)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await Text(Texted(" "), FeedbackApp.TextToken)).StatusCode);
    }

    private const string Page = "https://walktalk.example/metropolitan/my-words/";

    /// <summary>The secret of the reply's last line.</summary>
    private static string Link(string reply)
    {
        var last = reply.Split('\n')[^1];
        Assert.StartsWith(Page, last, StringComparison.Ordinal);
        return last[Page.Length..];
    }

    private async Task<string> Replied(object text, string? key = null) => (await FeedbackApp.Read<ReplyToText>(await Text(text, FeedbackApp.TextToken, key))).Text;

    private async Task<HttpResponseMessage> Words(string link, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/metropolitan/mailbox/words") { Content = JsonContent.Create(new WordsLink { Token = link }) };
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        return await app.Client().SendAsync(request);
    }

    private async Task<HttpResponseMessage> Text(object text, string? token, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/metropolitan/received-texts") { Content = JsonContent.Create(text) };
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return await app.Client().SendAsync(request);
    }
}

/// <summary>Where somebody has said under which name the pages are reached.</summary>
public abstract class WithPages(TestOn on) : FeedbackApp(on)
{
    protected override IEnumerable<(string Key, string? Value)> Settings() => [.. base.Settings(), ("Feedback:PublicUrl", "https://walktalk.example/")];

    public sealed class OnSqlite() : WithPages(TestOn.OneProcess);

    public sealed class OnPostgres() : WithPages(TestOn.PostgresAndRabbit);
}

public sealed class OnBehalfOnSqlite(WithPages.OnSqlite app) : OnBehalfTests(app), IClassFixture<WithPages.OnSqlite>
{
    [Fact]
    public async Task Until_a_force_has_a_token_there_is_no_such_door()
    {
        await using var off = new FeedbackApp.Sqlite { TakesTexts = false };
        await off.InitializeAsync();
        await FeedbackApp.Refused(await off.Client().PostAsJsonAsync("/v1/metropolitan/received-texts", new { id = "1", source_number = "447700900123", message = "The lamp is out" }), "not-found", 404);
    }

    [Fact]
    public async Task Words_wait_for_28_days_and_where_nobody_knows_the_pages_the_reply_has_no_link()
    {
        await using var late = new WithPages.OnSqlite();
        await late.InitializeAsync();
        var (inTime, past) = (await Replied(late), await Replied(late));
        late.Time.Advance(TimeSpan.FromDays(28));
        Assert.Equal(HttpStatusCode.OK, (await Shown(inTime)).StatusCode);
        late.Time.Advance(TimeSpan.FromDays(1));
        await FeedbackApp.Refused(await Shown(past), "link-unknown", 404);
        await using var nameless = new FeedbackApp.Sqlite();
        await nameless.InitializeAsync();
        Assert.Equal("We have your message. Nobody reads it at once. In danger: call 999; cannot speak: then press 55.", await Replied(nameless));

        Task<HttpResponseMessage> Shown(string reply) => late.Client().PostAsJsonAsync("/v1/metropolitan/mailbox/words", new WordsLink { Token = reply.Split('/')[^1] });
        static async Task<string> Replied(FeedbackApp app)
        {
            var client = app.Client();
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", FeedbackApp.TextToken);
            return (await FeedbackApp.Read<ReplyToText>(await client.PostAsJsonAsync("/v1/metropolitan/received-texts", new { id = Guid.NewGuid(), source_number = "447700900123", message = "The lamp is out" }))).Text;
        }
    }
}

public sealed class OnBehalfOnPostgres(WithPages.OnPostgres app) : OnBehalfTests(app), IClassFixture<WithPages.OnPostgres>;
