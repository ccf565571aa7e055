using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;

namespace WalkTalk.ServiceDefaults.Persistence;

/// <summary>Contact and other personal fields, protected under a key per person. Erasing the key erases them, in backups too.</summary>
public sealed class PersonalData(Keys keys)
{
    /// <summary>Protects a field of a person, making her key on first use (saved with the caller's changes).</summary>
    /// <param name="db">The service's database.</param>
    /// <param name="personId">Whose it is: any id the service keeps with the row.</param>
    /// <param name="field">The field's name; the text opens under no other.</param>
    /// <param name="plaintext">The value.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<string> Protect(ServiceDb db, Guid personId, string field, string plaintext, CancellationToken ct = default) =>
        Convert.ToBase64String(await Protect(db, personId, field, Encoding.UTF8.GetBytes(plaintext), ct));

    /// <summary>The same for what is no text, e.g. a picture.</summary>
    public async Task<byte[]> Protect(ServiceDb db, Guid personId, string field, byte[] content, CancellationToken ct = default)
    {
        var row = await db.PersonKeys.FindAsync([personId], ct);
        byte[] key;
        if (row is null)
        {
            key = RandomNumberGenerator.GetBytes(32);
            db.PersonKeys.Add(new PersonKeyRow { PersonId = personId, WrappedKey = Cipher.Protect(Wrapping(db), key, $"{personId}") });
        }
        else
        {
            key = Unwrap(db, row);
        }

        return Cipher.Protect(key, content, $"{personId}/{field}");
    }

    /// <summary>Reads a protected field; null when the person was erased. A read by staff is written to the audit trail with its reason: a word of the program, never what somebody typed, because oversight reads it.</summary>
    public async Task<string?> Open(ServiceDb db, Guid personId, string field, string protectedText, string reason, CancellationToken ct = default) =>
        await Open(db, personId, field, Convert.FromBase64String(protectedText), reason, ct) is { } text ? Encoding.UTF8.GetString(text) : null;

    /// <summary>The same for what is no text.</summary>
    public async Task<byte[]?> Open(ServiceDb db, Guid personId, string field, byte[] content, string reason, CancellationToken ct = default)
    {
        if (await db.PersonKeys.FindAsync([personId], ct) is not { } row)
        {
            return null;
        }

        if (db.Caller.IsStaff)
        {
            db.Audit(AuditRow.Read, field, $"{personId}", reason);
        }

        return Cipher.Open(Unwrap(db, row), content, $"{personId}/{field}");
    }

    /// <summary>Destroys a person's key: what it protected can never be read again.</summary>
    public async Task Erase(ServiceDb db, Guid personId, CancellationToken ct = default)
    {
        if (await db.PersonKeys.FindAsync([personId], ct) is { } row)
        {
            db.PersonKeys.Remove(row);
            db.Audit("erased", "person", $"{personId}");
        }
    }

    /// <summary>By which a contact is found again: keyed with the service's own key, so that equal contacts cannot be matched between databases. Trimmed, lower case.</summary>
    public string Hash(ServiceDb db, string contact) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(keys.Of(db.Service, "contact-hash"), Encoding.UTF8.GetBytes(contact.Trim().ToLowerInvariant())));

    private byte[] Wrapping(ServiceDb db) => keys.Of(db.Service, "person-keys");

    private byte[] Unwrap(ServiceDb db, PersonKeyRow row) => Cipher.Open(Wrapping(db), row.WrappedKey, $"{row.PersonId}");
}

/// <summary>Contact and secrets inside a message, protected under a key the services share.</summary>
public sealed class Transit(Keys keys)
{
    /// <summary>Protects a text for the way.</summary>
    public string Protect(string plaintext) => Convert.ToBase64String(Cipher.Protect(keys.Transit, Encoding.UTF8.GetBytes(plaintext), "transit"));

    /// <summary>Reads a text protected by any service of the deployment.</summary>
    /// <exception cref="CryptographicException">It was protected under another key.</exception>
    public string Open(string protectedText) => Encoding.UTF8.GetString(Cipher.Open(keys.Transit, Convert.FromBase64String(protectedText), "transit"));
}
