using WalkTalk.EndToEnd.Tests.Hosting;

namespace WalkTalk.EndToEnd.Tests.Stories;

/// <summary>A coordinator writes down when an officer can walk, plans the weeks ahead, has them published, and publishes one walk against a limit with her reason; without script.</summary>
public sealed class PlanningInBrowser(PlanningInBrowser.Platform platform, Chromium browser) : IClassFixture<PlanningInBrowser.Platform>, IClassFixture<Chromium>
{
    // The two who sign in first in the demonstration; each width has one, so that the runs do not meet.
    private static readonly Dictionary<bool, (string Id, string Name)> Officers = new()
    {
        [true] = ("04a69d2a-50cd-54ed-8b4b-c4b70035b42a", "Aisha"), [false] = ("303c9f67-871c-5a44-b598-cb7087eb1d62", "Bronwen"),
    };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_coordinator_plans_the_weeks_ahead(bool desktop)
    {
        var (id, name) = Officers[desktop];
        var soon = DateOnly.FromDateTime(DateTime.UtcNow).AddDays(9);
        var she = await Screen.Of(browser, platform, desktop);
        await she.Open("/metropolitan/staff");
        await she.Fill("UserName", "coordinator");
        await she.Fill("Password", "walk-and-talk");
        await she.Press("Sign in");

        await she.Open("/metropolitan/staff/officers");
        await she.Follow(name);
        await she.Sees($"When {name} can walk");
        await she.Press("Add the weekly time", inFormOf: "WeeklyFrom");
        await she.Sees("Choose at least one day");
        await she.Tick("Days", "TU");
        await she.Tick("Days", "TH");
        await she.Fill("WeeklyFrom", "17:30");
        await she.Fill("WeeklyUntil", "17:30");
        await she.Press("Add the weekly time", inFormOf: "WeeklyFrom");
        await she.Sees("A window ends after it begins");
        await she.Fill("WeeklyUntil", "20:30");
        await she.Press("Add the weekly time", inFormOf: "WeeklyFrom");
        await she.Sees("Tuesdays and Thursdays, 17:30–20:30");
        await she.Press("Leave out");
        await she.Sees("Not on ");
        await she.FillDay("Away", soon);
        await she.FillDay("Back", soon.AddDays(2));
        await she.Press("Add the leave", inFormOf: "Away.Day");
        await she.Sees("Annual leave");

        await she.Open("/metropolitan/staff/walks/plan");
        await she.Choose("ward", desktop ? "E05014105" : "E05014098");
        await she.Choose("weeks", "3");
        await she.Choose("each", "2");
        await she.Press("Show the plan");
        await she.Press("Publish th");
        await she.Sees("published");
        await she.Sees("Nothing new to publish");
        await she.Open("/metropolitan/staff/walks/plan?weeks=4&each=7");
        await she.Sees("because");

        // One by one: whom to ask, and what stands against somebody on leave.
        await she.Open("/metropolitan/staff/walks/new");
        await she.Choose("MeetingPointId", "tate-modern");
        await she.FillDay("Date", soon.AddDays(1));
        // At an hour that the demonstration gives nobody a walk.
        await she.Fill("Time", "05:30");
        await she.Press("Whom would one ask first?");
        await she.Sees("Whom to ask first");
        await she.Choose("Officer", id);
        await she.Press("Publish", inFormOf: "MeetingPointId");
        await she.Sees("is on leave");
        await she.Fill("OverrideReason", "She asked for this walk herself.");
        await she.Press("Publish", inFormOf: "MeetingPointId");
        await she.Sees("The walk is published");
    }

    public sealed class Platform : StandalonePlatform
    {
        protected override bool Demonstrates => true;

        protected override string Services => "booking";
    }
}
