using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using WalkTalk.EndToEnd.Tests.Hosting;
using WalkTalk.Fixtures;

namespace WalkTalk.EndToEnd.Tests.Stories;

/// <summary>An officer on her phone loses the signal before the walk and finds it after: what she did arrives once, also when the answer to the first try is lost.</summary>
public sealed partial class OfficerWithoutSignal(OfficerWithoutSignal.Platform platform, Chromium browser)
    : IClassFixture<OfficerWithoutSignal.Platform>, IClassFixture<Chromium>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3); // the demonstration has a year to tell first

    [Fact]
    public async Task She_starts_notes_promises_and_ends_without_signal_and_everything_arrives_once()
    {
        var coordinator = await SignedIn("coordinator", desktop: true);
        var (start, account) = await StoryInBrowser.Publish(coordinator);
        await Book(start);

        // With signal she looks at her day; the phone keeps it.
        var officer = await SignedIn(account, javaScript: true);
        var page = officer.Page;
        var answer = await page.GotoAsync($"/metropolitan/officer?date={start:yyyy-MM-dd}");
        Assert.DoesNotContain("unsafe", answer!.Headers["content-security-policy"], StringComparison.Ordinal);
        await Until(() => page.EvaluateAsync<bool>("async () => navigator.serviceWorker.controller !== null && (await (await caches.open('walktalk-officer')).keys()).some(r => r.url.includes('/without-signal'))"));
        var kept = await page.EvaluateAsync<string>("async () => (await Promise.all((await (await caches.open('walktalk-officer')).matchAll()).map(r => r.text()))).join('\\n')");
        Assert.DoesNotContain("You say first", kept, StringComparison.Ordinal);
        Assert.Contains("Ada", kept, StringComparison.Ordinal);
        Assert.All(await page.EvaluateAsync<string[]>("async () => (await (await caches.open('walktalk-officer')).keys()).map(r => new URL(r.url).pathname)"),
            path => Assert.Matches("^/(assets/|metropolitan/officer)", path));

        // The signal goes.
        await page.Context.SetOfflineAsync(true);
        await officer.Follow(start.ToString("HH:mm", CultureInfo.InvariantCulture));
        await officer.Sees("Without signal");
        await Save(officer, "Start the walk", "Start now", 1);
        await page.Locator("summary:has-text('Note a stop')").ClickAsync();
        await officer.Tick("Codes", "ENV-LIGHT-LOW");
        await officer.Tick("Consent", "yes");
        await officer.Fill("Landmark", "the steps by the arches");
        await Chromium.Picture(page, "officer-without-signal-stop");
        await Save(officer, null, "Save this stop", 2);
        await page.Locator("summary:has-text('Note a promise')").ClickAsync();
        await officer.Fill("What", "Ask street lighting for a second lamp at the steps.");
        await Save(officer, null, "Save the promise", 3);
        await Save(officer, "End the walk", "End and go home safe", 4);
        await officer.Sees("No signal. 4 notes saved on this phone");
        await Chromium.Picture(page, "officer-without-signal");
        await browser.AssertAccessible(page);
        Assert.Equal(0, await platform.Count("booking", "SELECT count(*) FROM start_overrides"));
        // She looks again: all of it is still there, and the start is not offered a second time.
        await page.ReloadAsync();
        await page.WaitForFunctionAsync("() => document.querySelectorAll('#outbox li').length === 4");
        Assert.True(await page.Locator("form[data-step=start]").IsHiddenAsync());

        // The signal comes back, but the answer to the first try is lost on its way.
        var lost = 0;
        await page.Context.RouteAsync("**/officer/walks/**", async route =>
        {
            if (route.Request.Method == "POST" && lost++ == 0)
            {
                await route.FetchAsync(new() { MaxRedirects = 0 });
                await route.AbortAsync();
                return;
            }

            await route.ContinueAsync();
        });
        await page.Context.SetOfflineAsync(false);
        await Until(async () => lost > 0 && await platform.Count("booking", "SELECT count(*) FROM start_overrides") == 1);
        await page.WaitForFunctionAsync("() => document.querySelectorAll('#outbox li').length === 4 || document.querySelectorAll('#outbox li').length === 0");
        if (await page.Locator("#outbox button:has-text('Send now')").CountAsync() > 0) await page.Locator("#outbox button:has-text('Send now')").ClickAsync();
        await page.GetByText("The walk has ended").WaitForAsync();
        await officer.Sees("1 stop noted");
        await officer.Sees("Ask street lighting for a second lamp");
        Assert.True(lost >= 4, $"{lost} posts were seen");
        Assert.Equal(1, await platform.Count("booking", "SELECT count(*) FROM start_overrides WHERE reason = 'no-signal'"));
        Assert.Equal(1, await platform.Count("feedback", "SELECT stops FROM capture"));
        Assert.Equal(1, await platform.Count("feedback", "SELECT count(*) FROM promise"));
        Assert.Equal(1, await platform.Count("feedback", "SELECT count(*) FROM capture WHERE themes IS NOT NULL"));
        Assert.Equal(0, await page.EvaluateAsync<int>("() => new Promise(done => { const open = indexedDB.open('walktalk-officer'); open.onsuccess = () => { const all = open.result.transaction('outbox').objectStore('outbox').count(); all.onsuccess = () => done(all.result); }; })"));
        await Chromium.Picture(page, "officer-walk-ended");

        // Signing out empties the phone.
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await page.WaitForURLAsync(url => !url.Contains("/officer", StringComparison.Ordinal), new() { WaitUntil = WaitUntilState.Commit });
        await page.Locator("h1").WaitForAsync();
        Assert.Empty(await page.EvaluateAsync<string[]>("async () => [...await caches.keys(), ...(await indexedDB.databases()).map(d => d.name), ...(await navigator.serviceWorker.getRegistrations()).map(r => r.scope)]"));

        // The coordinator checks the start without words, and takes the promise up.
        await coordinator.Open("/metropolitan/staff/alerts");
        await coordinator.Sees("to be checked");
        await coordinator.Page.Locator("[name^='Checked-']").First.FillAsync("Both met at the station and say so.");
        await coordinator.Press("Checked");
        await coordinator.Sees("Both met at the station and say so.");
        await coordinator.Open("/metropolitan/staff/promises");
        await coordinator.Page.Locator("summary:has-text('Answer it')").First.ClickAsync();
        await coordinator.Page.Locator("input[name^='Kept-'][value='on']").First.CheckAsync();
        await coordinator.Page.Locator("textarea[name^='Answer-']").First.FillAsync("The council fits a second lamp before Easter.");
        await coordinator.Press("Answer");
        await coordinator.Sees("No promise is open");
    }

    /// <summary>Opens a step's fold, presses its button and waits until the phone has so many notes.</summary>
    private static async Task Save(Screen officer, string? fold, string button, int notes)
    {
        if (fold is not null) await officer.Page.Locator($"summary:has-text('{fold}')").ClickAsync();
        await officer.Page.Locator($"button:has-text('{button}')").ClickAsync();
        await officer.Page.WaitForFunctionAsync($"() => document.querySelectorAll('#outbox li').length === {notes}");
    }

    private static async Task Until(Func<Task<bool>> isSo)
    {
        for (var tries = 0; tries < 200 && !await isSo(); tries++) await Task.Delay(100, TestContext.Current.CancellationToken);
        Assert.True(await isSo());
    }

    private async Task<Screen> SignedIn(string account, bool desktop = false, bool javaScript = false)
    {
        var screen = new Screen(browser, await browser.Visitor(platform.Address.ToString(), javaScript, desktop), examines: !javaScript);
        await screen.Open("/metropolitan/staff");
        await screen.Fill("UserName", account);
        await screen.Fill("Password", "walk-and-talk");
        await screen.Press("Sign in");
        return screen;
    }

    private async Task Book(DateTimeOffset start)
    {
        var she = new Screen(browser, await browser.Visitor(platform.Address.ToString()), examines: false);
        await she.Open($"/metropolitan/walks?ward=E05011095&date={start:yyyy-MM-dd}");
        await she.Page.Locator($"li:has-text('{start.ToString("HH:mm", CultureInfo.InvariantCulture)}') button[name=walk]").First.ClickAsync();
        await she.Fill("FirstName", "Ada");
        await she.Fill("Email", "ada@without-signal.example");
        await she.Press("Send the code");
        await she.Fill("Code", Digits().Match((await platform.Mail.Wait("ada@without-signal.example", m => Digits().IsMatch(m.Text), Patience)).Text).Value);
        await she.Press("Book this walk");
        await she.Sees("Confirmed");
    }

    [GeneratedRegex(@"\b\d{6}\b")]
    private static partial Regex Digits();

    public sealed class Platform : StandalonePlatform
    {
        protected override bool Demonstrates => true;

        protected override string Services => "booking,feedback,notification";
    }
}
