using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using WalkTalk.Contracts;
using WalkTalk.Contracts.Feedback;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.Contracts.Notification;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback.Tests;

/// <summary>What is kept no longer than the pack says, seen before it is taken, and held back where a law needs it. Each test has the clock to itself.</summary>
public abstract class RetentionTests(FeedbackApp app) : IAsyncLifetime
{
    public ValueTask InitializeAsync() => app.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private async Task<RetentionReport> Report()
    {
        var answer = await app.Client("administrator").GetAsync("/v1/metropolitan/retention");
        Assert.True(answer.IsSuccessStatusCode, string.Join('\n', app.Log.TakeLast(4)));
        return await FeedbackApp.Read<RetentionReport>(answer);
    }

    private async Task<int> Due(string rule) => (await Report()).Rules.Single(r => r.Rule == rule).Due;

    private Task<Concern> Row(Guid id) => app.Db<FeedbackDb, Concern>(db => db.Concerns.AsNoTracking().SingleAsync(c => c.Id == id));

    private async Task After(TimeSpan time)
    {
        app.Time.Advance(time);
        // One round whenever the next is due, and all consumers of it done.
        await app.Eventually(async () => (await app.Scheduled<ClockRound>()).Count == 1, "the round");
        await app.Eventually(async () => (await Report()).Rules.All(r => r.Due == 0), "the round to have taken what was due");
    }

    [Fact]
    public async Task The_landmark_goes_after_triage_the_contact_after_the_end_and_the_words_after_two_years()
    {
        var receipt = await app.Send(new FeedbackSubmission { Email = "her@example.org", Concerns = [FeedbackApp.Light("Call me on 07700 900123, the lamp is out.")] });
        var held = await app.Triaged(await app.Send(FeedbackApp.Light()));
        await FeedbackApp.Accepted(await app.Post("retention/holds", new HoldBack { Reference = held.Reference, Reason = "A court has asked for it." }, role: "administrator"));
        var (concern, _) = await app.ClaimedDone(receipt);
        var mailbox = await app.Open(receipt);
        await FeedbackApp.Accepted(await mailbox.PostAsJsonAsync($"/v1/metropolitan/mailbox/concerns/{concern.Id}/done", new DoneAnswer { Done = true, Text = "Thank you" }));

        await After(TimeSpan.FromDays(89));
        Assert.NotNull((await Row(concern.Id)).Landmark);
        await After(TimeSpan.FromDays(2));
        Assert.Null((await Row(concern.Id)).Landmark);
        Assert.NotNull((await Row(held.Id)).Landmark);
        Assert.Equal((1, "A court has asked for it."), ((await Report()).Rules.Single(r => r.Rule == "place").TakenInAll, Assert.Single((await Report()).Held).Reason));

        // A month before her address goes she is told, and then it goes.
        await After(TimeSpan.FromDays(65));
        Assert.Single(await Notices());
        await After(TimeSpan.FromDays(28));
        Assert.NotNull(await app.Db<FeedbackDb, string?>(async db => (await db.Mailboxes.SingleAsync(m => m.Reference == receipt.Reference)).Email));
        await After(TimeSpan.FromDays(3));
        Assert.Single(await Notices());
        Assert.Null(await app.Db<FeedbackDb, string?>(async db => (await db.Mailboxes.SingleAsync(m => m.Reference == receipt.Reference)).Email));
        Assert.Null((await Row(concern.Id)).SealedOriginal);
        Assert.NotNull((await app.Item(await app.Open(receipt))).Outcome); // her words still open her answers

        await After(TimeSpan.FromDays(559));
        var left = await Row(concern.Id);
        Assert.True(left is { Anonymised: true, Text: null, WhatWouldChangeIt: null, Outcome: not null, WardCode: FeedbackApp.Ward });
        Assert.Empty((await FeedbackApp.Read<MailboxView>(await (await app.Open(receipt)).GetAsync("/v1/metropolitan/mailbox"))).Items);
        Assert.False(await app.Db<FeedbackDb, bool>(db => db.Messages.AnyAsync(m => m.SubjectId == concern.Id)));
        Assert.NotNull((await Row(held.Id)).Text);

        await FeedbackApp.Refused(await app.Post("retention/holds", new HoldBack { Reference = "WT-NOBODY", Reason = "A court has asked for it." }, role: "administrator"), "not-found", 404);
        await FeedbackApp.Accepted(await app.Post("retention/holds", new HoldBack { Reference = held.Reference, Reason = "The court has decided.", Lift = true }, role: "administrator"));
        Assert.Equal(1, await Due("place"));
    }

