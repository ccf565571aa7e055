using WalkTalk.EndToEnd.Tests.Hosting;

namespace WalkTalk.EndToEnd.Tests.Stories;

/// <summary>The first minute of a new force: nobody can sign in, and the process prints a link that works once.</summary>
public sealed class FirstAdministratorInBrowser(FirstAdministratorInBrowser.Platform platform, Chromium browser)
    : IClassFixture<FirstAdministratorInBrowser.Platform>, IClassFixture<Chromium>
{
    [Fact]
    public async Task The_first_administrator_is_made_once_by_whoever_can_read_the_log()
    {
        var link = await platform.FirstAdministratorsLink();
        foreach (var desktop in new[] { true, false })
        {
            var looking = await Screen.Of(browser, platform, desktop);
            await looking.Open(link);
            await looking.Sees("Create the administrator");
        }

        var she = await Screen.Of(browser, platform, desktop: true);
        await she.Open(link);
        await she.Press("Create");
        await she.Sees("Choose a password");
        await browser.AssertAccessible(she.Page);
        await she.Fill("Name", "Ada First");
        await she.Fill("UserName", "ada");
        await she.Fill("Password", "short");
        await she.Press("Create");
        await she.Sees("at least 12 characters");
        await she.Fill("Password", "three plain words");
        await she.Press("Create");
        await she.Fill("UserName", "ada");
        await she.Fill("Password", "three plain words");
        await she.Press("Sign in");
        await she.Sees("Ada First");

        var late = await Screen.Of(browser, platform);
        await late.Open(link);
        Assert.DoesNotContain("Create the administrator", await late.Page.Locator("body").InnerTextAsync(), StringComparison.Ordinal);
    }

    public sealed class Platform : StandalonePlatform;
}
