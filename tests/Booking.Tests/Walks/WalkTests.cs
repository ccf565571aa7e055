namespace WalkTalk.Booking.Tests.Walks;

/// <summary>The rules of a walk and its bookings, without a host.</summary>
public sealed class WalkTests
{
    private static readonly DateTimeOffset Start = Answers.At("2026-11-24T18:30Z");

    internal static Walk Walk(string language = "en") => new()
    {
        WardCode = "W", MeetingPoint = "Library", Lit = true, StepFree = true, Language = language, StartsAt = Start, EndsAt = Start.AddMinutes(45),
        LocalDate = new(2026, 11, 24), LocalTime = new(18, 30), Zone = "Europe/London", Band = LightBand.Dark, Capacity = 3, Taken = 2,
    };

    private static Booking Confirmed(Walk walk, int people = 1) => new() { WalkId = walk.Id, People = people, HoldUntil = Start.AddDays(-1), State = BookingState.Confirmed };

    [Fact]
    public void A_walk_starts_when_everybody_present_has_met()
    {
        var walk = Walk();
        var (met, absent) = (Confirmed(walk, 2), Confirmed(walk));
        Assert.Equal(Heard.Matched, met.Hear(true, walk, Start).Outcome);

        Assert.Equal("not-verified", walk.Start([met, absent], [], null, false, Start).Refused!.Type);
        var (refused, verified, overridden) = walk.Start([met, absent], [absent.Id], null, false, Start);
        Assert.Null(refused);
        Assert.Equal((1, 0), (verified, overridden));
        Assert.Equal(BookingState.NoShowParticipant, absent.State);

        Assert.Equal(2, walk.End([met, absent], Start.AddMinutes(40)).Attended);
        Assert.Equal(BookingState.Completed, met.State);
        Assert.Equal("walk-not-started", walk.End([met], Start.AddMinutes(41)).Refused!.Type);
    }

    [Fact]
    public void An_override_needs_a_reason_and_no_standing_alarm()
    {
        var walk = Walk();
        var booking = Confirmed(walk);
        Assert.Equal("not-verified", walk.Start([booking], [], null, false, Start).Refused!.Type);
        Assert.Equal("alarm-open", walk.Start([booking], [], "no-signal", true, Start).Refused!.Type);
        Assert.Equal((0, 1), walk.Start([booking], [], "no-signal", false, Start) is (null, var v, var o) ? (v, o) : default);
        Assert.Equal("no-signal", booking.OverrideReason);
        Assert.Equal(Verification.Overridden, booking.Meeting);
    }

    [Theory]
    [InlineData(-31, "walk-not-now")]
    [InlineData(45, "walk-not-now")]
    [InlineData(-30, null)]
    [InlineData(44, null)]
    public void It_starts_around_its_time_only(int minutes, string? refusal)
    {
        var walk = Walk();
        Assert.Equal(refusal, walk.Start([Confirmed(walk)], [], "no-signal", false, Start.AddMinutes(minutes)).Refused?.Type);
    }

    [Fact]
    public void It_does_not_start_for_nobody_and_not_twice()
    {
        var walk = Walk();
        Assert.Equal("nobody-present", walk.Start([], [], "no-signal", false, Start).Refused!.Type);
        var booking = Confirmed(walk);
        Assert.Equal("booking-unknown", walk.Start([booking], [Guid.NewGuid()], null, false, Start).Refused!.Type);
        walk.Start([booking], [], "known-person", false, Start);
        Assert.Equal("walk-not-open", walk.Start([booking], [], "known-person", false, Start).Refused!.Type);
    }

    [Fact]
    public void A_late_start_keeps_its_length_and_a_check_in_near_the_end_buys_time()
    {
        var walk = Walk();
        walk.Start([Confirmed(walk)], [], "no-signal", false, Start.AddMinutes(10));
        Assert.Equal(Start.AddMinutes(55), walk.EndDue);
        Assert.Null(walk.CheckIn(Start.AddMinutes(20)));
        Assert.Equal(Start.AddMinutes(55), walk.EndDue);
        walk.CheckIn(Start.AddMinutes(50));
        Assert.Equal(Start.AddMinutes(65), walk.EndDue);
    }

    [Fact]
    public void The_third_miss_is_a_mismatch_and_no_further_word_is_heard()
    {
        var walk = Walk();
        var booking = Confirmed(walk);
        Assert.Equal(Heard.TryAgain, booking.Hear(false, walk, Start).Outcome);
        Assert.Equal(Heard.TryAgain, booking.Hear(false, walk, Start).Outcome);
        Assert.Equal(Heard.Mismatched, booking.Hear(false, walk, Start).Outcome);
        Assert.Equal("already-mismatched", booking.Hear(true, walk, Start).Refused!.Type);
        Assert.Equal(BookingState.Confirmed, booking.State);
    }

    [Theory]
    [InlineData(-31, false)]
    [InlineData(-30, true)]
    [InlineData(15, true)]
    [InlineData(16, false)]
    public void The_words_work_from_half_an_hour_before_to_a_quarter_after(int minutes, bool works)
    {
        var walk = Walk();
        Assert.Equal(works ? null : "words-not-now", Confirmed(walk).Hear(true, walk, Start.AddMinutes(minutes)).Refused?.Type);
    }

    [Fact]
    public void A_hold_is_over_to_the_second()
    {
        var booking = new Booking { WalkId = Guid.NewGuid(), People = 1, HoldUntil = Start };
        Assert.Null(booking.SendCode("123456", Start.AddSeconds(-2)));
        Assert.Equal("code-wrong", booking.Confirm("000000", null, Start.AddSeconds(-1))!.Type);
        Assert.Equal("hold-expired", booking.Confirm("123456", null, Start)!.Type);
        Assert.Equal(BookingState.Held, booking.State);
        Assert.Null(booking.Confirm("123 456", null, Start.AddSeconds(-1)));
    }

    [Fact]
    public void Five_wrong_codes_use_it_up_and_three_codes_are_sent_at_most()
    {
        var booking = new Booking { WalkId = Guid.NewGuid(), People = 1, HoldUntil = Start };
        var now = Start.AddMinutes(-5);
        Assert.Equal("no-code-sent", booking.Confirm("123456", null, now)!.Type);
        booking.SendCode("123456", now);
        for (var i = 0; i < 5; i++) Assert.Equal("code-wrong", booking.Confirm("654321", null, now)!.Type);
        Assert.Equal("code-used-up", booking.Confirm("123456", null, now)!.Type);
        booking.SendCode("222222", now);
        Assert.Equal("code-wrong", booking.Confirm("123456", null, now)!.Type);
        booking.SendCode("333333", now);
        Assert.Equal("too-many-codes", booking.SendCode("444444", now)!.Type);
        Assert.Null(booking.Confirm("333333", null, now));
    }

    [Theory]
    [InlineData(30, "verify-code@-2h walk-reminder-24h@-24h walk-reminder-2h@-2h")]
    [InlineData(5, "verify-code@-2h walk-reminder-2h@-2h")]
    [InlineData(1, "verify-code@-1h")]
    public void Messages_whose_time_has_passed_are_not_planned_but_the_words_always_come(int hoursBefore, string expected)
    {
        var plan = WalkReminder.Plan(Start, Start.AddHours(-hoursBefore));
        Assert.Equal(expected, string.Join(' ', plan.Select(p => $"{p.Template}@{(p.Due - Start).TotalHours:0}h").Order()));
    }
}
