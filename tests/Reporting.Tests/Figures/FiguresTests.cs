using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Booking;
using WalkTalk.Contracts.Feedback;
using WalkTalk.Contracts.Notification;
using WalkTalk.Contracts.Reporting.Api;
using WalkTalk.ForcePacks;
using WalkTalk.Reporting.Figures;

namespace WalkTalk.Reporting.Tests.Figures;

public abstract class FiguresTests(ReportingApp app)
{
    private Task<StaffFigures?> Read(string query) => app.Client("analyst").GetFromJsonAsync<StaffFigures>($"{ReportingApp.Figures}?{query}");

    private Task<StaffTrends?> ReadTrends(string query) => app.Client("analyst").GetFromJsonAsync<StaffTrends>($"{ReportingApp.Trends}?{query}");

    [Fact]
    public async Task The_funnel_runs_from_walk_to_confirmed_outcome()
    {
        const string quarter = "2026Q1";
        await app.Told(Some.Walk(quarter).Concat(Some.Walk(quarter, light: "day", verified: 0)).Concat(Some.Walk(quarter, Some.Peckham, ends: false)));
        foreach (var reached in new[] { "received", "triaged", "in-action", "claimed", "confirmed", "disputed", "refused" })
        {
            await app.Told(Some.Concern(quarter, reached));
        }

        var figures = (await Read($"quarter={quarter}"))!;

        Assert.Equal(new Funnel(3, 3, 2, 2, 7, 6, 4, 3, 1), figures.Funnel);
        Assert.Equal(new ClaimGap(6, 3, 1, 1, 1), figures.ClaimGap);
        Assert.Equal((50.0, 16.7), (figures.ClaimGap.WeSay, figures.ClaimGap.WomenSay));
        Assert.Equal(new Share(1, 2), figures.VerifiedMeetings);
        Assert.Equal(new Share(2, 3), figures.DarkShare);
        Assert.Equal(new Share(1, 48), figures.Coverage);
        Assert.Equal(new WardFigures(Some.BrixtonWindrush, Some.Lambeth, 2, new(0, 0, 7, 0, 0)), figures.Wards.Single(w => w.WardCode == Some.BrixtonWindrush));
        Assert.Equal([new CategoryFigures("ENV-LIGHT-OUT", 7, 6, 4, 3, 1)], figures.Categories);
        Assert.Contains(quarter, figures.Quarters);
    }

    [Fact]
    public async Task What_was_asked_for_and_what_the_force_failed_to_keep_are_counted()
    {
        var before = (await Read("ward=E05011104"))!;
        var (matched, declined, open) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        // The answer may come before the question.
        await app.Told([new WalkRequestAnswered(matched, "matched"), new WalkRequested(matched, "E05011104", "dark"), new WalkRequested(declined, "E05011104", null), new WalkRequested(open, "E05011104", "day"),
            new WalkRequestAnswered(declined, "declined"), new WalkRequested(Guid.NewGuid(), null, null)]);
        var walk = Guid.NewGuid();
        var facts = new List<object> { new WalkPublished(walk, "E05011104", new(2026, 5, 5, 18, 0, 0, TimeSpan.Zero), new(2026, 5, 5, 19, 0, 0, TimeSpan.Zero), "dark", 8) };
        foreach (var (by, reason, late) in ((string, string, bool)[])[("force", "no-show", false), ("force", "weather", true), ("force", "weather", false), ("participant", "none", true)])
        {
            var booking = Guid.NewGuid();
            facts.Add(new BookingCancelled(booking, walk, by, reason, late));
            facts.Add(new BookingConfirmed(booking, walk, 1));
        }
        await app.Told(facts);

        var figures = (await Read("ward=E05011104"))!;
        Assert.Equal(new RequestFigures(3, 1, 1, 0), figures.Requests with { Asked = figures.Requests.Asked - before.Requests.Asked, Matched = figures.Requests.Matched - before.Requests.Matched, Declined = figures.Requests.Declined - before.Requests.Declined });
        Assert.Equal(1, figures.Requests.Open);
        Assert.Equal(new Share(2, 4), new Share(figures.KeptByForce.Part - before.KeptByForce.Part, figures.KeptByForce.Of - before.KeptByForce.Of));
    }

