using System.Net.Http.Json;
using Microsoft.Playwright;
using WalkTalk.Contracts.Feedback;
using WalkTalk.Contracts.Feedback.Api;
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
        await coordinator.Fill("Text", "Someone is behind me right now.");
        await coordinator.Press("Keep it");
        await coordinator.Sees("Call 999 now");
        await coordinator.Sees("nothing is kept yet");
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

    [Fact]
    public async Task She_answers_a_question_and_disputes_done_with_photos()
    {
        var she = await Screen.Of(browser, platform);
        await she.Open("/metropolitan/reference");
        await she.Fill("Reference", DemonstrationMailbox.Reference);
        await she.Fill("Words", DemonstrationMailbox.Words);
        await she.Press("Open");

        // A file that is none is told beside its field, although her words are missing too; what is good is held, and her words stay.
        var answer = await NameOf(she, "Answer-");
        var photo = answer.Replace("Answer-", "Photo-", StringComparison.Ordinal);
        await she.Page.Locator($"form:has([name='{answer}']) summary").ClickAsync();
        await Choose(she, photo + ".File0", "notes.jpg", "<svg onload='alert(1)'/>"u8.ToArray());
        await Choose(she, photo + ".File1", "hedge.jpg", await she.Page.ScreenshotAsync(new() { Type = ScreenshotType.Jpeg }));
        await she.Fill(photo + ".Says1", "The hedge from the road");
        await she.Press("Send the answer", inFormOf: answer);
        await she.Sees("notes.jpg: Choose a JPEG, PNG or WebP.");
        await she.Sees("Write your answer first");
        await she.Sees("Ready to send:");
        await she.Fill(answer, "It is the hedge beside the school.");
        await she.Press("Send the answer", inFormOf: answer);
        await she.Sees("We have your answer");
        await she.Sees("It is the hedge beside the school.");

        var done = await NameOf(she, "Done-");
        await she.Tick(done, "no");
        await she.Page.Locator($"form:has([name='{done}']) summary").ClickAsync();
        await Choose(she, done.Replace("Done-", "Photo-", StringComparison.Ordinal) + ".File0", "lamp.jpg", await she.Page.ScreenshotAsync(new() { Type = ScreenshotType.Jpeg }));
        await she.Press("Say so", inFormOf: done);
        await she.Sees("open again");
        await she.Sees("Photos, without words.");

        var safeguarding = await SignedIn("safeguarding");
        foreach (var code in (string[])["Overgrown", "Light broken"])
        {
            await safeguarding.Open("/metropolitan/staff/photos");
            await safeguarding.Follow(code);
            await Drawn(safeguarding);
            await safeguarding.Tick("Decision", "show");
            await safeguarding.Press("Decide");
        }

        var coordinator = await SignedIn("coordinator");
        await coordinator.Open("/metropolitan/staff/board?ward=E05014107&code=ENV-VEG");
        var reference = await she.Page.Locator($"main li:has-text('It is the hedge beside the school.') .num").First.InnerTextAsync();
        await coordinator.Page.Locator($"main li:has-text('{reference}') a[href*='/staff/concerns/']").First.ClickAsync();
        await coordinator.Sees("The hedge from the road · sent ");
        await Drawn(coordinator);
        await browser.AssertAccessible(coordinator.Page);
    }

    [Fact]
    public async Task Whoever_texted_comes_to_her_words_by_the_link_of_the_reply_once()
    {
        using var adapter = new HttpClient { BaseAddress = platform.Address };
        adapter.DefaultRequestHeaders.Authorization = new("Bearer", Platform.TextToken);
        using var taken = await adapter.PostAsJsonAsync("/api/feedback/v1/metropolitan/received-texts", new { id = Guid.NewGuid(), source_number = "447700900123", message = "The gate of the playground is broken." });
        var link = (await taken.Content.ReadFromJsonAsync<ReplyToText>())!.Text.Split('\n')[^1];

        var she = await Screen.Of(browser, platform);
        await she.Open(new Uri(link).AbsolutePath);
        // A program that looks at links ahead has used nothing up.
        await she.Open(new Uri(link).AbsolutePath);
        await she.Press("Show them now");
        await she.Sees("Keep these words");
        var words = await she.Page.Locator(".phrase .word").AllInnerTextsAsync();

        var other = await Screen.Of(browser, platform);
        await other.Open(new Uri(link).AbsolutePath);
        await other.Press("Show them now");
        await other.Sees("This link is used up");

        await she.Open("/metropolitan/reference");
        await she.Fill("Reference", words[0]);
        await she.Fill("Words", words[1]);
        await she.Press("Open");
        await she.Sees("An answer comes from");
    }

    private static async Task<string> NameOf(Screen screen, string begins) => (await screen.Page.Locator($"[name^='{begins}']").First.GetAttributeAsync("name"))!;

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
        public const string TextToken = "a-token-of-received-texts-that-nobody-guesses";

        protected override IEnumerable<string> Settings => [$"--Feedback:ReceivedTexts:metropolitan={TextToken}"];

        protected override bool Demonstrates => true;

        protected override string Services => "feedback";
    }
}
