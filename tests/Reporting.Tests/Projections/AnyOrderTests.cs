using CsCheck;
using WalkTalk.Contracts.Booking;
using WalkTalk.Contracts.Feedback;
using WalkTalk.Contracts.Notification;
using WalkTalk.Reporting.Projections;

namespace WalkTalk.Reporting.Tests.Projections;

/// <summary>The law of the projections: a concern's row depends on which facts came, not on their order or number.</summary>
public sealed class AnyOrderTests
{
    private static readonly DateOnly Day = new(2026, 9, 1);

    private static readonly Gen<DateOnly> Days = Gen.Int[0, 40].Select(Day.AddDays);
    private static readonly Gen<string> Quarters = Gen.Int[2, 4].Select(n => $"2026Q{n}");

    /// <summary>One fact of one concern, as the act of applying it.</summary>
    private static readonly Gen<Action<ConcernRow>> AFact = Gen.OneOf<Action<ConcernRow>>(
        Gen.Const<Action<ConcernRow>>(r => r.Apply(new ConcernReceived(Guid.Empty, new Guid(1, 2, 3, [4, 5, 6, 7, 8, 9, 10, 11]), "E05014098", "E09000022", "ENV-LIGHT-OUT", "dark", "2026Q3", Day.AddDays(-3), Day.AddDays(2)))),
        Gen.Const<Action<ConcernRow>>(r => r.Apply(new ConcernRemoved(Guid.Empty, "Withdrawn"))),
        Gen.Select(Quarters, Days, Gen.Int[0, 2]).Select<(string, DateOnly, int), Action<ConcernRow>>(
            x => r => r.Apply(new ConcernTriaged(Guid.Empty, "LA", x.Item1, x.Item2, x.Item3 == 0 ? null : x.Item3 == 1), x.Item2)),
        Gen.Select(Days, Gen.Bool).Select<(DateOnly, bool), Action<ConcernRow>>(x => r => r.Apply(new ActionAgreed(Guid.Empty, [], "REPAIR", x.Item2, "LA", Day), x.Item1)),
        Gen.Select(Days, Gen.Int[0, 2]).Select<(DateOnly, int), Action<ConcernRow>>(x => r => r.Apply(new ConcernClaimedDone(Guid.Empty, x.Item1, x.Item2 == 0 ? null : x.Item2 == 1))),
        Days.Select<DateOnly, Action<ConcernRow>>(d => r => r.Apply(new ConcernOutcomeRead(Guid.Empty, d))),
        Days.Select<DateOnly, Action<ConcernRow>>(d => r => r.Arrived(d)),
        Days.Select<DateOnly, Action<ConcernRow>>(d => r => r.Apply(new ConcernConfirmedDone(Guid.Empty, d))),
        Days.Select<DateOnly, Action<ConcernRow>>(d => r => r.Apply(new ConcernDisputed(Guid.Empty, d))),
        Gen.Select(Gen.Int[0, 2].Select(n => new[] { "NA-COST", "NA-NOPOWER", "na-cost" }[n]), Gen.Int[90, 92], Gen.Int[0, 3]).Select<(string, int, int), Action<ConcernRow>>(
            x => r => r.Apply(new ConcernEndedNoAction(Guid.Empty, x.Item1, Day.AddDays(x.Item2), Reachable: x.Item2 == 90 ? null : x.Item2 == 91), Day.AddDays(x.Item3))));

    [Fact]
    public void Any_permutation_with_duplicates_gives_the_same_row()
    {
        var cases =
            from facts in AFact.Array[1, 12]
            from again in Gen.Int[0, facts.Length - 1].Array[0, 8]
            from shuffled in Gen.Shuffle(facts.Concat(again.Select(i => facts[i])).ToArray())
            select (facts, shuffled);

        cases.Sample(x => Told(x.facts) == Told(x.shuffled));
    }

