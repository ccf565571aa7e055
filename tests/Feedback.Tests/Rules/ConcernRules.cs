using CsCheck;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Feedback.Tests.Rules;

public sealed class ConcernRules
{
    private static readonly ForcePack Pack = ForcePackCatalogue.Load(ForcePackCatalogue.DefaultFolder).Get("metropolitan");
    private static readonly DateOnly Day = new(2026, 11, 24);

    private static Concern New(string code = "ENV-LIGHT-OUT")
    {
        var concern = new Concern
        {
            MailboxId = Guid.NewGuid(), Reference = References.New(6), Code = code, Quarter = "2026Q4", ReceivedOn = Day,
            WardCode = "E05014098", BoroughCode = "E09000022", Text = "The lamp is out",
        };
        concern.StartClock(Pack, Pack.FindConcern(code)!);
        concern.PassScreening();
        concern.Acknowledge();
        return concern;
    }

    [Fact]
    public void A_first_decision_is_in_time_on_the_last_day_of_the_clock_and_no_later_and_stands_still_while_she_is_asked()
    {
        var concern = New();
        var due = concern.DueOn!.Value;
        Assert.Equal((true, false), (concern.Memo().InTime(due), concern.Memo().InTime(due.AddDays(1))));

        concern.Ask(Day);
        concern.HearAnswer(due.AddDays(20), Pack);
        Assert.True(concern.Memo().InTime(due.AddDays(1)));

        concern.Triage("LA", "Street lighting", due.AddDays(20), Pack);
        Assert.Null(concern.Memo().InTime(due.AddDays(20)));
    }

    private static ForceAction Action(DateOnly today, bool counted = true) => new()
    {
        Type = counted ? "LIGHT" : "ADVICE-TO-WOMEN", Counted = counted, OwnerBody = "LA", OwnerRole = "Street lighting", AgreedOn = today,
        DueOn = today.AddDays(14), FourP = "protect", Asked = "A light", Promise = "A lamp",
    };

    /// <summary>Everything anybody may try on a concern, with another one beside it and all that wait for it.</summary>
    private static readonly (string Name, Func<Concern, Concern, List<Concern>, DateOnly, Refusal?> Try)[] Steps =
    [
        ("triage", (c, _, _, d) => c.Triage("LA", "Street lighting", d, Pack)),
        ("assign", (c, _, _, _) => c.Assign("sub-1")),
        ("ask", (c, _, _, d) => c.Ask(d)),
        ("answer", (c, _, _, d) => c.HearAnswer(d, Pack)),
        ("refer", (c, _, _, d) => c.Refer("TFL", "T-1", d, Pack)),
        ("refused or closed there", (c, _, _, d) => Then(null, () => c.ComeBack(d, Pack))),
        ("refer and take back", (c, _, _, d) =>
        {
            var before = c.Memo();
            return c.Refer("LA", null, d, Pack) is { } refused ? refused : Then(null, () => c.TakeBack(before));
        }),
        ("merge", (c, other, _, d) => c.Merge(other, d, Pack)),
        ("merge again", (c, other, _, d) => c.Merge(other, d, Pack)),
        ("unmerge", (c, other, _, d) => c.Unmerge(other, d, Pack)),
        ("act", (c, _, waiting, d) => Then(c.TakeUp(Action(d), d, Pack), () => waiting.ForEach(w => w.Follow(Action(d), d, Pack)))),
        ("advise", (c, _, _, d) => c.TakeUp(Action(d, counted: false), d, Pack)),
        ("drop the action", (c, _, waiting, d) => Then(null, () => waiting.Prepend(c).ToList().ForEach(x => x.LoseAction(d, Pack)))),
        ("claim", (c, _, waiting, d) => Then(c.ClaimDone("A new lamp", d), () => c.Settle(waiting, d, Pack))),
        ("confirm", (c, _, _, d) => c.Confirm(d)),
        ("dispute", (c, _, _, d) => c.Dispute(d, Pack)),
        ("ask whether", (c, _, _, d) => Then(null, () => { if (c.ToAsk(d) is { } weeks) c.Asked(weeks); })),
        ("no action", (c, _, waiting, d) => Then(c.EndWithoutAction("NA-COST", "Street lighting", d.AddDays(90), "It costs too much this year", d), () => c.Settle(waiting, d, Pack))),
        ("no reply", (c, _, waiting, d) => Then(c.EndWithoutAction("NA-INFO", "Street lighting", d.AddDays(90), "We asked and heard nothing", d), () => c.Settle(waiting, d, Pack))),
        ("review", (c, _, _, d) => c.Review(d, Pack)),
        ("not a concern, says one", (c, _, waiting, d) => Then(c.CallNotAConcern("spam", "sub-1", d), () => c.Settle(waiting, d, Pack))),
        ("not a concern, says another", (c, _, waiting, d) => Then(c.CallNotAConcern("spam", "sub-2", d), () => c.Settle(waiting, d, Pack))),
        ("withdraw", (c, other, waiting, d) =>
        {
            if (c.MergedInto == other.Id)
                c.Unmerge(other, d, Pack);
            return c.MergedInto is null ? Then(c.Withdraw(d), () => c.Settle(waiting, d, Pack)) : null;
        }),
        ("screen", (c, _, _, _) => c.PassScreening()),
        ("acknowledge", (c, _, _, _) => c.Acknowledge()),
    ];