    [Fact]
    public async Task How_soon_a_first_place_was_offered_and_how_many_requests_became_a_walk()
    {
        const string ward = "E05011105";
        var asked = Enumerable.Range(0, 4).Select(_ => Guid.NewGuid()).ToList();
        // In any order; of two offers the first counts; a walk of a request that nobody has told of yet counts nowhere.
        await app.Told([new WalkRequestWalked(asked[0]), new WalkRequestOffered(asked[0], 300), new WalkRequestOffered(asked[0], 30), .. asked.Select(id => new WalkRequested(id, ward, "dark")),
            new WalkRequestOffered(asked[1], 60), new WalkRequestOffered(asked[1], 600), new WalkRequestOffered(asked[2], 6_000), new WalkRequestWalked(Guid.NewGuid())]);
        var figures = (await Read($"ward={ward}"))!;
        Assert.Equal((new Median(1, 3), new Share(0, 0)), (figures.FirstOffer, figures.RequestToWalk));
        await app.Told([new WalkRequestOffered(asked[3], 600)]);
        Assert.Equal(new Median(5.5, 4), (await Read($"ward={ward}"))!.FirstOffer);

        // 28 days on, the one who walked is one of four.
        app.Time.Advance(TimeSpan.FromDays(28));
        Assert.Equal(new Share(0, 0), (await Read($"ward={ward}"))!.RequestToWalk);
        app.Time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(new Share(1, 4), (await Read($"ward={ward}"))!.RequestToWalk);
        Assert.Equal(new Median(null, 0), (await Read("ward=E05011106"))!.FirstOffer);
    }

    [Fact]
    public async Task What_may_be_a_crime_counts_when_its_24_hours_are_over_and_only_in_time_is_recorded()
    {
        var before = (await Read(""))!.Recorded!;
        var (inTime, late, open) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        // In any order and twice; a hand-over of one that nobody has told of counts nowhere.
        await app.Told(new DisclosureHandedOver(inTime, true), new DisclosureFlagged(inTime), new DisclosureFlagged(inTime), new DisclosureHandedOver(inTime, true),
            new DisclosureFlagged(late), new DisclosureHandedOver(late, false), new DisclosureFlagged(open), new DisclosureHandedOver(Guid.NewGuid(), true));
        var quarter = Disclosure.Quarter.Of(DateOnly.FromDateTime(app.Time.GetUtcNow().UtcDateTime));

        // Whoever watches learns of none of them today, nor while one may still be in time.
        Assert.Equal(before, (await Read(""))!.Recorded);
        app.Time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(before, (await Read(""))!.Recorded);
        app.Time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(new Share(before.Part + 1, before.Of + 3), (await Read(""))!.Recorded);
        Assert.Equal(3, (await Read($"quarter={quarter}"))!.Recorded!.Of);
        Assert.Equal(new Share(0, 0), (await Read("quarter=2021Q1"))!.Recorded);

        Assert.Null((await Read($"borough={Some.Lambeth}"))!.Recorded);
        Assert.Null((await Read($"ward={Some.Peckham}"))!.Recorded);
    }

