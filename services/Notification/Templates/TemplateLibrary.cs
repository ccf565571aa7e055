using System.Reflection;
using WalkTalk.Contracts.Notification;

namespace WalkTalk.Notification.Templates;

/// <summary>
/// The built-in templates, read once from the files embedded under Texts/{language}/{id}.{version}.txt.
/// A message keeps the version it was accepted with; new messages take the newest.
/// </summary>
internal sealed class TemplateLibrary
{
    private readonly Dictionary<(string Id, string Language, int Version), MessageTemplate> templates = [];

    public TemplateLibrary()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var resource in assembly.GetManifestResourceNames().Where(n => n.StartsWith("texts/", StringComparison.Ordinal)))
        {
            // texts/en/walk-confirmed.1.txt
            var parts = resource.Split('/');
            var name = parts[2].Split('.');
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            var template = MessageTemplate.Parse(name[0], parts[1], int.Parse(name[1], System.Globalization.CultureInfo.InvariantCulture), reader.ReadToEnd());
            templates.Add((template.Id, template.Language, template.Version), template);
        }
    }

    public IEnumerable<MessageTemplate> All => templates.Values.OrderBy(t => Order(t.Id)).ThenByDescending(t => t.Language).ThenBy(t => t.Version);

    /// <summary>The newest version in this language; English where there is none in it.</summary>
    public MessageTemplate? Newest(string id, string language) => In(id, language) ?? In(id, "en");

    /// <summary>The newest version in exactly this language.</summary>
    public MessageTemplate? In(string id, string language) =>
        templates.Values.Where(t => t.Id == id && t.Language == language).MaxBy(t => t.Version);

    public MessageTemplate? Get(string id, string language, int version) => templates.GetValueOrDefault((id, language, version));

    private static int Order(string id) => NotificationTemplates.All.Select((t, i) => (t.Id, i)).First(t => t.Id == id).i;
}
