using WalkTalk.ForcePacks;

namespace WalkTalk.Feedback;

/// <summary>
/// What goes back to a number that texted, in the languages of the force, one text of three parts at most: that it was received, 999, and where her words wait.
/// It is the same whatever she wrote, and says nothing to whoever else looks at her screen. No accent that would halve what a text can hold.
/// </summary>
internal static class TextReply
{
    private static readonly Dictionary<string, (string Received, string Link)> Texts = new()
    {
        ["en"] = ("We have your message. Nobody reads it at once. In danger: call 999; cannot speak: then press 55.",
            $"To read our answer and to reply, open this once, within {Mailbox.WordsWait} days:"),
        ["cy"] = ("Mae eich neges gennym. Nid oes neb yn ei darllen ar unwaith. Mewn perygl: ffoniwch 999; methu siarad: yna pwyswch 55.",
            $"I ddarllen ein hateb ac i ymateb, agorwch hon unwaith, o fewn {Mailbox.WordsWait} diwrnod:"),
    };

    /// <param name="link">The address of the page of her words; null where nobody knows under which name the pages are reached.</param>
    public static string Of(ForcePack pack, string? link)
    {
        var texts = pack.Languages.Where(Texts.ContainsKey).Select(language => Texts[language]).ToList();
        return string.Join('\n', link is null ? texts.Select(t => t.Received) : [.. texts.Select(t => t.Received), .. texts.Select(t => t.Link), link]);
    }
}
