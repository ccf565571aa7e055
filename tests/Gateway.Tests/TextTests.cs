using System.Text.RegularExpressions;
using System.Xml.Linq;
using WalkTalk.Fixtures;
using WalkTalk.Gateway.Data;

namespace WalkTalk.Gateway.Tests;

/// <summary>Guards over the sources of the pages.</summary>
public sealed partial class TextTests
{
    private static readonly string Gateway = Path.Combine(Repository.Root, "gateway");

    [Fact]
    public void Every_sentence_of_a_public_or_officers_page_and_of_the_alarms_has_its_Welsh()
    {
        var missing = new List<string>();
        foreach (var folder in Directory.GetFiles(Gateway, "*.razor", SearchOption.AllDirectories).GroupBy(file => Path.GetDirectoryName(file)!))
        {
            var sheet = Path.Combine(folder.Key, "Texts.cy.resx");
            var welsh = File.Exists(sheet) ? XDocument.Load(sheet).Root!.Elements("data").Select(d => d.Attribute("name")!.Value).ToHashSet() : [];
            foreach (var file in folder)
            {
                var source = File.ReadAllText(file);
                if (!source.Contains("StaffPage", StringComparison.Ordinal) || source.Contains("OfficerLayout", StringComparison.Ordinal) || Path.GetFileName(file) == "AlertsPage.razor")
                {
                    missing.AddRange(Sentence().Matches(source).Select(m => m.Groups[1].Value).Where(s => !welsh.Contains(s)).Select(s => $"{Path.GetFileName(file)}: {s}"));
                }
            }
        }
        Assert.Empty(missing);
    }

    [Fact]
    public void What_an_officers_phone_says_comes_with_its_page()
    {
        var layout = File.ReadAllText(Path.Combine(Gateway, "Components", "OfficerLayout.razor"));
        var said = Spoken().Matches(File.ReadAllText(Path.Combine(Gateway, "wwwroot", "officer.js"))).Select(m => m.Groups[1].Value).ToHashSet();
        Assert.NotEmpty(said);
        Assert.DoesNotContain(said, sentence => !layout.Contains($"Text.Shared[\"{sentence}\"]", StringComparison.Ordinal));
    }

    [Fact]
    public void No_page_carries_a_style_or_a_script_of_its_own() =>
        Assert.DoesNotContain(Directory.GetFiles(Gateway, "*.razor", SearchOption.AllDirectories), file => File.ReadAllText(file) is var source
            && (source.Contains(" style=", StringComparison.Ordinal) || source.Contains("<script>", StringComparison.Ordinal) || source.Contains("onclick=\"", StringComparison.Ordinal)));

    [GeneratedRegex("\\b(?:T|Text\\.Shared)\\[\"([^\"]*)\"")]
    private static partial Regex Sentence();

    [GeneratedRegex("\\bsay\\(\"([^\"]*)\"")]
    private static partial Regex Spoken();
}
