using System.Net.Http.Json;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.EndToEnd.Tests.Hosting;
using WalkTalk.Fixtures;

namespace WalkTalk.EndToEnd.Tests.Stories;

/// <summary>Fifty women tell of one crossing. A coordinator gives all an owner, agrees what is done, says that it is, and they say whether; without script. Then the keys of the board, with it.</summary>
public sealed class CoordinatorsHour(CoordinatorsHour.Platform platform, Chromium browser) : IClassFixture<CoordinatorsHour.Platform>, IClassFixture<Chromium>
{
    private const string Ward = "E05014098";
    private const string Board = "/metropolitan/staff/board?near=mill%20crossing";

    [Fact]
    public async Task Fifty_concerns_are_triaged_answered_and_closed()
    {
        var receipts = await FiftyTell();
        var she = await Screen.Of(browser, platform, desktop: true);
        await she.Open(Board);
        await she.Fill("UserName", "coordinator");
        await she.Fill("Password", "walk-and-talk");
        await she.Press("Sign in");
        await she.Examine("board-before");
        await she.Page.SetViewportSizeAsync(375, 800);
        await she.Examine("board-before");
        await she.Page.SetViewportSizeAsync(1280, 900);

        // A filter of her own, with what is new; the first twenty-five; taken back, and again.
        await she.Choose("state", "Acknowledged");
        await she.Press("Show");
        await she.Fill("FilterName", "New at the crossing");
        await she.Press("Keep");
        await she.Follow("New at the crossing");
        await she.Press("Set the usual owner");
        await she.Sees("Select the concerns first, or all on this page");
        await she.Tick("All", "1");
        await she.Press("Set the usual owner");
        await she.Sees("25 concerns done");
        await she.Press("Take it back");
        await she.Sees("25 concerns taken back");
        for (var half = 0; half < 2; half++)
        {
            await she.Tick("All", "1");
            await she.Press("Set the usual owner");
            await she.Sees("25 concerns done");
        }

        await she.Sees("Nothing here");

        // Two of them are seen to tell of the same.
        await she.Open($"{Board}&state=Triaged");
        await she.Page.Locator("#board h3 a").First.ClickAsync();
        await she.Sees("Do they tell of the same?");
        await she.Sees("The same concern, the same landmark, the same light, within a month");
        await she.Examine("concern-duplicates");
        await she.Press("Merge");
        await she.Sees("Choose the one whose answer it waits for");
        await she.Page.Locator("input[name=Into]").First.FocusAsync();
        await she.Page.Keyboard.PressAsync("Space");
        await she.Press("Merge");
        await she.Sees("Waits for the answer of");

        // One action for many, twice; what is merged comes with the one it waits for.
        await AgreeAndClaim(she, "board-agree");
        await AgreeAndClaim(she, null);
        await she.Open($"{Board}&state=Triaged");
        await she.Sees("Nothing here");

        // All are asked; one in her mailbox on a phone says that it is fixed, one that it is not.
        await Say(receipts[0], "yes", "You said it is done");
        await Say(receipts[1], "no", "It is open again");
        var anybody = await Screen.Of(browser, platform);
        await anybody.Open($"/metropolitan/done?ward={Ward}");
        await anybody.Sees("The lamps at the mill crossing were renewed.");
        await anybody.Sees("Women say not done");
        await anybody.Follow("It is the same for me");
        await anybody.Fill("Landmark", "the mill crossing");
        await anybody.Examine("me-too");
        await anybody.Press("Say so");
        await anybody.Sees("We have it. Keep these words");

        // Of fifty one is open: the disputed one. The other forty-nine wait for her who told of them, or have ended.
        await she.Open(Board);
        await she.Sees("Women say not done");
        Assert.Equal(2, await she.Page.Locator("#board article").CountAsync()); // and the one that was told just now
        await she.Open("/metropolitan/staff/stuck");
        await she.Examine("stuck");
    }

