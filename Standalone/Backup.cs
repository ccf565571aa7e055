using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Standalone;

/// <summary>
/// Copies every database of a data folder as it was at one instant, also while a process works on it. The services tell each other
/// facts: copies of different instants would know of messages that were never sent, or have lost what was already told.
/// </summary>
internal static class Backup
{
    private static readonly TimeSpan LockWithin = TimeSpan.FromSeconds(60);

    /// <exception cref="BackupException">Nothing was made; the message says why.</exception>
    public static async Task Make(string target, IConfiguration configuration)
    {
        var data = Database.DataFolder(configuration);
        var databases = Databases(data, configuration);
        if (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any())
        {
            throw new BackupException($"{target} is not empty. A backup goes into a folder of its own.");
        }

        NewFolder(target);
        try
        {
            var (snapshots, waited) = Cut(databases);
            var at = TimeProvider.System.GetUtcNow();
            Console.WriteLine($"{databases.Count} databases of {data}, as they were at {at:u}; writers waited for {waited.TotalMilliseconds:0} ms");
            var files = new List<BackupFile>();
            foreach (var (database, snapshot) in databases.Zip(snapshots))
            {
                await using (snapshot)
                {
                    files.Add(await Copy(snapshot, Path.Combine(target, Path.GetFileName(database))));
                    Console.WriteLine($"  {files[^1].Name,-20} {files[^1].Bytes / 1024.0 / 1024,8:0.0} MB, whole");
                }
            }

            var manifest = new BackupManifest(Telemetry.Version, at, Keys.Names.ToDictionary(name => name, name => Keys.Fingerprint(configuration, name)), files);
            await using var stream = new FileStream(Path.Combine(target, BackupManifest.File), FileMode.CreateNew);
            await JsonSerializer.SerializeAsync(stream, manifest, BackupManifest.Json);
            stream.Flush(flushToDisk: true);
            Console.WriteLine($"""
                The backup is in {target}.
                The keys are NOT in it, because who has both can read every contact. They are in {Path.Combine(data, "keys")} or in
                Protection:MasterKey and Protection:TransitKey: keep a copy of them somewhere else. Without them no contact can be read again.
                """);
        }
        catch
        {
            Directory.Delete(target, recursive: true);
            throw;
        }
    }

    private static List<string> Databases(string data, IConfiguration configuration)
    {
        if (configuration.GetSection("ConnectionStrings").GetChildren().FirstOrDefault(c => c.Key.EndsWith("-db", StringComparison.Ordinal)) is { Key: var elsewhere })
        {
            throw new BackupException($"ConnectionStrings:{elsewhere} says that this database is not in the data folder. Back up all of them with their server's own means.");
        }

        var databases = Directory.Exists(data) ? Directory.GetFiles(data, "*.db").Order(StringComparer.Ordinal).ToList() : [];
        return databases.Count > 0 ? databases : throw new BackupException($"There are no databases in {data}. Say where they are with --data=FOLDER.");
    }

    // It holds what only the process itself may read.
    private static void NewFolder(string target)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(target);
        }
        else
        {
            Directory.CreateDirectory(target, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>A reader of each database, all of one instant: while every database is locked against writers, each reader begins.</summary>
    private static (List<SqliteConnection> Readers, TimeSpan WritersWaited) Cut(List<string> databases)
    {
        var patience = Stopwatch.StartNew();
        while (true)
        {
            var (locks, readers) = (new List<SqliteConnection>(), new List<SqliteConnection>());
            try
            {
                var locked = TimeSpan.Zero;
                foreach (var database in databases)
                {
                    locks.Add(Open(database));
                    Ask(locks[^1], "PRAGMA busy_timeout = 1000");
                    locks[^1].BeginTransaction(deferred: false);
                    locked = locks.Count == 1 ? patience.Elapsed : locked;
                }

                foreach (var database in databases)
                {
                    readers.Add(Open(database));
                    readers[^1].BeginTransaction(deferred: true);
                    Ask(readers[^1], "SELECT count(*) FROM sqlite_schema");
                }

                return (readers, patience.Elapsed - locked);
            }
            catch (SqliteException e) when (e.SqliteErrorCode == 5 && patience.Elapsed < LockWithin)
            {
                // A writer that holds one database and waits for another is let through: all locks are given back first.
                readers.ForEach(reader => reader.Dispose());
            }
            finally
            {
                locks.ForEach(held => held.Dispose());
            }
        }
    }

    private static async Task<BackupFile> Copy(SqliteConnection snapshot, string file)
    {
        await using (var copy = Open(file))
        {
            snapshot.BackupDatabase(copy);
        }

        await using (var copy = Open(file))
        {
            if (Ask(copy, "PRAGMA integrity_check") is var found && found is not "ok")
            {
                throw new BackupException($"{Path.GetFileName(file)} is damaged: {found}");
            }
        }

        return await BackupFile.Of(file);
    }

    private static SqliteConnection Open(string file)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false, DefaultTimeout = 1 }.ToString());
        connection.Open();
        return connection;
    }

    private static object? Ask(SqliteConnection connection, string question)
    {
        using var command = connection.CreateCommand();
        command.CommandText = question;
        return command.ExecuteScalar();
    }
}

/// <summary>What a backup holds; written when everything else is there, so that a backup without it was never finished.</summary>
/// <param name="Version">The version that made it.</param>
/// <param name="At">The instant of its databases.</param>
/// <param name="Keys">The fingerprint of each key that protects them, null where the key was not known to whoever made it.</param>
/// <param name="Files">The databases.</param>
internal sealed record BackupManifest(string Version, DateTimeOffset At, IReadOnlyDictionary<string, string?> Keys, IReadOnlyList<BackupFile> Files)
{
    public const string File = "manifest.json";

    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };
}

/// <summary>One database of a backup, with the SHA-256 of its bytes.</summary>
internal sealed record BackupFile(string Name, long Bytes, string Sha256)
{
    public static async Task<BackupFile> Of(string path)
    {
        await using var stream = System.IO.File.OpenRead(path);
        return new BackupFile(Path.GetFileName(path), stream.Length, Convert.ToHexStringLower(await SHA256.HashDataAsync(stream)));
    }
}

/// <summary>Why a backup is not made or not restored, in words for whoever asked.</summary>
internal sealed class BackupException(string message) : Exception(message);
