using Deque.AxeCore.Commons;
using Microsoft.Playwright;
using WalkTalk.Fixtures;

namespace WalkTalk.EndToEnd.Tests.Hosting;

/// <summary>The browser that is installed (WALKTALK_TEST_BROWSER names another), once per test process.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Installed = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium", "/usr/bin/google-chrome", "/usr/bin/chromium-browser"];
    private static readonly string[] WcagAa = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();
    private IPlaywright? playwright;
    private IBrowser? browser;
    private readonly Dictionary<(string Origin, int Width), IPage> examiners = [];

    public async ValueTask InitializeAsync()
    {
        var executable = Environment.GetEnvironmentVariable("WALKTALK_TEST_BROWSER") is { Length: > 0 } named ? named : Installed.FirstOrDefault(File.Exists);
        Assert.True(executable is not null, "The stories need a browser: install chromium (./test.sh does, as root on Debian or Ubuntu) or set WALKTALK_TEST_BROWSER.");
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = executable,
            // Chromium's own sandbox does not work for root, who has nothing left to be protected from by it.
            Args = Environment.UserName == "root" ? ["--no-sandbox", "--disable-gpu"] : ["--disable-gpu"],
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

    /// <summary>
    /// Writes what the visitor sees into a page of our own, with her cookies and width, and fails on any WCAG 2.2 A or AA finding: axe is a script, and her page has none.
    /// That page is kept, because to open one and to read axe take longer than the examination.
    /// </summary>
    public async Task AssertAccessible(IPage page)
    {
        var examiner = await Examiner(new Uri(page.Url).GetLeftPart(UriPartial.Authority), page.ViewportSize!.Width, page.ViewportSize.Height);
        await examiner.Context.ClearCookiesAsync();
        await examiner.Context.AddCookiesAsync((await page.Context.CookiesAsync()).Select(c => new Cookie
        {
            Name = c.Name, Value = c.Value, Domain = c.Domain, Path = c.Path, Expires = c.Expires, HttpOnly = c.HttpOnly, Secure = c.Secure, SameSite = c.SameSite,
        }));
        var found = await examiner.EvaluateAsync<string[]>(
            """
            async ([html, url, ...tags]) => {
                history.replaceState(null, '', url);
                document.open();
                document.write(html);
                document.close();
                // A page written into another is "complete" before its stylesheets are there.
                await Promise.all([...document.querySelectorAll('link[rel=stylesheet]')].map(link => link.sheet ?? new Promise(done => link.onload = link.onerror = done)));
                const { violations } = await axe.run({ runOnly: tags, resultTypes: ['violations'], preload: false });
                return violations.map(v => [`  ${v.id} (${v.impact}): ${v.help}`, ...v.nodes.map(n => `    ${n.html}`)].join('\n'));
            }
            """,
            (string[])[await page.ContentAsync(), page.Url, .. WcagAa]);
        Assert.True(found.Length == 0, $"axe at {page.Url}:\n{string.Join('\n', found)}");
    }

    private async Task<IPage> Examiner(string origin, int width, int height)
    {
        if (examiners.TryGetValue((origin, width), out var examiner))
        {
            return examiner;
        }

        var context = await browser!.NewContextAsync(new() { ViewportSize = new ViewportSize { Width = width, Height = height }, BypassCSP = true });
        examiner = await context.NewPageAsync();
        await examiner.RouteAsync($"{origin}/examiner", route => route.FulfillAsync(new() { ContentType = "text/html", Body = "<!DOCTYPE html><title>examiner</title>" }));
        // What she sees has been made by her page's scripts, or without: it is looked at as it stands.
        await examiner.RouteAsync(url => url.EndsWith(".js", StringComparison.Ordinal), route => route.AbortAsync());
        await examiner.GotoAsync($"{origin}/examiner");
        await examiner.EvaluateAsync(Axe);
        return examiners[(origin, width)] = examiner;
    }

    /// <summary>With WALKTALK_TEST_SCREENSHOTS=1 the whole page as a picture in artifacts/screenshots: for whoever changes pages, and half as long again for the stories.</summary>
    public static async Task Picture(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("WALKTALK_TEST_SCREENSHOTS") != "1")
        {
            return;
        }

        var width = page.ViewportSize!.Width > 700 ? "desktop" : "phone";
        await page.ScreenshotAsync(new() { Path = Repository.PathOf("artifacts", "screenshots", $"{name}-{width}.png"), FullPage = true });
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