    [Fact]
    public async Task How_concerns_are_answered_is_counted_from_what_is_due()
    {
        // The clock of the tests stands at 24 November 2026 or later.
        const string ward = "E05011107";
        var today = DateOnly.FromDateTime(app.Time.GetUtcNow().UtcDateTime);
        var ids = Enumerable.Range(0, 8).Select(_ => Guid.NewGuid()).ToArray();
        ConcernReceived Received(int i, int daysAgo) => new(ids[i], Guid.NewGuid(), ward, Some.Southwark, "ENV-VEG", "day", "2020Q1", today.AddDays(-daysAgo), today.AddDays(-daysAgo + 5));
        ConcernTriaged Triaged(int i, int daysAgo, bool? inTime) => new(ids[i], "LA", "2020Q1", today.AddDays(-daysAgo), inTime);

        await app.Told(
            Received(0, 3), // its clock runs: not due, and no bad number yet
            Received(1, 5), // due today: in time still
            Received(2, 6), // its clock has run out, and nobody has it
            Received(3, 70), Triaged(3, 57, inTime: false), Triaged(3, 9, inTime: null), // late, then another owner, and no outcome after 56 days
            Received(4, 80), Triaged(4, 78, true), new ConcernClaimedDone(ids[4], today.AddDays(-70)), new ConcernDisputed(ids[4], today.AddDays(-60)),
            Received(5, 80), Triaged(5, 78, true), new ConcernEndedNoAction(ids[5], "NA-COST", today.AddDays(-1), today.AddDays(-60)), // its review is overdue
            Received(6, 80), Triaged(6, 56, true), new ConcernEndedNoAction(ids[6], "NA-COST", today.AddDays(-1), today.AddDays(-50)), // reviewed: somebody has it again
            new ConcernTriaged(ids[6], "TFL", "2026Q4", today.AddDays(-6)),
            new ConcernReceived(ids[7], Guid.NewGuid(), ward, Some.Southwark, "ENV-VEG", "day", "2020Q1"), // of before facts had days
            new ConcernEndedNoAction(ids[7], "NA-NOPOWER", today, today.AddDays(-50)));

        var answers = (await Read($"ward={ward}"))!.Answers;
        Assert.Equal(new Share(3, 5), answers.TriagedInTime);
        Assert.Equal(new Share(2, 3), answers.OutcomePublished);
        Assert.Equal(new Spread(20, 30, 3), answers.DaysToOutcome);
        Assert.Equal((new Share(0, 1), new Share(1, 1)), (answers.Confirmed, answers.Reopened));
        Assert.Equal([new("NA-COST", 2), new ReasonFigures("NA-NOPOWER", 1)], answers.NoAction);
        Assert.Equal(1, answers.ReviewsOverdue);
        Assert.Null(answers.Advice);

        // Nothing is answered by itself: tomorrow what was due today is late, what had 56 days has had 57, and the review of that day is over.
        app.Time.Advance(TimeSpan.FromDays(1));
        answers = (await Read($"ward={ward}"))!.Answers;
        Assert.Equal((new Share(3, 6), new Share(3, 4), 2), (answers.TriagedInTime, answers.OutcomePublished, answers.ReviewsOverdue));
        Assert.Equal(new Spread(null, null, 0), (await Read("ward=E05011108"))!.Answers.DaysToOutcome);
    }

