using System.Text.Json;
using WalkTalk.Contracts.Feedback;
using WalkTalk.Feedback.Demo;
using WalkTalk.ForcePacks;

namespace WalkTalk.Feedback.Tests.Demo;

/// <summary>The demonstration year by itself: the same every time, true to D1's weights and to the rules of every concern.</summary>
public sealed class DemoYearTests
{
    private static readonly ForcePack Pack = ForcePackCatalogue.Load(ForcePackCatalogue.DefaultFolder).Get("metropolitan");
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateOnly Today = new(2026, 11, 24);
    private readonly DemoYear year = DemoYear.Of(Pack, Now);

    [Fact]
    public void The_same_moment_gives_the_same_year()
    {
        var again = DemoYear.Of(Pack, Now);
        Assert.Equal(Told(year), Told(again));
        Assert.Equal(year.Concerns.Select(c => (c.Reference, c.Shown, c.DueOn, c.Text)), again.Concerns.Select(c => (c.Reference, c.Shown, c.DueOn, c.Text)));

        static IEnumerable<string> Told(DemoYear y) => y.Facts.Select(f => JsonSerializer.Serialize(f.Fact));
    }

    [Theory, InlineData("2026-03-29T00:30Z"), InlineData("2026-11-24T12:00Z"), InlineData("2027-01-01T23:45Z"), InlineData("2028-02-29T12:00Z")]
    public void Every_concern_is_open_with_a_clock_or_ended_with_a_reason(string at) =>
        Assert.All(DemoYear.Of(Pack, DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture)).Concerns, c => Assert.True(c.State switch
        {
            ConcernState.ConfirmedDone => c is { DueOn: null, Outcome.Length: > 0 },
            ConcernState.NoAction => c is { DueOn: null, Outcome.Length: > 0, NoActionReason: not null, ReviewOn: not null },
            ConcernState.Withdrawn => c is { DueOn: null, Text: null },
            ConcernState.WaitingForContributor => c is { DueOn: not null, WaitingSince: not null },
            _ => c.DueOn is not null,
        }, $"{c.Reference} {c.State}"));

    [Fact]
    public void The_shares_are_those_of_D1_and_D7()
    {
        var triaged = year.Facts.Select(f => f.Fact).OfType<ConcernTriaged>().Select(t => t.ConcernId).ToHashSet();
        var live = year.Concerns.Where(c => triaged.Contains(c.Id)).ToList();
        double Share(ISet<Guid> of) => of.Count(triaged.Contains) / (double)live.Count;
        HashSet<Guid> Of<T>(Func<T, Guid> id) => [.. year.Facts.Select(f => f.Fact).OfType<T>().Select(id)];

        var clocks = string.Join(", ", year.Concerns.GroupBy(c => $"{c.Shown}/{c.Clock(Today)}").OrderBy(g => g.Key).Select(g => $"{g.Key} {g.Count()}"));
        TestContext.Current.TestOutputHelper?.WriteLine($"{clocks}; claimed {Share(Of<ConcernClaimedDone>(f => f.ConcernId)):P0}, confirmed {Share(Of<ConcernConfirmedDone>(f => f.ConcernId)):P0}, board {year.Board.Count}, facts {year.Facts.Count}");
        Assert.InRange(year.Concerns.Count, 590, 630);
        Assert.InRange(Share(Of<ConcernClaimedDone>(f => f.ConcernId)), 0.50, 0.60);
        Assert.InRange(Share(Of<ConcernConfirmedDone>(f => f.ConcernId)), 0.35, 0.45);
        Assert.InRange(Share(Of<ConcernEndedNoAction>(f => f.ConcernId)), 0.10, 0.22);
        Assert.InRange(year.Concerns.Count(c => c.Code.StartsWith("ENV-LIGHT", StringComparison.Ordinal)) / (double)year.Concerns.Count, 0.12, 0.20);
        Assert.InRange(year.Concerns.Count(c => c.Clock(Today) == "over"), 5, 60);
        Assert.InRange(year.Concerns.Count(c => c.State == ConcernState.WaitingForContributor), 1, 15);
        Assert.All((string[])["Acknowledged", "Triaged", "InAction", "Disputed", "ClaimedDone", "ConfirmedDone", "NoAction", "Withdrawn"],
            state => Assert.Contains(year.Concerns, c => c.Shown == state));
        Assert.All((string[])["in-time", "soon", "ended"], clock => Assert.Contains(year.Disclosures, d => d.Disclosure.Clock(Now) == clock));
    }

    [Theory, InlineData("2026-03-29T00:30Z"), InlineData("2026-11-24T12:00Z"), InlineData("2027-01-01T23:45Z"), InlineData("2028-02-29T12:00Z")]
    public void A_crime_told_with_conduct_is_with_standards_and_one_concern_is_with_a_partner(string at)
    {
        var now = DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture);
        var shown = DemoYear.Of(Pack, now);

        var crime = Assert.Single(shown.Disclosures, d => d.Disclosure.Holder == "standards");
        Assert.Contains(shown.Standards, s => s.Case.Id == crime.Disclosure.StandardsCaseId && s.Narrative == crime.Narrative);
        Assert.Equal(("in-time", "hand-over"), (crime.Disclosure.Clock(now), crime.Disclosure.Next[0]));
        Assert.Equal((Route.Standards, "cue"), Screen.Read(Pack.FindConcern("POL-CONDUCT")!, false, crime.Narrative) is var read ? (read.Route, read.Crime) : default);

        var request = Assert.Single(shown.PartnerRequests);
        var concern = shown.Concerns.Single(c => c.Id == request.ConcernId);
        Assert.Equal((ConcernState.Referred, "TFL", request.TheirReference), (concern.State, concern.ReferredTo, concern.ReferredRef));
        Assert.Equal((PartnerState.Sent, "open", null), (request.State, request.TheirStatus, request.DueAt));
        Assert.NotNull(request.TheirReference);
        Assert.Null(PublicWords.Check((nameof(request.Description), request.Description), (nameof(request.Why), request.Why)));

        // What was handed over says so, in time or not.
        Assert.Equal(shown.Disclosures.Count(d => d.Disclosure.State is DisclosureState.HandedOver or DisclosureState.Receipted), shown.Facts.Count(f => f.Fact is DisclosureHandedOver));
    }

    [Fact]
    public void No_word_is_one_that_screening_or_publishing_would_stop()
    {
        foreach (var kind in DemoWords.Kinds)
        {
            var type = Pack.FindConcern(kind.Code)!;
            Assert.Contains(Pack.Bodies, b => b.Code == kind.Body);
            Assert.Contains(Pack.ActionTypes, a => a.Code == kind.Action && a.Counted);
            Assert.Contains(Pack.NoActionReasons, r => r.Code == kind.NoReason);
            foreach (var said in DemoKind.Lines(kind.Said).Concat(DemoKind.Lines(kind.Change)))
                Assert.Equal((type.MayBeCrime ? Route.Disclosure : Route.Triage, said), (Screen.Read(type, false, said).Route, said));
            foreach (var text in DemoKind.Lines(kind.Asked).Concat(DemoKind.Lines(kind.Promise)).Concat(DemoKind.Lines(kind.Done)).Append(kind.No).Append(kind.Role))
            {
                var written = string.Format(System.Globalization.CultureInfo.InvariantCulture, text, "11 September 2026");
                Assert.Equal((written, null), (written, PublicWords.Check((kind.Code, written))));
            }
        }
        Assert.All(DemoWords.Landmarks.Concat(DemoWords.SafePlaces), text => Assert.Equal(Route.Triage, Screen.Reply(text).Route));
    }
}

