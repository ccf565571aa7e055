using WalkTalk.EndToEnd.Tests.Hosting;

namespace WalkTalk.EndToEnd.Tests.Stories;

/// <summary>Independent scrutiny, without script: she reads a trail, finds who read what, takes a range away and checks it without us.</summary>
public sealed class OversightInBrowser(OversightInBrowser.Platform platform, Chromium browser) : IClassFixture<OversightInBrowser.Platform>, IClassFixture<Chromium>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Oversight_reads_the_trail_and_verifies_what_she_takes_away(bool desktop)
    {
        var ct = TestContext.Current.CancellationToken;
        var she = await Screen.Of(browser, platform, desktop);
        await she.Open("/metropolitan/staff/audit");
        await she.Fill("UserName", "oversight");
        await she.Fill("Password", "walk-and-talk");
        await she.Press("Sign in");
        await she.SeesSoon("The chain holds on this page");
        await she.Examine("audit-trail");
        await she.Follow("Older entries");
        await she.Sees("The chain holds on this page");

        await she.Fill("action", "changed");
        await she.Fill("to", "2020-01-01");
        await she.Press("Show", inFormOf: "action");
        await she.Sees("No entry fits");
        await she.Examine("audit-nothing-fits");
        await she.Follow("Show everything");

        await she.Fill("First", "0");
        await she.Press("Download");
        await she.Sees("Enter the number of an entry, from 1 to");
        await she.Examine("audit-wrong-range");
        await she.Fill("First", "1");
        await she.Fill("Last", "100");
        var file = Path.Combine(platform.Elsewhere, $"{Guid.NewGuid():N}.jsonl");
        var download = await she.Page.RunAndWaitForDownloadAsync(() => she.Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Download" }).ClickAsync());
        Assert.Equal("audit-booking-metropolitan-1-100.jsonl", download.SuggestedFilename);
        await download.SaveAsAsync(file);

        var (code, said) = await Verify(file);
        Assert.True(code == 0, said);
        Assert.Contains("booking of metropolitan, entries 1 to 100: 100 follow from each other", said, StringComparison.Ordinal);
        var lines = await File.ReadAllLinesAsync(file, ct);
        await File.WriteAllLinesAsync(file, [.. lines[..50], .. lines[51..]], ct);
        (code, said) = await Verify(file);
        Assert.True(code == 1, said);
        Assert.Contains("Entry 50 is missing", said, StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, "a letter", ct);
        Assert.Equal(2, (await Verify(file)).ExitCode);
        Assert.Equal(2, (await Verify()).ExitCode);

        // Two that go on from each other, and two that do not.
        var (first, second) = (file + "1", file + "2");
        await File.WriteAllTextAsync(first, await Range(she, 1, 40), ct);
        await File.WriteAllTextAsync(second, await Range(she, 41, 60), ct);
        Assert.Equal(0, (await Verify(first, second)).ExitCode);
        (code, said) = await Verify(second, first);
        Assert.Equal((1, true), (code, said.Contains("It begins with entry 1, and the file before it ends with 60", StringComparison.Ordinal)));

        async Task<(int ExitCode, string Output)> Verify(params string[] files) => await RunningProcess.Run("dotnet", [StandalonePlatform.Program, "verify-audit", .. files], platform.Elsewhere, ct);
    }

    private async Task<string> Range(Screen she, long from, long to) =>
        await (await she.Page.APIRequest.GetAsync(new Uri(platform.Address, $"/api/booking/v1/metropolitan/audit/chain?from={from}&to={to}").ToString())).TextAsync();

    public sealed class Platform : StandalonePlatform
    {
        protected override bool Demonstrates => true;

        protected override string Services => "booking";

        /// <summary>Another disk.</summary>
        public string Elsewhere => Directory.CreateDirectory(Path.Combine(Folder, "elsewhere")).FullName;
    }
}
