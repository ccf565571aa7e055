using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Feedback;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.Contracts.Notification;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback.Tests;

public abstract class AnswerTests(FeedbackApp app)
{
    private DateOnly Today => DateOnly.FromDateTime(app.Time.GetUtcNow().UtcDateTime);

    [Fact]
    public async Task Asked_said_done_and_women_say_done()
    {
        var receipt = await app.Send(FeedbackApp.Light());
        var (concern, action) = await app.ClaimedDone(receipt);
        Assert.Equal(("ClaimedDone", "stopped"), (concern.State, concern.Clock));
        Assert.Equal("we-say-done", (await Entry(action.Id)).State);

        var mailbox = await app.Open(receipt);
        var item = await app.Item(mailbox);
        Assert.Equal(["confirm", "dispute", "withdraw"], item.Can);
        await FeedbackApp.Accepted(await mailbox.PostAsJsonAsync($"/v1/metropolitan/mailbox/concerns/{item.Id}/done", new DoneAnswer { Done = true }));

        Assert.Equal("ConfirmedDone", (await app.Concern(concern.Id)).State);
        var entry = await Entry(action.Id);
        Assert.Equal("women-say-done", entry.State);
        Assert.Equal(["asked", "said", "we-say-done", "women-say-done"], entry.Steps.Select(s => s.Kind));
        Assert.Equal("2026Q4", entry.Steps[^1].When);
        Assert.Contains(await app.Published<ConcernConfirmedDone>(), f => f.ConcernId == concern.Id);
        Assert.Contains(await app.Published<ConcernTriaged>(), f => f.ConcernId == concern.Id && f.OwnerBody == "LA");
        await FeedbackApp.Refused(await mailbox.PostAsJsonAsync($"/v1/metropolitan/mailbox/concerns/{item.Id}/done", new DoneAnswer { Done = true }), "wrong-state", 409);

        // Her word is hers to take back.
        Assert.Equal(["dispute"], (await app.Item(mailbox)).Can);
        await FeedbackApp.Accepted(await mailbox.PostAsJsonAsync($"/v1/metropolitan/mailbox/concerns/{item.Id}/done", new DoneAnswer { Done = false }));
        Assert.Equal("Disputed", (await app.Concern(concern.Id)).State);
    }

    [Fact]
    public async Task A_dispute_reopens_and_tells_the_owner_and_her()
    {
        var receipt = await app.Send(new FeedbackSubmission { Email = "her@example.org", Concerns = [FeedbackApp.Light()] });
        var (concern, action) = await app.ClaimedDone(receipt);

        // By the link in her e-mail, without her words.
        var sent = (await app.Published<NotificationRequested>()).Last(n => n.Template == "action-delivered" && n.SubjectId == concern.Id);
        var transit = (Transit)app.Services.GetService(typeof(Transit))!;
        var token = transit.Open(sent.Fields["!link"]).Split('/')[^1];
        var seen = await FeedbackApp.Read<AnswerLinkView>(await app.Client().PostAsJsonAsync("/v1/metropolitan/answer-links/reading", new AnswerLink { Token = token }));
        Assert.True(seen.CanAnswer);
        await FeedbackApp.Accepted(await app.Client().PostAsJsonAsync("/v1/metropolitan/answer-links/done", new AnswerByLink { Token = token, Done = false, Text = "It is out again" }));
        await FeedbackApp.Refused(await app.Client().PostAsJsonAsync("/v1/metropolitan/answer-links/done", new AnswerByLink { Token = token, Done = true }), "link-unknown", 404);

        var again = await app.Concern(concern.Id);
        Assert.Equal(("Disputed", "in-time"), (again.State, again.Clock));
        Assert.Equal("It is out again", again.Messages.Single().Text);
        Assert.Equal(2, (await app.Published<NotificationRequested>()).Count(n => n.Template == "reopened" && n.SubjectId == concern.Id));
        Assert.Contains(await app.Published<ConcernDisputed>(), f => f.ConcernId == concern.Id);
        Assert.Equal("women-say-not-done", (await Entry(action.Id)).State);

        var failed = await FeedbackApp.Read<ActionView>(await app.Client("coordinator").GetAsync($"/v1/metropolitan/actions/{action.Id}"));
        Assert.Equal("Failed", failed.State);
        await FeedbackApp.Accepted(await app.Post($"actions/{action.Id}/claim", new DoneClaim { Done = "The cable was replaced as well." }, failed.Version));
        Assert.Equal("ClaimedDone", (await app.Concern(concern.Id)).State);
    }