    private static Refusal? Then(Refusal? refused, Action next)
    {
        if (refused is null)
            next();
        return refused;
    }

    [Fact]
    public void Whatever_is_tried_each_is_open_with_a_clock_ended_with_a_reason_waits_for_another_s_answer_or_is_an_empty_marker()
    {
        var reached = new HashSet<(string, ConcernState)>();
        Gen.Select(Gen.Int[0, Steps.Length - 1], Gen.Int[0, 2], Gen.Int[1, 2], Gen.Int[0, 40]).Array[0, 60].Sample(tried =>
        {
            var (all, day) = (new[] { New(), New("ENV-VEG"), New("BEH-FOLLOW") }, Day);
            foreach (var (step, which, other, later) in tried)
            {
                day = day.AddDays(later);
                var concern = all[which];
                var before = all.Select(Snapshot).ToList();
                var waiting = all.Where(c => c.MergedInto == concern.Id).ToList();
                var clocks = waiting.Select(w => w.DueOn).ToList();
                if (Steps[step].Try(concern, all[(which + other) % 3], waiting, day) is not null)
                    Assert.Equal(before, all.Select(Snapshot));
                foreach (var c in all)
                {
                    Assert.True(Whole(c, all), $"{Steps[step].Name} left {c.State} with due {c.DueOn}, merged into {c.MergedInto}, {c.MergedHere} here");
                    lock (reached)
                        reached.Add((Steps[step].Name, c.State));
                }
            }
        }, iter: 5_000);
        // The generator reaches every state, or it proves nothing.
        Assert.Equal(Enum.GetValues<ConcernState>().Except([ConcernState.Received, ConcernState.Screened]).Order(), reached.Select(r => r.Item2).Distinct().Order());
    }

    internal static bool Whole(Concern c, IReadOnlyCollection<Concern> all) => c.MergedHere == all.Count(o => o.MergedInto == c.Id) && (c.MergedHere == 0 || c.CanCarry) && c.State switch
    {
        ConcernState.ConfirmedDone => c is { DueOn: null, Outcome.Length: > 0, ClaimedOn: not null },
        ConcernState.ClaimedDone => c is { DueOn: not null, Outcome.Length: > 0, ClaimedOn: not null },
        ConcernState.NoAction => c is { DueOn: null, Outcome.Length: > 0, NoActionReason.Length: > 0, ReviewOn: not null, OwnerRole.Length: > 0 },
        ConcernState.Withdrawn or ConcernState.NotAConcern => c is { DueOn: null, Text: null, WardCode: null, BoroughCode: null, Landmark: null, SealedOriginal: null, Outcome: null },
        ConcernState.WaitingForContributor => c is { DueOn: not null, WaitingSince: not null, Resume: not null },
        ConcernState.Merged => c is { DueOn: not null, Resume: not null } && all.Single(o => o.Id == c.MergedInto) is { CanCarry: true, DueOn: not null },
        ConcernState.Referred => c is { DueOn: not null, WarnOn: not null, ReferredTo.Length: > 0 },
        _ => c is { DueOn: not null, WarnOn: not null, WaitingSince: null },
    };

    // A refusal changes nothing.
    private static object Snapshot(Concern c) =>
        (c.State, c.DueOn, c.WarnOn, c.WaitingSince, c.Resume, c.OwnerBody, c.OwnerRole, (c.Outcome, c.NoActionReason, c.ReviewOn, c.DisputedOn, c.ProposedBy, c.Text, c.MergedInto),
        (c.MergedHere, c.ReferredTo, c.ClaimedOn, c.AskedAtWeeks, c.Disputes));

    [Fact]
    public void The_clock_stands_still_only_while_she_is_asked()
    {
        var concern = New();
        var due = concern.DueOn!.Value;
        Assert.Null(concern.Ask(Day));
        Assert.Equal("stopped", concern.Clock(Day.AddDays(30)));
        Assert.Null(concern.HearAnswer(Day.AddDays(7), Pack));
        Assert.Equal(Pack.AddWorkingDays(due, 5), concern.DueOn);
        Assert.Equal(ConcernState.Acknowledged, concern.State);
    }

