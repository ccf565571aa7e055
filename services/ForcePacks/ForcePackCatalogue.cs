using System.Collections.Frozen;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using WalkTalk.ForcePacks.Reading;

namespace WalkTalk.ForcePacks;

/// <summary>The packs of this deployment: one folder each, named by the force's id.</summary>
public sealed class ForcePackCatalogue
{
    private readonly FrozenDictionary<string, ForcePack> _packs;

    private ForcePackCatalogue(IEnumerable<ForcePack> packs, string hash)
    {
        _packs = packs.ToFrozenDictionary(p => p.Id);
        Hash = hash;
        Ids = [.. _packs.Keys.Order(StringComparer.Ordinal)];
    }

    /// <summary>Where the packs lie unless configuration says otherwise: beside the binaries, whatever the current directory.</summary>
    public static string DefaultFolder { get; } = Path.Combine(AppContext.BaseDirectory, "packs");

    /// <summary>Ids of the loaded forces, sorted.</summary>
    public IReadOnlyList<string> Ids { get; }

    /// <summary>SHA-256 over every file of every pack, in lower-case hex: services with different packs show different hashes.</summary>
    public string Hash { get; }

    /// <summary>The pack of a force; throws for an id that is not in <see cref="Ids"/>.</summary>
    public ForcePack Get(string forceId) => _packs[forceId];

    /// <summary>The pack of a force, or null.</summary>
    public ForcePack? Find(string forceId) => _packs.GetValueOrDefault(forceId);

    /// <summary>Loads every folder in <paramref name="folder"/> as a pack.</summary>
    /// <exception cref="ForcePackException">Every fault of every pack, with file and line.</exception>
    public static ForcePackCatalogue Load(string folder)
    {
        var faults = new Faults();
        if (!Directory.Exists(folder))
            throw new ForcePackException([new PackFault(folder, 0, "the folder of the force packs does not exist")]);

        var packs = new List<ForcePack>();
        foreach (var pack in Directory.GetDirectories(folder).Order(StringComparer.Ordinal))
        {
            if (PackReader.Read(new PackFolder(pack, faults)) is { } read)
                packs.Add(read);
        }
        if (packs.Count == 0 && faults.None)
            faults.Add(folder, 0, "no force pack here: each is a folder named by its data.police.uk id");
        faults.ThrowIfAny();
        return new ForcePackCatalogue(packs, HashOf(folder));
    }

    private static string HashOf(string folder)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => (File: file, Name: Path.GetRelativePath(folder, file).Replace('\\', '/')))
            .OrderBy(f => f.Name, StringComparer.Ordinal);
        foreach (var (file, name) in files)
        {
            var bytes = File.ReadAllBytes(file);
            // Name and length first, so that no content can be moved from one file to the next unseen.
            sha.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{name}\n{bytes.Length}\n")));
            sha.AppendData(bytes);
        }
        return Convert.ToHexStringLower(sha.GetHashAndReset());
    }
}
