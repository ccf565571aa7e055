using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts;
using WalkTalk.Contracts.Feedback.Api;
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

    private async Task<RetentionReport> Report() => await FeedbackApp.Read<RetentionReport>(await app.Client("administrator").GetAsync("/v1/metropolitan/retention"));

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

        await After(TimeSpan.FromDays(95));
        Assert.Null(await app.Db<FeedbackDb, string?>(async db => (await db.Mailboxes.SingleAsync(m => m.Reference == receipt.Reference)).Email));
        Assert.Null((await Row(concern.Id)).SealedOriginal);
        Assert.NotNull((await app.Item(await app.Open(receipt))).Outcome); // her words still open her answers

        await After(TimeSpan.FromDays(560));
        var left = await Row(concern.Id);
        Assert.True(left is { Anonymised: true, Text: null, WhatWouldChangeIt: null, Outcome: not null, WardCode: FeedbackApp.Ward });
        Assert.Empty((await FeedbackApp.Read<MailboxView>(await (await app.Open(receipt)).GetAsync("/v1/metropolitan/mailbox"))).Items);
        Assert.False(await app.Db<FeedbackDb, bool>(db => db.Messages.AnyAsync(m => m.SubjectId == concern.Id)));
        Assert.NotNull((await Row(held.Id)).Text);

        await FeedbackApp.Refused(await app.Post("retention/holds", new HoldBack { Reference = "WT-NOBODY", Reason = "A court has asked for it." }, role: "administrator"), "not-found", 404);
        await FeedbackApp.Accepted(await app.Post("retention/holds", new HoldBack { Reference = held.Reference, Reason = "The court has decided.", Lift = true }, role: "administrator"));
        Assert.Equal(1, await Due("place"));
    }
}

public sealed class RetentionOnSqlite() : RetentionTests(new FeedbackApp.Sqlite());

public sealed class RetentionOnPostgres() : RetentionTests(new FeedbackApp.Postgres());
