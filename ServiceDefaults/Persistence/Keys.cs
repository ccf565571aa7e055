using System.Security.Cryptography;
using System.Text;

namespace WalkTalk.ServiceDefaults.Persistence;

/// <summary>
/// The keys that protect keys. They come from configuration or a vault, never from a database:
/// Protection:MasterKey (a service's own) and Protection:TransitKey (shared by the services), each 32 bytes in base64.
/// A process with neither broker nor database server makes its own and keeps them in the data folder, in keys/, beside no backup of the databases.
/// </summary>
public sealed class Keys(IConfiguration configuration)
{
    private readonly Lazy<byte[]> master = new(() => Load(configuration, "MasterKey"));
    private readonly Lazy<byte[]> transit = new(() => Load(configuration, "TransitKey"));

    /// <summary>A key of one service for one purpose, derived from the master key.</summary>
    public byte[] Of(string service, string purpose) => Derive(master.Value, $"{service}/{purpose}");

    /// <summary>The key for contact in messages, the same in every service.</summary>
    public byte[] Transit => Derive(transit.Value, "transit");

    /// <summary>The key by which the services of a deployment know each other.</summary>
    internal byte[] Between => Derive(transit.Value, "between-services");

    /// <summary>The keys that a process must be given, as their settings are called below Protection.</summary>
    public static IReadOnlyList<string> Names { get; } = ["MasterKey", "TransitKey"];

    /// <summary>By which a key is known again without being told; null where it is neither set nor in the data folder.</summary>
    public static string? Fingerprint(IConfiguration configuration, string name) =>
        Find(configuration, name) is { } key ? Convert.ToHexStringLower(Derive(key, "fingerprint"))[..16] : null;

    private static byte[] Derive(byte[] key, string info) => HKDF.DeriveKey(HashAlgorithmName.SHA256, key, 32, info: Encoding.UTF8.GetBytes(info));

    private static string FileOf(IConfiguration configuration, string name) => Path.Combine(Database.DataFolder(configuration), "keys", name);

    private static byte[]? Find(IConfiguration configuration, string name)
    {
        var setting = $"Protection:{name}";
        if (configuration[setting] is { Length: > 0 } text)
        {
            var key = new byte[32];
            return Convert.TryFromBase64String(text, key, out var length) && length == 32
                ? key
                : throw new InvalidOperationException($"{setting} must be 32 bytes in base64.");
        }

        var file = FileOf(configuration, name);
        return File.Exists(file) ? File.ReadAllBytes(file) : null;
    }

    private static byte[] Load(IConfiguration configuration, string name)
    {
        if (configuration.GetSection("ConnectionStrings").GetChildren().Any() && configuration[$"Protection:{name}"] is not { Length: > 0 })
        {
            throw new InvalidOperationException($"Protection:{name} is not set. A process with a database server or a broker does not make its own keys.");
        }

        return Find(configuration, name) ?? Make(FileOf(configuration, name));
    }

    private static byte[] Make(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        // Whole and on the disk before it has its name: what it will protect must not outlive it.
        var key = RandomNumberGenerator.GetBytes(32);
        using (var stream = new FileStream(file + ".new", options))
        {
            stream.Write(key);
            stream.Flush(flushToDisk: true);
        }

        File.Move(file + ".new", file);
        return key;
    }
}

/// <summary>AES-256-GCM with the nonce in front; what it protects is bound to a context.</summary>
internal static class Cipher
{
    private const int Nonce = 12, Tag = 16;

    public static byte[] Protect(byte[] key, byte[] plain, string context)
    {
        var sealedBytes = new byte[Nonce + Tag + plain.Length];
        RandomNumberGenerator.Fill(sealedBytes.AsSpan(0, Nonce));
        using var aes = new AesGcm(key, Tag);
        aes.Encrypt(sealedBytes.AsSpan(0, Nonce), plain, sealedBytes.AsSpan(Nonce + Tag), sealedBytes.AsSpan(Nonce, Tag), Encoding.UTF8.GetBytes(context));
        return sealedBytes;
    }

    /// <exception cref="CryptographicException">Another key, another context, or changed bytes.</exception>
    public static byte[] Open(byte[] key, byte[] sealedBytes, string context)
    {
        if (sealedBytes.Length < Nonce + Tag)
        {
            throw new CryptographicException("Too short to have been protected.");
        }

        var plain = new byte[sealedBytes.Length - Nonce - Tag];
        using var aes = new AesGcm(key, Tag);
        aes.Decrypt(sealedBytes.AsSpan(0, Nonce), sealedBytes.AsSpan(Nonce + Tag), sealedBytes.AsSpan(Nonce, Tag), plain, Encoding.UTF8.GetBytes(context));
        return plain;
    }
}
