using WalkTalk.ForcePacks;

namespace WalkTalk.Feedback.Tests.Rules;

/// <summary>What goes back to a number fits into what a text can hold, in every language.</summary>
public sealed class TextReplyRules
{
    // GSM 03.38, without what takes two.
    private const string OneEach = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

    private static readonly ForcePack English = ForcePackCatalogue.Load(ForcePackCatalogue.DefaultFolder).Get("metropolitan");

    [Fact]
    public void In_two_languages_and_with_a_long_address_it_is_three_parts_at_most()
    {
        var reply = TextReply.Of(English with { Languages = ["en", "cy"] }, "https://walk-and-talk.a-rather-long-force.police.uk/dyfed-powys/my-words/" + new string('x', 27));
        Assert.All(reply, c => Assert.Contains(c, OneEach));
        Assert.InRange(reply.Length, 300, 3 * 153);
        Assert.Equal(2, reply.Split("999").Length - 1);
        Assert.EndsWith("/my-words/" + new string('x', 27), reply, StringComparison.Ordinal);
    }

    [Fact]
    public void It_names_neither_police_nor_what_it_is_about()
    {
        var reply = TextReply.Of(English with { Languages = ["en", "cy"] }, null);
        Assert.All((string[])["police", "heddlu", "walk", "concern", "WT-", "http"], word => Assert.DoesNotContain(word, reply, StringComparison.OrdinalIgnoreCase));
    }
}
