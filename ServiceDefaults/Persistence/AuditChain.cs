using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace WalkTalk.ServiceDefaults.Persistence;

/// <summary>One entry of a service's audit trail as oversight reads it. An entry that is sealed says its place in the chain and nothing else.</summary>
public sealed record AuditEntry
{
    /// <summary>Its place in the chain of its force, from 1.</summary>
    public required long Sequence { get; init; }

    /// <summary>When, in UTC. Midnight where the day alone is kept.</summary>
    public string? At { get; init; }

    /// <summary>staff:{sub}, participant, public, system, or another word for who is no single person.</summary>
    public string? Actor { get; init; }

    /// <summary>What was done: added, changed, deleted, read, or a decision by its name.</summary>
    public string? Action { get; init; }

    /// <summary>The kind of row, or of personal data.</summary>
    public string? SubjectType { get; init; }

    /// <summary>The row's id, or whose data it was.</summary>
    public string? SubjectId { get; init; }

    /// <summary>The names of the fields that changed, with a space between; never a value.</summary>
    public string? Fields { get; init; }

    /// <summary>The entry's random id. Left out together with a reason that is withheld, because it keeps that reason from being guessed.</summary>
    public Guid? Id { get; init; }

    /// <summary>Why personal data was read, in a word of the program.</summary>
    public string? Reason { get; init; }

    /// <summary>In place of id and reason where somebody typed the reason: their digest.</summary>
    public string? Withheld { get; init; }

    /// <summary>In place of everything but sequence and hash where the entry is sealed: its digest.</summary>
    public string? Sealed { get; init; }

    /// <summary>SHA-256 over the hash before it and this entry's digest, as 64 hexadecimal digits.</summary>
    public required string Hash { get; init; }
}

/// <summary>The first line of a downloaded range; each line after it is an <see cref="AuditEntry"/>, oldest first.</summary>
/// <param name="Chain">The service.</param>
/// <param name="Force">Whose chain of that service.</param>
/// <param name="From">The sequence of the first entry.</param>
/// <param name="To">The sequence of the last entry.</param>
/// <param name="Before">The hash of the entry before the first; null where that entry is not there.</param>
/// <param name="Head">The hash of the last entry.</param>
public sealed record AuditRange(string Chain, string Force, long From, long To, string? Before, string Head);

/// <summary>What a check of a downloaded range found.</summary>
/// <param name="Range">What its first line says.</param>
/// <param name="Entries">So many entries follow from each other.</param>
/// <param name="Sealed">So many of them are sealed.</param>
/// <param name="Broken">Where the chain breaks first and how, in words; null where it is whole.</param>
public sealed record AuditFinding(AuditRange Range, long Entries, long Sealed, string? Broken);

/// <summary>
/// How an entry is linked to the one before it. README.md of ServiceDefaults has the same in words, for whoever checks a range without this program.
/// </summary>
public static class AuditChain
{
    /// <summary>What the first entry of a chain follows.</summary>
    public static readonly string Beginning = new('0', 64);

    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    internal static byte[] Link(byte[] previous, AuditRow row) => Link(previous, Digest(row));

    /// <summary>A row as it is shown: sealed if one of these words is in it; its reason only where the program gave it.</summary>
    internal static AuditEntry Show(AuditRow row, IReadOnlyList<string> sealing)
    {
        var (sequence, hash) = (row.Sequence!.Value, Hex(row.Hash!));
        if (sealing.Contains(row.Action) || sealing.Contains(row.SubjectType) || (row.Reason is not null && sealing.Contains(row.Reason)))
        {
            return new AuditEntry { Sequence = sequence, Sealed = Hex(Digest(row)), Hash = hash };
        }

        var open = new AuditEntry
        {
            Sequence = sequence, At = Text(row.At), Actor = row.Actor, Action = row.Action, SubjectType = row.SubjectType, SubjectId = row.SubjectId, Fields = row.Fields, Hash = hash,
        };
        return row.Reason is null || row.Action == AuditRow.Read ? open with { Id = row.Id, Reason = row.Reason } : open with { Withheld = Hex(Withheld(row.Id, row.Reason)) };
    }

