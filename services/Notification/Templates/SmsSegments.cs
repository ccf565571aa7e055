namespace WalkTalk.Notification.Templates;

/// <summary>How a text travels by SMS: GSM-7 (160, or 153 a part) or, as most Welsh accents force, UCS-2 (70, or 67 a part).</summary>
internal readonly record struct SmsSegments(string Encoding, int Length, int Count)
{
    private const string Basic =
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
    private const string Extended = "^{}\\[~]|€\f";

    public static SmsSegments Of(string text)
    {
        if (text.All(c => Basic.Contains(c, StringComparison.Ordinal) || Extended.Contains(c, StringComparison.Ordinal)))
        {
            var septets = text.Sum(c => Extended.Contains(c, StringComparison.Ordinal) ? 2 : 1);
            return new("GSM-7", septets, septets <= 160 ? 1 : (septets + 152) / 153);
        }
        return new("UCS-2", text.Length, text.Length <= 70 ? 1 : (text.Length + 66) / 67);
    }
}
