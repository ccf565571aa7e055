using System.Text.RegularExpressions;
using WalkTalk.Fixtures;

namespace WalkTalk.Gateway.Tests;

/// <summary>Where it was, told in the form: by list, map or landmark.</summary>
public sealed partial class PlaceTests(GatewayApp.Telling app) : IClassFixture<GatewayApp.Telling>
{
    private const string Ward = "E05014098"; // Brixton Windrush
    private const string Other = "E05011095";

    [Fact]
    public async Task A_ward_chosen_on_the_map_is_kept_with_all_that_was_typed_before_and_after()
    {
        using var browser = app.Browse();
        await ToPlace(browser);
        // What stands in the other ways does not count.
        await browser.Submit("tell-us", ("Place", "map"), ("Map", Ward), ("MapNear", "The arches"), ("Ward", Other), ("Near", "The park"), ("Landmark", "The school"));
        Assert.Contains("When is it worst?", browser.Page, StringComparison.Ordinal);
        await browser.Submit("tell-us", ("LightBand", "dark"));

        // Back to the map: her ward is chosen there and her landmark stands there, not elsewhere.
        await browser.Submit("tell-us", ("Do", "back"));
        await browser.Submit("tell-us", ("Do", "back"));
        Assert.Matches($"name=\"Map\" value=\"{Ward}\" checked", browser.Page);
        Assert.Matches("name=\"Place\" value=\"map\" checked", browser.Page);
        Assert.Single(Regex.Matches(browser.Page, "The arches"));
        await browser.Submit("tell-us", ("Place", "map"), ("Map", Ward), ("MapNear", "The arches"));
        await browser.Submit("tell-us", ("LightBand", "dark"));
        await browser.Submit("tell-us", ("Do", "skip"));
        await browser.Submit("tell-us", ("Text", "The lamp is out."));

        Assert.Contains("Read it again, then send", browser.Page, StringComparison.Ordinal);
        foreach (var said in (string[])["Light broken", "The arches, Brixton Windrush", "The lamp is out."])
            Assert.Contains(said, browser.Page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("map", "Map", "W05000981")]
    [InlineData("map", "Map", "no ward at all")]
    [InlineData("list", "Ward", "W05000981")]
    public async Task A_ward_of_another_force_is_refused_beside_its_field_and_nothing_typed_is_lost(string way, string field, string code)
    {
        using var browser = app.Browse();
        await ToPlace(browser);
        await browser.Submit("tell-us", ("Place", way), (field, code), ("MapNear", "The arches"), ("Near", "The arches"));
        Assert.Contains("Where was it?", browser.Page, StringComparison.Ordinal);
        Assert.Matches($"<a href=\"#f-{field}\">Choose a ward</a>", browser.Page);
        Assert.Contains("value=\"The arches\"", browser.Page, StringComparison.Ordinal);
        Assert.Matches($"name=\"Place\" value=\"{way}\" checked", browser.Page);
        Assert.DoesNotContain(code, browser.Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_map_has_every_ward_of_the_list_by_name_and_asks_nobody_for_anything()
    {
        using var browser = app.Browse();
        await ToPlace(browser);
        var list = Regex.Match(browser.Page, "<select[^>]*name=\"Ward\".*?</select>", RegexOptions.Singleline).Value;
        var listed = Regex.Matches(list, "<option value=\"(E[0-9]+)\"[^>]*>([^<]*)").Select(m => (m.Groups[1].Value, m.Groups[2].Value)).Order().ToList();
        var map = Map().Match(browser.Page).Value;
        var drawn = Regex.Matches(map, "name=\"Map\" value=\"(E[0-9]+)\".*?<b>([^<]*)</b>", RegexOptions.Singleline).Select(m => (m.Groups[1].Value, m.Groups[2].Value)).Order().ToList();
        Assert.Equal(48, listed.Count);
        Assert.Equal(listed, drawn);
        Assert.DoesNotMatch("http|src=|href=|url\\(|style=", map);
        Assert.Contains("A sketch by the middle of each ward, not its boundaries", browser.Page, StringComparison.Ordinal);
        Assert.InRange(browser.Page.Length, 1, 40_000);
    }

    [Fact]
    public async Task An_address_typed_on_the_last_page_is_there_when_she_comes_back_to_it()
    {
        using var browser = app.Browse();
        await ToPlace(browser);
        await browser.Submit("tell-us", ("Place", "none"));
        await browser.Submit("tell-us", ("Do", "skip"));
        await browser.Submit("tell-us", ("Do", "skip"));
        await browser.Submit("tell-us", ("Do", "skip"));
        await browser.Submit("tell-us", ("Do", "another"), ("Email", "ada@example.org"));
        Assert.Contains("What is it about?", browser.Page, StringComparison.Ordinal);
        Assert.DoesNotContain("ada@example.org", browser.Page, StringComparison.Ordinal);
        await browser.Submit("tell-us", ("Do", "back"));
        Assert.Matches("name=\"Email\"[^>]*value=\"ada@example.org\"|value=\"ada@example.org\"[^>]*name=\"Email\"", browser.Page);
        // Taken away, it is gone.
        await browser.Submit("tell-us", ("Do", "another"), ("Email", ""));
        await browser.Submit("tell-us", ("Do", "back"));
        Assert.DoesNotContain("ada@example.org", browser.Page, StringComparison.Ordinal);
    }

    private static async Task ToPlace(Browser browser)
    {
        await browser.Open($"/{ServiceApp.Force}/tell-us");
        await browser.Submit("tell-us");
        await browser.Submit("tell-us", ("Group", "ENV"));
        await browser.Submit("tell-us", ("Code", "ENV-LIGHT-OUT"));
        Assert.Contains("Where was it?", browser.Page, StringComparison.Ordinal);
    }

    [GeneratedRegex("<div class=\"boroughs\">.*?name=\"MapNear\"", RegexOptions.Singleline)]
    private static partial Regex Map();
}
