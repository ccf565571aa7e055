using System.Collections.Concurrent;
using Microsoft.Playwright;
using WalkTalk.EndToEnd.Tests.Hosting;

namespace WalkTalk.EndToEnd.Tests.Stories;

/// <summary>She says where it was by where she stands, in a browser with script: the ward is chosen on her device, and no point leaves it.</summary>
public sealed class PositionInBrowser(PositionInBrowser.Platform platform, Chromium browser) : IClassFixture<PositionInBrowser.Platform>, IClassFixture<Chromium>
{
    [Fact]
    public async Task Where_she_stands_becomes_a_ward_and_her_position_stays_on_the_device()
    {
        var page = await browser.Visitor(platform.Address.ToString(), javaScript: true);
        var sent = new ConcurrentBag<string>();
        page.Request += (_, request) => sent.Add($"{request.Url} {request.PostData}");
        await page.Context.GrantPermissionsAsync(["geolocation"]);
        await ToPlace(page);

        // Far from every ward: she is told, and nothing changes.
        await page.Context.SetGeolocationAsync(new() { Latitude = 53.4812f, Longitude = -2.2371f });
        await Press(page);
        await Assertions.Expect(page.Locator("#here [role=status]")).ToContainTextAsync("You are in none of these wards");
        Assert.Equal("", await page.Locator("select[name=Ward]").InputValueAsync());
        Assert.False(await page.Locator("input[name=Place][value=list]").IsCheckedAsync());

        // A hundred metres beside the centre of a ward.
        var centre = (await page.Locator("#here").GetAttributeAsync("data-wards"))!.Split(' ')[7].Split(',');
        var (latitude, longitude) = (float.Parse(centre[1], System.Globalization.CultureInfo.InvariantCulture) + 0.0009f, float.Parse(centre[2], System.Globalization.CultureInfo.InvariantCulture));
        await ToPlace(page);
        await page.Context.SetGeolocationAsync(new() { Latitude = latitude, Longitude = longitude });
        await Press(page);
        await Assertions.Expect(page.Locator("#here [role=status]")).ToContainTextAsync("Your position stayed on this device");
        Assert.Equal(centre[0], await page.Locator("select[name=Ward]").InputValueAsync());
        await browser.AssertAccessible(page);

        sent.Clear();
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("When is it worst?");
        var form = Assert.Single(sent, s => s.Contains("tell-us", StringComparison.Ordinal) && s.Contains(centre[0], StringComparison.Ordinal));
        Assert.DoesNotContain("latitude", form, StringComparison.OrdinalIgnoreCase);
        Assert.All(sent, s => Assert.DoesNotContain(latitude.ToString("F3", System.Globalization.CultureInfo.InvariantCulture), s));
    }

    [Fact]
    public async Task Without_script_the_button_is_not_there_and_the_list_is()
    {
        var page = await browser.Visitor(platform.Address.ToString());
        await ToPlace(page);
        Assert.False(await page.Locator("#here").IsVisibleAsync());
        Assert.Equal(1, await page.Locator("select[name=Ward]").CountAsync());
    }

    [Fact]
    public async Task Without_script_she_taps_a_ward_on_the_map_and_nobody_else_is_asked_for_a_picture()
    {
        var page = await browser.Visitor(platform.Address.ToString());
        var asked = new ConcurrentBag<string>();
        page.Request += (_, request) => asked.Add(request.Url);
        await ToPlace(page);
        Assert.False(await page.Locator(".wards").First.IsVisibleAsync());
        await page.Locator("input[name=Place][value=map]").CheckAsync(new() { Force = true });
        await Continue(page);
        await Assertions.Expect(page.Locator(".errors")).ToContainTextAsync("Choose a ward, name a landmark");
        await browser.AssertAccessible(page); // the map is open on it

        await page.Locator(".wards label", new() { HasText = "Brixton Windrush" }).Locator("text").TapAsync(new() { Force = true });
        await Assertions.Expect(page.Locator(".wards b", new() { HasText = "Brixton Windrush" })).ToHaveCSSAsync("opacity", "1");
        // And on by keyboard, one ward further.
        await page.Keyboard.PressAsync("ArrowDown");
        await Assertions.Expect(page.Locator(".wards :checked")).ToHaveAccessibleNameAsync("Clapham Common & Abbeville");
        await Continue(page);
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("When is it worst?");
        await page.Locator("main").GetByRole(AriaRole.Button, new() { Name = "Back" }).ClickAsync();
        await Assertions.Expect(page.Locator(".wards :checked")).ToHaveAccessibleNameAsync("Clapham Common & Abbeville");
        Assert.All(asked, url => Assert.StartsWith(platform.Address.ToString(), url, StringComparison.Ordinal));

        static Task Continue(IPage page) => page.Locator("main").GetByRole(AriaRole.Button, new() { Name = "Continue" }).First.ClickAsync();
    }

    /// <summary>By keyboard.</summary>
    private static async Task Press(IPage page)
    {
        await page.Locator("#here button").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
    }

    private static async Task ToPlace(IPage page)
    {
        await page.GotoAsync("/metropolitan/tell-us");
        await Continue("Start");
        await page.Locator("input[name=Group][value=ENV]").CheckAsync(new() { Force = true });
        await Continue("Continue");
        await page.Locator("input[name=Code][value=ENV-LIGHT-LOW]").CheckAsync(new() { Force = true });
        await Continue("Continue");
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("Where was it?");

        Task Continue(string words) => page.Locator("main").GetByRole(AriaRole.Button, new() { Name = words }).First.ClickAsync();
    }

    public sealed class Platform : StandalonePlatform
    {
        protected override string Services => "feedback";
    }
}
