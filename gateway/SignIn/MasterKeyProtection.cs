using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Gateway.SignIn;

/// <summary>
/// Cookies, antiforgery tokens and stored sessions under a key derived from the master key: nothing to store, the same in every
/// replica, and no key beside the data it protects. Changing the master key signs everybody out.
/// </summary>
internal sealed class MasterKeyProtection(Keys keys) : IDataProtectionProvider
{
    public IDataProtector CreateProtector(string purpose) => new Protector(keys.Of("gateway", "protection"), purpose);

    private sealed class Protector(byte[] parent, string purpose) : IDataProtector
    {
        private const int Nonce = 12, Tag = 16;
        private readonly byte[] key = HKDF.DeriveKey(HashAlgorithmName.SHA256, parent, 32, info: Encoding.UTF8.GetBytes(purpose));

        public IDataProtector CreateProtector(string purpose) => new Protector(key, purpose);

        public byte[] Protect(byte[] plaintext)
        {
            var output = new byte[Nonce + Tag + plaintext.Length];
            RandomNumberGenerator.Fill(output.AsSpan(0, Nonce));
            using var aes = new AesGcm(key, Tag);
            aes.Encrypt(output.AsSpan(0, Nonce), plaintext, output.AsSpan(Nonce + Tag), output.AsSpan(Nonce, Tag));
            return output;
        }

        public byte[] Unprotect(byte[] protectedData)
        {
            if (protectedData.Length < Nonce + Tag)
            {
                throw new CryptographicException("Too short to have been protected.");
            }
            var output = new byte[protectedData.Length - Nonce - Tag];
            using var aes = new AesGcm(key, Tag);
            aes.Decrypt(protectedData.AsSpan(0, Nonce), protectedData.AsSpan(Nonce + Tag), protectedData.AsSpan(Nonce, Tag), output);
            return output;
        }
    }
}