/// <summary>The seed of a Feedback that is a demonstration, on its real database, and once only.</summary>
public sealed class DemoConcernsTests(DemoConcernsTests.App app) : IClassFixture<DemoConcernsTests.App>
{
    public sealed class App() : FeedbackApp(WalkTalk.Fixtures.TestOn.OneProcess)
    {
        protected override IEnumerable<(string Key, string? Value)> Settings() => [.. base.Settings(), ("Demo:Enabled", "true")];
    }

    [Fact]
    public async Task It_is_filled_once_asks_for_no_message_and_the_known_mailbox_opens()
    {
        var concerns = await app.Published<ConcernReceived>();
        Assert.InRange(concerns.Count, 590, 640);
        Assert.Empty(await app.Published<WalkTalk.Contracts.Notification.NotificationRequested>());

        var mailbox = await app.Open(new WalkTalk.Contracts.Feedback.Api.FeedbackReceipt
        {
            Reference = DemonstrationMailbox.Reference, Words = DemonstrationMailbox.Words, Danger = false, ComplaintRoute = false, Items = [],
        });
        Assert.Equal("choose", (await app.Item(mailbox, "disclosure")).Can.Single());

        await app.Restart();
        Assert.Equal(concerns.Count, (await app.Published<ConcernReceived>()).Count);
    }
}
