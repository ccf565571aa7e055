using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.Contracts.Notification;
using WalkTalk.ForcePacks;

namespace WalkTalk.Feedback.Tests;

/// <summary>What days bring, told in one message however many it is about, and not lost by a restart. Each test has the clock to itself.</summary>
public abstract class ClockTests(FeedbackApp app) : IAsyncLifetime
{
    public ValueTask InitializeAsync() => app.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private async Task<List<NotificationRequested>> Told(string template) => [.. (await app.Published<NotificationRequested>()).Where(n => n.Template == template)];

    /// <summary>To half past eight in London on this day, and until its round is over.</summary>
    private async Task Morning(DateOnly day)
    {
        app.Time.SetUtcNow(new DateTimeOffset(day.ToDateTime(new TimeOnly(8, 30)), TimeSpan.Zero));
        await app.Eventually(async () => await app.Db<FeedbackDb, bool>(async db => await db.IsScheduled("clock-round")) && (await app.Scheduled<ClockRound>()).Count == 1, "the round of the day");
    }

    [Fact]
    public async Task Four_fifths_and_the_end_are_told_once_each_for_all_together_to_owner_and_oversight()
    {
        for (var i = 0; i < 7; i++)
            await app.Send(FeedbackApp.Light()); // five working days: Tuesday 1 December
        await app.Send(FeedbackApp.Light() with { Code = "ENV-SIGN" }); // twenty
        await Morning(new(2026, 11, 27));
        Assert.Empty(await Told("sla-warning"));

        await Morning(new(2026, 11, 30));
        var warnings = await Told("sla-warning");
        Assert.Equal(2, warnings.Count); // coordinator, oversight
        Assert.All(warnings, w => Assert.EndsWith(" and 2 more", w.Fields["what"], StringComparison.Ordinal));
        Assert.Empty(await Told("sla-breach"));

        await app.Restart();
        await Morning(new(2026, 12, 1));
        Assert.Equal(2, (await Told("sla-warning")).Count);
        await Morning(new(2026, 12, 2));
        await Morning(new(2026, 12, 3));
        Assert.Equal((2, 2), ((await Told("sla-warning")).Count, (await Told("sla-breach")).Count));
    }

    [Fact]
    public async Task A_round_that_was_missed_is_made_up_for_and_a_clock_set_anew_is_told_anew()
    {
        var receipt = await app.Send(FeedbackApp.Light());
        await Morning(new(2026, 12, 10));
        Assert.Equal((0, 2), ((await Told("sla-warning")).Count, (await Told("sla-breach")).Count));
        await app.Triaged(receipt); // twenty more
        await Morning(new(2027, 2, 1));
        Assert.Equal(4, (await Told("sla-breach")).Count);
    }

    [Fact]
    public async Task She_is_asked_at_four_and_twelve_weeks_and_a_no_comes_back_before_its_review_date()
    {
        var receipt = await app.Send(new FeedbackSubmission { Email = "her@example.org", Concerns = [FeedbackApp.Light()] });
        var (claimed, _) = await app.ClaimedDone(receipt);
        var no = await app.Triaged(await app.Send(FeedbackApp.Light() with { Code = "ENV-CCTV" }));
        await FeedbackApp.Accepted(await app.Post($"concerns/{no.Id}/no-action", new NoActionDecision
        {
            Reason = "NA-COST", OwnerRole = "Head of safety", ReviewOn = new(2027, 1, 20), Asked = "Women asked for a camera here.", Answer = "The budget of this year is spent.",
        }, no.Version));

        await Morning(new(2026, 12, 21));
        Assert.Empty(await Told("is-it-fixed-4w"));
        await Morning(new(2026, 12, 23)); // 22 is four weeks after
        var asked = Assert.Single(await Told("is-it-fixed-4w"));
        Assert.Equal((claimed.Id, claimed.Reference, "A new lamp was fitted at the steps."), (asked.SubjectId, asked.Fields["reference"], asked.Fields["what"]));
        await Morning(new(2026, 12, 24));
        Assert.Single(await Told("is-it-fixed-4w"));

        await Morning(new(2027, 1, 12));
        Assert.Equal("NoAction", (await app.Concern(no.Id)).State);
        await Morning(new(2027, 1, 13));
        var back = await app.Concern(no.Id);
        Assert.Equal(("Review", new DateOnly(2027, 1, 20), "in-time"), (back.State, back.DueOn!.Value, back.Clock));

        await Morning(new(2027, 2, 16));
        Assert.Single(await Told("is-it-fixed-12w"));
        Assert.Single(await Told("is-it-fixed-4w"));
    }

    [Fact]
    public void The_round_is_made_when_the_scheme_opens_on_a_working_day()
    {
        var pack = ForcePackCatalogue.Load(ForcePackCatalogue.DefaultFolder).Get("metropolitan");
        Assert.Equal(new DateTimeOffset(2026, 12, 29, 8, 0, 0, TimeSpan.Zero), MindClocks.Next(pack, new DateTimeOffset(2026, 12, 24, 8, 0, 0, TimeSpan.Zero))); // Christmas, a weekend, a day in lieu
        Assert.Equal(new DateTimeOffset(2027, 3, 30, 7, 0, 0, TimeSpan.Zero), MindClocks.Next(pack, new DateTimeOffset(2027, 3, 25, 12, 0, 0, TimeSpan.Zero))); // Easter, and the clocks went forward
    }
}

public sealed class ClocksOnSqlite() : ClockTests(new FeedbackApp.Sqlite());

public sealed class ClocksOnPostgres() : ClockTests(new FeedbackApp.Postgres());
