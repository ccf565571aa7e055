using System.Text.RegularExpressions;
using WalkTalk.EndToEnd.Tests.Hosting;

namespace WalkTalk.EndToEnd.Tests.Stories;

/// <summary>Plans change: by her link, without JavaScript, on a phone and at a desk.</summary>
public sealed partial class ChangeInBrowser(ChangeInBrowser.Platform platform, Chromium browser)
    : IClassFixture<ChangeInBrowser.Platform>, IClassFixture<Chromium>
{
    [Theory, InlineData(false), InlineData(true)]
    public async Task She_moves_her_walk_and_may_think_again_first(bool desktop)
    {
        var she = await Screen.Of(browser, platform, desktop);
        await Book(she, $"mover-{desktop}@browser.example".ToLowerInvariant());
        var before = await she.Page.Locator("h1").InnerTextAsync();

        await she.Follow("Move to another time");
        await she.Press("Choose this walk");
        await she.Sees("stays yours until you say yes");
        await she.Press("No, keep what I have");
        Assert.Equal(before, await she.Page.Locator("h1").InnerTextAsync());

        await she.Follow("Move to another time");
        await she.Press("Choose this walk");
        await she.Press("Yes, move my walk");
        await she.Sees("Your walk has moved");
        Assert.NotEqual(before, await she.Page.Locator("h1").InnerTextAsync());
        await platform.Mail.Wait($"mover-{desktop}@browser.example".ToLowerInvariant(), m => m.Text.Contains("has a new time", StringComparison.Ordinal), Patience);
    }

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>The first walk there is, far enough away to be moved.</summary>
    private async Task Book(Screen she, string email)
    {
        await she.Open($"/metropolitan/walks?date={DateTime.UtcNow.AddDays(1):yyyy-MM-dd}");
        await she.Press("Hold this place");
        await she.Fill("FirstName", "Ada");
        await she.Fill("Email", email);
        await she.Press("Send the code");
        await she.Fill("Code", Digits().Match((await platform.Mail.Wait(email, m => Digits().IsMatch(m.Text), Patience)).Text).Value);
        await she.Press("Book this walk");
        await she.Sees("Confirmed");
    }

    [GeneratedRegex(@"\b\d{6}\b")]
    private static partial Regex Digits();

    public sealed class Platform : StandalonePlatform
    {
        protected override bool Demonstrates => true;
    }
}
