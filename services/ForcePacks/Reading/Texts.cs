namespace WalkTalk.ForcePacks.Reading;

/// <summary>
/// The pack's words, one file per language (texts.en.csv: key,text), so that a translator sees nothing but words.
/// A key something needs must be there in every language; a key nothing needs is a fault too.
/// </summary>
internal sealed class Texts
{
    private readonly PackFolder _folder;
    private readonly Dictionary<string, Dictionary<string, (string Text, Row Row)>> _byLanguage = [];
    private readonly HashSet<string> _needed = [];

    public Texts(PackFolder folder, IEnumerable<string> languages)
    {
        _folder = folder;
        foreach (var language in languages)
        {
            var texts = _byLanguage[language] = [];
            foreach (var row in Csv.Read(folder, FileOf(language), "key", "text"))
            {
                if (!texts.TryAdd(row.Text("key"), (row.Text("text"), row)))
                    row.Fault($"key {row.Text("key")} is given twice");
            }
        }
    }

    public LocalText Need(string key)
    {
        _needed.Add(key);
        var found = new List<KeyValuePair<string, string>>();
        foreach (var (language, texts) in _byLanguage)
        {
            if (texts.TryGetValue(key, out var text))
                found.Add(new(language, text.Text));
            else
                _folder.Faults.Add(_folder.Label(FileOf(language)), 0, $"the text of {key} is missing");
        }
        return new LocalText(found);
    }

    public void Finish()
    {
        foreach (var (key, (_, row)) in _byLanguage.Values.SelectMany(texts => texts).Where(t => !_needed.Contains(t.Key)))
            row.Fault($"nothing needs a text {key}");
    }

    public static string FileOf(string language) => $"texts.{language}.csv";
}