    [Fact]
    public void The_days_to_an_outcome_are_those_to_the_first_answer_whatever_comes_first()
    {
        var cases =
            from claims in Days.Array[0, 3]
            from refusals in Days.Array[0, 3]
            let facts = (Action<ConcernRow>[])
            [
                r => r.Apply(new ConcernReceived(Guid.Empty, Guid.Empty, null, "E09000022", "ENV-VEG", "day", "2026Q3", Day)),
                .. claims.Select<DateOnly, Action<ConcernRow>>(d => r => r.Apply(new ConcernClaimedDone(Guid.Empty, d))),
                .. refusals.Select<DateOnly, Action<ConcernRow>>(d => r => r.Apply(new ConcernEndedNoAction(Guid.Empty, "NA-COST", d.AddDays(99)), d)),
            ]
            from shuffled in Gen.Shuffle(facts)
            select (First: claims.Concat(refusals).Select(d => (int?)d.DayNumber).Min(), shuffled);

        cases.Sample(x =>
        {
            var row = new ConcernRow();
            foreach (var fact in x.shuffled) fact(row);
            return row.OutcomeAfter == x.First - Day.DayNumber;
        });
    }

    [Fact]
    public void An_action_keeps_the_day_it_was_first_agreed_whatever_comes_first()
    {
        Action<ActionRow>[] facts = [.. ((int[])[0, 30, 35]).Select<int, Action<ActionRow>>(days => r => r.Apply(new ActionAgreed(Guid.Empty, [], "LIGHT", true, "LA", Day), Day.AddDays(days)))];
        Gen.Shuffle(facts).Sample(shuffled =>
        {
            var row = new ActionRow();
            foreach (var fact in shuffled) fact(row);
            return row is { Counted: true, Quarter: "2026Q3" } && row.AgreedOn == Day;
        });
    }

    [Fact]
    public void A_law_that_counts_arrivals_would_be_caught()
    {
        // The guard's own guard: last arrival wins is not order-tolerant, and the same generator must find that out.
        var cases =
            from days in Days.Array[2, 6]
            from shuffled in Gen.Shuffle(days)
            select (days, shuffled);

        Assert.Throws<CsCheckException>(() => cases.Sample(x => x.days[^1] == x.shuffled[^1]));
    }

