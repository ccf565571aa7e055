using System.ComponentModel.DataAnnotations;

namespace WalkTalk.Contracts.Booking.Api;

/// <summary>An officer of the force: <c>GET /officers</c>.</summary>
/// <param name="HasAccount">A sign-in is attached; without one she cannot verify or start a walk.</param>
/// <param name="Areas">Codes of the wards she walks in.</param>
/// <param name="SignLanguage">She signs BSL.</param>
/// <param name="HasEmail">Her address is known; without one she is sent nothing.</param>
public sealed record OfficerRow(
    Guid OfficerId, string FirstName, string CollarNumber, IReadOnlyList<string> Languages, bool HasAccount, IReadOnlyList<string> Areas, bool SignLanguage, bool HasEmail = false);

/// <summary>Attaches a sign-in to an officer: <c>PUT /officers/{officerId}/account</c>.</summary>
public sealed record AttachOfficerRequest
{
    /// <summary>The subject identifier of her account.</summary>
    [Required, StringLength(200, MinimumLength = 1)] public required string Sub { get; init; }
}
