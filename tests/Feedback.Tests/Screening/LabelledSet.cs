using System.Diagnostics;
using System.Globalization;
using WalkTalk.Fixtures;
using WalkTalk.ForcePacks;

namespace WalkTalk.Feedback.Tests.Screening;

/// <summary>
/// What screening reaches on short texts that people labelled (labelled.tsv). The figures in docs/screening.md are computed here;
/// a cue or a pattern that changes them changes the document too.
/// </summary>
public sealed class LabelledSet(ITestOutputHelper output)
{
    private static readonly string[] Kinds = ["email", "phone", "postcode", "vehicle", "name", "nhs", "ni", "card"];
    private static readonly ConcernType Light = ForcePackCatalogue.Load(ForcePackCatalogue.DefaultFolder).Get("metropolitan").FindConcern("ENV-LIGHT-OUT")!;

    // Recall, precision. What is missed is read by whom it must not be; a false alarm costs a specialist minutes.
    private static readonly Dictionary<string, (double Recall, double Precision)> Floors = new()
    {
        ["crime"] = (0.97, 0.80), ["safeguarding"] = (0.97, 0.80), ["danger"] = (0.97, 0.80), ["conduct"] = (0.97, 0.80), ["kept from local staff"] = (0.98, 0.85),
        ["email"] = (1, 0.95), ["phone"] = (1, 0.95), ["postcode"] = (1, 0.95), ["vehicle"] = (1, 0.95), ["name"] = (0.95, 0.95),
        ["nhs"] = (1, 0.95), ["ni"] = (1, 0.95), ["card"] = (1, 0.95),
    };

    private sealed record Labelled(string Text, HashSet<string> Expected);

    private static IReadOnlyList<Labelled> Read()
    {
        var lines = File.ReadAllLines(Repository.PathOf("tests", "Feedback.Tests", "Screening", "labelled.tsv"));
        var heads = lines[0].Split('\t');
        return [.. lines.Skip(1).Select(line => line.Split('\t')).Select(cells =>
        {
            Assert.Equal(heads.Length, cells.Length);
            var branches = Enumerable.Range(2, 4).Where(i => cells[i] == "yes").Select(i => heads[i]).ToList();
            return new Labelled(cells[0], [.. cells[1].Split(',', StringSplitOptions.RemoveEmptyEntries), .. branches, .. branches.Count > 0 ? ["kept from local staff"] : Array.Empty<string>()]);
        })];
    }

    private static HashSet<string> Found(string text) =>
    [
        .. PersonalDataMask.Apply(text).Found,
        .. Cues.Crime(text) ? ["crime"] : Array.Empty<string>(),
        .. Cues.Safeguarding(text) ? ["safeguarding"] : Array.Empty<string>(),
        .. Cues.Danger(text) ? ["danger"] : Array.Empty<string>(),
        .. Cues.PoliceConduct(text) ? ["conduct"] : Array.Empty<string>(),
        .. Screen.Read(Light, false, text).Route != Route.Triage ? ["kept from local staff"] : Array.Empty<string>(),
    ];

    [Fact]
    public void Screening_reaches_what_its_document_says()
    {
        var set = Read();
        Assert.True(set.Count >= 300, $"{set.Count} texts");
        Assert.Equal(set.Count, set.Select(l => l.Text).Distinct().Count());
        var found = set.Select(l => (l.Text, l.Expected, Found: Found(l.Text))).ToList();

        var document = File.ReadAllLines(Repository.PathOf("docs", "screening.md"));
        var rows = new List<string>();
        var below = new List<string>();
        foreach (var (what, floor) in Floors)
        {
            var missed = found.Where(f => f.Expected.Contains(what) && !f.Found.Contains(what)).Select(f => f.Text).ToList();
            var wrong = found.Where(f => !f.Expected.Contains(what) && f.Found.Contains(what)).Select(f => f.Text).ToList();
            double right = found.Count(f => f.Expected.Contains(what) && f.Found.Contains(what));
            var (recall, precision) = (right / (right + missed.Count), right / (right + wrong.Count));
            rows.Add(string.Create(CultureInfo.InvariantCulture, $"| {what} | {right + missed.Count} | {missed.Count} | {wrong.Count} | {recall:0.000} | {precision:0.000} |"));
            missed.ForEach(text => output.WriteLine($"{what} missed: {text}"));
            wrong.ForEach(text => output.WriteLine($"{what} wrongly: {text}"));
            if (recall < floor.Recall || precision < floor.Precision)
                below.Add(rows[^1]);
        }
        Assert.True(below.Count == 0, $"below its floor:\n{string.Join('\n', below)}");
        var drifted = rows.Except(document).ToList();
        Assert.True(drifted.Count == 0, $"docs/screening.md has to say:\n{string.Join('\n', rows)}");
        Assert.Contains(document, line => line.Contains($"{set.Count} texts", StringComparison.Ordinal));
    }

    [Fact]
    public void A_masked_text_holds_nothing_of_what_was_masked_and_masking_again_finds_nothing()
    {
        foreach (var text in Read().Where(l => l.Expected.Overlaps(Kinds)).Select(l => l.Text))
        {
            var working = PersonalDataMask.Apply(text).Text;
            Assert.Equal((working, ""), (PersonalDataMask.Apply(working).Text, string.Join(',', PersonalDataMask.Apply(working).Found)));
            Assert.DoesNotContain("900", working.Replace("nine hundred", "", StringComparison.Ordinal), StringComparison.Ordinal);
            Assert.DoesNotContain("@", working, StringComparison.Ordinal);
        }
    }

    public static TheoryData<string> Hostile =>
        [.. ((string[])["a", "1", "1 ", "A1 ", "a.", "@", "a@", "a@a.", "0 (", "O0", "one ", "double-", "my name is ", "I'm A", "the officer ", "he is ", "plate is is is is ", "AB12", "my ex ", "\u0301", "A ", "at dot "])
            .Select(unit => string.Concat(Enumerable.Repeat(unit, 5000 / unit.Length)))];

    [Theory, MemberData(nameof(Hostile), DisableDiscoveryEnumeration = true)]
    public void A_text_of_5000_characters_meant_to_be_slow_is_read_at_once(string text)
    {
        Screen.Reply("warm");
        var clock = Stopwatch.StartNew();
        Found(text + "!");
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(3), $"{clock.Elapsed} for {text[..10]}…");
    }
}
