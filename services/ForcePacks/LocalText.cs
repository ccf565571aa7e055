using System.Collections.Frozen;
using System.Globalization;

namespace WalkTalk.ForcePacks;

/// <summary>One text in every language of its pack. English is always there and stands in for a language the pack lacks.</summary>
public sealed class LocalText
{
    private readonly FrozenDictionary<string, string> _byLanguage;

    internal LocalText(IEnumerable<KeyValuePair<string, string>> byLanguage) =>
        _byLanguage = byLanguage.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The text in <paramref name="language"/>: "cy" and "cy-GB" are the same language here.</summary>
    public string In(string language) =>
        _byLanguage.GetValueOrDefault(language.Split('-')[0]) ?? _byLanguage.GetValueOrDefault("en") ?? "";

    /// <summary>The text in the language of the current request, so that a page may simply print it.</summary>
    public override string ToString() => In(CultureInfo.CurrentUICulture.Name);
}
