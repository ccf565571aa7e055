using System.Text.Json;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Standalone;

/// <summary>Puts a backup into an empty data folder, once everything about it has been checked.</summary>
internal static class Restore
{
    /// <exception cref="BackupException">Nothing was restored; the message says why.</exception>
    /// <exception cref="DataFolderTaken">A process works on the data folder.</exception>
    public static async Task Run(string source, IConfiguration configuration)
    {
        var manifest = await Read(source);
        if (Version.Parse(manifest.Version) > Version.Parse(Telemetry.Version))
        {
            throw new BackupException($"The backup was made by version {manifest.Version}, and this is {Telemetry.Version}. Restore it with that version or a later one.");
        }

        var data = Database.DataFolder(configuration);
        CheckKeys(manifest, data, configuration);
        using var folder = DataFolder.Take(data);
        if (Directory.EnumerateFileSystemEntries(data).Select(Path.GetFileName).FirstOrDefault(name => name is not ("keys" or DataFolder.Lock)) is { } there)
        {
            throw new BackupException($"{data} is not empty: {there}. Restore into a new folder, and start with --data=FOLDER.");
        }

        Console.WriteLine($"Backup of {manifest.At:u}, version {manifest.Version}");
        foreach (var file in manifest.Files)
        {
            var path = Path.Combine(source, file.Name);
            if (!File.Exists(path) || await BackupFile.Of(path) != file)
            {
                throw new BackupException($"{file.Name} is not what was backed up: it is missing, or its checksum differs. Nothing was restored.");
            }
        }

        try
        {
            foreach (var file in manifest.Files)
            {
                await Copy(Path.Combine(source, file.Name), Path.Combine(data, file.Name + Unfinished));
                Console.WriteLine($"  {file.Name,-20} {file.Bytes / 1024.0 / 1024,8:0.0} MB, restored");
            }

            foreach (var file in manifest.Files)
            {
                File.Move(Path.Combine(data, file.Name + Unfinished), Path.Combine(data, file.Name));
            }
        }
        catch
        {
            foreach (var file in Directory.GetFiles(data, $"*{Unfinished}"))
            {
                File.Delete(file);
            }

            throw;
        }

        Console.WriteLine($"Restored into {data}. What waited to be sent at that instant is sent when the process starts.");
    }

    private const string Unfinished = ".unfinished";

    private static async Task<BackupManifest> Read(string source)
    {
        var path = Path.Combine(source, BackupManifest.File);
        if (!File.Exists(path))
        {
            throw new BackupException($"There is no finished backup in {source}: {BackupManifest.File} is missing.");
        }

        try
        {
            await using var stream = File.OpenRead(path);
            if (await JsonSerializer.DeserializeAsync<BackupManifest>(stream, BackupManifest.Json) is { Keys: not null, Files: { Count: > 0 } files } manifest
                && Version.TryParse(manifest.Version, out _) && files.All(f => Path.GetFileName(f.Name) == f.Name))
            {
                return manifest;
            }
        }
        catch (JsonException)
        {
            // said below
        }

        throw new BackupException($"{path} cannot be read: it is no manifest of a backup.");
    }

    // Found out now, and not when the first mail cannot be written.
    private static void CheckKeys(BackupManifest manifest, string data, IConfiguration configuration)
    {
        foreach (var name in Keys.Names)
        {
            var (was, here) = (manifest.Keys.GetValueOrDefault(name), Keys.Fingerprint(configuration, name));
            // Every platform that ever ran has a master key, whether or not whoever made the backup could see it.
            if (here is null && (was is not null || name == "MasterKey"))
            {
                throw new BackupException(
                    $"The key {name} is missing: it is in no backup, and without it no contact can be read. Copy the folder keys of the old data folder to {Path.Combine(data, "keys")}, or set Protection:{name}, and restore again.");
            }

            if (was is not null && was != here)
            {
                throw new BackupException($"The key {name} is not the one of this backup, and no contact could be read with it. Put the right one into {Path.Combine(data, "keys")} or Protection:{name}, and restore again.");
            }
        }
    }

    private static async Task Copy(string from, string to)
    {
        await using var source = File.OpenRead(from);
        await using var target = new FileStream(to, FileMode.CreateNew);
        await source.CopyToAsync(target);
        target.Flush(flushToDisk: true);
    }
}