    [Fact]
    public async Task The_loop_is_closed_by_her_reading_or_by_a_message_that_arrived_and_never_by_what_was_only_accepted()
    {
        const string ward = "E05011109";
        var today = DateOnly.FromDateTime(app.Time.GetUtcNow().UtcDateTime);
        var ids = Enumerable.Range(0, 10).Select(_ => Guid.NewGuid()).ToArray();
        ConcernReceived Received(int i) => new(ids[i], Guid.NewGuid(), ward, Some.Southwark, "ENV-VEG", "day", "2020Q2", today.AddDays(-40), today.AddDays(-35));
        ConcernClaimedDone Claimed(int i, int daysAgo, bool? reachable = true) => new(ids[i], today.AddDays(-daysAgo), reachable);
        NotificationDelivered Accepted(int i, bool? confirmed, string template = "action-delivered") => new(Guid.NewGuid(), template, ids[i], confirmed);

        await app.Told(ids.Select((_, i) => Received(i)));
        Assert.Equal(new Share(0, 0), (await Read($"ward={ward}"))!.Answers.LoopClosed);
        await app.Told(
            new ConcernOutcomeRead(ids[0], today.AddDays(-5)), Claimed(0, 9), // read, whichever fact comes first
            Claimed(1, 9), new ConcernOutcomeRead(ids[1], today.AddDays(-12)), // read the answer before this one
            new ConcernEndedNoAction(ids[2], "NA-COST", today.AddDays(90), today.AddDays(-20), Reachable: true), // nobody has read it
            Claimed(3, 9, reachable: false), // nobody could
            Claimed(4, 9, reachable: null), // of before facts said so
            Claimed(5, 0), // today: not yet counted
            Claimed(6, 9), new ConcernRemoved(ids[6], "Withdrawn"),
            Claimed(7, 2), Claimed(8, 2), Accepted(8, confirmed: false), // Notify has it, and may still say that it failed
            Claimed(9, 2), Accepted(9, confirmed: null, "concern-ack")); // another message
        Assert.Equal(new Share(1, 6), (await Read($"ward={ward}"))!.Answers.LoopClosed);

        // What she reads today moves no figure today.
        await app.Told(Accepted(7, confirmed: true), Accepted(7, confirmed: null), new ConcernOutcomeRead(ids[2], today));
        Assert.Equal(new Share(1, 6), (await Read($"ward={ward}"))!.Answers.LoopClosed);
        app.Time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(new Share(3, 7), (await Read($"ward={ward}"))!.Answers.LoopClosed);

        // A no that she had is looked at again and done: that is another outcome to tell.
        await app.Told(new ConcernClaimedDone(ids[2], today.AddDays(1), true));
        app.Time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(new Share(2, 7), (await Read($"ward={ward}"))!.Answers.LoopClosed);
    }

    [Fact]
    public async Task Feeling_is_counted_from_pairs_and_only_from_enough_of_them()
    {
        AuditSubmitted Audit(int? feel, int? before, string ward = "E05011110") => new(Guid.NewGuid(), Guid.NewGuid(), ward, "dark", "2020Q1", new Dictionary<string, int>(), feel, before);
        await app.Told(Enumerable.Range(0, 7).Select(i => (object)Audit(i < 5 ? 2 : 1, 1)).Append(Audit(2, null)).Append(Audit(null, 2)));
        Assert.Equal(new FeelingFigures(null, null, null, 7), (await Read("quarter=2020Q1"))!.Feeling);

        var eighth = Audit(0, 1);
        await app.Told(eighth, eighth, Audit(3, 0, Some.BrixtonWindrush));
        // Five +1, two 0, one -1: mean 0.5, deviation 0.756, t of seven 2.365.
        Assert.Equal(new FeelingFigures(0.5, 0.63, null, 8), (await Read($"quarter=2020Q1&borough={Some.Southwark}"))!.Feeling);
        Assert.Equal(9, (await Read("quarter=2020Q1"))!.Feeling!.Of);
        await app.Told(Enumerable.Range(0, 17).Select(_ => (object)Audit(0, 2)));
        Assert.Equal(-52, (await Read($"quarter=2020Q1&ward={Some.Peckham}"))!.Feeling!.NetSafer);
    }

    [Theory]
    [InlineData(8, 2.365)]
    [InlineData(11, 2.228)]
    [InlineData(31, 2.042)]
    [InlineData(121, 1.980)]
    public void The_interval_is_as_wide_as_so_few_pairs_make_it(int pairs, double student)
    {
        // Half of them 100 up, half 100 down, so that the deviation is known.
        var (up, down) = (pairs / 2, pairs - pairs / 2);
        var mean = 100.0 * (up - down) / pairs;
        var deviation = Math.Sqrt((up * Math.Pow(100 - mean, 2) + down * Math.Pow(-100 - mean, 2)) / (pairs - 1));
        Assert.Equal(student * deviation / Math.Sqrt(pairs), FeelingReading.Of([new(100, up), new(-100, down)]).Margin!.Value, 0.2);
    }

