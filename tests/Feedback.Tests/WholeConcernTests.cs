using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Feedback;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.Contracts.Notification;
using WalkTalk.Feedback.Tests.Rules;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback.Tests;

/// <summary>The states of D3 to their end: passed on, merged, delayed, dropped, reviewed. Nothing falls silent.</summary>
public abstract class WholeConcernTests(FeedbackApp app)
{
    private DateOnly Today => DateOnly.FromDateTime(app.Time.GetUtcNow().UtcDateTime);

    private Task<FeedbackReceipt> SendWithMail(string code = "ENV-LIGHT-OUT") =>
        app.Send(new FeedbackSubmission { Email = $"{Guid.NewGuid():N}@example.org", Concerns = [FeedbackApp.Light() with { Code = code }] });

    private async Task<IEnumerable<string>> Told(Guid concern) =>
        (await app.Published<NotificationRequested>()).Where(n => n.SubjectId == concern && n.Template != "concern-ack")
            .OrderBy(n => n.SubjectVersion).ThenBy(n => n.Template, StringComparer.Ordinal).Select(n => n.Template);

    private async Task Merge(ConcernView concern, Guid into) =>
        await FeedbackApp.Accepted(await app.Post($"concerns/{concern.Id}/merge", new MergeDecision { Into = into }, concern.Version));

    private async Task<ActionView> Action(Guid id) => await FeedbackApp.Read<ActionView>(await app.Client("coordinator").GetAsync($"/v1/metropolitan/actions/{id}"));

    [Fact]
    public async Task She_holds_her_acknowledgement_the_moment_she_sends()
    {
        var receipt = await SendWithMail();
        Assert.Equal("Acknowledged", (await app.Concern(receipt)).State);
        Assert.Contains(await app.Published<NotificationRequested>(), n => n.Template == "concern-ack" && n.Fields["reference"] == receipt.Items[0].Reference);
    }

    [Fact]
    public async Task The_first_decision_tells_that_it_has_an_owner_and_whether_in_time_whichever_way_it_goes()
    {
        var concerns = new List<ConcernView>();
        for (var i = 0; i < 4; i++) concerns.Add(await app.Concern(await app.Send(FeedbackApp.Light())));
        var (triaged, referred, merged, refused) = (concerns[0], concerns[1], concerns[2], concerns[3]);
        await FeedbackApp.Accepted(await app.Post($"concerns/{triaged.Id}/triage", new TriageDecision { OwnerBody = "LA", OwnerRole = "Street lighting" }, triaged.Version));
        await FeedbackApp.Accepted(await app.Post($"concerns/{referred.Id}/referral", new Referral { To = "TFL", Reference = "T-1", Why = "It is on their ground." }, referred.Version));
        await Merge(merged, triaged.Id);
        await FeedbackApp.Accepted(await app.Post($"concerns/{refused.Id}/no-action", new NoActionDecision
        {
            Reason = "NA-COST", OwnerRole = "Inspector", ReviewOn = Today.AddDays(60), Asked = "Women asked for it.", Answer = "It costs too much this year.",
        }, refused.Version));
        // Another owner is told too, and is no first decision.
        await FeedbackApp.Accepted(await app.Post($"concerns/{triaged.Id}/triage", new TriageDecision { OwnerBody = "TFL", OwnerRole = "Station" }, (await app.Concern(triaged.Id)).Version));

        var told = (await app.Published<ConcernTriaged>()).Where(f => concerns.Exists(c => c.Id == f.ConcernId)).ToList();
        Assert.Equal(
            new[] { (triaged.Id, "LA", (bool?)true), (referred.Id, "TFL", true), (merged.Id, "LA", true), (refused.Id, "LA", true), (triaged.Id, "TFL", null) }.OrderBy(t => t.ToString()),
            told.Select(f => (f.ConcernId, f.OwnerBody, f.InTime)).OrderBy(t => t.ToString()));
        Assert.All(told, f => Assert.Equal(Today, f.On));
        // What is due, and since when, is told with the receipt: the day, and no more of the moment.
        Assert.All((await app.Published<ConcernReceived>()).Where(f => concerns.Exists(c => c.Id == f.ConcernId)), f => Assert.Equal((Today, concerns[0].DueOn), (f.On, f.TriageBy)));
    }

