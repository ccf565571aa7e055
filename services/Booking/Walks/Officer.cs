using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking;

/// <summary>An officer who walks. Signed in when a coordinator has attached her account; without one she can neither verify nor start.</summary>
internal sealed class Officer : IForceRow, IVersioned
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public string ForceId { get; set; } = "";
    public long Version { get; set; }
    public required string FirstName { get; set; }
    public required string CollarNumber { get; set; }

    /// <summary>The number as it is compared: capitals and digits only, because it is read from a shoulder in the dark.</summary>
    public required string CollarKey { get; init; }

    public List<string> Languages { get; set; } = ["en"];

    /// <summary>Codes of the wards she walks in.</summary>
    public List<string> Areas { get; set; } = [];

    /// <summary>She signs BSL.</summary>
    public bool SignLanguage { get; set; }
    public string? Sub { get; set; }

    /// <summary>Her work address, under a key of her own (her id's). Without one she gets no mail.</summary>
    public string? EmailProtected { get; set; }

    /// <summary>By which a file's address is known to be the same one.</summary>
    public string? EmailHash { get; set; }

    /// <summary>Of the secret in the address of her calendar; null: she has none.</summary>
    public byte[]? CalendarHash { get; set; }

    /// <summary>The last day on which she walks, on the force's clock; null: she stays.</summary>
    public DateOnly? LastDay { get; set; }
    public List<Availability> Availability { get; init; } = [];
    public List<Leave> Leave { get; init; } = [];

    /// <summary>Keeps her address, protected; empty takes it away, null leaves it. Answers whether it is another one than before.</summary>
    public async Task<bool> MailTo(string? address, BookingDb db, PersonalData personal, CancellationToken ct)
    {
        var hash = address is { Length: > 0 } ? personal.Hash(db, address) : null;
        if (address is null || hash == EmailHash) return false;
        EmailHash = hash;
        EmailProtected = hash is null ? null : await personal.Protect(db, Id, BookingMail.Email, address, ct);
        return true;
    }

    /// <summary>Her last day is over: no page opens to her, and nobody is told that she is genuine.</summary>
    /// <param name="at">On the force's clock.</param>
    public bool HasLeft(DateTimeOffset at) => LastDay < DateOnly.FromDateTime(at.DateTime);

    /// <summary>A walk that ends then is not over on her last day, so it cannot be hers. One that ends at midnight is.</summary>
    /// <param name="end">On the force's clock.</param>
    public bool LeavesBefore(DateTimeOffset end) => HasLeft(end.AddTicks(-1));

    public static string KeyOf(string? collarNumber) =>
        string.Concat((collarNumber ?? "").Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();
}