    [Fact]
    public async Task A_message_counts_as_delivered_where_its_provider_says_so_and_as_accepted_where_it_does_not()
    {
        var day = new DateOnly(2020, 8, 1);
        MessageEnded Ended(Guid id, string state, int seconds, bool confirms = true, bool twice = false) => new(id, "walk-confirmed", state, confirms, seconds, twice, day);
        Assert.Equal(new MessageFigures(new(0, 0), 0, 0, null, 0, 0), (await Read("quarter=2020Q3"))!.Messages);

        // A mail server says nothing of what arrives: no share is made of it, whatever failed.
        await app.Told(Ended(Guid.NewGuid(), "Sent", 2, confirms: false), Ended(Guid.NewGuid(), "PermanentFailure", 1, confirms: false), Ended(Guid.NewGuid(), "Sent", 3, confirms: false, twice: true));
        Assert.Equal(new MessageFigures(new(0, 0), 2, 1, 3, 1, 3), (await Read("quarter=2020Q3"))!.Messages);

        var (late, pending, failed) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        await app.Told(
            Ended(late, "Delivered", 90), Ended(late, "Sent", 1), Ended(late, "TechnicalFailure", 40), // in no order: arrived is arrived
            Ended(pending, "Sent", 4), Ended(failed, "Sent", 1), Ended(failed, "PermanentFailure", 5_000), Ended(failed, "PermanentFailure", 5_000));
        await app.Told(Enumerable.Range(0, 37).Select(_ => (object)Ended(Guid.NewGuid(), "Delivered", 5)));
        // Of 41 that went, nineteen of twenty are 39; a failure has no time.
        Assert.Equal(new MessageFigures(new(38, 39), 3, 2, 5, 1, 43), (await Read("quarter=2020Q3"))!.Messages);

        Assert.Equal(0, (await Read("quarter=2020Q4"))!.Messages!.Of);
        Assert.Null((await Read($"borough={Some.Lambeth}"))!.Messages);
    }

    [Fact]
    public async Task What_the_last_rounds_of_retention_left_is_overdue_and_rounds_that_stop_are_no_zero()
    {
        var today = DateOnly.FromDateTime(app.Time.GetUtcNow().UtcDateTime);
        await app.Told(new BookingRetentionRun(today.AddDays(-1), 0), new BookingRetentionRun(today.AddDays(-2), 700), new FeedbackRetentionRun(today, 3), new FeedbackRetentionRun(today.AddDays(-1), 503));
        var kept = (await Read(""))!.Retention!;
        Assert.Equal((3, false), (kept.Overdue, kept.Stopped));
        Assert.Equal([new("booking", today.AddDays(-1)), new RetentionRound("feedback", today)], kept.Rounds);
        app.Time.Advance(TimeSpan.FromDays(7));
        Assert.True((await Read(""))!.Retention!.Stopped);
        await app.Told(new BookingRetentionRun(today.AddDays(7), 0));
        Assert.False((await Read(""))!.Retention!.Stopped);
        Assert.Null((await Read($"ward={Some.Peckham}"))!.Retention);
    }

    [Fact]
    public async Task Advice_to_women_is_counted_beside_what_is_done_by_the_quarter_it_was_agreed_in()
    {
        var (advice, repair, day) = (Guid.NewGuid(), Guid.NewGuid(), new DateOnly(2020, 5, 1));
        await app.Told(
            new ActionAgreed(advice, [Guid.NewGuid()], "ADVICE-TO-WOMEN", false, "POL", day, day), new ActionAgreed(repair, [], "LIGHT", true, "LA", day, day),
            new ActionAgreed(repair, [Guid.NewGuid()], "LIGHT", true, "LA", day, day.AddDays(200))); // joined later
        Assert.Equal(new Share(1, 2), (await Read("quarter=2020Q2"))!.Answers.Advice);
        Assert.Equal(new Share(0, 0), (await Read("quarter=2020Q4"))!.Answers.Advice);
        Assert.Null((await Read($"quarter=2020Q2&borough={Some.Lambeth}"))!.Answers.Advice);
    }