    /// <summary>Reads a downloaded range and follows its chain up to where it breaks.</summary>
    /// <exception cref="JsonException">It is no such file.</exception>
    public static AuditFinding Verify(TextReader file)
    {
        var range = JsonSerializer.Deserialize<AuditRange>(file.ReadLine() ?? "", Json) is { Chain: not null, Force: not null, Head: not null, From: > 0 } first
            ? first : throw new JsonException("The first line is not that of a downloaded range.");
        var (next, hidden, previous) = (range.From, 0L, Bytes(range.Before ?? ""));
        AuditFinding Broken(string how) => new(range, next - range.From, hidden, how);
        if (previous is null)
        {
            return Broken(range.Before is null ? $"The entry before {range.From} is missing." : "The first line has no hash in \"before\".");
        }

        if (range.From == 1 && range.Before != Beginning)
        {
            return Broken("A chain begins after a hash of zeros.");
        }

        while (file.ReadLine() is { } line)
        {
            if (Read(line) is not { } entry)
            {
                return Broken($"Line {next - range.From + 2} is no entry.");
            }

            if (entry.Sequence != next)
            {
                return Broken(entry.Sequence > next ? $"Entry {next} is missing; entry {entry.Sequence} stands in its place." : $"Entry {entry.Sequence} stands where entry {next} should.");
            }

            if (Digest(range.Force, entry) is not { } digest || Link(previous, digest) is var hash && Hex(hash) != entry.Hash)
            {
                return Broken($"Entry {next} does not follow from the one before it: it was changed, or something before it was.");
            }

            (previous, next, hidden) = (hash, next + 1, hidden + (entry.Sealed is null ? 0 : 1));
        }

        return next - 1 != range.To ? Broken($"The file ends with entry {next - 1}; by its first line it should be {range.To}.")
            : Hex(previous) != range.Head ? Broken("The head in the first line is not the hash of the last entry.")
            : new AuditFinding(range, next - range.From, hidden, null);
    }

    /// <summary>Whether an entry follows from the hash before it.</summary>
    internal static bool Follows(string force, string before, AuditEntry entry) =>
        Bytes(before) is { } previous && Digest(force, entry) is { } digest && Hex(Link(previous, digest)) == entry.Hash;

    internal static string Hex(byte[] hash) => Convert.ToHexStringLower(hash);

    private static AuditEntry? Read(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<AuditEntry>(line, Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static byte[] Link(byte[] previous, byte[] digest) => SHA256.HashData([.. previous, .. digest]);

    private static byte[] Digest(AuditRow row) => Digest(
        $"{row.Sequence}", row.ForceId, Text(row.At), row.Actor, row.Action, row.SubjectType, row.SubjectId, row.Fields, Hex(Withheld(row.Id, row.Reason)));

    private static byte[]? Digest(string force, AuditEntry entry) => entry switch
    {
        { Sealed: { } digest } => Bytes(digest),
        { Withheld: null, Id: null } => null,
        _ => Digest($"{entry.Sequence}", force, entry.At, entry.Actor, entry.Action, entry.SubjectType, entry.SubjectId, entry.Fields,
            entry.Withheld ?? Hex(Withheld(entry.Id!.Value, entry.Reason))),
    };

    // The id is random and stays in the database where the reason does: without it whoever reads the chain could try reasons until one fits.
    private static byte[] Withheld(Guid id, string? reason) => Digest($"{id}", reason);

    // Each text behind its length, so that none can be moved into the next.
    private static byte[] Digest(params string?[] texts) =>
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(texts.Select(text => $"{Encoding.UTF8.GetByteCount(text ?? "")}:{text}"))));

    private static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("O");

    private static byte[]? Bytes(string hex) => hex.Length == 64 && hex.All(char.IsAsciiHexDigitLower) ? Convert.FromHexString(hex) : null;
}
