using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace WalkTalk.Gateway.SignIn;

/// <summary>Time-based one-time codes (RFC 6238) as every authenticator app makes them: HMAC-SHA-1, steps of 30 seconds, six digits.</summary>
internal static class Totp
{
    /// <summary>Steps that a phone's clock may be before or behind ours.</summary>
    private const int Drift = 1;

    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>A new key, as long as the hash.</summary>
    public static byte[] NewKey() => RandomNumberGenerator.GetBytes(HMACSHA1.HashSizeInBytes);

    public static long StepAt(DateTimeOffset moment) => moment.ToUnixTimeSeconds() / 30;

    public static string Code(byte[] key, long step, int digits = 6)
    {
        Span<byte> counter = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
#pragma warning disable CA5350 // What the apps speak; an HMAC does not rest on the hash being free of collisions.
        HMACSHA1.HashData(key, counter, hash);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadInt32BigEndian(hash[(hash[^1] & 0xf)..]) & int.MaxValue;
        return (number % (int)Math.Pow(10, digits)).ToString($"D{digits}", CultureInfo.InvariantCulture);
    }

    /// <summary>The first step after the last one taken whose code this is; null when it is of none that is near enough to now.</summary>
    public static long? StepOf(byte[] key, string code, DateTimeOffset now, long taken = 0)
    {
        var (said, current) = (Encoding.UTF8.GetBytes(code), StepAt(now));
        long? found = null;
        for (var step = current + Drift; step >= current - Drift; step--)
        {
            // All of them each time, so that the time it takes tells nothing.
            if (CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Code(key, step)), said) && step > taken)
            {
                found = step;
            }
        }
        return found;
    }

    /// <summary>The key as apps take it.</summary>
    public static string Text(byte[] key)
    {
        var text = new StringBuilder();
        for (var bit = 0; bit < key.Length * 8; bit += 5)
        {
            var two = (key[bit / 8] << 8) | (bit / 8 + 1 < key.Length ? key[bit / 8 + 1] : 0);
            text.Append(Base32[(two >> (11 - bit % 8)) & 31]);
        }
        return text.ToString();
    }
}
