using System.ComponentModel.DataAnnotations;

namespace WalkTalk.Contracts.Feedback.Api;

/// <summary>A picture as it is held: made anew as JPEG of at most 1600 pixels a side, nothing of the file left. Name it in a submission or an answer before <paramref name="UseBefore"/>, or it is gone.</summary>
public sealed record PhotoHeld(Guid Id, int Width, int Height, DateTimeOffset UseBefore);

/// <summary>A picture in the list of those that nobody has checked, longest waiting first.</summary>
public sealed record PhotoRow(Guid Id, string Concern, string Code, DateOnly ReceivedOn);

/// <summary>A picture opened to be checked; the reading is audited.</summary>
public sealed record PhotoView(Guid Id, string Concern, string Code, string? WardCode, DateOnly ReceivedOn, string? Description);

/// <summary>A picture beside a concern or a sealed record, with the day it came: with the concern itself, or with an answer of hers of that day. State: waiting (to be checked, not readable yet) or readable at /photos/{id}/image.</summary>
public sealed record PhotoSeen(Guid Id, string State, string? Description, DateOnly ReceivedOn);

/// <summary>
/// What the check found: show (nothing in it leads to a person: coordinators may see it), remove (it does, and is deleted), disclosure (it may show a crime: a sealed
/// record of its own with 24 hours) or standards (it is about police).
/// </summary>
public sealed record PhotoDecision
{
    [Required, AllowedValues("show", "remove", "disclosure", "standards")] public required string Decision { get; init; }
}
