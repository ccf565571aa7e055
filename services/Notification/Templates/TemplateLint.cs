using System.Text.RegularExpressions;
using Scriban.Syntax;
using WalkTalk.Contracts.Notification;

namespace WalkTalk.Notification.Templates;

/// <summary>
/// What no template may do: name a field nobody sends, put a secret where a lock screen shows it, burden the reader
/// with advice, leave a participant without a text message, cost more than three segments of one, or give itself away in one or in its neutral subject.
/// </summary>
internal static partial class TemplateLint
{
    private const int LongestSubject = 78, MostSegments = 3;
    // A guardian must know what she agrees to.
    private const string Explicit = "guardian-code";
    private static readonly string[] Provided = ["force", "attached", "moment", "day", "time"];

    // Advice that asks her to change route, hours, clothes or company, or that tells her to be afraid (promise 4).
    private static readonly string[] Burdening =
    [
        "be careful", "take care", "stay safe", "keep safe", "be aware", "be vigilant", "stay alert", "avoid", "do not walk alone", "don't walk alone",
        "walk alone", "well-lit", "well lit", "stick to", "what you wore", "what you were wearing", "wear ", "drink", "drunk", "at night, ", "you should have",
        "why were you", "your responsibility", "unfortunately you", "escalated", "resolved",
        "byddwch yn ofalus", "cymerwch ofal", "cadwch yn ddiogel", "gwyliwch", "osgowch", "peidiwch â cherdded", "ar eich pen eich hun", "beth oeddech chi'n ei wisgo", "yfed", "wedi'i ddatrys",
    ];

    private static readonly string[] GivesAway = ["police", "heddlu", "walk", "cerdded", "dro", "officer", "swyddog", "concern", "pryder", "report", "disclos", "safe"];

    public static IReadOnlyList<string> Faults(MessageTemplate template)
    {
        var faults = new List<string>();
        var known = template.Contract.Fields.Select(f => f.Name).Concat(Provided).ToHashSet();
        var used = new HashSet<string>();
        foreach (var (part, parsed) in template.Parts)
        {
            var names = Names(parsed.Page).ToHashSet();
            used.UnionWith(names);
            faults.AddRange(names.Except(known).Select(n => $"{template.Name}:{part}: unknown field {n}"));
            if (part is "subject" or "neutral")
                faults.AddRange(template.Contract.Fields.Where(f => f.Secret && names.Contains(f.Name)).Select(f => $"{template.Name}:{part}: {f.Name} is secret"));
        }
        faults.AddRange(template.Contract.Fields.Where(f => !f.Optional && !used.Contains(f.Name)).Select(f => $"{template.Name}: field {f.Name} is never said"));
        if (faults.Count > 0) return faults;
        if (!template.HasSms && !template.Contract.ToStaff) faults.Add($"{template.Name}: no text message");

        foreach (var whole in new[] { true, false })
        {
            var (fields, around) = (Samples.For(template.Contract, withOptional: whole), Samples.Around with { Attached = whole });
            var plain = template.Render(fields, around);
            var neutral = template.Render(fields, around, useNeutral: true);
            foreach (var subject in new[] { plain.Subject, neutral.Subject })
                if (subject.Length is 0 or > LongestSubject) faults.Add($"{template.Name}: subject of {subject.Length} characters");
            faults.AddRange(Found(GivesAway, neutral.Subject).Select(w => $"{template.Name}: neutral subject says \"{w}\""));
            var said = $"{plain.Subject}\n{plain.Text}\n{plain.Sms}";
            faults.AddRange(Found(Burdening, said).Select(w => $"{template.Name}: burdening wording \"{w.Trim()}\""));
            if (plain.Sms is not { } sms) continue;
            if (SmsSegments.Of(sms) is { Count: > MostSegments } s) faults.Add($"{template.Name}: {s.Count} SMS segments ({s.Length} characters, {s.Encoding})");
            if (template.Id != Explicit) faults.AddRange(Found(GivesAway, Link().Replace(sms, "")).Select(w => $"{template.Name}: text message says \"{w}\""));
        }
        return [.. faults.Distinct()];
    }

    [GeneratedRegex(@"https?://\S+")]
    private static partial Regex Link();

    private static IEnumerable<string> Found(IEnumerable<string> words, string text) =>
        words.Where(w => text.Contains(w, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<string> Names(ScriptNode? node)
    {
        if (node is null) yield break;
        if (node is ScriptVariableGlobal variable) yield return variable.Name;
        foreach (var child in node.Children)
            foreach (var name in Names(child))
                yield return name;
    }
}
