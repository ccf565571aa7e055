namespace WalkTalk.EndToEnd.Tests.Hosting;

/// <summary>What examines the pages finds what is wrong with one.</summary>
public class ChromiumTests(Chromium browser) : IClassFixture<Chromium>
{
    private const string Address = "http://page.example/";
    private const string Good = "<!doctype html><html lang=en><title>Walks</title><main><h1>Walks</h1><label>Ward <input></label></main></html>";

    [Fact]
    public async Task A_page_in_order_passes() => await browser.AssertAccessible(await Page(Good));

    [Theory]
    [InlineData("<label>Ward <input></label>", "<input>", "label")]
    [InlineData("lang=en", "", "html-has-lang")]
    [InlineData("<title>Walks</title>", "", "document-title")]
    [InlineData("<h1>", "<h1 style='color:#ddd;background:#fff'>", "color-contrast")]
    public async Task A_fault_is_found_and_named(string part, string instead, string rule)
    {
        var page = await Page(Good.Replace(part, instead, StringComparison.Ordinal));
        var failure = await Assert.ThrowsAsync<Xunit.Sdk.TrueException>(() => browser.AssertAccessible(page));
        Assert.Contains(rule, failure.Message);
    }

    private async Task<Microsoft.Playwright.IPage> Page(string html)
    {
        var page = await browser.Visitor(Address);
        await page.RouteAsync(Address, route => route.FulfillAsync(new() { ContentType = "text/html", Body = html }));
        await page.GotoAsync(Address);
        return page;
    }
}
