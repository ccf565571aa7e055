using System.Text.RegularExpressions;
using WalkTalk.Contracts.Notification;
using WalkTalk.Notification.Providers;
using WalkTalk.Notification.Templates;

namespace WalkTalk.Notification.Tests.Providers;

/// <summary>Our texts in Notify's Markdown: what is ours stays, what was typed reads as it was typed.</summary>
public sealed partial class NotifyTextTests
{
    [Theory]
    [InlineData("# Your page\n\nOpen it:\nhttps://walktalk.example/a_b[1]", "# Your page\n\nOpen it:\nhttps://walktalk.example/a_b[1]\n")]
    [InlineData("- one\n- two", "* one\n* two\n")]
    [InlineData("1. She says first\n\n2. You say", "1\\. She says first\n\n2\\. You say\n")]
    [InlineData("see [this](https://evil.example)", "see \\[this\\](https://evil.example)\n")]
    [InlineData("Reason:\n# not a heading", "Reason:\n\\# not a heading\n")]
    [InlineData("Reason:\n- not a list", "Reason:\n\\- not a list\n")]
    [InlineData("    not code\n`nor this`", "not code\n\\`nor this`\n")]
    [InlineData("***\n___", "\\***\n\\___\n")]
    [InlineData("| a | b", "\\| a | b\n")]
    [InlineData("^ not quoted\n===", "\u200B^ not quoted\n\u200B===\n")]
    [InlineData("back\\slash", "back\\\\slash\n")]
    [InlineData("a_b_c *d* 3 - 2", "a_b_c *d* 3 - 2\n")]
    public void Each_reads_right(string text, string markdown) => Assert.Equal(markdown, NotifyText.Of(text));

    public static TheoryData<string, string> Every => [.. NotificationTemplates.All.SelectMany(t => new[] { (t.Id, "en"), (t.Id, "cy") })];

    [Theory, MemberData(nameof(Every))]
    public void No_word_of_any_template_is_lost_and_no_file_is_promised(string id, string language)
    {
        var template = new TemplateLibrary().In(id, language)!;
        var text = template.Render(Samples.For(template.Contract), Samples.Around with { Attached = false }).Text;
        Assert.Equal(text, Escape().Replace(NotifyText.Of(text), "$1").Replace("\n* ", "\n- ", StringComparison.Ordinal));
        foreach (var promise in new[] { "attached", "ynghlwm", "hatodi" }) Assert.DoesNotContain(promise, text, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\\(.)")]
    private static partial Regex Escape();
}
