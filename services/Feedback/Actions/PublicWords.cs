using System.Text.RegularExpressions;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Feedback;

/// <summary>Checks words before they are published: nothing that asks women to change, nothing that names or reaches a person.</summary>
internal static partial class PublicWords
{
    public static Refusal? Check(params ReadOnlySpan<(string Field, string Text)> texts)
    {
        foreach (var (field, text) in texts)
        {
            if (Burden().Match(text.Replace('\u2019', '\'')) is { Success: true } burden)
                return FeedbackRefusals.BurdeningWording with { Detail = $"“{burden.Value}” puts it on her. Say who does what by when.", Field = field };
            if (PersonalDataMask.Apply(text).Found is { Count: > 0 } found)
                return FeedbackRefusals.PersonalDataInPublicText with { Detail = $"Found: {string.Join(", ", found)}.", Field = field };
        }
        return null;
    }

    /// <summary>The texts of the packs that staff begin with are held to the same rules; a service that would offer others does not start.</summary>
    public static void CheckAnswers(ForcePackCatalogue packs)
    {
        var faults = packs.Ids.Select(packs.Get).SelectMany(pack => pack.Answers.Select(a => (pack.Id, Answer: a, Unfit: Check((a.Id, a.Text)))))
            .Where(a => a.Unfit is not null).Select(a => $"{a.Id}/answers.csv: {a.Answer.Id}: {a.Unfit!.Detail}").ToList();
        if (faults.Count > 0)
            throw new InvalidOperationException(string.Join(Environment.NewLine, faults));
    }

    // Advice is recognised by its address, an order to her: "avoid the path" and "women should avoid the path" are refused,
    // "we cut the hedge so that nobody has to avoid the path" is a plan of ours and passes.
    [GeneratedRegex("""
        (^|[.!?;:]\s*|\b(please|should|must|need\s+to|ought\s+to|try\s+to|remember\s+to|(advised?|asked?|encouraged?|urged?|told|tell|reminded?)\s+((women|people|you|her|them)\s+)?to|women\s+(can|could)|you\s+(can|could)|better\s+to)\s+)(always\s+|not\s+|never\s+|be\s+)?
            (avoid(ing)?\b|stay\s+(in|at\s+home|alert|aware|vigilant|on\s+(main|lit|well-lit))|keep\s+(to|your|an?\s+eye)|be\s+(aware|careful|vigilant|alert|mindful|cautious)|aware\s+of\s+your|careful\b|vigilant\b|walk\s+(with|in\s+(pairs|groups)|home\s+with|on\s+(main|lit))|go\s+(home\s+earlier|with|in\s+(pairs|groups))|take\s+(another|a\s+different|care|a\s+taxi|the\s+main)|use\s+(another|a\s+different|the\s+main|main|well-lit)|travel\s+(with|in\s+(pairs|groups)|earlier)|wear\b|dress\b|carry\s+(an?\s+)?(alarm|torch|whistle)|plan\s+your|change\s+(your|her|their)|tell\s+(a\s+friend|someone)\s+where|not\s+(walk|go|use|wear|be|drink|wander)|do\s+not\s+(walk|go|use|wear|be|drink|wander)|don't\s+(walk|go|use|wear|be|drink|wander)|limit\s+(your|alcohol)|drink\s+less)
        | \b(walk(ing)?|be(ing)?|travel(l?ing)?|go(ing)?)\s+(out\s+)?alone\s+(at\s+night|after\s+dark)\s+is
        | \bpersonal\s+safety\s+advice\b
        | \bwhat\s+(she|they|you)\s+(wore|drank|(was|were)\s+wearing)\b
        | \b(osgowch|peidiwch\s+â\s+(cherdded|mynd|gwisgo)|byddwch\s+yn\s+(ofalus|wyliadwrus)|cadwch\s+at)\b
        """, RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace | RegexOptions.Multiline)]
    private static partial Regex Burden();
}
