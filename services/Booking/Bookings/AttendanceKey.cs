using System.Security.Cryptography;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking;

/// <summary>
/// The key that signs attendance tokens: Attendance:PrivateKey (PEM, ECDSA P-256). A process without database server or broker makes its own
/// and keeps it in the data folder, in keys/, with the public half beside it (attendance.pub) for a Feedback in the same place.
/// </summary>
internal sealed class AttendanceKey(IConfiguration configuration) : IDisposable
{
    private readonly Lazy<ECDsa> key = new(() => Load(configuration));

    public ECDsa Private => key.Value;

    /// <summary>PEM of the public half.</summary>
    public string Public => key.Value.ExportSubjectPublicKeyInfoPem();

    public void Dispose()
    {
        if (key.IsValueCreated) key.Value.Dispose();
    }

    private static ECDsa Load(IConfiguration configuration)
    {
        if (configuration["Attendance:PrivateKey"] is { Length: > 0 } pem) return Read(pem);
        if (configuration.GetSection("ConnectionStrings").GetChildren().Any())
            throw new InvalidOperationException("Attendance:PrivateKey is not set. A process with a database server or a broker does not make its own keys.");

        var folder = Path.Combine(Database.DataFolder(configuration), "keys");
        var file = Path.Combine(folder, "attendance");
        Directory.CreateDirectory(folder);
        if (File.Exists(file)) return Read(File.ReadAllText(file));

        var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var writer = new StreamWriter(file, options)) writer.Write(made.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(file + ".pub", made.ExportSubjectPublicKeyInfoPem());
        return made;
    }

    private static ECDsa Read(string pem)
    {
        var read = ECDsa.Create();
        read.ImportFromPem(pem);
        return read;
    }
}
