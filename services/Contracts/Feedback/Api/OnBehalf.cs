using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace WalkTalk.Contracts.Feedback.Api;

/// <summary>What staff type in for a woman who phoned, filled in paper or spoke to a partner. It goes the way of everything else; attendance tokens are hers alone.</summary>
public sealed record OnBehalf
{
    [Required, AllowedValues("phone", "paper", "partner")] public required string Channel { get; init; }

    /// <summary>She agreed that it is typed in. Without it nothing is taken.</summary>
    public bool Consented { get; init; }

    /// <summary>It was read back to her and she said yes. Needed where she was spoken to (phone, partner).</summary>
    public bool ReadBack { get; init; }

    public required FeedbackSubmission Submission { get; init; }
}

/// <summary>What the adapter sends back to the number it had the text from, as one text; nobody here can send it. It holds a secret link: it is neither logged nor kept.</summary>
public sealed record ReplyToText(string Text);

/// <summary>A text message as GOV.UK Notify hands it on ("received text messages"). Fields not named here are ignored.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record ReceivedText
{
    /// <summary>The provider's own id; the same id is one message.</summary>
    [Required, StringLength(100, MinimumLength = 1), JsonPropertyName("id")] public required string Id { get; init; }

    /// <summary>Who sent it, as digits with the country's code.</summary>
    [Required, StringLength(30), JsonPropertyName("source_number")] public required string SourceNumber { get; init; }

    [Required(AllowEmptyStrings = true), StringLength(5000), JsonPropertyName("message")] public required string Message { get; init; }
}
