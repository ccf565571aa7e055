using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace WalkTalk.Feedback;

/// <summary>
/// What in a text sends it to people: danger now, a possible crime, somebody to be kept safe, the conduct of police. The list is data (cues.txt, embedded);
/// every language is tried on every text, because women mix them.
/// </summary>
internal static class Cues
{
    private static readonly FrozenDictionary<string, Regex[]> ByKind = Read();

    public static bool Danger(string text) => Any("danger", text);
    public static bool Crime(string text) => Any("crime", text);
    public static bool Safeguarding(string text) => Any("safeguarding", text);
    public static bool PoliceConduct(string text) => Any("conduct", text);

    private static bool Any(string kind, string text)
    {
        // Phones type the curly apostrophe; the list has the straight one.
        var plain = text.Replace('\u2019', '\'');
        return ByKind[kind].Any(cue => cue.IsMatch(plain));
    }

    private static FrozenDictionary<string, Regex[]> Read()
    {
        using var stream = typeof(Cues).Assembly.GetManifestResourceStream("cues.txt")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith('#'))
            .Select(line => line.Split('\t'))
            // NonBacktracking: linear in the text, whatever she writes.
            .GroupBy(cue => cue[0], cue => new Regex($@"\b({cue[2]})\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking))
            .ToFrozenDictionary(kind => kind.Key, kind => kind.ToArray());
    }
}
