using System.Text.RegularExpressions;

namespace WalkTalk.Notification.Providers;

/// <summary>
/// Our text in the Markdown that GOV.UK Notify makes a mail's two parts of. Headings and lists of ours stay such; anything else that people typed and Notify would
/// make something of is escaped, so that it reads as typed. Addresses stay bare: Notify makes links of them.
/// </summary>
internal static partial class NotifyText
{
    // Not a character to be seen; there is no backslash for these two.
    private const char Nothing = '\u200B';

    public static string Of(string text) => string.Join("\n\n", text.ReplaceLineEndings("\n").Trim('\n').Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(Block)) + "\n";

    // Headings and lists are told as in our own HTML: a line alone, or a block of nothing else.
    private static string Block(string block)
    {
        var lines = block.Trim('\n').Split('\n');
        return lines.All(l => l.StartsWith("- ", StringComparison.Ordinal)) ? string.Join('\n', lines.Select(l => "* " + Words(l[2..])))
            : lines is [['#', ' ', .. var heading]] ? "# " + Words(heading)
            : string.Join('\n', lines.Select(Line));
    }

    // What begins a heading, list, rule, quotation, table or code where it stands first; blanks in front could be code too.
    private static string Line(string line) => Words(line.Trim()) switch
    {
        ['^' or '=', ..] plain => Nothing + plain,
        ['#' or '*' or '+' or '-' or '_' or '~' or '`' or '|' or '>', ..] plain => '\\' + plain,
        var plain => Number().Replace(plain, @"$1\."),
    };

    // Links and pictures, anywhere but in an address.
    private static string Words(string line) => Special().Replace(line, m => m.Groups["address"].Success ? m.Value : '\\' + m.Value);

    [GeneratedRegex(@"^(\d+)\.")]
    private static partial Regex Number();

    [GeneratedRegex(@"(?<address>https?://[^\s<>""]+)|[\\\[\]]")]
    private static partial Regex Special();
}
