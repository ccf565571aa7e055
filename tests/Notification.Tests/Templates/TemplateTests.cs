using System.Globalization;
using WalkTalk.Contracts.Notification;
using WalkTalk.Notification.Templates;

namespace WalkTalk.Notification.Tests.Templates;

public sealed class TemplateTests
{
    private static readonly TemplateLibrary Library = new();

    public static TheoryData<string, string> Every => [.. NotificationTemplates.All.SelectMany(t => new[] { (t.Id, "en"), (t.Id, "cy") })];

    [Theory, MemberData(nameof(Every))]
    public void Every_declared_template_stands_in_both_languages_without_fault(string id, string language)
    {
        var template = Library.In(id, language);
        Assert.NotNull(template);
        Assert.Empty(TemplateLint.Faults(template));
        Assert.Equal(language == "cy", template.IsDraft);
    }

    [Theory]
    [InlineData("unknown field walker", "subject: Hello\nneutral: Hello\n---\n{{ walker }} {{ code }} {{ minutes }}")]
    [InlineData("field minutes is never said", "subject: Hello\nneutral: Hello\n---\n{{ code }}")]
    [InlineData("code is secret", "subject: {{ code }}\nneutral: Hello\n---\n{{ code }} {{ minutes }}")]
    [InlineData("burdening wording \"avoid\"", "subject: Hello\nneutral: Hello\n---\n{{ code }} {{ minutes }}. Avoid the passage.")]
    [InlineData("burdening wording \"stay safe\"", "subject: Hello\nneutral: Hello\nsms: Stay safe!\n---\n{{ code }} {{ minutes }}")]
    [InlineData("neutral subject says \"walk\"", "subject: Hello\nneutral: Your walk\n---\n{{ code }} {{ minutes }}")]
    [InlineData("no text message", "subject: Hello\nneutral: Hello\n---\n{{ code }} {{ minutes }}")]
    [InlineData("text message says \"walk\"", "subject: Hello\nneutral: Hello\nsms: Your walk\n---\n{{ code }} {{ minutes }}")]
    [InlineData("4 SMS segments", "subject: Hello\nneutral: Hello\nsms: SMS202\n---\n{{ code }} {{ minutes }}")]
    public void The_lint_refuses(string fault, string source) =>
        Assert.Contains(TemplateLint.Faults(MessageTemplate.Parse("contact-verify", "en", 1, source.Replace("SMS202", new string('ŵ', 202), StringComparison.Ordinal))), f => f.Contains(fault, StringComparison.Ordinal));

    [Fact]
    public void A_missing_field_is_an_error_and_never_a_blank()
    {
        var template = Library.In("contact-verify", "en")!;
        Assert.ThrowsAny<Exception>(() => template.Render(new Dictionary<string, string> { ["minutes"] = "10" }, Samples.Around));
    }

    [Fact]
    public void Times_are_the_forces_and_say_their_zone()
    {
        var wording = new Wording("en", TimeZoneInfo.FindSystemTimeZoneById("Europe/London"));
        Assert.Equal("Tuesday 24 November 2026, 18:30 (GMT)", wording.When("2026-11-24T18:30:00Z"));
        Assert.Equal("Monday 1 June 2026, 19:30 (BST)", wording.When("2026-06-01T18:30:00Z"));
        // The repeated hour of 25 October 2026: the same clock time twice, told apart by the zone.
        Assert.Equal("Sunday 25 October 2026, 01:30 (BST)", wording.When("2026-10-25T00:30:00Z"));
        Assert.Equal("Sunday 25 October 2026, 01:30 (GMT)", wording.When("2026-10-25T01:30:00Z"));
        Assert.Equal("dydd Mawrth 24 Tachwedd 2026", new Wording("cy", TimeZoneInfo.Utc).Day("2026-11-24"));
    }

    [Fact]
    public void Html_says_what_the_text_says_and_escapes_what_people_typed()
    {
        var fields = Samples.For(NotificationTemplates.Find("walk-confirmed")!).ToDictionary();
        fields["place"] = "Café <script>alert(1)</script> & more";
        var mail = Library.In("walk-confirmed", "en")!.Render(fields, Samples.Around);
        Assert.Contains("Café <script>", mail.Text, StringComparison.Ordinal);
        Assert.Contains("Café &lt;script&gt;alert(1)&lt;/script&gt; &amp; more".Replace("é", "&#233;", StringComparison.Ordinal), mail.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", mail.Html, StringComparison.Ordinal);
        Assert.Contains("<html lang=\"en\">", mail.Html, StringComparison.Ordinal);
        Assert.Contains("<a href=\"https://walktalk.example/metropolitan/sample-of-a-link-as-long-as-true-ones\"", mail.Html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_template_cannot_be_reached_through_a_fields_value()
    {
        var fields = Samples.For(NotificationTemplates.Find("contact-verify")!).ToDictionary();
        fields["code"] = "{{ minutes }}";
        Assert.Contains("{{ minutes }}", Library.In("contact-verify", "en")!.Render(fields, Samples.Around).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plain", "GSM-7", 5, 1)]
    [InlineData("{€}", "GSM-7", 6, 1)]
    [InlineData("tŷ", "UCS-2", 2, 1)]
    public void Sms_is_counted_as_it_travels(string text, string encoding, int length, int segments) =>
        Assert.Equal(new SmsSegments(encoding, length, segments), SmsSegments.Of(text));

    [Theory]
    [InlineData('a', 160, 1)]
    [InlineData('a', 161, 2)]
    [InlineData('a', 459, 3)]
    [InlineData('a', 460, 4)]
    [InlineData('ŵ', 70, 1)]
    [InlineData('ŵ', 71, 2)]
    [InlineData('ŵ', 201, 3)]
    [InlineData('ŵ', 202, 4)]
    public void Segments_change_at_the_known_lengths(char letter, int length, int segments) =>
        Assert.Equal(segments, SmsSegments.Of(new string(letter, length)).Count);

    [Fact]
    public void Every_template_renders_for_a_host_of_any_culture()
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("de-DE");
        try
        {
            foreach (var template in Library.All)
                Assert.NotEmpty(template.Render(Samples.For(template.Contract), Samples.Around).Text);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
