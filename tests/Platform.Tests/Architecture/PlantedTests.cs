using WalkTalk.Bench.Planted;
using WalkTalk.Fixtures;

namespace WalkTalk.Platform.Tests.Architecture;

/// <summary>The planted bugs keep up with the source, or a run that has to find one would not even build it.</summary>
public sealed class PlantedTests
{
    public static TheoryData<string> Names => [.. Bugs.All.Select(b => b.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_patch_of_a_bug_finds_its_place_once_and_asks_for_its_bug(string name)
    {
        var bug = Bugs.All.Single(b => b.Name == name);
        Assert.NotEmpty(bug.Patches);
        Assert.All(bug.Patches, patch => Assert.NotEqual(patch.Original, PlantedCopy.Applied(patch, File.ReadAllText(Repository.PathOf(patch.File)))));
        Assert.Contains(bug.Patches, patch => patch.Replacement.Contains($"Planted.Is(\"{name}\")", StringComparison.Ordinal));
    }

    [Fact]
    public void The_product_itself_holds_no_switch() =>
        Assert.DoesNotContain(new[] { "ServiceDefaults", "services", "gateway", "Standalone" }
            .SelectMany(folder => Directory.EnumerateFiles(Repository.PathOf(folder), "*.cs", SearchOption.AllDirectories)),
            file => File.ReadAllText(file).Contains("Planted", StringComparison.Ordinal));
}
