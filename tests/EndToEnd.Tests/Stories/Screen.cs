using System.Text.RegularExpressions;
using Microsoft.Playwright;
using WalkTalk.EndToEnd.Tests.Hosting;
using WalkTalk.Fixtures;

namespace WalkTalk.EndToEnd.Tests.Stories;

/// <summary>A person before a page without script, by keyboard where a control is drawn over: what she sees, fills and presses. Every page she sees must be accessible.</summary>
internal sealed class Screen(Chromium browser, IPage page, bool examines)
{
    private readonly HashSet<string> looked = [];

    public IPage Page => page;

    public static async Task<Screen> Of(Chromium browser, RunningPlatform platform, bool desktop = false) =>
        new(browser, await browser.Visitor(platform.Address.ToString(), desktop: desktop), examines: platform is StandalonePlatform);

    /// <summary>Opens an address below the gateway.</summary>
    public async Task Open(string path)
    {
        await page.GotoAsync(path);
        await Look();
    }

    /// <summary>Follows a link by its words.</summary>
    public async Task Follow(string words)
    {
        await page.Locator("main, nav, header").GetByRole(AriaRole.Link, new() { Name = words }).First.ClickAsync();
        await Look();
    }

    /// <summary>Types into the control of that name.</summary>
    public async Task Fill(string name, string text)
    {
        await Unfold(name);
        await page.Locator($"[name='{name}']").First.FillAsync(text);
    }

    /// <summary>Types a day into its three boxes.</summary>
    public async Task FillDay(string name, DateOnly day)
    {
        await Fill($"{name}.Day", $"{day.Day}");
        await Fill($"{name}.Month", $"{day.Month}");
        await Fill($"{name}.Year", $"{day.Year}");
    }

    /// <summary>Chooses in a list.</summary>
    public async Task Choose(string name, string value)
    {
        await Unfold(name);
        await page.Locator($"select[name='{name}']").First.SelectOptionAsync(value);
    }

    /// <summary>Ticks a box or a radio button with the space bar.</summary>
    public async Task Tick(string name, string value)
    {
        await Unfold(name);
        var box = page.Locator($"input[name='{name}'][value='{value}']").First;
        await box.FocusAsync();
        await page.Keyboard.PressAsync("Space");
        Assert.True(await box.IsCheckedAsync(), $"{name} = {value} could not be ticked.");
    }

    /// <summary>Presses a button by its words, inside the form that holds a control of that name where one is given.</summary>
    public async Task Press(string words, string? inFormOf = null)
    {
        var scope = inFormOf is null ? page.Locator("main") : page.Locator($"form:has([name='{inFormOf}'])");
        await scope.GetByRole(AriaRole.Button, new() { NameRegex = new Regex($"^{Regex.Escape(words)}", RegexOptions.IgnoreCase) }).First.ClickAsync();
        await Look();
    }

    /// <summary>The page says so.</summary>
    public async Task Sees(string text)
    {
        var body = await page.Locator("body").InnerTextAsync();
        Assert.True(body.Contains(text, StringComparison.OrdinalIgnoreCase), $"{page.Url} does not say \"{text}\":\n{body}");
    }

    /// <summary>Reloads until the page says so: facts travel between the services.</summary>
    public async Task SeesSoon(string text)
    {
        for (var tries = 0; tries < 60 && !(await page.Locator("body").InnerTextAsync()).Contains(text, StringComparison.OrdinalIgnoreCase); tries++)
        {
            await Task.Delay(500);
            await page.ReloadAsync();
        }

        await Sees(text);
    }

    /// <summary>A state of a page through axe, with a picture of that name where pictures are wanted.</summary>
    public async Task Examine(string name)
    {
        await Chromium.Picture(page, name);
        await browser.AssertAccessible(page);
    }

    private async Task Unfold(string name)
    {
        var folded = page.Locator($"details:not([open]):has([name='{name}']) > summary");
        while (await folded.CountAsync() > 0)
        {
            await folded.First.ClickAsync();
        }
    }

    /// <summary>Each page once through axe, with a picture named by its heading where pictures are wanted. The pages are the same on every ground, so one is enough.</summary>
    private async Task Look()
    {
        if (!examines)
        {
            return;
        }

        var heading = await page.Locator("h1").CountAsync() > 0 ? await page.Locator("h1").First.InnerTextAsync() : "untitled";
        var name = Regex.Replace(heading.ToLowerInvariant(), "[^a-z]+", "-").Trim('-');
        if (!looked.Add(name))
        {
            return;
        }

        await Examine(name);
    }
}
