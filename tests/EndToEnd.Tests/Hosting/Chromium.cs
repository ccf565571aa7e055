using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace WalkTalk.EndToEnd.Tests.Hosting;

/// <summary>The browser that is installed (WALKTALK_TEST_BROWSER names another), once per test process.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Installed = ["/usr/bin/chromium", "/usr/bin/google-chrome", "/usr/bin/chromium-browser"];
    private static readonly string[] WcagAa = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();
    private IPlaywright? playwright;
    private IBrowser? browser;

    public async ValueTask InitializeAsync()
    {
        var executable = Environment.GetEnvironmentVariable("WALKTALK_TEST_BROWSER") is { Length: > 0 } named ? named : Installed.FirstOrDefault(File.Exists);
        Assert.True(executable is not null, "The stories need a browser: install chromium (./test.sh does, as root on Debian or Ubuntu) or set WALKTALK_TEST_BROWSER.");
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = executable,
            // Chromium's own sandbox does not work for root, who has nothing left to be protected from by it.
            Args = Environment.UserName == "root" ? ["--no-sandbox"] : [],
        });
    }

    /// <summary>A fresh visitor: no cookies, no JavaScript unless asked for, on a phone unless a desktop is asked for.</summary>
    public async Task<IPage> Visitor(string address, bool javaScript = false, bool desktop = false)
    {
        var context = await browser!.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = address,
            JavaScriptEnabled = javaScript,
            ViewportSize = desktop ? new ViewportSize { Width = 1280, Height = 900 } : new ViewportSize { Width = 390, Height = 844 },
            IsMobile = !desktop,
            HasTouch = !desktop,
            DeviceScaleFactor = desktop ? 1 : 2,
            Locale = "en-GB",
            TimezoneId = "Europe/London",
        });
        context.SetDefaultTimeout(60_000);
        return await context.NewPageAsync();
    }

    /// <summary>Opens what the visitor sees again in the same session with JavaScript on (axe is a script) and fails on any WCAG 2.2 A or AA finding.</summary>
    public async Task AssertAccessible(IPage page)
    {
        await using var context = await browser!.NewContextAsync(new BrowserNewContextOptions
        {
            StorageState = await page.Context.StorageStateAsync(),
            ViewportSize = new ViewportSize { Width = page.ViewportSize!.Width, Height = page.ViewportSize.Height },
            BypassCSP = true,
        });
        var copy = await context.NewPageAsync();
        // The page as it stands, also one that only a POST shows: the same document, served at the same address.
        var html = await page.ContentAsync();
        await copy.RouteAsync(page.Url, route => route.FulfillAsync(new RouteFulfillOptions { ContentType = "text/html; charset=utf-8", Body = html }));
        await copy.GotoAsync(page.Url);
        await copy.EvaluateAsync(Axe);
        var found = await copy.EvaluateAsync<string[]>(
            "async tags => (await axe.run({ runOnly: tags, resultTypes: ['violations'], preload: false })).violations.map(v =>"
            + " [`  ${v.id} (${v.impact}): ${v.help}`, ...v.nodes.map(n => `    ${n.html}`)].join('\\n'))",
            WcagAa);
        Assert.True(found.Length == 0, $"axe at {page.Url}:\n{string.Join('\n', found)}");
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

        playwright?.Dispose();
    }
}