    [Fact]
    public async Task What_is_merged_gets_the_other_s_answer_and_is_asked_as_if_it_were_hers()
    {
        var (first, second) = (await SendWithMail(), await SendWithMail());
        var into = await app.Triaged(first);
        var merged = await app.Concern(second);
        await Merge(merged, into.Id);
        Assert.Equal("Merged", (await app.Concern(merged.Id)).State);
        var hers = await app.Open(second);
        Assert.Equal(("Triaged", "LA"), ((await app.Item(hers)).State, (await app.Item(hers)).OwnerBody));

        var action = await FeedbackApp.Read<ActionView>(await app.Post("actions", app.Repair(into.Id)), HttpStatusCode.Created);
        Assert.Equal(new[] { into.Id, merged.Id }.Order(), action.ConcernIds.Order());
        await FeedbackApp.Accepted(await app.Post($"actions/{action.Id}/claim", new DoneClaim { Done = "A new lamp was fitted at the steps." }, action.Version));
        foreach (var id in new[] { into.Id, merged.Id })
        {
            Assert.Equal("ClaimedDone", (await app.Concern(id)).State);
            Assert.Equal(["action-agreed", "action-delivered"], await Told(id));
            Assert.Contains(await app.Published<ConcernClaimedDone>(), f => f.ConcernId == id);
        }

        // Her no is hers: the other's answer stands.
        await FeedbackApp.Accepted(await hers.PostAsJsonAsync($"/v1/metropolitan/mailbox/concerns/{merged.Id}/done", new DoneAnswer { Done = false }));
        Assert.Equal(("Disputed", "ClaimedDone"), ((await app.Concern(merged.Id)).State, (await app.Concern(into.Id)).State));
        Assert.Equal("Failed", (await Action(action.Id)).State);
    }

    [Fact]
    public async Task Who_tells_of_what_is_in_hand_is_told_what_was_agreed()
    {
        var into = await app.Triaged(await app.Send(FeedbackApp.Light()));
        var action = await FeedbackApp.Read<ActionView>(await app.Post("actions", app.Repair(into.Id)), HttpStatusCode.Created);
        var late = await app.Concern(await SendWithMail());
        await Merge(late, into.Id);
        Assert.Equal(["action-agreed"], await Told(late.Id));
        Assert.Contains(await app.Published<ActionAgreed>(), f => f.ActionId == action.Id && f.ConcernIds.Single() == late.Id);
    }

    [Fact]
    public async Task A_no_is_everybody_s_no_and_comes_back_for_its_review()
    {
        var into = await app.Triaged(await app.Send(FeedbackApp.Light() with { Code = "ENV-CCTV" }));
        var merged = await app.Concern(await SendWithMail("ENV-CCTV"));
        await Merge(merged, into.Id);
        var no = new NoActionDecision
        {
            Reason = "NA-COST", OwnerRole = "Head of safety", ReviewOn = Today.AddDays(90),
            Asked = "Women asked for a camera here.", Answer = "The budget of this year is spent.",
        };
        await FeedbackApp.Accepted(await app.Post($"concerns/{into.Id}/no-action", no, (await app.Concern(into.Id)).Version));
        Assert.Equal(("NoAction", no.Answer, no.ReviewOn), ((await app.Concern(merged.Id)).State, (await app.Concern(merged.Id)).Outcome, (await app.Concern(merged.Id)).ReviewOn!.Value));
        Assert.Equal(["outcome-no-action"], await Told(merged.Id));

        // It was challenged: looked at again, and the entry the public has goes on.
        await FeedbackApp.Accepted(await app.Post($"concerns/{into.Id}/review", null, (await app.Concern(into.Id)).Version));
        var again = await app.Concern(into.Id);
        Assert.Equal(("Review", no.ReviewOn), (again.State, again.DueOn!.Value));
        await FeedbackApp.Accepted(await app.Post($"concerns/{into.Id}/no-action", no with { Answer = "Next year's budget has no room either." }, again.Version));
        Assert.Equal(2, await app.Db<FeedbackDb, int>(async db => (await db.Board.SingleAsync(e => e.SourceId == into.Id)).Steps.Count(s => s.Kind == "not-done")));
    }

