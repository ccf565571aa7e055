using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using WalkTalk.Fixtures;
using WalkTalk.Gateway.Pages.Figures;

namespace WalkTalk.Gateway.Tests;

/// <summary>What is drawn of the releases, and what is not.</summary>
public sealed partial class TrendChartTests
{
    [Fact]
    public async Task Nothing_is_drawn_across_what_a_release_withholds()
    {
        var svg = await Draw(new("Oct–Dec", "2025", 20, 5), new("Jan–Mar", "2026", null, null), new("Apr–Jun", "2026", 50, 35), new("Jul–Sep", "2026", 50, 40));

        Assert.Equal(2, Drawn(svg, "c-we").Single().Split('L').Length);
        Assert.Equal(2, Drawn(svg, "c-women").Single().Split('L').Length);
        Assert.Equal(4, Drawn(svg, "c-gap").Single().Split('L').Length);
        Assert.Equal(3, Regex.Count(svg, "class=\"c-lit\""));
        Assert.Equal(3, Regex.Count(svg, "class=\"c-hollow\""));
        Assert.Single(Regex.Matches(svg, ">c</text>"));
    }

    [Fact]
    public async Task One_figure_that_is_withheld_takes_nothing_of_the_other_and_leaves_no_gap_between_them()
    {
        var svg = await Draw(new("Oct–Dec", "2025", 20, null), new("Jan–Mar", "2026", 40, null), new("Apr–Jun", "2026", 50, null));

        Assert.Equal(3, Drawn(svg, "c-we").Single().Split('L').Length);
        Assert.Empty(Drawn(svg, "c-women"));
        Assert.Empty(Drawn(svg, "c-gap"));
        Assert.DoesNotContain("c-lit", svg);
        Assert.Equal(3, Regex.Count(svg, ">c</text>"));
    }

    [Fact]
    public async Task Releases_that_withhold_everything_are_drawn_as_nothing()
    {
        var svg = await Draw(new("Oct–Dec", "2025", null, null), new("Jan–Mar", "2026", null, null));
        Assert.Empty(Drawn(svg, "c-we"));
        Assert.DoesNotContain("%", svg);
    }

    /// <summary>The live figures are for staff: no page of the public asks for them, so that none can show what a release did not.</summary>
    [Fact]
    public void What_the_public_reads_of_figures_comes_from_releases_alone()
    {
        var asked = Directory.GetFiles(Path.Combine(Repository.Root, "gateway", "Pages", "Figures"), "*.razor").Select(File.ReadAllText)
            .Where(source => !source.Contains("StaffPage", StringComparison.Ordinal))
            .SelectMany(source => Asked().Matches(source).Select(m => m.Groups[1].Value)).ToList();
        Assert.True(asked.Count >= 3);
        Assert.All(asked, path => Assert.StartsWith("/releases", path, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Drawn(string svg, string what) => Regex.Matches(svg, $"class=\"{what}\" d=\"([^\"]*)\"").Select(m => m.Groups[1].Value);

    private static async Task<string> Draw(params TrendChart.Point[] points)
    {
        await using var services = new ServiceCollection().BuildServiceProvider();
        await using var renderer = new HtmlRenderer(services, NullLoggerFactory.Instance);
        return await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<TrendChart>(ParameterView.FromDictionary(new Dictionary<string, object?>
        {
            ["Points"] = points.ToList(), ["WeSay"] = "We say", ["WomenSay"] = "Women say", ["Label"] = "A chart",
        }))).ToHtmlString());
    }

    [GeneratedRegex("\\.Get<[^(]*>\\(\\$?\"([^\"]*)\"")]
    private static partial Regex Asked();
}
