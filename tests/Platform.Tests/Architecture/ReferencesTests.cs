using System.Xml.Linq;
using WalkTalk.Fixtures;

namespace WalkTalk.Platform.Tests.Architecture;

/// <summary>Who may reference whom: read from the project files, so that a wrong reference fails before it is used.</summary>
public sealed class ReferencesTests
{
    private static readonly string[] Services = ["Booking", "Feedback", "Notification", "Reporting"];

    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Contracts"] = [],
        ["Disclosure"] = [],
        ["ForcePacks"] = [],
        ["ServiceDefaults"] = [],
        ["Booking"] = ["ServiceDefaults", "Contracts", "ForcePacks"],
        ["Feedback"] = ["ServiceDefaults", "Contracts", "ForcePacks", "Disclosure"],
        ["Notification"] = ["ServiceDefaults", "Contracts", "ForcePacks"],
        ["Reporting"] = ["ServiceDefaults", "Contracts", "ForcePacks", "Disclosure"],
        ["Gateway"] = ["ServiceDefaults", "Contracts", "ForcePacks"],
        ["Standalone"] = ["ServiceDefaults", "Contracts", "ForcePacks", "Gateway", .. Services],
        ["AppHost"] = ["Gateway", .. Services],
        // It starts the processes and uses the contracts; the simulation runs messaging and Reporting's projections themselves.
        ["Bench"] = ["ServiceDefaults", "Contracts", "Fixtures", "Gateway", "Standalone", .. Services],
    };

    private static IEnumerable<(string Name, XDocument Project)> Products() =>
        Directory.EnumerateFiles(Repository.Root, "*.csproj", SearchOption.AllDirectories)
            .Where(p => !Path.GetRelativePath(Repository.Root, p).StartsWith("tests", StringComparison.Ordinal))
            .Select(p => (Path.GetFileNameWithoutExtension(p), XDocument.Load(p)));

    private static IEnumerable<string> References(XDocument project, string kind) =>
        project.Descendants(kind).Select(e => (string)e.Attribute("Include")!).Where(i => i is not null);

    [Fact]
    public void A_project_references_only_what_the_house_allows()
    {
        var wrong = Products().SelectMany(p => References(p.Project, "ProjectReference")
            .Select(r => Path.GetFileNameWithoutExtension(r.Replace('\\', '/')))
            .Where(r => !Allowed[p.Name].Contains(r))
            .Select(r => $"{p.Name} → {r}"));
        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_project_of_the_product_is_in_the_table() =>
        Assert.Empty(Products().Select(p => p.Name).Except(Allowed.Keys));

    [Fact]
    public void Only_AppHost_depends_on_Aspire() =>
        Assert.Empty(Products().Where(p => p.Name != "AppHost")
            .SelectMany(p => References(p.Project, "PackageReference").Where(r => r.StartsWith("Aspire", StringComparison.Ordinal)).Select(r => $"{p.Name} → {r}")));

    [Fact]
    public void Only_ServiceDefaults_depends_on_the_bus() =>
        Assert.Empty(Products().Where(p => p.Name != "ServiceDefaults")
            .SelectMany(p => References(p.Project, "PackageReference").Where(r => r.StartsWith("MassTransit", StringComparison.Ordinal) || r.StartsWith("RabbitMQ", StringComparison.Ordinal)).Select(r => $"{p.Name} → {r}")));
}