    [Fact]
    public async Task No_is_an_answer_with_a_reason_a_name_and_a_date()
    {
        var concern = await app.Triaged(await app.Send(FeedbackApp.Light() with { Code = "ENV-CCTV" }));
        var decision = new NoActionDecision
        {
            Reason = "NA-NOPOWER", OwnerRole = "Neighbourhood inspector", ReviewOn = Today.AddMonths(3),
            Asked = "Women asked for a camera in the passage.", Answer = "The passage belongs to the railway. We asked its owner for better lights.",
        };
        await FeedbackApp.Refused(await app.Post($"concerns/{concern.Id}/no-action", decision with { Reason = "NA-BECAUSE" }, concern.Version), "unknown-reason", 400);
        await FeedbackApp.Refused(await app.Post($"concerns/{concern.Id}/no-action", decision with { ReviewOn = Today }, concern.Version), "review-date", 400);
        await FeedbackApp.Refused(await app.Post($"concerns/{concern.Id}/no-action", decision with { Answer = "Women should avoid the passage after dark." }, concern.Version), "burdening-wording", 422);
        await FeedbackApp.Refused(await app.Post($"concerns/{concern.Id}/no-action", decision), "if-match-required", 428);
        await FeedbackApp.Refused(await app.Post($"concerns/{concern.Id}/no-action", decision, concern.Version - 1), "changed-meanwhile", 412);
        await FeedbackApp.Accepted(await app.Post($"concerns/{concern.Id}/no-action", decision, concern.Version));

        var entry = await Entry(concern.Id);
        Assert.Equal(("not-done", FeedbackApp.Ward, "dark", "2026Q4"), (entry.State, entry.WardCode, entry.LightBand, entry.Period));
        Assert.Equal(["asked", "not-done", "review"], entry.Steps.Select(s => s.Kind));
        Assert.Contains(await app.Published<ConcernEndedNoAction>(), f => f.ConcernId == concern.Id && f.Reason == "NA-NOPOWER");
    }

    [Fact]
    public async Task Advice_to_women_is_kept_but_answers_nothing()
    {
        var concern = await app.Triaged(await app.Send(FeedbackApp.Light()));
        await FeedbackApp.Refused(await app.Post("actions", app.Repair(concern.Id) with { Type = "ADVICE-TO-WOMEN", Promise = "Officers will tell women to stay alert." }), "burdening-wording", 422);
        var action = await FeedbackApp.Read<ActionView>(await app.Post("actions", app.Repair(concern.Id) with { Type = "ADVICE-TO-WOMEN", Promise = "A leaflet about the scheme is given out." }), HttpStatusCode.Created);
        Assert.False(action.Counted);
        Assert.Equal("Triaged", (await app.Concern(concern.Id)).State);
        Assert.Contains(await app.Published<ActionAgreed>(), f => f.ActionId == action.Id && !f.Counted);
        Assert.False(await app.Db<FeedbackDb, bool>(db => db.Board.AnyAsync(e => e.SourceId == action.Id)));
    }

    [Fact]
    public async Task One_action_for_many_concerns_is_one_entry_as_coarse_as_they_differ()
    {
        var here = await app.Triaged(await app.Send(FeedbackApp.Light()));
        var there = await app.Triaged(await app.Send(FeedbackApp.Light() with { Place = new PlaceInput { WardCode = "E05014096" }, LightBand = "late" }));
        var action = await FeedbackApp.Read<ActionView>(await app.Post("actions", app.Repair(here.Id, there.Id)), HttpStatusCode.Created);
        var entry = await Entry(action.Id);
        Assert.Equal((null, FeedbackApp.Borough, null), (entry.WardCode, entry.BoroughCode, entry.LightBand));
    }