    [Fact]
    public async Task When_the_other_falls_away_she_has_her_concern_back()
    {
        var first = await app.Send(FeedbackApp.Light());
        var into = await app.Triaged(first);
        var merged = await app.Concern(await app.Send(FeedbackApp.Light()));
        await Merge(merged, into.Id);
        await FeedbackApp.Refused(await app.Post($"concerns/{into.Id}/question", new QuestionToContributor { Text = "Which lamp is it?" }, (await app.Concern(into.Id)).Version), "others-wait", 409);
        await FeedbackApp.Refused(await app.Post("actions", app.Repair(merged.Id)), "wrong-state", 409);

        await FeedbackApp.Accepted(await (await app.Open(first)).PostAsync($"/v1/metropolitan/mailbox/concerns/{into.Id}/withdrawal", null));
        Assert.Equal(("Withdrawn", "Acknowledged"), ((await app.Concern(into.Id)).State, (await app.Concern(merged.Id)).State));
    }

    [Fact]
    public async Task Whatever_comes_first_of_many_merges_and_a_withdrawal_nobody_is_merged_into_nothing()
    {
        var first = await app.Send(FeedbackApp.Light());
        var into = await app.Triaged(first);
        var others = new List<ConcernView>();
        for (var i = 0; i < 8; i++)
            others.Add(await app.Concern(await app.Send(FeedbackApp.Light())));
        var mailbox = await app.Open(first);
        var withdrawal = Task.Run(() => mailbox.PostAsync($"/v1/metropolitan/mailbox/concerns/{into.Id}/withdrawal", null));
        var answers = await Task.WhenAll(others.Select(o => Task.Run(() => app.Post($"concerns/{o.Id}/merge", new MergeDecision { Into = into.Id }, o.Version))));
        await withdrawal;
        Assert.All(answers, a => Assert.True(a.StatusCode is HttpStatusCode.NoContent or HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed, $"{a.StatusCode}"));
        var ids = others.ConvertAll(o => o.Id).Append(into.Id).ToList();
        var all = await app.Db<FeedbackDb, List<Concern>>(db => db.Concerns.AsNoTracking().Where(c => ids.Contains(c.Id)).ToListAsync());
        Assert.All(all, c => Assert.True(ConcernRules.Whole(c, all), $"{c.State}, {c.MergedHere} here"));
    }

    [Fact]
    public async Task A_referral_is_told_with_its_reference_and_ends_nothing()
    {
        var concern = await app.Triaged(await SendWithMail());
        var referral = new Referral { To = "TFL", Reference = "TFL-2026-77", Why = "The lamp stands on the station's ground." };
        await FeedbackApp.Refused(await app.Post($"concerns/{concern.Id}/referral", referral with { To = "NOBODY" }, concern.Version), "unknown-body", 400);
        await FeedbackApp.Accepted(await app.Post($"concerns/{concern.Id}/referral", referral, concern.Version));
        var passed = await app.Concern(concern.Id);
        Assert.Equal(("Referred", "in-time", 20), (passed.State, passed.Clock, passed.WorkingDaysLeft!.Value));
        Assert.Equal(["concern-referred"], await Told(concern.Id));
        Assert.Contains("agree", passed.Next);
    }

