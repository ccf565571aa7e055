using System.Security.Cryptography;
using System.Text;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback;

/// <summary>
/// Where a contributor reads her answers without saying who she is. Reference and words open it; the words are kept only as a slow
/// hash with a salt of their own. Its random id is the contributor of D8 rule 12, and the person whose key seals what she wrote.
/// </summary>
internal sealed class Mailbox : IForceRow, IUntimed
{
    /// <summary>Days that a link may wait behind which her words are shown.</summary>
    public const int WordsWait = 28;
    /// <summary>The channel of what an officer notes at a stop.</summary>
    public const string Stop = "stop";

    public Guid Id { get; init; } = Guid.NewGuid();
    public string ForceId { get; set; } = "";
    public required string Reference { get; init; }
    public required byte[] Salt { get; set; }
    public required byte[] WordsHash { get; set; }
    public required string Language { get; init; }
    /// <summary>The day, never the moment.</summary>
    public required DateOnly OpenedOn { get; init; }
    /// <summary>Her e-mail under this mailbox's key, where she wants to be told.</summary>
    public string? Email { get; set; }
    /// <summary>The number she texted from, likewise.</summary>
    public string? Phone { get; set; }
    /// <summary>How it came in: web, walk, stop, phone, paper, partner or sms.</summary>
    public required string Channel { get; init; }
    /// <summary>The day she was told that what is hers goes in thirty days, and the hash of the link by which she keeps it.</summary>
    public DateOnly? NoticedOn { get; set; }
    public byte[]? KeepLinkHash { get; set; }
    /// <summary>Until when she wants it kept.</summary>
    public DateOnly? KeepUntil { get; set; }
    /// <summary>Of the access until then; without an end, of the link behind which her words wait (<see cref="LinkToWords"/>).</summary>
    public byte[]? AccessHash { get; private set; }
    public DateTimeOffset? AccessUntil { get; private set; }

    /// <summary>A new mailbox and the words that open it, which nobody will see again.</summary>
    public static (Mailbox Mailbox, string Words) Open(string language, DateOnly today, string channel)
    {
        var words = MailboxWords.New();
        var salt = RandomNumberGenerator.GetBytes(16);
        return (new Mailbox
        {
            Reference = References.New(8), Salt = salt, WordsHash = MailboxWords.Hash(words, salt), Language = language, OpenedOn = today, Channel = channel,
        }, words);
    }

    /// <summary>A new access for one sitting; the one before is gone.</summary>
    public string GrantAccess(DateTimeOffset now)
    {
        var access = Secrets.NewToken();
        (AccessHash, AccessUntil) = (Secrets.HashOf(access), now.AddHours(1));
        return access;
    }

    /// <summary>She has the words, or may still be shown them: nobody has those of a capture, nor of a link whose time is over.</summary>
    public bool HasWords(DateOnly today) => Channel != Stop && !(AccessHash is not null && AccessUntil is null && OpenedOn.AddDays(WordsWait) < today);

    /// <summary>For whom the words cannot be shown to at once: a link that shows them once and opens nothing else. Its time is counted from the day.</summary>
    public string LinkToWords()
    {
        var token = Secrets.NewToken();
        (AccessHash, AccessUntil) = (Secrets.HashOf(token), null);
        return token;
    }

    /// <summary>New words in place of those nobody has seen; the link is void.</summary>
    public string NewWords()
    {
        var words = MailboxWords.New();
        Salt = RandomNumberGenerator.GetBytes(16);
        (WordsHash, AccessHash, AccessUntil) = (MailboxWords.Hash(words, Salt), null, null);
        return words;
    }
}

/// <summary>The secret words: five of a list of 256 short, plain, harmless ones, so 40 bits beside an unguessable reference.</summary>
internal static class MailboxWords
{
    /// <summary>PBKDF2 rounds: about a tenth of a second, so that guessing stays slow even with a stolen table.</summary>
    /// <remarks>Only tests that open hundreds of mailboxes set fewer, before the first; no setting does.</remarks>
    internal static int Rounds { get; set; } = 210_000;

    private static readonly byte[] NoSalt = new byte[16];
    private static readonly byte[] NoHash = new byte[32];

    internal static readonly string[] List = Read();

    public static string New() => string.Join(' ', RandomNumberGenerator.GetItems<string>(List, 5));

    public static byte[] Hash(string words, byte[] salt) =>
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(Plain(words)), salt, Rounds, HashAlgorithmName.SHA512, 32);

    /// <summary>The same work whether there is such a mailbox or not, so that time tells nothing.</summary>
    public static bool Match(Mailbox? mailbox, string words) =>
        CryptographicOperations.FixedTimeEquals(Hash(words, mailbox?.Salt ?? NoSalt), mailbox?.WordsHash ?? NoHash) & mailbox is not null;

    // Case, commas and double spaces are not secrets.
    private static string Plain(string words) =>
        string.Join(' ', words.ToLowerInvariant().Split([' ', ',', '-', '.', '\t', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries));

    private static string[] Read()
    {
        using var stream = typeof(MailboxWords).Assembly.GetManifestResourceStream("words.txt")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
    }
}

/// <summary>References people can read out: WT- and letters and digits that are not mistaken for each other.</summary>
internal static class References
{
    internal const string Alphabet = "23456789BCDFGHJKMNPQRSTVXYZ";

    public static string New(int length) => "WT-" + RandomNumberGenerator.GetString(Alphabet, length);

    /// <summary>As typed by a person: case, spaces and the prefix do not matter.</summary>
    public static string Read(string typed)
    {
        var plain = string.Concat(typed.ToUpperInvariant().Where(char.IsAsciiLetterOrDigit));
        return "WT-" + (plain.StartsWith("WT", StringComparison.Ordinal) ? plain[2..] : plain);
    }
}
