using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace WalkTalk.ServiceDefaults;

/// <summary>Links and codes: unguessable, kept only as a hash, compared in constant time.</summary>
public static class Secrets
{
    /// <summary>A new secret for a link: 160 random bits, base64url.</summary>
    public static string NewToken() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(20));

    /// <summary>A new one-time code of so many decimal digits (1–9), leading zeros included.</summary>
    public static string NewCode(int digits) =>
        RandomNumberGenerator.GetInt32((int)Math.Pow(10, digits)).ToString($"D{digits}", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>What is stored of a secret. For tokens of at least 128 bits; short codes need a purpose and an owner mixed in by the caller, and an attempt limit.</summary>
    public static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>Whether the token is the one whose hash is stored; takes the same time either way.</summary>
    public static bool Matches(byte[] hash, string token) => CryptographicOperations.FixedTimeEquals(hash, HashOf(token));
}
