using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Feedback;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.Contracts.Notification;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback.Tests;

/// <summary>Who can be told an outcome, and that she has read it: told to whoever counts, once for each outcome, by the day.</summary>
public abstract class ReadOutcomeTests(FeedbackApp app)
{
    private const string Mailbox = "/v1/metropolitan/mailbox";

    private async Task<List<ConcernOutcomeRead>> Read(Guid concern) => [.. (await app.Published<ConcernOutcomeRead>()).Where(f => f.ConcernId == concern)];

    private async Task<bool?> Reachable(Guid concern) => (await app.Published<ConcernClaimedDone>()).Last(f => f.ConcernId == concern).Reachable;

    [Fact]
    public async Task She_reads_an_outcome_once_and_the_next_one_again()
    {
        var receipt = await app.Send(FeedbackApp.Light());
        var mailbox = await app.Open(receipt);
        var before = await app.Item(mailbox);
        Assert.Empty(await Read(before.Id));

        var (concern, action) = await app.ClaimedDone(receipt);
        Assert.True(await Reachable(concern.Id));
        Assert.Empty(await Read(concern.Id));
        await app.Item(mailbox);
        await app.Item(mailbox);
        Assert.Equal([new ConcernOutcomeRead(concern.Id, DateOnly.FromDateTime(app.Time.GetUtcNow().UtcDateTime))], await Read(concern.Id));
        // Staff who have it open are not overtaken by her reading.
        Assert.Equal(concern.Version, (await app.Concern(concern.Id)).Version);
        Assert.All(await app.Db<FeedbackDb, List<DateTimeOffset>>(db => db.Outbox.Where(r => r.Name == "concern-outcome-read").Select(r => r.CreatedAt).ToListAsync()), at => Assert.Equal(TimeSpan.Zero, at.TimeOfDay));

        await FeedbackApp.Accepted(await mailbox.PostAsJsonAsync($"{Mailbox}/concerns/{concern.Id}/done", new DoneAnswer { Done = false }));
        await app.Item(mailbox);
        Assert.Single(await Read(concern.Id));
        var failed = await FeedbackApp.Read<ActionView>(await app.Client("coordinator").GetAsync($"/v1/metropolitan/actions/{action.Id}"));
        await FeedbackApp.Accepted(await app.Post($"actions/{action.Id}/claim", new DoneClaim { Done = "The cable was replaced as well." }, failed.Version));
        await app.Item(mailbox);
        Assert.Equal(2, (await Read(concern.Id)).Count);
    }

    [Fact]
    public async Task The_link_in_her_mail_is_reading_too_and_what_staff_read_is_not()
    {
        var receipt = await app.Send(new FeedbackSubmission { Email = "her@example.org", Concerns = [FeedbackApp.Light()] });
        var (concern, _) = await app.ClaimedDone(receipt);
        await app.Concern(concern.Id);
        Assert.Empty(await Read(concern.Id));
        Assert.True(await Reachable(concern.Id));
        var sent = (await app.Published<NotificationRequested>()).Last(n => n.Template == "action-delivered" && n.SubjectId == concern.Id);
        var token = ((Transit)app.Services.GetService(typeof(Transit))!).Open(sent.Fields["!link"]).Split('/')[^1];
        await FeedbackApp.Read<AnswerLinkView>(await app.Client().PostAsJsonAsync("/v1/metropolitan/answer-links/reading", new AnswerLink { Token = token }));
        Assert.Single(await Read(concern.Id));
    }

    [Fact]
    public async Task Of_twenty_readings_at_once_one_tells()
    {
        var receipt = await app.Send(FeedbackApp.Light());
        var (concern, _) = await app.ClaimedDone(receipt);
        var mailbox = await app.Open(receipt);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => mailbox.GetAsync(Mailbox)));
        Assert.All(answers, a => Assert.True(a.IsSuccessStatusCode));
        Assert.Single(await Read(concern.Id));
    }

    [Fact]
    public async Task Who_told_an_officer_at_a_stop_has_no_words_and_cannot_be_told()
    {
        var officer = app.Client("officer", sub: "officer-of-a-stop");
        officer.DefaultRequestHeaders.Add("Capture", Guid.NewGuid().ToString("N"));
        var before = await app.Published<ConcernReceived>();
        await FeedbackApp.Read<CaptureView>(await officer.PostAsJsonAsync("/v1/metropolitan/capture/stops", new StopNoted { Place = new PlaceInput { WardCode = FeedbackApp.Ward }, LightBand = "dark", Codes = ["ENV-CCTV"], Consent = true }));
        var concern = await app.Concern((await app.Published<ConcernReceived>()).Except(before).Single().ConcernId);
        await FeedbackApp.Accepted(await app.Post($"concerns/{concern.Id}/no-action", new NoActionDecision
        {
            Reason = "NA-NOPOWER", OwnerRole = "Neighbourhood inspector", ReviewOn = DateOnly.FromDateTime(app.Time.GetUtcNow().UtcDateTime).AddMonths(3),
            Asked = "Women asked for a camera in the passage.", Answer = "The passage belongs to the railway. We asked its owner for better lights.",
        }, concern.Version));
        Assert.False((await app.Published<ConcernEndedNoAction>()).Single(f => f.ConcernId == concern.Id).Reachable);
    }

    [Theory]
    [InlineData("web", 400, true)]
    [InlineData("walk", 400, true)]
    [InlineData("stop", 0, false)]
    [InlineData("sms", 28, true)]
    [InlineData("sms", 29, false)]
    public void Nobody_has_the_words_of_a_stop_or_of_a_link_whose_time_is_over(string channel, int days, bool has)
    {
        var day = new DateOnly(2026, 3, 1);
        var (mailbox, _) = WalkTalk.Feedback.Mailbox.Open("en", day, channel);
        if (channel == "sms") mailbox.LinkToWords();
        Assert.Equal(has, mailbox.HasWords(day.AddDays(days)));
        if (channel != "sms") return;
        mailbox.NewWords();
        Assert.True(mailbox.HasWords(day.AddDays(days)));
    }
}

public sealed class ReadOutcomesOnSqlite(FeedbackApp.Sqlite app) : ReadOutcomeTests(app), IClassFixture<FeedbackApp.Sqlite>;

public sealed class ReadOutcomesOnPostgres(FeedbackApp.Postgres app) : ReadOutcomeTests(app), IClassFixture<FeedbackApp.Postgres>;
