using WalkTalk.Contracts.Notification;

namespace WalkTalk.Notification.Templates;

/// <summary>Plausible values for a preview, a test send and the lint.</summary>
internal static class Samples
{
    public static Surroundings Around { get; } = new("Example Police", TimeZoneInfo.FindSystemTimeZoneById("Europe/London"), "https://walktalk.example");

    public static IReadOnlyDictionary<string, string> For(NotificationTemplate template, bool withOptional = true) =>
        template.Fields.Where(f => withOptional || !f.Optional).ToDictionary(f => f.Name, Value);

    private static string Value(TemplateField field) => field switch
    {
        { Name: "code" } => "482913",
        { Name: "name" } => "Amina",
        { Name: "minutes" } => "10",
        { Name: "by" } => "force",
        { Name: "reference" } => "WT-7Q4K-2M9D",
        { Name: "officer" } => "Ruth, collar number 3127 AS",
        { Name: "officer_words" } => "copper kettle",
        { Name: "your_words" } => "seven bridges",
        { Name: "place" } => "Outside the library, Windrush Square",
        { Name: "what" } => "Repair the light in the passage behind the station",
        { Name: "owner" } => "Council street lighting",
        { Name: "reason" } => "the officer is ill",
        { Name: "walk" } => "the library in Station Road, 18:30",
        { Name: "people" } => "2 people come",
        { Name: "needs" } => "18:30: British Sign Language, step-free way",
        { Name: "walks" } => "18:30 Windrush Square. 2 people come. Dark. Step-free route.",
        { Name: "question" } => "Which side of the passage did you mean?",
        { Name: "until" } => "2026-11-24T08:00:00+00:00",
        { Name: "old_starts_at" } => "2026-11-23T18:30:00+00:00",
        { Kind: FieldKind.Instant } => "2026-11-24T18:30:00+00:00",
        { Kind: FieldKind.Day } => "2027-03-01",
        // As long as a real one, which a text message has to hold.
        { Kind: FieldKind.Link } => "/metropolitan/sample-of-a-link-as-long-as-true-ones",
        _ => field.Name,
    };
}
