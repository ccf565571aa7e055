using System.ComponentModel.DataAnnotations;

namespace WalkTalk.Contracts.Booking.Api;

/// <summary>What a walk must have to suit her; all of it is optional. Given with her contact or with a walk request, and kept like her contact.</summary>
public record WalkNeeds
{
    /// <summary>The language she would like to speak, ISO 639; null: the walk's.</summary>
    [RegularExpression("^[a-z]{2,3}$")] public string? Spoken { get; init; }

    /// <summary>The way has to be step-free.</summary>
    public bool StepFree { get; init; }

    /// <summary>British Sign Language.</summary>
    public bool SignLanguage { get; init; }

    /// <summary>Two officers, not one.</summary>
    public bool SecondOfficer { get; init; }

    /// <summary>Somebody who is not of the police walks along.</summary>
    public bool NonPoliceWalker { get; init; }

    /// <summary>The collar number of an officer she would rather not meet. Every number gets the same answer, and the officer is never told.</summary>
    [StringLength(20)] public string? NotOfficer { get; init; }
}

/// <summary>A parent or guardian, because she is under 18: a code of her own goes there, and nothing is booked before it has come back too.</summary>
public sealed record GuardianContact
{
    /// <summary>Her first name, for the officer.</summary>
    [Required, StringLength(40, MinimumLength = 1)] public required string FirstName { get; init; }

    /// <summary>Where her code goes, an e-mail address or a UK mobile number as above; not that of the booking.</summary>
    [Required, EmailOrMobile, StringLength(254)] public required string Email { get; init; }
}

/// <summary>What the officer must know of one booking to meet her well. Whom she would rather not meet is never here.</summary>
/// <param name="Spoken">The language she would like to speak; null: the walk's.</param>
/// <param name="Guardian">The first name of her parent or guardian: she is under 18.</param>
public sealed record MeetingNeeds(string? Spoken, bool StepFree, bool SignLanguage, bool NonPoliceWalker, string? Guardian);