    [Fact]
    public async Task By_the_link_of_the_notice_she_keeps_it_or_erases_it_now()
    {
        var keeps = await app.Send(new FeedbackSubmission { Email = "keeps@example.org", Audits = [Rated] });
        var erases = await app.Send(new FeedbackSubmission { Email = "erases@example.org", Concerns = [FeedbackApp.Light("Call me on 07700 900123, the lamp is out.")] });
        var (concern, _) = await app.ClaimedDone(erases);
        await FeedbackApp.Accepted(await (await app.Open(erases)).PostAsJsonAsync($"/v1/metropolitan/mailbox/concerns/{concern.Id}/done", new DoneAnswer { Done = true }));
        await After(TimeSpan.FromDays(155));
        var links = (await Notices()).ToDictionary(n => n.Fields["reference"], n => app.Services.GetRequiredService<Transit>().Open(n.Fields["!link"]).Split('/')[^1]);
        Assert.Equal(2, links.Count);

        var read = await FeedbackApp.Read<RetentionNoticeView>(await app.Client().PostAsJsonAsync("/v1/metropolitan/retention-notices/reading", new AnswerLink { Token = links[erases.Reference] }));
        Assert.Equal((erases.Reference, 1), (read.Reference, read.Ended));
        await FeedbackApp.Refused(await Answer("no-such-link", true), "link-unknown", 404);
        await FeedbackApp.Accepted(await Answer(links[keeps.Reference], keep: true));
        await FeedbackApp.Refused(await Answer(links[keeps.Reference], keep: false), "link-unknown", 404);

        await FeedbackApp.Accepted(await app.Post("retention/holds", new HoldBack { Reference = concern.Reference, Reason = "A court has asked for it." }, role: "administrator"));
        await FeedbackApp.Refused(await Answer(links[erases.Reference], keep: false), "held-back", 409);
        await FeedbackApp.Accepted(await app.Post("retention/holds", new HoldBack { Reference = concern.Reference, Reason = "The court has decided.", Lift = true }, role: "administrator"));
        await FeedbackApp.Accepted(await Answer(links[erases.Reference], keep: false));
        Assert.True(await Row(concern.Id) is { Anonymised: true, Text: null, SealedOriginal: null, Outcome: not null });
        await After(TimeSpan.FromDays(60));
        var emails = await app.Db<FeedbackDb, Dictionary<string, string?>>(db => db.Mailboxes.ToDictionaryAsync(m => m.Reference, m => m.Email));
        Assert.Equal((true, false), (emails[keeps.Reference] is not null, emails[erases.Reference] is not null));
    }

