using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace WalkTalk.Notification.Templates;

/// <summary>
/// The HTML part of a mail, made from its text so that both always say the same: paragraphs, lists, labelled links.
/// No image, no script, no remote content, nothing that tells the sender it was opened.
/// </summary>
internal static partial class MailLayout
{
    public static string Html(string language, string title, string text)
    {
        var html = new StringBuilder();
        html.Append("<!doctype html>\n<html lang=\"").Append(language).Append("\">\n<head><meta charset=\"utf-8\">")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>").Append(WebUtility.HtmlEncode(title))
            .Append("</title></head>\n<body style=\"margin:0;background:#ffffff;color:#17212b;font:18px/1.5 Arial,sans-serif\">\n")
            .Append("<div style=\"max-width:36em;margin:0 auto;padding:1.5em\">\n<h1 style=\"font-size:1.3em\">").Append(WebUtility.HtmlEncode(title)).Append("</h1>\n");
        foreach (var block in text.Trim().Split("\n\n", StringSplitOptions.RemoveEmptyEntries)) Append(html, block.Trim('\n').Split('\n'));
        return html.Append("</div>\n</body>\n</html>\n").ToString();
    }

    private static void Append(StringBuilder html, string[] lines)
    {
        if (lines.All(l => l.StartsWith("- ", StringComparison.Ordinal)))
        {
            html.Append("<ul>\n");
            foreach (var line in lines) html.Append("<li>").Append(Linked(line[2..])).Append("</li>\n");
            html.Append("</ul>\n");
        }
        else if (lines is [['#', ' ', .. var heading]])
        {
            html.Append("<h2 style=\"font-size:1.1em\">").Append(WebUtility.HtmlEncode(heading)).Append("</h2>\n");
        }
        else
        {
            html.Append("<p>").AppendJoin("<br>\n", lines.Select(Linked)).Append("</p>\n");
        }
    }

    private static string Linked(string line) =>
        Address().Replace(WebUtility.HtmlEncode(line), m => $"<a href=\"{m.Value}\" style=\"color:#0b4f60\">{m.Value}</a>");

    [GeneratedRegex(@"https?://[^\s<>""]+[^\s<>"".,;:!?)]")]
    private static partial Regex Address();
}
