using System.Collections.Concurrent;
using Microsoft.Extensions.Localization;

namespace WalkTalk.Gateway.Web;

/// <summary>
/// The words of the pages. The English sentence is the key; each folder keeps its Welsh beside its pages in
/// <c>Texts.cy.resx</c>, so that a page reads as it speaks and an untranslated sentence shows in English.
/// </summary>
public sealed class Texts(IStringLocalizerFactory factory)
{
    private static readonly string Assembly = typeof(Texts).Assembly.GetName().Name!;
    private readonly ConcurrentDictionary<string, IStringLocalizer> byFolder = new(StringComparer.Ordinal);

    /// <summary>The frame and the components.</summary>
    public IStringLocalizer Shared => Of(Assembly + ".Components");

    /// <summary>The texts of a page's folder, by its namespace.</summary>
    public IStringLocalizer Of(string folder) => byFolder.GetOrAdd(folder, name => factory.Create(name + ".Texts", Assembly));
}
