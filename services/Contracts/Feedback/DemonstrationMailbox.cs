namespace WalkTalk.Contracts.Feedback;

/// <summary>The one mailbox of the demonstration whose words are known, to be shown where a demonstration tells how to sign in. It exists with Demo:Enabled and never without.</summary>
public static class DemonstrationMailbox
{
    /// <summary>Its reference.</summary>
    public const string Reference = "WT-DMB2N345";

    /// <summary>Its five words.</summary>
    public const string Words = "amber bridge candle daisy cloud";
}
