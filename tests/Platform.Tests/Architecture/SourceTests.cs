using System.Text.RegularExpressions;
using WalkTalk.Fixtures;

namespace WalkTalk.Platform.Tests.Architecture;

/// <summary>What must stand in no source file of the product. The compiler refuses the banned symbols too (BannedSymbols.txt); this sees a switched-off analyzer.</summary>
public sealed partial class SourceTests
{
    private static readonly string[] Folders = ["ServiceDefaults", "services", "gateway", "Standalone", "AppHost"];

    private static IEnumerable<(string File, string Text)> Sources(string pattern) =>
        Folders.SelectMany(f => Directory.EnumerateFiles(Repository.PathOf(f), pattern, SearchOption.AllDirectories))
            .Select(f => (File: Path.GetRelativePath(Repository.Root, f).Replace('\\', '/'), f))
            .Where(f => !f.File.Contains("/bin/") && !f.File.Contains("/obj/") && !f.File.Contains("/Migrations/"))
            .Select(f => (f.File, File.ReadAllText(f.f)));

    [Fact]
    public void No_source_uses_a_banned_symbol() =>
        Assert.Empty(Sources("*.cs").Where(s => !s.File.StartsWith("Standalone/", StringComparison.Ordinal) && Banned().IsMatch(s.Text)).Select(s => $"{s.File}: {Banned().Match(s.Text).Value}"));

    [Fact]
    public void Banned_symbols_are_switched_off_nowhere_but_in_the_transport() =>
        Assert.Equal(["ServiceDefaults/Messaging/Transport.cs"], Sources("*.cs").Where(s => s.Text.Contains("RS0030")).Select(s => s.File));

    [Fact]
    public void Logs_are_written_by_LoggerMessage_alone() =>
        Assert.Empty(Sources("*.cs").Where(s => PlainLog().IsMatch(s.Text)).Select(s => $"{s.File}: {PlainLog().Match(s.Text).Value}"));

    [Fact]
    public void Only_the_platform_itself_looks_across_forces() =>
        // FeedbackDb.AllConcerns leaves out who is concerned by a case, and asks for the force itself; NotificationDb.ForceOf gives a force and no row.
        Assert.Equal(["ServiceDefaults/Messaging/Claims.cs", "ServiceDefaults/Messaging/OutboxDispatcher.cs", "ServiceDefaults/Messaging/Standing.cs", "ServiceDefaults/Persistence/AuditSealer.cs", "services/Feedback/Data/FeedbackDb.cs", "services/Notification/Data/NotificationDb.cs"],
            Sources("*.cs").Where(s => s.Text.Contains("IgnoreQueryFilters")).Select(s => s.File).Order());

    [Fact]
    public void No_page_has_inline_style_or_script() =>
        Assert.Empty(Sources("*.razor").Where(s => Inline().IsMatch(s.Text)).Select(s => $"{s.File}: {Inline().Match(s.Text).Value}"));

    [Fact]
    public void No_word_of_London_is_in_the_code() =>
        Assert.Empty(Sources("*.cs").Concat(Sources("*.razor")).Where(s => !s.File.EndsWith("ForcePacks/Reading/Known.cs", StringComparison.Ordinal) && London().IsMatch(s.Text)).Select(s => $"{s.File}: {London().Match(s.Text).Value}"));

    [GeneratedRegex(@"\bDateTime\.(Now|UtcNow|Today)\b|\bDateTimeOffset\.(Now|UtcNow)\b|\bThread\.Sleep\(|\bConsole\.Write|\.Wait\(\)|\bIPublishEndpoint\b")]
    private static partial Regex Banned();

    [GeneratedRegex(@"\.Log(Trace|Debug|Information|Warning|Error|Critical)\(")]
    private static partial Regex PlainLog();

    [GeneratedRegex(@"\sstyle=""|\son(click|load|change|submit)=""|<script>")]
    private static partial Regex Inline();

    [GeneratedRegex(@"\b(Lambeth|Southwark|Brixton|Peckham|Metropolitan Police)\b|""metropolitan""")]
    private static partial Regex London();
}
