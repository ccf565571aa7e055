using System.Globalization;
using System.Text.RegularExpressions;
using WalkTalk.EndToEnd.Tests.Hosting;

namespace WalkTalk.EndToEnd.Tests.Stories;

/// <summary>
/// The same story as people live it: in a browser without JavaScript, she on a phone, the officer on a phone, the coordinator
/// at a desk; signed in with the built-in issuer, mail read from a real mail server.
/// </summary>
public abstract partial class StoryInBrowser(RunningPlatform platform, Chromium browser)
{
    private const string Ward = "E05011095";
    private static readonly string[] Officers = ["1af01221-a085-5b71-b9d4-7839f3aa6d33", "288b6ff6-5124-5344-ac3d-bd9b0cf7fe82", "1d38ac22-e42b-5f44-85e0-0754a902dc2b"];
    // Five fresh processes have the demonstration's year to tell each other first.
    private static readonly TimeSpan BehindTheYear = TimeSpan.FromMinutes(3);
    private static readonly string[] Accounts = ["2044as", "3127as", "1890as"];

    [Fact]
    public async Task A_woman_books_a_walk_proves_her_officer_says_what_she_found_and_reads_the_answer()
    {
        var coordinator = await SignedIn("coordinator", desktop: true);
        var (start, account) = await Publish(coordinator);
        var clock = start.ToString("HH:mm", CultureInfo.InvariantCulture);

        // She finds the walk by ward, holds the place, proves her address, is confirmed.
        var she = await Screen.Of(browser, platform);
        await she.Open("/metropolitan");
        await she.Follow("Book a walk");
        await she.Choose("ward", Ward);
        await she.Press("Show walks");
        await she.Page.Locator($"li:has-text('{clock}') button[name=walk]").First.ClickAsync();
        await she.Fill("FirstName", "Ada");
        await she.Fill("Email", "not an address");
        await she.Press("Send the code");
        await she.Fill("FirstName", "Ada");
        await she.Fill("Email", "ada@browser.example");
        await she.Press("Send the code");
        var code = Digits().Match((await platform.Mail.Wait("ada@browser.example", m => Digits().IsMatch(m.Text), BehindTheYear)).Text).Value;
        await she.Fill("Code", code == "000000" ? "111111" : "000000");
        await she.Press("Book this walk");
        await she.Fill("Code", code);
        await she.Press("Book this walk");
        await she.Sees("Confirmed");
        await she.Sees("Your meeting words");
        var mine = she.Page.Url;
        var words = await she.Page.Locator(".phrase .word").AllInnerTextsAsync();
        await platform.Mail.Wait("ada@browser.example", m => m.Message.Attachments.Any(), BehindTheYear);
        await platform.Mail.Wait("ada@browser.example", m => m.Text.Contains(words[1], StringComparison.OrdinalIgnoreCase), BehindTheYear);
        await she.Fill("CollarNumber", "9999 ZZ");
        await she.Press("Is this officer on this walk now?");

        // The officer says hers, types what she hears, starts and ends the walk. The wrong number above has raised no alarm that stands in the way,
        // or the coordinator has taken it.
        await coordinator.Open("/metropolitan/staff/alerts");
        while (await coordinator.Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "I have it" }).CountAsync() > 0)
        {
            await coordinator.Press("I have it");
        }

        var officer = await SignedIn(account);
        await officer.Open($"/metropolitan/officer?date={start:yyyy-MM-dd}");
        await officer.Follow(clock);
        await officer.Sees(words[0]);
        await officer.Fill("Heard", "something else");
        await officer.Press("Check her words");
        await officer.Fill("Heard", words[1]);
        await officer.Press("Check her words");
        await officer.Sees("Words matched");
        await officer.Press("Start now");
        await officer.Press("End and go home safe");
        await officer.Sees("ended");

        // What she found.
        await she.Open(mine);
        await she.Press("Tell us");
        await she.Press("Tell us");
        var receipt = await Tell(she, "ENV", "ENV-LIGHT-OUT", "Three lamps are out by the arches.", expected: "After your walk");
        var other = await Screen.Of(browser, platform);
        await other.Open("/metropolitan/tell-us");
        var anonymous = await Tell(other, "ENV", "ENV-VEG", "The hedge hides the path.", expected: "Tell us");

        // Triage, an action that is claimed done, and a no with its reason.
        await TakeUp(coordinator, "ENV-LIGHT-OUT", "Three lamps are out by the arches.");
        await Agree(coordinator);
        await coordinator.Fill("Done", "All three lamps were repaired.");
        await coordinator.Press("We say done");
        await TakeUp(coordinator, "ENV-VEG", "The hedge hides the path.");
        await Refuse(coordinator);

        // She says it is done; everybody reads it.
        await she.Open("/metropolitan/reference");
        await she.Fill("Reference", receipt.Reference);
        await she.Fill("Words", "these are not her words");
        await she.Press("Open");
        await she.Fill("Reference", receipt.Reference);
        await she.Fill("Words", receipt.Words);
        await she.Press("Open");
        await she.Page.Locator("input[type=radio][value=yes]").First.FocusAsync();
        await she.Page.Keyboard.PressAsync("Space");
        await she.Press("Say so");
        await she.Sees("You said it is done");
        await other.Open($"/metropolitan/done?ward={Ward}");
        await other.Sees("The council repairs the three lamps");
        await other.Sees("We looked twice and found the path open to view");
        Assert.NotEmpty(anonymous.Words);

        // Figures for staff, health for the operator.
        await coordinator.Open("/metropolitan/staff/figures");
        var operatorsDesk = await SignedIn("operator", desktop: true);
        await operatorsDesk.Open("/metropolitan/staff/operations");
        await operatorsDesk.Sees("booking");
    }

    private async Task<Screen> SignedIn(string account, bool desktop = false)
    {
        var screen = await Screen.Of(browser, platform, desktop);
        await screen.Open("/metropolitan/staff");
        await screen.Fill("UserName", account);
        await screen.Fill("Password", "walk-and-talk");
        await screen.Press("Sign in");
        return screen;
    }

    /// <summary>Publishes a walk that begins in twenty minutes, for an officer who is free then.</summary>
    internal static async Task<(DateTimeOffset Start, string Account)> Publish(Screen coordinator)
    {
        var start = TimeZoneInfo.ConvertTime(DateTimeOffset.UtcNow.AddMinutes(20), TimeZoneInfo.FindSystemTimeZoneById("Europe/London"));
        for (var i = 0; i < Officers.Length; i++)
        {
            await coordinator.Open("/metropolitan/staff/walks/new");
            await coordinator.Choose("MeetingPointId", "southwark-station");
            await coordinator.FillDay("Date", DateOnly.FromDateTime(start.DateTime));
            await coordinator.Fill("Time", start.ToString("HH:mm", CultureInfo.InvariantCulture));
            await coordinator.Choose("Officer", Officers[i]);
            await coordinator.Press("Publish", inFormOf: "MeetingPointId");
            if (await coordinator.Page.Locator("[name=OverrideReason]").CountAsync() > 0)
            {
                // The story is walked at whatever hour it is now; she has not offered all of them.
                await coordinator.Fill("OverrideReason", "The story is told at this hour.");
                await coordinator.Press("Publish", inFormOf: "MeetingPointId");
            }

            // The demonstration may have given this officer a walk at that hour; then another one goes.
            if (coordinator.Page.Url.Contains("done=published", StringComparison.Ordinal))
            {
                return (start, Accounts[i]);
            }
        }

        Assert.Fail($"No officer is free: {await coordinator.Page.Locator("main").InnerTextAsync()}");
        throw new InvalidOperationException();
    }

    private static async Task<(string Reference, string Words)> Tell(Screen she, string group, string code, string text, string expected)
    {
        await she.Sees(expected);
        await she.Press("Start", inFormOf: "Draft");
        if (await she.Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Skip the audit" }).CountAsync() > 0)
        {
            await she.Press("Skip the audit");
        }

        await she.Tick("Group", group);
        await she.Press("Continue");
        await she.Tick("Code", code);
        await she.Press("Continue");
        await she.Tick("Place", "list");
        await she.Choose("Ward", Ward);
        await she.Press("Continue");
        await she.Tick("LightBand", "dark");
        await she.Press("Continue");
        await she.Press("Skip this question");
        await she.Fill("Text", text);
        await she.Press("Continue");
        await she.Press("Send", inFormOf: "Draft");
        await she.Sees("Keep these words");
        var phrase = await she.Page.Locator(".phrase .word").AllInnerTextsAsync();
        return (phrase[0], phrase[1]);
    }

    /// <summary>Finds on the board what she said, among what the demonstration's women said of the same kind and ward.</summary>
    private static async Task TakeUp(Screen coordinator, string code, string text)
    {
        await coordinator.Open($"/metropolitan/staff/board?ward={Ward}&code={code}");
        var links = await coordinator.Page.Locator("main a[href*='/staff/concerns/']").EvaluateAllAsync<string[]>("all => all.map(a => a.href)");
        foreach (var link in links.Distinct().Reverse())
        {
            await coordinator.Page.GotoAsync(link);
            if ((await coordinator.Page.Locator("main").InnerTextAsync()).Contains(text, StringComparison.Ordinal))
            {
                break;
            }
        }

        await coordinator.Sees(text);
        await coordinator.Fill("OwnerRole", "Street lighting manager");
        await coordinator.Press("Set the owner");
    }

    private static async Task Agree(Screen coordinator)
    {
        await coordinator.Choose("Type", "LIGHT");
        await coordinator.Fill("ActRole", "Street lighting manager");
        await coordinator.FillDay("DueOn", DateOnly.FromDateTime(DateTime.UtcNow.AddDays(14)));
        await coordinator.Tick("FourP", "prevent");
        await coordinator.Fill("Asked", "Three lamps by the arches are out.");
        await coordinator.Fill("Promise", "The council repairs the three lamps.");
        await coordinator.Press("Agree the action");
    }

    private static async Task Refuse(Screen coordinator)
    {
        await coordinator.Choose("Reason", "NA-NOTFOUND");
        await coordinator.Fill("NoRole", "Parks manager");
        await coordinator.FillDay("ReviewOn", DateOnly.FromDateTime(DateTime.UtcNow.AddDays(60)));
        await coordinator.Fill("NoAsked", "A hedge hides the path at dusk.");
        await coordinator.Fill("NoAnswer", "We looked twice and found the path open to view.");
        await coordinator.Press("Publish the answer");
    }

    [GeneratedRegex(@"\b\d{6}\b")]
    private static partial Regex Digits();
}

public sealed class StoryInBrowserInOneProcess(StoryInBrowserInOneProcess.Platform platform, Chromium browser)
    : StoryInBrowser(platform, browser), IClassFixture<StoryInBrowserInOneProcess.Platform>, IClassFixture<Chromium>
{
    public sealed class Platform : StandalonePlatform
    {
        protected override bool Demonstrates => true;
    }
}

public sealed class StoryInBrowserInFiveProcesses(StoryInBrowserInFiveProcesses.Platform platform, Chromium browser)
    : StoryInBrowser(platform, browser), IClassFixture<StoryInBrowserInFiveProcesses.Platform>, IClassFixture<Chromium>
{
    public sealed class Platform : SeparatePlatform
    {
        protected override bool Demonstrates => true;
    }
}
