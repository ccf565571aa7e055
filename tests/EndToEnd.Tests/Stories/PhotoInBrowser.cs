using Microsoft.Playwright;
using WalkTalk.EndToEnd.Tests.Hosting;

namespace WalkTalk.EndToEnd.Tests.Stories;

/// <summary>A photo from her phone to the coordinator's desk, and a slip for a woman who phoned: in a browser without JavaScript.</summary>
public sealed class PhotoInBrowser(PhotoInBrowser.Platform platform, Chromium browser) : IClassFixture<PhotoInBrowser.Platform>, IClassFixture<Chromium>
{
    private const string Ward = "E05011095";

    [Fact]
    public async Task She_sends_a_photo_and_a_coordinator_sees_it_once_it_is_checked()
    {
        var she = await Screen.Of(browser, platform);
        await she.Open("/metropolitan/tell-us");
        await she.Press("Start");
        await she.Tick("Group", "ENV");
        await she.Press("Continue");
        await she.Tick("Code", "ENV-LIGHT-LOW");
        await she.Press("Continue");
        await she.Tick("Place", "list");
        await she.Choose("Ward", Ward);
        await she.Press("Continue");
        await she.Press("Skip this question");
        await she.Press("Skip this question");
        await she.Fill("Text", "It is dim between the bins.");
        await she.Press("Continue");

        // A file that is none is told beside its field, a wrong address beside its own; her words stay, and a photo that was good is not asked for again.
        await Choose(she, "Photo0.File0", "notes.jpg", "This is no photo."u8.ToArray());
        await she.Press("Send", inFormOf: "Draft");
        await she.Sees("notes.jpg: Choose a JPEG, PNG or WebP.");
        await she.Sees("It is dim between the bins.");
        // More than the page takes at all: still her words, and the field that it came from.
        var film = Path.Combine(Directory.CreateTempSubdirectory("walktalk-photo-").FullName, "film.jpg");
        await using (var file = File.Create(film)) file.SetLength(45_000_000);
        await she.Page.SetInputFilesAsync("[name='Photo0.File0']", film);
        await she.Press("Send", inFormOf: "Draft");
        await she.Sees("film.jpg: It may have up to 8 MB.");
        Directory.Delete(Path.GetDirectoryName(film)!, recursive: true);
        await she.Sees("It is dim between the bins.");
        await Choose(she, "Photo0.File0", "bins.jpg", await she.Page.ScreenshotAsync(new() { Type = ScreenshotType.Jpeg }));
        await she.Fill("Photo0.Says0", "The bins by the gate");
        await she.Fill("Email", "no address");
        await she.Press("Send", inFormOf: "Draft");
        await she.Sees("Ready to send:");
        await she.Sees("It is dim between the bins.");
        await she.Fill("Email", "");
        await she.Press("Send", inFormOf: "Draft");
        await she.Sees("Keep these words");

        var safeguarding = await SignedIn("safeguarding");
        await safeguarding.Open("/metropolitan/staff/photos");
        var reference = await safeguarding.Page.Locator("main .num").First.InnerTextAsync();
        await safeguarding.Follow("Too dark by design");
        await Drawn(safeguarding);
        await safeguarding.Sees("The bins by the gate");
        await safeguarding.Press("Decide");
        await safeguarding.Sees("Say what it shows");
        await safeguarding.Tick("Decision", "show");
        await safeguarding.Press("Decide");
        await safeguarding.Sees("Nothing waits");

        var coordinator = await SignedIn("coordinator");
        await coordinator.Open($"/metropolitan/staff/board?ward={Ward}&code=ENV-LIGHT-LOW");
        await coordinator.Page.Locator($"main li:has-text('{reference}') a[href*='/staff/concerns/']").First.ClickAsync();
        await coordinator.Sees("It is dim between the bins.");
        await Drawn(coordinator);
        await browser.AssertAccessible(coordinator.Page);
    }

    [Fact]
    public async Task A_coordinator_types_in_what_a_woman_phoned_and_gives_her_the_slip()
    {
        var coordinator = await SignedIn("coordinator");
        await coordinator.Open("/metropolitan/staff/type-in");
        await coordinator.Press("Keep it");
        await coordinator.Sees("Only when she agrees");
        await coordinator.Tick("Channel", "phone");
        await coordinator.Tick("Agreed", "consent");
        await coordinator.Choose("Code", "ENV-VEG");
        await coordinator.Choose("Ward", Ward);
        await coordinator.Fill("Text", "The hedge hides the path to the flats.");
        await coordinator.Press("Keep it");
        await coordinator.Sees("Read it to her. When she says yes, say so.");
        await coordinator.Tick("Agreed", "read");
        await coordinator.Press("Keep it");
        await coordinator.Sees("Her slip");

        var words = await coordinator.Page.Locator(".phrase .word").AllInnerTextsAsync();
        var she = await Screen.Of(browser, platform);
        await she.Open("/metropolitan/reference");
        await she.Fill("Reference", words[0]);
        await she.Fill("Words", words[1]);
        await she.Press("Open");
        await she.Sees("Overgrown");
    }

    private static Task Choose(Screen screen, string field, string name, byte[] file) =>
        screen.Page.Locator($"[name='{field}']").SetInputFilesAsync(new FilePayload { Name = name, MimeType = "image/jpeg", Buffer = file });

    /// <summary>The browser has drawn the picture: policy, session and headers let it.</summary>
    private static async Task Drawn(Screen screen) => Assert.True(await screen.Page.Locator("figure.photo img").EvaluateAsync<int>("i => i.naturalWidth") > 100);

    private async Task<Screen> SignedIn(string account)
    {
        var screen = await Screen.Of(browser, platform, desktop: true);
        await screen.Open("/metropolitan/staff");
        await screen.Fill("UserName", account);
        await screen.Fill("Password", "walk-and-talk");
        await screen.Press("Sign in");
        return screen;
    }

    public sealed class Platform : StandalonePlatform
    {
        protected override bool Demonstrates => true;

        protected override string Services => "feedback";
    }
}
