using System.ComponentModel.DataAnnotations;

namespace WalkTalk.Contracts.Feedback.Api;

/// <summary>Asks whether a token is good, before a long form is filled in. Does not spend it.</summary>
public sealed record AttendanceCheck
{
    [Required, StringLength(2000)] public required string Token { get; init; }
}

/// <summary>The ward and quarter the token speaks of.</summary>
public sealed record AttendanceChecked(string WardCode, string Quarter);
