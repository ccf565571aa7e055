using System.Security.Cryptography;
using System.Text;
using WalkTalk.Contracts.Booking;
using WalkTalk.Disclosure;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback;

/// <summary>
/// Checks attendance tokens. The public key comes from Attendance:PublicKey (PEM), Attendance:PublicKeyFile, Booking's own
/// page, or the data folder of a Booking in the same place; it is no secret, and kept once read.
/// </summary>
internal sealed class AttendanceKeys(IConfiguration configuration, IHttpClientFactory http) : IDisposable
{
    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly Dictionary<string, ECDsa> byForce = [];

    /// <summary>The claims of a good token of this force, else the refusal.</summary>
    public async Task<(AttendanceToken? Attendance, Refusal? Refusal)> Read(string token, string force, CancellationToken ct)
    {
        ECDsa? key;
        await gate.WaitAsync(ct);
        try
        {
            key = byForce.GetValueOrDefault(force) ?? (await Pem(force, ct) is { } pem ? byForce[force] = Import(pem) : null);
            if (key is null)
                return (null, FeedbackRefusals.AttendanceUnchecked);
            // Inside the gate: an ECDsa is not for two threads at once.
            return AttendanceToken.TryRead(token, key, out var attendance) && attendance.Force == force && Quarter.TryParse(attendance.Quarter, out _)
                ? (attendance, null)
                : (null, FeedbackRefusals.AttendanceInvalid);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>All that is kept of a used token.</summary>
    public static byte[] Spent(AttendanceToken attendance) => SHA256.HashData(Encoding.UTF8.GetBytes($"{attendance.Force}|{attendance.Nonce}"));

    private async Task<string?> Pem(string force, CancellationToken ct)
    {
        if (configuration["Attendance:PublicKey"] is { Length: > 0 } pem)
            return pem;
        if (configuration["Attendance:PublicKeyFile"] is { Length: > 0 } file && File.Exists(file))
            return await File.ReadAllTextAsync(file, ct);
        if (configuration["Services:booking:http:0"] is not { Length: > 0 } booking)
        {
            var beside = Path.Combine(Database.DataFolder(configuration), "keys", "attendance.pub");
            return File.Exists(beside) ? await File.ReadAllTextAsync(beside, ct) : null;
        }
        try
        {
            using var client = http.CreateClient();
            return await client.GetStringAsync($"{booking.TrimEnd('/')}/v1/{force}/attendance-key", ct);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static ECDsa Import(string pem)
    {
        var key = ECDsa.Create();
        key.ImportFromPem(pem);
        return key;
    }

    public void Dispose()
    {
        gate.Dispose();
        foreach (var key in byForce.Values)
            key.Dispose();
    }
}