    [Fact]
    public void The_clock_skips_bank_holidays() =>
        Assert.Equal(new DateOnly(2026, 12, 29), Pack.AddWorkingDays(new DateOnly(2026, 12, 24), 1));

    [Fact]
    public void Advice_to_women_never_takes_a_concern_up()
    {
        var concern = New();
        concern.Triage("LA", "Street lighting", Day, Pack);
        var due = concern.DueOn;
        Assert.Null(concern.TakeUp(Action(Day, counted: false), Day, Pack));
        Assert.Equal((ConcernState.Triaged, due), (concern.State, concern.DueOn));
    }

    [Fact]
    public void Four_fifths_of_a_clock_are_counted_in_working_days()
    {
        var concern = New(); // five working days from Tuesday
        Assert.Equal((new DateOnly(2026, 11, 30), new DateOnly(2026, 12, 1)), (concern.WarnOn!.Value, concern.DueOn!.Value));
        concern.Triage("LA", "Street lighting", Day, Pack);
        Assert.Equal(Pack.AddWorkingDays(Day, 16), concern.WarnOn);
        // Another owner gets no other twenty days.
        concern.Triage("TFL", "Stations", Day.AddDays(10), Pack);
        Assert.Equal(Pack.AddWorkingDays(Day, 20), concern.DueOn);
    }

    [Fact]
    public void A_referral_ends_nothing_and_has_a_day_on_which_the_force_asks_there()
    {
        var concern = New();
        Assert.Null(concern.Refer("TFL", "TFL-77", Day, Pack));
        Assert.Equal((true, "in-time", Pack.AddWorkingDays(Day, 20)), (concern.IsOpen, concern.Clock(Day), concern.DueOn!.Value));
        Assert.Equal("wrong-state", concern.ClaimDone("They say so", Day)?.Type);
        Assert.Null(concern.Triage("LA", "Street lighting", Day, Pack));
    }

    [Fact]
    public void Of_two_that_are_merged_the_earlier_clock_counts()
    {
        var (early, late) = (New("BEH-FOLLOW"), New("ENV-SIGN"));
        Assert.Null(early.Merge(late, Day, Pack));
        Assert.Equal(early.DueOn, late.DueOn);
        Assert.Equal("merge-target", New().Merge(early, Day, Pack)?.Type);
        Assert.Equal("merge-target", late.Merge(New(), Day, Pack)?.Type);
        Assert.Equal("others-wait", late.Ask(Day)?.Type);
    }

    [Fact]
    public void She_is_asked_at_four_weeks_if_she_has_not_answered_and_at_twelve_in_any_case()
    {
        Concern Claimed()
        {
            var concern = New();
            concern.Triage("LA", "Street lighting", Day, Pack);
            concern.TakeUp(Action(Day), Day, Pack);
            concern.ClaimDone("A new lamp", Day);
            return concern;
        }
        var silent = Claimed();
        Assert.Equal((null, 4), (silent.ToAsk(Day.AddDays(27)), silent.ToAsk(Day.AddDays(28))));
        silent.Asked(4);
        Assert.Equal((null, 12), (silent.ToAsk(Day.AddDays(83)), silent.ToAsk(Day.AddDays(84))));
        silent.Asked(12);
        Assert.Null(silent.ToAsk(Day.AddDays(400)));
        var done = Claimed();
        done.Confirm(Day);
        Assert.Equal((null, 12), (done.ToAsk(Day.AddDays(28)), done.ToAsk(Day.AddDays(84))));
        // What she called done she may take back.
        Assert.Null(done.Dispute(Day.AddDays(84), Pack));
        Assert.Equal("Disputed", done.Shown);
    }

    [Fact]
    public void A_no_comes_back_as_work_that_is_due_on_its_review_date()
    {
        var concern = New();
        concern.EndWithoutAction("NA-COST", "Lighting", Day.AddDays(60), "Too dear this year", Day);
        Assert.Null(concern.Review(Day.AddDays(55), Pack));
        Assert.Equal(("Review", Day.AddDays(60)), (concern.Shown, concern.DueOn!.Value));
        Assert.Null(concern.EndWithoutAction("NA-COST", "Lighting", Day.AddDays(200), "Still too dear", Day.AddDays(58)));
        Assert.Equal("NoAction", concern.Shown);
    }

    [Fact]
    public void No_reply_is_a_reason_only_after_28_days()
    {
        var concern = New();
        concern.Ask(Day);
        Assert.Equal("no-reply-too-soon", concern.EndWithoutAction("NA-INFO", "Lighting", Day.AddDays(60), "No reply", Day.AddDays(27))?.Type);
        Assert.Null(concern.EndWithoutAction("NA-INFO", "Lighting", Day.AddDays(60), "No reply", Day.AddDays(28)));
    }