    [Fact]
    public async Task Landmarks_of_audits_audits_walks_and_what_was_handed_over_go_in_their_time()
    {
        await app.Send(new FeedbackSubmission { Audits = [Rated], Concerns = [new ConcernInput { Code = "POS-SAFE", Place = new PlaceInput { WardCode = FeedbackApp.Ward, Landmark = "the kiosk" }, Text = "Always open." }] });
        var officer = app.Client("officer", sub: "o");
        officer.DefaultRequestHeaders.Add("Capture", Guid.NewGuid().ToString("N"));
        await officer.PostAsJsonAsync("/v1/metropolitan/capture/promises", new PromiseMade { What = "Ask for a second lamp." });
        var told = await app.Send(FeedbackApp.Light("A man grabbed my arm") with { DisclosureChoice = "ReportNow" });
        var disclosure = await app.Db<FeedbackDb, SealedDisclosure>(db => db.Disclosures.AsNoTracking().SingleAsync());
        await app.Send(new ConcernInput { Code = "POL-CONDUCT", Text = "The officer laughed at me" });
        var standards = await app.Db<FeedbackDb, StandardsCase>(db => db.StandardsCases.AsNoTracking().SingleAsync());
        await FeedbackApp.Accepted(await app.Post($"standards-cases/{standards.Id}/take", null, standards.Version, "standards"));
        await FeedbackApp.Accepted(await app.Post($"standards-cases/{standards.Id}/answer", new StandardsAnswer { Answer = "We opened a conduct case." }, standards.Version + 1, "standards"));

        // Until the receipt it is ours; held back, longer.
        await FeedbackApp.Accepted(await app.Post($"disclosures/{disclosure.Id}/hand-over", new HandOver { To = "Registrar", Reference = "CR/3" }, disclosure.Version, "safeguarding"));
        await After(TimeSpan.FromDays(3));
        Assert.NotNull((await Sealed(disclosure.Id)).SealedNarrative);
        await FeedbackApp.Accepted(await app.Post("retention/holds", new HoldBack { Reference = disclosure.Reference, Reason = "A court has asked for it." }, role: "administrator"));
        await FeedbackApp.Accepted(await app.Post($"disclosures/{disclosure.Id}/receipt", null, disclosure.Version + 1, "safeguarding"));
        await After(TimeSpan.FromDays(3));
        Assert.NotNull((await Sealed(disclosure.Id)).SealedNarrative);
        Assert.Equal(disclosure.Reference, Assert.Single((await Report()).Held).Reference);
        await FeedbackApp.Accepted(await app.Post("retention/holds", new HoldBack { Reference = disclosure.Reference, Reason = "The court has decided.", Lift = true }, role: "administrator"));
        Assert.Equal(1, await Due("sealed"));
        await After(TimeSpan.FromDays(3));
        Assert.True(await Sealed(disclosure.Id) is { SealedNarrative: null, SealedPlace: null, HandedOverRef: "CR/3" });
        Assert.False(await app.Db<FeedbackDb, bool>(db => db.PersonKeys.AnyAsync(k => k.PersonId == disclosure.Id)));
        Assert.Equal("CR/3", (await app.Item(await app.Open(told), "disclosure")).Outcome);
        Assert.Null((await FeedbackApp.Read<DisclosureView>(await app.Client("safeguarding").GetAsync($"/v1/metropolitan/disclosures/{disclosure.Id}"))).Narrative);

        await After(TimeSpan.FromDays(100));
        var (audit, walks, promise) = await app.Db<FeedbackDb, (PlaceAudit, int, Promise)>(async db => (await db.Audits.SingleAsync(), await db.Captures.CountAsync(), await db.Promises.SingleAsync()));
        Assert.Equal((null, true, 0, 0), (audit.Landmark, audit.Point is not null, walks, promise.CaptureHash.Length));
        Assert.NotNull((await app.Db<FeedbackDb, StandardsCase>(db => db.StandardsCases.AsNoTracking().SingleAsync())).SealedNarrative);
        await After(TimeSpan.FromDays(90));
        Assert.True(await app.Db<FeedbackDb, StandardsCase>(db => db.StandardsCases.AsNoTracking().SingleAsync()) is { SealedNarrative: null, Answer: not null });
        Assert.Null((await app.Db<FeedbackDb, SafePlace>(db => db.SafePlaces.AsNoTracking().SingleAsync())).Landmark);

        await After(TimeSpan.FromDays(650));
        Assert.Equal((0, 0, 0, 0), await app.Db<FeedbackDb, (int, int, int, int)>(async db =>
            (await db.Audits.CountAsync(), await db.SafePlaces.CountAsync(), await db.Disclosures.CountAsync(), await db.StandardsCases.CountAsync())));
    }

    [Fact]
    public async Task Each_round_tells_how_much_whose_time_is_over_it_leaves_for_the_next()
    {
        await app.Db<FeedbackDb>(async db =>
        {
            db.SafePlaces.AddRange(Enumerable.Range(0, 503).Select(_ => new SafePlace { MailboxId = Guid.NewGuid(), Code = "POS-SAFE", WardCode = FeedbackApp.Ward, Landmark = "the kiosk", Quarter = "2026Q1" }));
            await db.SaveChangesAsync();
        });
        var before = (await app.Published<FeedbackRetentionRun>()).Count;
        app.Time.Advance(TimeSpan.FromDays(3));
        await app.Eventually(async () => (await app.Published<FeedbackRetentionRun>()).Count == before + 1, "the round");
        Assert.Equal(3, (await app.Published<FeedbackRetentionRun>()).Skip(before).First().Overdue);
        await After(TimeSpan.FromDays(3));
        Assert.Equal(0, (await app.Published<FeedbackRetentionRun>())[^1].Overdue);
    }

    private static AuditInput Rated => new() { WardCode = FeedbackApp.Ward, Landmark = "the north gate", LightBand = "dark", Ratings = new Dictionary<string, int> { ["A1"] = 1 } };

    private Task<HttpResponseMessage> Answer(string token, bool keep) => app.Client().PostAsJsonAsync("/v1/metropolitan/retention-notices/answer", new RetentionChoice { Token = token, Keep = keep });

    private async Task<List<NotificationRequested>> Notices() => [.. (await app.Published<NotificationRequested>()).Where(n => n.Template == "retention-notice")];

    private Task<SealedDisclosure> Sealed(Guid id) => app.Db<FeedbackDb, SealedDisclosure>(db => db.Disclosures.AsNoTracking().SingleAsync(d => d.Id == id));
}

public sealed class RetentionOnSqlite() : RetentionTests(new FeedbackApp.Sqlite());

public sealed class RetentionOnPostgres() : RetentionTests(new FeedbackApp.Postgres());
