using System.ComponentModel.DataAnnotations;

namespace WalkTalk.Contracts.Feedback.Api;

/// <summary>Words not yet sent, to see whether 999 or an explanation should come first. Nothing of it is stored or logged.</summary>
public sealed record TextCheck
{
    [Required, StringLength(5000)] public required string Text { get; init; }
}

/// <summary>What the form should show before she goes on.</summary>
public sealed record TextChecked(bool Danger, bool MayBeCrime, bool PoliceConduct);
