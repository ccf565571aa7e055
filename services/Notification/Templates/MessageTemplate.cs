using System.Text.RegularExpressions;
using Scriban;
using Scriban.Runtime;
using WalkTalk.Contracts.Notification;

namespace WalkTalk.Notification.Templates;

/// <summary>A message as a person reads it.</summary>
internal sealed record Rendered(string Subject, string Text, string Html, string? Sms);

/// <summary>
/// One version of one template in one language. The file begins with <c>subject:</c>, <c>neutral:</c> (the subject that gives
/// nothing away) and, where it may go to a number, <c>sms:</c>; behind a line <c>---</c> stands the text. HTML is made from the same text.
/// </summary>
internal sealed partial class MessageTemplate
{
    private const string DraftNotice = "Cyfieithiad drafft yw hwn: nid yw cyfieithydd wedi'i adolygu eto.", Draft = "drafft";

    private readonly Template subject, neutral, text;
    private readonly Template? sms;

    private MessageTemplate(string id, string language, int version, IReadOnlyDictionary<string, string> head, string body)
    {
        (Id, Language, Version, Head, Body) = (id, language, version, head, body);
        Contract = NotificationTemplates.Find(id) ?? throw new TemplateException($"{id}: no such template is declared");
        subject = Parsed("subject", head.GetValueOrDefault("subject") ?? throw new TemplateException($"{Name}: no subject"));
        neutral = Parsed("neutral", head.GetValueOrDefault("neutral") ?? throw new TemplateException($"{Name}: no neutral subject"));
        sms = head.TryGetValue("sms", out var s) ? Parsed("sms", s) : null;
        text = Parsed("text", body);
    }

    public string Id { get; }
    public string Language { get; }
    public int Version { get; }
    public string Name => $"{Language}/{Id}.{Version}";
    public NotificationTemplate Contract { get; }

    /// <summary>No translator has reviewed it yet; its reader is told so.</summary>
    public bool IsDraft => Head.ContainsKey("draft");

    /// <summary>It can go to a number.</summary>
    public bool HasSms => sms is not null;
    public IReadOnlyDictionary<string, string> Head { get; }
    public string Body { get; }

    /// <summary>Its parsed parts by name, for the lint.</summary>
    public IEnumerable<(string Part, Template Template)> Parts
    {
        get
        {
            yield return ("subject", subject);
            yield return ("neutral", neutral);
            if (sms is not null) yield return ("sms", sms);
            yield return ("text", text);
        }
    }

    public static MessageTemplate Parse(string id, string language, int version, string source)
    {
        var lines = source.ReplaceLineEndings("\n").Split('\n');
        var rule = Array.IndexOf(lines, "---");
        if (rule < 0) throw new TemplateException($"{language}/{id}.{version}: no line --- between head and text");
        var head = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in lines.Take(rule).Where(l => l.Length > 0))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0) throw new TemplateException($"{language}/{id}.{version}: not a head line: {line}");
            head[line[..colon].Trim()] = line[(colon + 1)..].Trim();
        }
        return new(id, language, version, head, string.Join('\n', lines.Skip(rule + 1)).Trim());
    }

    /// <summary>What the fields make of it. An unknown field is an error, never a blank.</summary>
    public Rendered Render(IReadOnlyDictionary<string, string> fields, Surroundings around, bool useNeutral = false)
    {
        var context = Context(fields, around);
        var line = (useNeutral ? neutral : subject).Render(context).ReplaceLineEndings(" ").Trim();
        var body = MoreThanTwoBreaks().Replace(text.Render(context).ReplaceLineEndings("\n"), "\n\n").Trim() + "\n";
        if (IsDraft) body += $"\n{DraftNotice}\n";
        return new(line, body, MailLayout.Html(Language, line, body), sms is null ? null : sms.Render(context).Trim() + (IsDraft ? $" ({Draft})" : ""));
    }

    private TemplateContext Context(IReadOnlyDictionary<string, string> fields, Surroundings around)
    {
        var wording = new Wording(Language, around.Zone);
        var values = new ScriptObject();
        foreach (var field in Contract.Fields)
        {
            // A field the request left out although it is optional is known and empty; any other unknown name fails.
            var value = fields.GetValueOrDefault(field.Name);
            if (value is null && !field.Optional) continue;
            values[field.Name] = field.Kind == FieldKind.Link && value is ['/', ..] ? around.PublicUrl.TrimEnd('/') + value : value;
        }
        values["force"] = around.ForceName;
        values["attached"] = around.Attached;
        values.Import("moment", (string s) => wording.When(s));
        values.Import("day", (string s) => wording.Day(s));
        values.Import("time", (string s) => wording.Time(s));
        var context = new TemplateContext(values) { StrictVariables = true, LoopLimit = 100, RecursiveLimit = 10, LimitToString = 20_000 };
        return context;
    }

    [GeneratedRegex("\n{3,}")]
    private static partial Regex MoreThanTwoBreaks();

    private Template Parsed(string part, string source)
    {
        var template = Template.Parse(source, $"{Name}:{part}");
        return template.HasErrors ? throw new TemplateException(string.Join("; ", template.Messages)) : template;
    }
}

/// <summary>What a template knows beside its fields.</summary>
/// <param name="PublicUrl">The address people reach the web client at, e.g. https://walktalk.example.</param>
/// <param name="Attached">A file goes with it; not every provider carries one.</param>
internal sealed record Surroundings(string ForceName, TimeZoneInfo Zone, string PublicUrl, bool Attached = true);

/// <summary>A template that cannot be used as it stands.</summary>
public sealed class TemplateException : Exception
{
    public TemplateException() { }
    public TemplateException(string message) : base(message) { }
    public TemplateException(string message, Exception inner) : base(message, inner) { }
}
