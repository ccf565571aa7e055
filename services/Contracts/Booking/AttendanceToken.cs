using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace WalkTalk.Contracts.Booking;

/// <summary>
/// Proof of having been on a walk in this force, ward and quarter (2026Q4), and of nothing else: it names no booking, walk, day or person.
/// Booking signs it (ES256) and forgets it; Feedback checks the signature and remembers only the nonce, so that it is spent once.
/// </summary>
public sealed record AttendanceToken(string Force, string Ward, string Quarter, string Nonce)
{
    /// <summary>A longer text is no token; checked before anything is decoded.</summary>
    public const int MaximumLength = 512;

    /// <summary>A token with a fresh 128-bit nonce.</summary>
    public static AttendanceToken For(string force, string ward, DateOnly day) =>
        new(force, ward, QuarterOf(day), Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)));

    /// <summary>The quarter of a day, written 2026Q4.</summary>
    public static string QuarterOf(DateOnly day) => $"{day.Year:D4}Q{(day.Month + 2) / 3}";

    private static readonly string Header = Base64Url.EncodeToString("""{"alg":"ES256"}"""u8);

    /// <summary>A compact JWS (RFC 7515), ES256, with the claims force, ward, quarter and nonce.</summary>
    public string Sign(ECDsa privateKey)
    {
        var signed = $"{Header}.{Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(this, JsonSerializerOptions.Web))}";
        return $"{signed}.{Base64Url.EncodeToString(privateKey.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    /// <summary>Reads a token that Booking has signed; false for anything else, whatever it is. The algorithm is ours to say, never the token's.</summary>
    public static bool TryRead(string? text, ECDsa publicKey, [NotNullWhen(true)] out AttendanceToken? token)
    {
        token = null;
        if (text is null || text.Length > MaximumLength || text.Split('.') is not [var header, var claims, var signature] || header != Header) return false;
        try
        {
            if (!publicKey.VerifyData(Encoding.ASCII.GetBytes($"{header}.{claims}"), Base64Url.DecodeFromChars(signature), HashAlgorithmName.SHA256)) return false;
            token = JsonSerializer.Deserialize<AttendanceToken>(Base64Url.DecodeFromChars(claims), JsonSerializerOptions.Web);
        }
        catch (Exception e) when (e is FormatException or JsonException or CryptographicException)
        {
            return false;
        }
        return token is not null;
    }
}
