using System.ComponentModel.DataAnnotations;

namespace WalkTalk.Contracts.Booking.Api;

/// <summary>Her contact; a six-digit code goes to it: <c>POST /booking/contact</c> with the hold's token. Sent again, a new code replaces the old one.</summary>
public sealed record GiveContactRequest
{
    /// <summary>What the officer and her own page call her.</summary>
    [Required, StringLength(40, MinimumLength = 1)] public required string FirstName { get; init; }

    /// <summary>Where the code, the confirmation and the meeting words go: an e-mail address or, where text messages are sent, a UK mobile number.</summary>
    [Required, EmailOrMobile, StringLength(254)] public required string Email { get; init; }

    /// <summary>The language of her messages: en or cy.</summary>
    [RegularExpression("^(en|cy)$")] public string Language { get; init; } = "en";

    /// <summary>Sender and subject give nothing away.</summary>
    public bool Neutral { get; init; }

    /// <summary>What she needs; null where she says nothing, and what she said before stands.</summary>
    public WalkNeeds? Needs { get; init; }

    /// <summary>Only where she is under 18; null: whom she named before stands.</summary>
    public GuardianContact? Guardian { get; init; }
}

/// <summary>A code is on its way. It works as long as the hold does, for five tries.</summary>
public sealed record CodeSent(DateTimeOffset HoldUntil, int CodesLeft);