    [Fact]
    public void A_booking_ends_on_the_walk_of_its_last_move_whatever_comes_first()
    {
        Guid[] walks = [new(1, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]), new(2, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]), new(3, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0])];
        Action<BookingRow>[] facts =
        [
            r => r.Apply(new BookingConfirmed(Guid.Empty, walks[0], 1)), r => r.Apply(new BookingMoved(Guid.Empty, walks[0], walks[1], 1, 1)),
            r => r.Apply(new BookingMoved(Guid.Empty, walks[1], walks[2], 1, 2)), r => r.Apply(new BookingMet(Guid.Empty, walks[2])),
        ];
        Gen.Shuffle(facts).Sample(shuffled =>
        {
            var row = new BookingRow();
            foreach (var fact in shuffled) fact(row);
            return row is { Confirmed: true, Met: true } && row.WalkId == walks[2];
        });
    }

    [Fact]
    public void A_request_keeps_its_first_offer_whatever_comes_first()
    {
        Action<RequestRow>[] facts =
        [
            r => r.Apply(new WalkRequestOffered(Guid.Empty, 600)), r => r.Apply(new WalkRequestOffered(Guid.Empty, 45)), r => r.Apply(new WalkRequestOffered(Guid.Empty, 45)),
            r => r.Apply(new WalkRequestAnswered(Guid.Empty, "matched")), r => r.Apply(new WalkRequestWalked(Guid.Empty)),
        ];
        Gen.Shuffle(facts).Sample(shuffled =>
        {
            var row = new RequestRow();
            foreach (var fact in shuffled) fact(row);
            return row is { OfferedAfter: 45, Walked: true, Outcome: "matched" };
        });
    }

    [Fact]
    public void A_disclosure_keeps_its_first_day_and_a_hand_over_too_late_whatever_comes_first()
    {
        var day = new DateTimeOffset(2026, 9, 30, 0, 0, 0, TimeSpan.Zero);
        Action<DisclosureRow>[] facts =
        [
            r => r.Apply(new DisclosureFlagged(Guid.Empty, new(2026, 9, 30)), day.AddDays(9)), r => r.Apply(new DisclosureFlagged(Guid.Empty), day.AddDays(1)),
            r => r.Apply(new DisclosureHandedOver(Guid.Empty, true)), r => r.Apply(new DisclosureHandedOver(Guid.Empty, false)), r => r.Apply(new DisclosureHandedOver(Guid.Empty, true)),
        ];
        Gen.Shuffle(facts).Sample(shuffled =>
        {
            var row = new DisclosureRow();
            foreach (var fact in shuffled) fact(row);
            return row is { FlaggedOn: { Month: 9, Day: 30 }, Quarter: "2026Q3", InTime: false };
        });
    }

    [Fact]
    public void A_message_ends_as_its_provider_last_says_whatever_comes_first()
    {
        var fact =
            from state in Gen.Int[0, 3].Select(n => new[] { "Sent", "Delivered", "PermanentFailure", "TechnicalFailure" }[n])
            from days in Gen.Int[0, 2]
            from seconds in Gen.Int[0, 5]
            from confirms in Gen.Bool
            from twice in Gen.Bool
            select new MessageEnded(Guid.Empty, "concern-ack", state, confirms, seconds, twice, Day.AddDays(days));
        var cases =
            from facts in fact.Array[1, 6]
            from again in Gen.Int[0, facts.Length - 1].Array[0, 3]
            from shuffled in Gen.Shuffle(facts.Concat(again.Select(i => facts[i])).ToArray())
            select (facts, shuffled);

        cases.Sample(x => Row(x.facts) == Row(x.shuffled) && (!x.facts.Any(f => f.State == "Delivered") || Row(x.shuffled).StartsWith("Delivered", StringComparison.Ordinal)));

        static string Row(IEnumerable<MessageEnded> facts)
        {
            var row = new MessageRow();
            foreach (var fact in facts) row.Apply(fact);
            return $"{row.State} {row.On:O} {row.Quarter} {row.Seconds} {row.Confirms} {row.MayBeTwice}";
        }
    }

    [Fact]
    public void Of_rounds_of_retention_the_last_one_stands_whatever_comes_first()
    {
        var cases =
            from rounds in Gen.Select(Days, Gen.Int[0, 9]).Array[1, 6]
            from shuffled in Gen.Shuffle(rounds.Concat(rounds[..1]).ToArray())
            select (rounds, shuffled);

        cases.Sample(x =>
        {
            var row = new RetentionRow();
            foreach (var (on, overdue) in x.shuffled) row.Apply("booking", on, overdue);
            var last = x.rounds.Max(r => r.Item1);
            return row.RanOn == last && row.Overdue == x.rounds.Where(r => r.Item1 == last).Min(r => r.Item2);
        });
    }

    private static string Told(IEnumerable<Action<ConcernRow>> facts)
    {
        var row = new ConcernRow();
        foreach (var fact in facts) fact(row);
        return $"{row.Contributor} {row.Quarter} {row.WardCode} {row.Category} {row.LightBand} {row.Removed} {row.TriagedQuarter} "
            + $"{row.ActionOn:O} {row.ClaimedOn:O} {row.ConfirmedOn:O} {row.DisputedOn:O} {row.NoActionOn:O} {row.ReceivedOn:O} {row.TriageBy:O} {row.TriagedOn:O} {row.TriagedInTime} "
            + $"{row.OutcomeAfter} {row.LastNoActionOn:O} {row.NoActionReason} {row.ReviewOn:O} {row.LastStepOn:O} {row.OutcomeOn:O} {row.Reachable} {row.ToldOn:O}";
    }
}