    [Fact]
    public async Task A_trend_gives_each_quarter_what_its_figures_give_and_no_quarter_between_is_left_out()
    {
        const string ward = "E05011113";
        await app.Told(Some.Walk("2025Q2", ward).Concat(Some.Walk("2025Q4", ward, light: "day", verified: 0)).Concat(Some.Walk("2025Q4", ward)));
        foreach (var (quarter, reached) in new[] { ("2025Q2", "confirmed"), ("2025Q2", "disputed"), ("2025Q2", "refused"), ("2025Q4", "claimed"), ("2025Q4", "triaged"), ("2025Q4", "received") })
        {
            await app.Told(Some.Concern(quarter, reached, ward));
        }
        Assert.Equal(12, (await ReadTrends($"ward={ward}&quarters=12"))!.Quarters.Count);
        var trends = (await ReadTrends($"ward={ward}"))!;
        Assert.Equal(8, trends.Quarters.Count);
        Assert.Equal(Disclosure.Quarter.Of(DateOnly.FromDateTime(app.Time.GetUtcNow().UtcDateTime)).ToString(), trends.Quarters[^1].Quarter);
        Assert.Equal(trends.Quarters.Select(q => q.Quarter).Order(StringComparer.Ordinal), trends.Quarters.Select(q => q.Quarter));
        Assert.Equal(new Share(1, 3), trends.Quarters.Single(q => q.Quarter == "2025Q2").WomenSay);
        Assert.Equal(new QuarterFigures("2025Q3", new(0, 0), new(0, 0), new(0, 0), new(null, null, 0), new(0, 0), new(0, 0), new(0, 0)), trends.Quarters.Single(q => q.Quarter == "2025Q3"));

        foreach (var of in trends.Quarters)
        {
            var figures = (await Read($"ward={ward}&quarter={of.Quarter}"))!;
            Assert.Equal(
                new QuarterFigures(
                    of.Quarter, new(figures.ClaimGap.ClaimedDone, figures.ClaimGap.Triaged), new(figures.ClaimGap.ConfirmedDone, figures.ClaimGap.Triaged),
                    figures.Answers.TriagedInTime, figures.Answers.DaysToOutcome, figures.VerifiedMeetings, figures.KeptByForce, figures.DarkShare),
                of);
        }
    }

