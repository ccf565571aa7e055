using WalkTalk.ForcePacks;

namespace WalkTalk.Platform.Tests.ForcePacks;

/// <summary>A pack in two languages, made from the built-in one: what a Welsh force would put beside it.</summary>
public sealed class WelshPackTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("packs").FullName;
    private readonly string _folder;

    public WelshPackTests()
    {
        _folder = Directory.CreateDirectory(Path.Combine(_root, "north-wales")).FullName;
        foreach (var file in Directory.GetFiles(Path.Combine(ForcePackCatalogue.DefaultFolder, "metropolitan")))
            File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));
        Rewrite("force.json", text => text.Replace("\"metropolitan\"", "\"north-wales\"", StringComparison.Ordinal).Replace("[\"en\"]", "[\"en\", \"cy\"]", StringComparison.Ordinal));
        File.Copy(Path.Combine(_folder, "texts.en.csv"), Path.Combine(_folder, "texts.cy.csv"));
        Rewrite("texts.cy.csv", text => text
            .Replace("force.name,Metropolitan Police", "force.name,Heddlu Gogledd Cymru", StringComparison.Ordinal)
            .Replace("concern.ENV-LIGHT-OUT,Light broken", "concern.ENV-LIGHT-OUT,Golau wedi torri", StringComparison.Ordinal));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Every_text_is_there_in_both_languages()
    {
        var pack = ForcePackCatalogue.Load(_root).Get("north-wales");
        Assert.Equal(["en", "cy"], pack.Languages);
        Assert.Equal(("Light broken", "Golau wedi torri"), (pack.FindConcern("ENV-LIGHT-OUT")!.Label.In("en"), pack.FindConcern("ENV-LIGHT-OUT")!.Label.In("cy-GB")));
    }

    [Fact]
    public void A_text_missing_in_Welsh_is_a_fault_of_the_Welsh_file()
    {
        Rewrite("texts.cy.csv", text => text.Replace("concern.ENV-LIGHT-OUT,Golau wedi torri\n", "", StringComparison.Ordinal));
        var fault = Assert.Single(Assert.Throws<ForcePackException>(() => ForcePackCatalogue.Load(_root)).Faults);
        Assert.Equal("north-wales/texts.cy.csv: the text of concern.ENV-LIGHT-OUT is missing", fault.ToString());
    }

    private void Rewrite(string file, Func<string, string> change)
    {
        var path = Path.Combine(_folder, file);
        File.WriteAllText(path, change(File.ReadAllText(path)));
    }
}
