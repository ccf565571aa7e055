using WalkTalk.Contracts.Notification.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Notification.Templates;

/// <summary>GET templates and GET templates/{id}/{language}: what there is, and how it reads with sample values.</summary>
internal static class PreviewTemplates
{
    internal static readonly Refusal Unknown = new("template-unknown", 404, "There is no such template in this language");

    public static IResult List(TemplateLibrary library) => TypedResults.Ok(library.All
        .Select(t => new TemplateInfo(t.Id, t.Language, t.Version, t.Contract.Mandatory, t.IsDraft, [.. t.Contract.Fields.Select(f => f.Name)])).ToList());

    public static IResult Preview(string force, string id, string language, TemplateLibrary library, ForcePackCatalogue packs)
    {
        if (library.In(id, language) is not { } template) return Unknown;
        var pack = packs.Get(force);
        var around = Samples.Around with { ForceName = pack.Name.In(language), Zone = pack.TimeZone };
        var fields = Samples.For(template.Contract);
        var plain = template.Render(fields, around);
        var sms = plain.Sms is { } text && SmsSegments.Of(text) is var s ? new SmsPreview(text, s.Encoding, s.Length, s.Count) : null;
        return TypedResults.Ok(new TemplatePreview(id, language, template.Version, template.IsDraft, plain.Subject,
            template.Render(fields, around, useNeutral: true).Subject, plain.Text, plain.Html, sms, TemplateLint.Faults(template)));
    }
}
