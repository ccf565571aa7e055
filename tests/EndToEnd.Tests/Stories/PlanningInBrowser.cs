using System.Text;
using WalkTalk.EndToEnd.Tests.Hosting;
using WalkTalk.Fixtures;

namespace WalkTalk.EndToEnd.Tests.Stories;

/// <summary>A coordinator writes down when an officer can walk, plans the weeks ahead, has them published, and publishes one walk against a limit with her reason; without script.</summary>
public sealed class PlanningInBrowser(PlanningInBrowser.Platform platform, Chromium browser) : IClassFixture<PlanningInBrowser.Platform>, IClassFixture<Chromium>
{
    [Fact]
    public async Task A_coordinator_plans_the_weeks_ahead()
    {
        const bool desktop = true;
        var (id, name) = ("04a69d2a-50cd-54ed-8b4b-c4b70035b42a", "Aisha");
        var soon = DateOnly.FromDateTime(DateTime.UtcNow).AddDays(9);
        var she = await SignedIn(desktop);
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
        await she.Examine("whom-to-ask-first");
        await she.Choose("Officer", id);
        await she.Press("Publish", inFormOf: "MeetingPointId");
        await she.Sees("is on leave");
        await she.Examine("publish-on-leave");
        await she.Fill("OverrideReason", "She asked for this walk herself.");
        await she.Press("Publish", inFormOf: "MeetingPointId");
        await she.Sees("The walk is published");
    }

    [Fact]
    public async Task A_coordinator_imports_officers()
    {
        const bool desktop = false;
        var she = await SignedIn(desktop);
        await she.Open("/metropolitan/staff/officers");
        await she.Follow("Import officers or meeting points");
        await she.Press("Look at it");
        await she.Sees("Choose a file");
        await Choose("first_name,collar,areas,languages,bsl\n=1+1,4711 ZZ,E05011095,en,no\nOlwen,4712 ZZ,E0,en,perhaps\n");
        await she.Sees("3 things to correct");
        await she.Sees("takes for a formula");
        await she.Examine("import-faults");
        await Choose($"first_name,collar,areas,languages,bsl\nOlwen,48{(desktop ? 11 : 12)} ZZ,E05011095,en cy,no\n");
        await she.Sees("1 to add, 0 to change, 0 as they are");
        await she.Examine("import-preview");
        await she.Press("Import the file");
        await she.Sees("1 added, 0 changed.");
        await she.Open("/metropolitan/staff/officers");
        await she.Sees($"Olwen, 48{(desktop ? 11 : 12)} ZZ");

        async Task Choose(string file)
        {
            await she.Page.SetInputFilesAsync("[name=File]", new Microsoft.Playwright.FilePayload { Name = "officers.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(file) });
            await she.Press("Look at it");
        }
    }

    private async Task<Screen> SignedIn(bool desktop)
    {
        var she = await Screen.Of(browser, platform, desktop);
        await she.Open("/metropolitan/staff");
        await she.Fill("UserName", "coordinator");
        await she.Fill("Password", "walk-and-talk");
        await she.Press("Sign in");
        return she;
    }

    public sealed class Platform : StandalonePlatform
    {
        protected override bool Demonstrates => true;

        protected override string Services => "booking";
    }
}