    [Fact]
    public async Task An_action_is_proposed_agreed_started_delayed_and_dropped_and_nobody_is_left_without_an_answer_to_come()
    {
        var concern = await app.Triaged(await SendWithMail());
        var action = await FeedbackApp.Read<ActionView>(await app.Post("actions", app.Repair(concern.Id) with { Proposed = true }), HttpStatusCode.Created);
        Assert.Equal(("Proposed", "Triaged"), (action.State, (await app.Concern(concern.Id)).State));
        Assert.Empty(await Told(concern.Id));
        await FeedbackApp.Refused(await app.Post($"actions/{action.Id}/start", null, action.Version), "wrong-state", 409);

        await FeedbackApp.Accepted(await app.Post($"actions/{action.Id}/agreement", null, action.Version));
        await FeedbackApp.Accepted(await app.Post($"actions/{action.Id}/start", null, action.Version + 1));
        var later = new NewDate { DueOn = action.DueOn.AddDays(30), Reason = "The cable has to be ordered." };
        await FeedbackApp.Refused(await app.Post($"actions/{action.Id}/date", later with { DueOn = Today }, action.Version + 2), "due-date", 400);
        await FeedbackApp.Refused(await app.Post($"actions/{action.Id}/date", later with { Reason = "Women should avoid the steps until then." }, action.Version + 2), "burdening-wording", 422);
        await FeedbackApp.Accepted(await app.Post($"actions/{action.Id}/date", later, action.Version + 2));
        Assert.Equal(later.DueOn, (await app.Concern(concern.Id)).DueOn);

        await FeedbackApp.Accepted(await app.Post($"actions/{action.Id}/drop", new DropReason { Reason = "The post turned out to be the railway's." }, action.Version + 3));
        var open = await app.Concern(concern.Id);
        Assert.Equal(("Triaged", Concern.DaysAfterDispute), (open.State, open.WorkingDaysLeft!.Value));
        Assert.Equal(["action-agreed", "action-delayed", "action-delayed"], await Told(concern.Id));
        Assert.Equal(["said", "delayed", "dropped"], await app.Db<FeedbackDb, IEnumerable<string>>(async db => (await db.Board.SingleAsync(e => e.SourceId == action.Id)).Steps.Select(s => s.Kind)));
        Assert.Equal("Dropped", (await Action(action.Id)).State);
    }

    [Fact]
    public async Task The_second_dispute_goes_to_oversight()
    {
        var receipt = await app.Send(FeedbackApp.Light());
        var (concern, action) = await app.ClaimedDone(receipt);
        var mailbox = await app.Open(receipt);
        async Task Dispute() => await FeedbackApp.Accepted(await mailbox.PostAsJsonAsync($"/v1/metropolitan/mailbox/concerns/{concern.Id}/done", new DoneAnswer { Done = false }));
        async Task<int> Alerts() => (await Told(concern.Id)).Count(t => t == "reopened");
        await Dispute();
        Assert.Equal(1, await Alerts()); // the owner
        await FeedbackApp.Accepted(await app.Post($"actions/{action.Id}/claim", new DoneClaim { Done = "The cable was replaced as well." }, (await Action(action.Id)).Version));
        await Dispute();
        Assert.Equal(3, await Alerts()); // the owner, and oversight
    }