    [Fact]
    public async Task A_question_stops_the_clock_until_she_answers_in_her_mailbox()
    {
        var receipt = await app.Send(FeedbackApp.Light());
        var concern = await app.Triaged(receipt);
        await FeedbackApp.Accepted(await app.Post($"concerns/{concern.Id}/question", new QuestionToContributor { Text = "Which of the two lamps is out?" }, concern.Version));
        var mailbox = await app.Open(receipt);
        var item = await app.Item(mailbox);
        Assert.Equal(("WaitingForContributor", "Which of the two lamps is out?"), (item.State, item.Messages.Single().Text));

        await FeedbackApp.Accepted(await mailbox.PostAsJsonAsync($"/v1/metropolitan/mailbox/concerns/{item.Id}/answer", new MailboxAnswer { Text = "The left one, call 07700 900123" }));
        var answered = await app.Concern(concern.Id);
        Assert.Equal("Triaged", answered.State);
        Assert.Equal("The left one, call [phone]", answered.Messages[^1].Text);
        await FeedbackApp.Refused(await mailbox.PostAsJsonAsync($"/v1/metropolitan/mailbox/concerns/{item.Id}/answer", new MailboxAnswer { Text = "More" }), "wrong-state", 409);
    }

    [Fact]
    public async Task What_she_adds_later_is_screened_like_the_rest()
    {
        var receipt = await app.Send(FeedbackApp.Light());
        var concern = await app.Triaged(receipt);
        await FeedbackApp.Accepted(await app.Post($"concerns/{concern.Id}/question", new QuestionToContributor { Text = "What happens there?" }, concern.Version));
        var mailbox = await app.Open(receipt);
        await FeedbackApp.Accepted(await mailbox.PostAsJsonAsync($"/v1/metropolitan/mailbox/concerns/{concern.Id}/answer", new MailboxAnswer { Text = "He threatened me with a knife" }));
        Assert.Equal("[sealed]", (await app.Concern(concern.Id)).Messages[^1].Text);
        Assert.Equal("Flagged", (await app.Item(mailbox, "disclosure")).State);
    }

    [Fact]
    public async Task She_withdraws_without_a_reason_and_only_an_empty_marker_stays()
    {
        var receipt = await app.Send(FeedbackApp.Light());
        var mailbox = await app.Open(receipt);
        var item = await app.Item(mailbox);
        await FeedbackApp.Accepted(await mailbox.PostAsync($"/v1/metropolitan/mailbox/concerns/{item.Id}/withdrawal", null));
        var concern = await app.Concern(item.Id);
        Assert.True(concern is { State: "Withdrawn", Text: null, WardCode: null, Landmark: null, DueOn: null });
        Assert.Contains(await app.Published<ConcernRemoved>(), f => f.ConcernId == item.Id);
    }

    [Fact]
    public async Task Two_people_call_it_no_concern()
    {
        var concern = await app.Concern(await app.Send(FeedbackApp.Light("buy cheap pills")));
        await FeedbackApp.Accepted(await app.Post($"concerns/{concern.Id}/not-a-concern", new NotAConcernProposal { Reason = "spam" }, concern.Version, sub: "one"));
        var version = (await app.Concern(concern.Id)).Version;
        await FeedbackApp.Refused(await app.Post($"concerns/{concern.Id}/not-a-concern", new NotAConcernProposal { Reason = "spam" }, version, sub: "one"), "second-person-needed", 409);
        await FeedbackApp.Accepted(await app.Post($"concerns/{concern.Id}/not-a-concern", new NotAConcernProposal { Reason = "spam" }, version, sub: "two"));
        Assert.Equal("NotAConcern", (await app.Concern(concern.Id)).State);
    }

