using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.Fixtures;

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

    [Fact]
    public async Task A_text_message_is_one_concern_however_often_it_is_called_back_with()
    {
        var text = new { id = Guid.NewGuid(), source_number = "447400123456", destination_number = "447700900999", message = "The lamp by the steps is out, says Ann on 07700 900456", date_received = "2026-11-24T11:59:00.000000Z" };
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Text(text, FeedbackApp.TextToken)));
        Assert.All(answers, a => Assert.Equal(HttpStatusCode.NoContent, a.StatusCode));
        await app.Db<FeedbackDb>(async db =>
        {
            var mailbox = await db.Mailboxes.SingleAsync(m => m.Channel == "sms" && m.Phone != null);
            Assert.DoesNotContain("7400123456", mailbox.Phone!, StringComparison.Ordinal);
            var concern = await db.Concerns.SingleAsync(c => c.MailboxId == mailbox.Id);
            Assert.Equal(("ENV-OTHER", false), (concern.Code, concern.Text!.Contains("900456", StringComparison.Ordinal)));
        });
        Assert.DoesNotContain(app.Log, line => line.Contains("7400123456", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_text_says_of_a_crime_is_sealed()
    {
        Assert.Equal(HttpStatusCode.NoContent, (await Text(new { id = Guid.NewGuid(), source_number = "WALKTALK", message = "A man followed me to my door" }, FeedbackApp.TextToken)).StatusCode);
        await app.Db<FeedbackDb>(async db => Assert.Contains(await db.Mailboxes.ToListAsync(), m => m is { Channel: "sms", Phone: null } && db.Disclosures.Any(d => d.MailboxId == m.Id)));
    }

    [Fact]
    public async Task A_text_without_the_token_or_for_a_force_that_takes_none_is_refused()
    {
        var text = new { id = Guid.NewGuid(), source_number = "447700900123", message = "The lamp is out" };
        await FeedbackApp.Refused(await Text(text, null), "text-token", 401);
        await FeedbackApp.Refused(await Text(text, FeedbackApp.TextToken[..^1]), "text-token", 401);
        await FeedbackApp.Refused(await Text(text, FeedbackApp.TextToken + "x"), "text-token", 401);
    }

    private async Task<HttpResponseMessage> Text(object text, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/metropolitan/received-texts") { Content = JsonContent.Create(text) };
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return await app.Client().SendAsync(request);
    }
}

public sealed class OnBehalfOnSqlite(FeedbackApp.Sqlite app) : OnBehalfTests(app), IClassFixture<FeedbackApp.Sqlite>
{
    [Fact]
    public async Task Until_a_force_has_a_token_there_is_no_such_door()
    {
        await using var off = new FeedbackApp.Sqlite { TakesTexts = false };
        await off.InitializeAsync();
        await FeedbackApp.Refused(await off.Client().PostAsJsonAsync("/v1/metropolitan/received-texts", new { id = "1", source_number = "447700900123", message = "The lamp is out" }), "not-found", 404);
    }
}

public sealed class OnBehalfOnPostgres(FeedbackApp.Postgres app) : OnBehalfTests(app), IClassFixture<FeedbackApp.Postgres>;
