using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace WalkTalk.Feedback;

/// <summary>What an attendance token says. It names no booking, so nothing here can be joined to one.</summary>
internal sealed record Attendance(string Force, string Ward, string Quarter, string Nonce);

/// <summary>Checks a token of Booking: a compact JWS, ES256, with the claims force, ward, quarter and nonce.</summary>
internal static class AttendanceToken
{
    /// <summary>The claims, or null for anything that is not such a token of this key.</summary>
    public static Attendance? Read(string token, ECDsa key)
    {
        try
        {
            if (token.Split('.') is not [var header, var payload, var signature])
                return null;
            // The algorithm is ours to say, never the token's; a header that says another is no token of ours.
            using var head = JsonDocument.Parse(Base64Url.DecodeFromChars(header));
            if (head.RootElement.GetProperty("alg").GetString() != "ES256")
                return null;
            if (!key.VerifyData(Encoding.ASCII.GetBytes($"{header}.{payload}"), Base64Url.DecodeFromChars(signature), HashAlgorithmName.SHA256))
                return null;
            using var body = JsonDocument.Parse(Base64Url.DecodeFromChars(payload));
            return new(Claim(body, "force"), Claim(body, "ward"), Claim(body, "quarter"), Claim(body, "nonce"));
        }
        catch (Exception e) when (e is FormatException or JsonException or KeyNotFoundException or InvalidOperationException or CryptographicException)
        {
            return null;
        }
    }

    /// <summary>All that is kept of a used token.</summary>
    public static byte[] Spent(Attendance attendance) => SHA256.HashData(Encoding.UTF8.GetBytes($"{attendance.Force}|{attendance.Nonce}"));

    private static string Claim(JsonDocument body, string name) =>
        body.RootElement.GetProperty(name).GetString() is { Length: > 0 and <= 100 } value ? value : throw new FormatException(name);
}
