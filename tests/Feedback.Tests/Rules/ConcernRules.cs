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

    private static ForceAction Action(DateOnly today, bool counted = true) => new()
    {
        Type = counted ? "LIGHT" : "ADVICE-TO-WOMEN", Counted = counted, OwnerBody = "LA", OwnerRole = "Street lighting", AgreedOn = today,
        DueOn = today.AddDays(14), FourP = "protect", Asked = "A light", Promise = "A lamp",
    };

    /// <summary>Everything anybody may try on a concern.</summary>
    private static readonly (string Name, Func<Concern, DateOnly, Refusal?> Try)[] Steps =
    [
        ("triage", (c, d) => c.Triage("LA", "Street lighting", d, Pack)),
        ("assign", (c, _) => c.Assign("sub-1")),
        ("ask", (c, d) => c.Ask(d)),
        ("answer", (c, d) => c.HearAnswer(d, Pack)),
        ("act", (c, d) => c.TakeUp(Action(d))),
        ("advise", (c, d) => c.TakeUp(Action(d, counted: false))),
        ("claim", (c, d) => c.ClaimDone("A new lamp", d)),
        ("confirm", (c, _) => c.Confirm()),
        ("dispute", (c, d) => c.Dispute(d, Pack)),
        ("no action", (c, d) => c.EndWithoutAction("NA-COST", "Street lighting", d.AddDays(90), "It costs too much this year", d)),
        ("no reply", (c, d) => c.EndWithoutAction("NA-INFO", "Street lighting", d.AddDays(90), "We asked and heard nothing", d)),
        ("not a concern, says one", (c, _) => c.CallNotAConcern("spam", "sub-1")),
        ("not a concern, says another", (c, _) => c.CallNotAConcern("spam", "sub-2")),
        ("withdraw", (c, _) => c.Withdraw()),
        ("screen", (c, _) => c.PassScreening()),
        ("acknowledge", (c, _) => c.Acknowledge()),
    ];

    [Fact]
    public void Whatever_is_tried_it_is_open_with_a_clock_or_ended_with_a_reason_or_an_empty_marker() =>
        Gen.Select(Gen.Int[0, Steps.Length - 1], Gen.Int[0, 40]).Array[0, 30].Sample(tried =>
        {
            var (concern, day) = (New(), Day);
            foreach (var (step, later) in tried)
            {
                day = day.AddDays(later);
                var before = Snapshot(concern);
                if (Steps[step].Try(concern, day) is not null)
                    Assert.Equal(before, Snapshot(concern));
                Assert.True(Whole(concern), $"{Steps[step].Name} left {concern.State} with due {concern.DueOn}");
            }
        }, iter: 5_000);

    private static bool Whole(Concern c) => c.State switch
    {
        ConcernState.ConfirmedDone => c is { DueOn: null, Outcome.Length: > 0 },
        ConcernState.NoAction => c is { DueOn: null, Outcome.Length: > 0, NoActionReason.Length: > 0, ReviewOn: not null, OwnerRole.Length: > 0 },
        ConcernState.Withdrawn or ConcernState.NotAConcern => c is { DueOn: null, Text: null, WardCode: null, BoroughCode: null, Landmark: null, SealedOriginal: null, Outcome: null },
        ConcernState.WaitingForContributor => c is { DueOn: not null, WaitingSince: not null, Resume: not null },
        _ => c is { DueOn: not null, WaitingSince: null },
    };

    // A refusal changes nothing.
    private static object Snapshot(Concern c) =>
        (c.State, c.DueOn, c.WaitingSince, c.Resume, c.OwnerBody, c.OwnerRole, c.Outcome, (c.NoActionReason, c.ReviewOn, c.DisputedOn, c.ProposedBy, c.Text));

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
        Assert.Null(concern.TakeUp(Action(Day, counted: false)));
        Assert.Equal((ConcernState.Triaged, due), (concern.State, concern.DueOn));
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
        Assert.Null(concern.CallNotAConcern("spam", "sub-1"));
        Assert.Equal("second-person-needed", concern.CallNotAConcern("spam", "sub-1")?.Type);
        Assert.True(concern.IsOpen);
        Assert.Null(concern.CallNotAConcern("spam", "sub-2"));
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
        entry.WomenSay(true, "2027Q1", Day);
        Assert.Equal(period.Length == 4 ? "2027" : "2027Q1", entry.Steps[^1].When);
    }

    [Fact]
    public void One_woman_s_done_does_not_outweigh_another_s_not_done()
    {
        var entry = BoardEntry.Coarse(Guid.NewGuid(), Pack.FindConcern("ENV-VEG")!, New(), "Women said so");
        entry.WomenSay(false, "2026Q4", Day);
        entry.WomenSay(true, "2026Q4", Day);
        entry.WomenSay(false, "2026Q4", Day);
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
}