    [Fact]
    public void Nobody_alone_calls_it_no_concern()
    {
        var concern = New();
        Assert.Null(concern.CallNotAConcern("spam", "sub-1", Day));
        Assert.Equal("second-person-needed", concern.CallNotAConcern("spam", "sub-1", Day)?.Type);
        Assert.True(concern.IsOpen);
        Assert.Null(concern.CallNotAConcern("spam", "sub-2", Day));
        Assert.Equal(ConcernState.NotAConcern, concern.State);
    }

    [Fact]
    public void A_disclosure_is_handed_over_only_after_her_choice_or_on_duty()
    {
        var disclosure = new SealedDisclosure { Reference = "WT-1", MailboxId = Guid.NewGuid(), Cause = "cue", Code = "BEH-TOUCH", DueAt = DateTimeOffset.UnixEpoch };
        Assert.Equal("choice-first", disclosure.HandOver("Registrar", "CR/1", DateTimeOffset.UnixEpoch)?.Type);
        disclosure.Explain();
        Assert.Null(disclosure.Choose("NotNow"));
        Assert.False(disclosure.MayBeContacted);
        Assert.Equal("choice-first", disclosure.HandOver("Registrar", "CR/1", DateTimeOffset.UnixEpoch)?.Type);
        Assert.Null(disclosure.Choose("ReportNow"));
        Assert.Null(disclosure.HandOver("Registrar", "CR/1", DateTimeOffset.UnixEpoch));
        Assert.Equal("wrong-state", disclosure.Choose("NotNow")?.Type);
        Assert.Null(disclosure.Receipt());
    }

    [Fact]
    public void The_24_hours_never_run_late_and_keep_no_minute() =>
        Assert.Equal(new DateTimeOffset(2026, 11, 25, 21, 0, 0, TimeSpan.Zero), SealedDisclosure.ClockFrom(new DateTimeOffset(2026, 11, 24, 21, 59, 59, TimeSpan.Zero)));

    [Theory]
    [InlineData("ENV-LIGHT-OUT", "E05014098", "dark", "2026Q4")]
    [InlineData("BEH-TOUCH", null, null, "2026")]
    [InlineData("POL-CONDUCT", null, null, "2026")]
    public void The_board_is_made_coarse_when_it_is_written(string code, string? ward, string? band, string period)
    {
        var concern = New(code);
        concern.LightBand = "dark";
        var entry = BoardEntry.Coarse(concern.Id, Pack.FindConcern(code)!, concern, "Women said so");
        Assert.Equal((ward, "E09000022", band, period), (entry.WardCode, entry.BoroughCode, entry.LightBand, entry.Period));
        entry.WomenSay(true, "2027Q1");
        Assert.Equal(period.Length == 4 ? "2027" : "2027Q1", entry.Steps[^1].When);
    }

    [Fact]
    public void One_woman_s_done_does_not_outweigh_another_s_not_done()
    {
        var entry = BoardEntry.Coarse(Guid.NewGuid(), Pack.FindConcern("ENV-VEG")!, New(), "Women said so");
        entry.WomenSay(false, "2026Q4");
        entry.WomenSay(true, "2026Q4");
        entry.WomenSay(false, "2026Q4");
        Assert.Equal("women-say-not-done", entry.State);
        Assert.Equal(2, entry.Steps.Count);
    }

    [Fact]
    public void A_place_has_a_score_from_seven_ratings_on()
    {
        Assert.Null(PlaceAudit.ScoreOf([3, 3, 3, 3, 3, 3]));
        Assert.Equal(100, PlaceAudit.ScoreOf([3, 3, 3, 3, 3, 3, 3]));
        Assert.Equal(43, PlaceAudit.ScoreOf([0, 1, 2, 3, 0, 1, 2]));
    }

    [Fact]
    public void Texts_of_a_pack_that_ask_women_to_change_are_refused_at_the_start()
    {
        PublicWords.CheckAnswers(ForcePackCatalogue.Load(ForcePackCatalogue.DefaultFolder));
        var root = Directory.CreateTempSubdirectory("packs-").FullName;
        try
        {
            var folder = Directory.CreateDirectory(Path.Combine(root, "metropolitan")).FullName;
            foreach (var file in Directory.GetFiles(Path.Combine(ForcePackCatalogue.DefaultFolder, "metropolitan")))
                File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
            File.AppendAllText(Path.Combine(folder, "answers.csv"), "bad,no-action,,Advice,Women should avoid the path after dark.\n");
            Assert.Contains("metropolitan/answers.csv: bad", Assert.Throws<InvalidOperationException>(() => PublicWords.CheckAnswers(ForcePackCatalogue.Load(root))).Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }
}