    [Theory]
    [InlineData("quarters=0", "unknown-span")]
    [InlineData("quarters=13", "unknown-span")]
    [InlineData("quarters=-1", "unknown-span")]
    [InlineData("quarters=eight", "unknown-span")]
    [InlineData("borough=E09000001", "unknown-place")]
    [InlineData("ward=nowhere", "unknown-place")]
    public async Task A_trend_of_what_means_nothing_is_refused_by_name(string query, string problem)
    {
        var answer = await app.Client("analyst").GetAsync($"{ReportingApp.Trends}?{query}");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains($"urn:walktalk:problem:{problem}", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_filter_narrows_to_borough_and_ward()
    {
        const string quarter = "2025Q1";
        await app.Told(Some.Walk(quarter).Concat(Some.Walk(quarter, Some.Peckham)).Concat(Some.Concern(quarter)).Concat(Some.Concern(quarter, ward: Some.Peckham, light: "late")));

        Assert.Equal((1, 1, 25), Seen(await Read($"quarter={quarter}&borough={Some.Lambeth}")));
        Assert.Equal((1, 1, 1), Seen(await Read($"quarter={quarter}&ward={Some.Peckham}")));
        Assert.Equal((2, 2, 48), Seen(await Read($"quarter={quarter}&borough=&ward=")));

        static (int Walks, int Concerns, int Wards) Seen(StaffFigures? f) => (f!.Funnel.WalksEnded, f.Funnel.ConcernsReceived, f.Wards.Count);
    }

    [Fact]
    public async Task Facts_in_any_order_and_more_than_once_give_the_same_figures()
    {
        var random = new Random(20261124);
        foreach (var quarter in new[] { "2024Q1", "2024Q2", "2024Q3" })
        {
            var facts = Some.Walk(quarter).Concat(Some.Concern(quarter, "confirmed")).Concat(Some.Concern(quarter, "disputed")).ToArray();
            if (quarter != "2024Q1")
            {
                facts = [.. facts, .. facts[..4]];
                random.Shuffle(facts);
            }
            await app.Told(facts);
        }

        var expected = (await Read("quarter=2024Q1"))!;
        Assert.Equal(new Funnel(1, 1, 1, 1, 2, 2, 2, 2, 1), expected.Funnel);
        foreach (var quarter in new[] { "2024Q2", "2024Q3" })
        {
            var figures = (await Read($"quarter={quarter}"))!;
            Assert.Equal((expected.Funnel, expected.ClaimGap, expected.VerifiedMeetings), (figures.Funnel, figures.ClaimGap, figures.VerifiedMeetings));
            Assert.Equal(expected.Wards, figures.Wards);
            Assert.Equal(expected.Categories, figures.Categories);
        }
    }

    [Fact]
    public async Task A_step_told_before_the_one_it_follows_makes_no_share_of_more_than_all()
    {
        const string quarter = "2025Q3", ward = "E05011117";
        var late = Some.Concern(quarter, "confirmed", ward).ToList();
        await app.Told(Some.Concern(quarter, "triaged", ward).Concat(late.Where(fact => fact is not ConcernTriaged)).Concat(Some.Concern(quarter, "confirmed", ward).Where(fact => fact is not ConcernTriaged)));
        var figures = (await Read($"ward={ward}"))!;
        Assert.Equal((1, 0, 0), (figures.ClaimGap.Triaged, figures.ClaimGap.ClaimedDone, figures.ClaimGap.ConfirmedDone));
        Assert.Equal(2, figures.Funnel.ConcernsClaimedDone);
        var trend = (await ReadTrends($"ward={ward}"))!.Quarters.Single(q => q.Quarter == quarter);
        Assert.Equal((new Share(0, 1), new Share(0, 1)), (trend.WeSay, trend.WomenSay));

        await app.Told(late.OfType<ConcernTriaged>());
        figures = (await Read($"ward={ward}"))!;
        Assert.Equal((50.0, 50.0), (figures.ClaimGap.WeSay, figures.ClaimGap.WomenSay));
    }

    [Fact]
    public async Task The_same_message_twice_counts_once()
    {
        var (id, fact) = (Guid.NewGuid(), new ConcernReceived(Guid.NewGuid(), Guid.NewGuid(), Some.Peckham, Some.Southwark, "ENV-VEG", "day", "2023Q1"));
        await app.Deliver(fact, id: id);
        await app.Deliver(fact, id: id);
        await app.Deliver(fact);

        Assert.Equal(1, (await Read("quarter=2023Q1"))!.Funnel.ConcernsReceived);
    }

    [Fact]
    public async Task A_withdrawn_concern_and_a_step_without_its_receipt_count_nothing()
    {
        var gone = Guid.NewGuid();
        await app.Told(
            new ConcernRemoved(gone, "Withdrawn"),
            new ConcernReceived(gone, Guid.NewGuid(), Some.Peckham, Some.Southwark, "ENV-VEG", "day", "2023Q2"),
            new ConcernTriaged(Guid.NewGuid(), "LA", "2023Q2"),
            new WalkStarted(Guid.NewGuid(), 1, 0));

        Assert.Equal(new Funnel(0, 0, 0, 0, 0, 0, 0, 0, 0), (await Read("quarter=2023Q2"))!.Funnel);
    }

    [Fact]
    public async Task Advice_to_women_is_no_action_and_a_later_dispute_takes_the_confirmation_back()
    {
        var (advised, reopened, day) = (Guid.NewGuid(), Guid.NewGuid(), new DateOnly(2023, 8, 1));
        await app.Told(
            new ConcernReceived(advised, Guid.NewGuid(), null, Some.Lambeth, "BEH-OTHER", "unknown", "2023Q3"),
            new ActionAgreed(Guid.NewGuid(), [advised], "ADVICE-TO-WOMEN", false, "POL", day),
            new ConcernReceived(reopened, Guid.NewGuid(), Some.Peckham, Some.Southwark, "ENV-VEG", "day", "2023Q3"),
            new ConcernTriaged(reopened, "LA", "2023Q3"),
            new ConcernDisputed(reopened, day.AddDays(2)),
            new ConcernClaimedDone(reopened, day),
            new ConcernConfirmedDone(reopened, day.AddDays(1)));

        var figures = (await Read("quarter=2023Q3"))!;
        Assert.Equal((0, 1, 0), (figures.Funnel.ConcernsInAction, figures.Funnel.ConcernsClaimedDone, figures.Funnel.ConcernsConfirmedDone));
        Assert.Equal(new WardFigures(null, Some.Lambeth, 0, new(0, 0, 0, 0, 1)), figures.Wards.Single(w => w.WardCode is null));
    }

    [Fact]
    public async Task One_reading_costs_the_queries_it_says()
    {
        await app.Db(async db =>
        {
            var pack = ForcePackCatalogue.Load(ForcePackCatalogue.DefaultFolder).Get("metropolitan");
            var commands = 0;
            db.Database.SetCommandTimeout(30);
            using var counted = System.Diagnostics.DiagnosticListener.AllListeners.Subscribe(new Counting(() => commands++, db.ContextId.InstanceId));
            await db.ReadFigures(pack, new(null, null, null), CancellationToken.None);
            Assert.Equal(FiguresReading.Queries, commands);
            commands = 0;
            await db.ReadTrends(pack, new(null, null, null), ["2026Q1", "2026Q2", "2026Q3", "2026Q4"], CancellationToken.None);
            Assert.Equal(TrendsReading.Queries, commands);
        });
    }

    [Theory]
    [InlineData("quarter=2026", "unknown-quarter")]
    [InlineData("quarter=2026Q5", "unknown-quarter")]
    [InlineData("borough=E09000001", "unknown-place")]
    [InlineData("ward='; DROP TABLE walks --", "unknown-place")]
    public async Task A_filter_that_means_nothing_is_refused_by_name(string query, string problem)
    {
        foreach (var path in new[] { "", "/live" })
        {
            var answer = await app.Client("analyst").GetAsync($"{ReportingApp.Figures}{path}?{query}");
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Contains($"urn:walktalk:problem:{problem}", await answer.Content.ReadAsStringAsync());
        }
    }

    private sealed class Counting(Action count, Guid context) : IObserver<System.Diagnostics.DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
    {
        public void OnNext(System.Diagnostics.DiagnosticListener value)
        {
            if (value.Name == DbLoggerCategory.Name) value.Subscribe(this);
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value.Value is Microsoft.EntityFrameworkCore.Diagnostics.CommandExecutedEventData { Context: { } db } && db.ContextId.InstanceId == context) count();
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }
}

public sealed class FiguresOnSqlite(ReportingApp.Sqlite app) : FiguresTests(app), IClassFixture<ReportingApp.Sqlite>;

public sealed class FiguresOnPostgres(ReportingApp.Postgres app) : FiguresTests(app), IClassFixture<ReportingApp.Postgres>;
