using System.Net.Http.Json;
using WalkTalk.Contracts.Reporting.Api;
using WalkTalk.Fixtures;

namespace WalkTalk.Reporting.Tests.Demo;

/// <summary>A demonstration publishes its closed quarters once the facts are there, and never again.</summary>
public sealed class DemoReleasesTests(DemoReleasesTests.App app) : IClassFixture<DemoReleasesTests.App>
{
    public sealed class App() : ReportingApp(TestOn.OneProcess)
    {
        protected override IEnumerable<(string Key, string? Value)> Settings() => [.. base.Settings(), ("Demo:Enabled", "true")];
    }

    [Fact]
    public async Task Closed_quarters_are_published_once_nothing_new_arrives()
    {
        foreach (var quarter in (string[])["2026Q1", "2026Q2", "2026Q3", "2026Q4"])
        {
            await app.Told(Some.Walk(quarter));
            await app.Told(Enumerable.Range(0, 10).SelectMany(i => Some.Concern(quarter, i < 6 ? "confirmed" : "triaged")));
        }
        await ServiceApp.Eventually(async () => Assert.Equal(["2026Q3", "2026Q2", "2026Q1"], await Quarters()));
        await app.Restart();
        Assert.Equal(["2026Q3", "2026Q2", "2026Q1"], await Quarters());
    }

    private async Task<IEnumerable<string>> Quarters() =>
        (await app.Client().GetFromJsonAsync<List<ReleaseSummary>>(ReportingApp.Releases))!.Select(r => r.Quarter);
}
