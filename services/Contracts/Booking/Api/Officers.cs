using System.ComponentModel.DataAnnotations;

namespace WalkTalk.Contracts.Booking.Api;

/// <summary>An officer of the force: <c>GET /officers</c>.</summary>
/// <param name="HasAccount">A sign-in is attached; without one she cannot verify or start a walk.</param>
/// <param name="Areas">Codes of the wards she walks in.</param>
/// <param name="SignLanguage">She signs BSL.</param>
/// <param name="HasEmail">Her address is known; without one she is sent nothing.</param>
/// <param name="LastDay">The last day on which she walks; null: she stays.</param>
public sealed record OfficerRow(
    Guid OfficerId, string FirstName, string CollarNumber, IReadOnlyList<string> Languages, bool HasAccount, IReadOnlyList<string> Areas, bool SignLanguage, bool HasEmail = false, DateOnly? LastDay = null);

/// <summary>Attaches a sign-in to an officer: <c>PUT /officers/{officerId}/account</c>.</summary>
public sealed record AttachOfficerRequest
{
    /// <summary>The subject identifier of her account.</summary>
    [Required, StringLength(200, MinimumLength = 1)] public required string Sub { get; init; }
}

/// <summary>
/// An officer leaves: <c>PUT /officers/{officerId}/last-day</c>; DELETE opens her again. Refused as <c>officer-still-walks</c>, with their ids and times, while walks of hers are not over after that day.
/// </summary>
public sealed record CloseOfficerRequest
{
    /// <summary>The last day on which she walks, on the force's clock; it may have been.</summary>
    public required DateOnly LastDay { get; init; }
}