    /// <summary>The sequences of <see cref="ConcernRules"/> over HTTP, by everybody who has a key and some who have not.</summary>
    [Theory, InlineData(1), InlineData(2)]
    public async Task Whatever_anybody_tries_over_HTTP_nothing_falls_silent(int seed)
    {
        var random = new Random(seed);
        var receipts = new[] { await app.Send(FeedbackApp.Light()), await app.Send(FeedbackApp.Light() with { Code = "ENV-VEG" }), await app.Send(FeedbackApp.Light() with { Code = "ENV-CCTV" }) };
        var mailboxes = new List<HttpClient>();
        foreach (var receipt in receipts)
            mailboxes.Add(await app.Open(receipt));
        var references = receipts.Select(r => r.Items[0].Reference).ToList();
        Task<List<Concern>> Now() => app.Db<FeedbackDb, List<Concern>>(db => db.Concerns.AsNoTracking().Where(c => references.Contains(c.Reference)).OrderBy(c => c.Id).ToListAsync());
        Task<List<ForceAction>> Actions(Guid of) => app.Db<FeedbackDb, List<ForceAction>>(db => db.Actions.AsNoTracking().Where(a => a.Concerns.Any(c => c.ConcernId == of)).ToListAsync());

        var (done, refused) = (0, 0);
        for (var step = 0; step < 100; step++)
        {
            var all = await Now();
            var (concern, other) = (all[random.Next(3)], all[random.Next(3)]);
            var action = (await Actions(concern.Id)).OrderBy(_ => random.Next()).FirstOrDefault();
            var (role, sub) = random.Next(12) switch { 0 => ("oversight", "eye"), 1 => ("officer", "boots"), < 7 => ("coordinator", "one"), _ => ("coordinator", "two") };
            var mailbox = random.Next(5) == 0 ? mailboxes[random.Next(3)] : mailboxes[references.IndexOf(concern.Reference)];
            Task<HttpResponseMessage> Staff(string path, object? body) => app.Post(path, body, concern.Version, role, sub);
            Task<HttpResponseMessage> OnAction(string path, object? body) => app.Post($"actions/{action?.Id ?? Guid.NewGuid()}/{path}", body, action?.Version ?? 1, role, sub);
            Task<HttpResponseMessage> Her(string path, object body) => mailbox.PostAsJsonAsync($"/v1/metropolitan/mailbox/concerns/{concern.Id}/{path}", body);
            var response = await (random.Next(17) switch
            {
                0 or 1 => Staff($"concerns/{concern.Id}/triage", new TriageDecision { OwnerBody = "LA", OwnerRole = "Street lighting" }),
                2 => Staff($"concerns/{concern.Id}/question", new QuestionToContributor { Text = "Which one is it?" }),
                3 => Staff($"concerns/{concern.Id}/referral", new Referral { To = "TFL", Reference = "T-1", Why = "It is on their ground." }),
                4 or 5 => Staff($"concerns/{concern.Id}/merge", new MergeDecision { Into = other.Id }),
                6 => Staff($"concerns/{concern.Id}/unmerge", null),
                7 => Staff($"concerns/{concern.Id}/no-action", new NoActionDecision { Reason = "NA-COST", OwnerRole = "Inspector", ReviewOn = Today.AddDays(60), Asked = "Women asked for it.", Answer = "It costs too much this year." }),
                8 => Staff($"concerns/{concern.Id}/review", null),
                9 => Staff($"concerns/{concern.Id}/not-a-concern", new NotAConcernProposal { Reason = "spam" }),
                10 or 11 => app.Post("actions", app.Repair(concern.Id) with { Proposed = random.Next(3) == 0 }, role: role, sub: sub),
                12 => OnAction(new[] { "start", "agreement" }[random.Next(2)], null),
                13 => OnAction("claim", new DoneClaim { Done = "A new lamp was fitted." }),
                14 => OnAction("drop", new DropReason { Reason = "It cannot be done there." }),
                15 => Her("done", new DoneAnswer { Done = random.Next(2) == 0 }),
                _ => random.Next(6) == 0 ? Her("withdrawal", new { }) : Her("answer", new MailboxAnswer { Text = "The left one." }),
            });
            if (response.IsSuccessStatusCode)
                done++;
            else
                refused++;
            Assert.True((int)response.StatusCode < 500, $"{response.RequestMessage!.RequestUri}: {response.StatusCode}");
            var after = await Now();
            if (role is "oversight" or "officer" && response.RequestMessage!.Headers.Authorization is not null)
                Assert.Equal((HttpStatusCode.Forbidden, string.Join(',', all.Select(c => c.Version))), (response.StatusCode, string.Join(',', after.Select(c => c.Version))));
            Assert.All(after, c => Assert.True(ConcernRules.Whole(c, after), $"{response.RequestMessage!.RequestUri} left {c.Reference} {c.State}, due {c.DueOn}, {c.MergedHere} here"));
        }
        Assert.True(done >= 12 && refused >= 12, $"{done} done, {refused} refused");
    }
}

public sealed class WholeConcernsOnSqlite(FeedbackApp.Sqlite app) : WholeConcernTests(app), IClassFixture<FeedbackApp.Sqlite>;

public sealed class WholeConcernsOnPostgres(FeedbackApp.Postgres app) : WholeConcernTests(app), IClassFixture<FeedbackApp.Postgres>;