    [Fact]
    public async Task An_administrator_sees_what_retention_takes_and_holds_a_concern_back()
    {
        var receipt = (await FiftyTell(1, "the tollgate"))[0];
        var she = await Screen.Of(browser, platform);
        await she.Open("/metropolitan/staff/retention");
        await she.Fill("UserName", "administrator");
        await she.Fill("Password", "walk-and-talk");
        await she.Press("Sign in");
        await she.Sees("Landmarks: of concerns after triage");
        await she.Fill("Reference", receipt.Items[0].Reference);
        await she.Press("Hold it back");
        await she.Sees("Say why");
        await she.Fill("Reason", "A court has asked for it.");
        await she.Press("Hold it back");
        await she.Sees("A court has asked for it.");
        await she.Examine("retention");
    }

    [Fact]
    public async Task With_script_the_board_has_keys()
    {
        await FiftyTell(3, "the old ferry steps");
        var page = await browser.Visitor(platform.Address.ToString(), javaScript: true, desktop: true);
        await page.GotoAsync("/metropolitan/staff/board?near=ferry");
        await page.FillAsync("[name=UserName]", "coordinator");
        await page.FillAsync("[name=Password]", "walk-and-talk");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync("#board article");
        foreach (var key in new[] { "j", "j", "x", "k", "x" })
            await page.Keyboard.PressAsync(key);
        Assert.Equal(2, await page.Locator("#board [name=Pick]:checked").CountAsync());
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/staff/concerns/*");
    }

    private async Task<List<FeedbackReceipt>> FiftyTell(int many = 50, string landmark = "the mill crossing")
    {
        using var http = new HttpClient { BaseAddress = platform.Address };
        var receipts = new List<FeedbackReceipt>();
        for (var i = 0; i < many; i++)
        {
            var answer = await http.PostAsJsonAsync("/api/feedback/v1/metropolitan/submissions", new FeedbackSubmission
            {
                Concerns = [new ConcernInput { Code = "ENV-LIGHT-LOW", LightBand = "dark", HowOften = "most", Place = new PlaceInput { WardCode = Ward, Landmark = landmark }, Text = "The crossing is dark." }],
            });
            receipts.Add((await answer.Content.ReadFromJsonAsync<FeedbackReceipt>())!);
        }

        return receipts;
    }

    private async Task AgreeAndClaim(Screen she, string? picture)
    {
        await she.Open($"{Board}&state=Triaged");
        await she.Tick("All", "1");
        await she.Press("Agree one action");
        await she.Choose("Type", "LIGHT");
        await she.FillDay("DueOn", DateOnly.FromDateTime(DateTime.UtcNow.AddDays(30)));
        await she.Tick("FourP", "prevent");
        await she.Fill("Asked", "Women asked for light at a crossing.");
        await she.Fill("Promise", "Street lighting renews the lamps at the mill crossing.");
        if (picture is not null)
            await she.Examine(picture);
        await she.Press("Agree the action");
        if (picture is not null)
            await she.Examine("action");
        await she.Fill("Done", "The lamps at the mill crossing were renewed.");
        await she.Press("We say done");
        await she.Sees("The lamps at the mill crossing were renewed.");
    }

    private async Task Say(FeedbackReceipt receipt, string isFixed, string sees)
    {
        var woman = await Screen.Of(browser, platform);
        await woman.Open("/metropolitan/reference");
        await woman.Fill("Reference", receipt.Reference);
        await woman.Fill("Words", receipt.Words);
        await woman.Press("Open");
        await woman.Examine("mailbox-is-it-fixed");
        await woman.Page.Locator($"input[type=radio][value={isFixed}]").First.FocusAsync();
        await woman.Page.Keyboard.PressAsync("Space");
        await woman.Press("Say so");
        await woman.Sees(sees);
    }

    public sealed class Platform : StandalonePlatform
    {
        protected override bool Demonstrates => true;

        protected override string Services => "feedback";
    }
}