    [Fact]
    public async Task The_mailbox_says_the_same_to_a_wrong_reference_and_to_wrong_words()
    {
        var receipt = await app.Send(FeedbackApp.Light());
        var answers = new List<string>();
        foreach (var (reference, words) in new[] { (receipt.Reference, "oak oak oak oak oak"), ("WT-ZZZZZZZZ", receipt.Words), ("%", "x") })
        {
            var response = await app.Client().PostAsJsonAsync("/v1/metropolitan/mailbox/openings", new MailboxOpening { Reference = reference, Words = words });
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            answers.Add(System.Text.RegularExpressions.Regex.Replace(await response.Content.ReadAsStringAsync(), "\"traceId\":\"[^\"]*\"", ""));
        }
        Assert.Single(answers.Distinct());
    }

    [Fact]
    public async Task An_opened_mailbox_shows_nobody_else_s_and_closes_after_an_hour()
    {
        var hers = await app.Send(FeedbackApp.Light());
        var other = await app.Concern(await app.Send(FeedbackApp.Light()));
        var mailbox = await app.Open(hers);
        foreach (var (path, body) in new (string, object)[] { ("answer", new { text = "x" }), ("done", new { done = true }), ("withdrawal", new { }) })
            await FeedbackApp.Refused(await mailbox.PostAsJsonAsync($"/v1/metropolitan/mailbox/concerns/{other.Id}/{path}", body), "not-found", 404);
        await FeedbackApp.Refused(await app.Client().GetAsync("/v1/metropolitan/mailbox"), "mailbox-closed", 401);
        await app.Db<FeedbackDb>(db => db.Mailboxes.Where(m => m.Reference == hers.Reference).ExecuteUpdateAsync(s => s.SetProperty(m => m.AccessUntil, app.Time.GetUtcNow())));
        await FeedbackApp.Refused(await mailbox.GetAsync("/v1/metropolitan/mailbox"), "mailbox-closed", 401);
    }

    [Fact]
    public async Task The_board_lists_least_time_first_and_pages_on_without_gaps()
    {
        for (var i = 0; i < 27; i++)
            await app.Send(FeedbackApp.Light(null) with { Code = "ENV-SIGN", Place = new PlaceInput { WardCode = "E05014119" } });
        var staff = app.Client("coordinator");
        var seen = new List<TriageRow>();
        string? cursor = null;
        do
        {
            var page = await FeedbackApp.Read<TriagePage>(await staff.GetAsync($"/v1/metropolitan/concerns?ward=E05014119&cursor={cursor}"));
            seen.AddRange(page.Rows);
            cursor = page.Next;
        }
        while (cursor is not null);
        Assert.Equal(27, seen.Select(r => r.Id).Distinct().Count());
        Assert.Equal(seen.OrderBy(r => r.DueOn).Select(r => r.DueOn), seen.Select(r => r.DueOn));
        Assert.All(seen, r => Assert.Equal(20, r.WorkingDaysLeft));
        Assert.Empty((await FeedbackApp.Read<TriagePage>(await staff.GetAsync("/v1/metropolitan/concerns?ward=E05014119&clock=over"))).Rows);
        await FeedbackApp.Refused(await staff.GetAsync("/v1/metropolitan/concerns?cursor=rubbish"), "unreadable-cursor", 400);
        await FeedbackApp.Refused(await app.Client().GetAsync("/v1/metropolitan/board?cursor=rubbish"), "unreadable-cursor", 400);
    }

    private async Task<BoardEntryView> Entry(Guid source)
    {
        var id = await app.Db<FeedbackDb, Guid>(async db => (await db.Board.SingleAsync(e => e.SourceId == source)).Id);
        string? cursor = null;
        do
        {
            var page = await FeedbackApp.Read<BoardPage>(await app.Client().GetAsync($"/v1/metropolitan/board?cursor={cursor}"));
            if (page.Entries.FirstOrDefault(e => e.Id == id) is { } entry)
                return entry;
            cursor = page.Next;
        }
        while (cursor is not null);
        throw new InvalidOperationException("Not on the board.");
    }
}

public sealed class AnswersOnSqlite(FeedbackApp.Sqlite app) : AnswerTests(app), IClassFixture<FeedbackApp.Sqlite>;

public sealed class AnswersOnPostgres(FeedbackApp.Postgres app) : AnswerTests(app), IClassFixture<FeedbackApp.Postgres>;
