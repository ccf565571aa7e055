using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using WalkTalk.Fixtures;

namespace WalkTalk.Bench.Planted;

/// <summary>
/// A copy of the working copy in which every bug is planted, built in Release. WALKTALK_PLANTED wakes one of them in a process; the product's own
/// source never holds a switch. A copy stays until the source changes, because it takes a minute to build.
/// </summary>
internal static class PlantedCopy
{
    /// <summary>What wakes a bug in a process of the copy.</summary>
    public const string Variable = "WALKTALK_PLANTED";

    private const string Switch = $$"""
        namespace WalkTalk.ServiceDefaults;

        /// <summary>Which planted bug is awake in this process.</summary>
        public static class Planted
        {
            private static readonly string? Awake = Environment.GetEnvironmentVariable("{{Variable}}");

            public static bool Is(string bug) => bug == Awake;
        }

        """;

    /// <summary>The folder of the copy, built.</summary>
    public static async Task<string> Build(CancellationToken ct)
    {
        var sources = Sources().ToList();
        var copy = Path.Combine(Path.GetTempPath(), $"walktalk-planted-{Hash(sources)}");
        if (File.Exists(Path.Combine(copy, "built")))
        {
            return copy;
        }

        foreach (var (file, bytes) in sources)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(copy, file))!);
            await File.WriteAllBytesAsync(Path.Combine(copy, file), bytes, ct);
        }

        await File.WriteAllTextAsync(Path.Combine(copy, "ServiceDefaults", "Planted.cs"), Switch, ct);
        foreach (var patch in Bugs.All.SelectMany(b => b.Patches).Distinct())
        {
            var file = Path.Combine(copy, patch.File);
            await File.WriteAllTextAsync(file, Applied(patch, await File.ReadAllTextAsync(file, ct)), ct);
        }

        await Shell.Run(new ProcessStartInfo("dotnet", ["build", Path.Combine(copy, "bench"), "-c", "Release", "-v", "q", "-nologo", "-clp:ErrorsOnly", "-p:TreatWarningsAsErrors=false"]) { WorkingDirectory = copy }, ct);
        await File.WriteAllTextAsync(Path.Combine(copy, "built"), "", ct);
        return copy;
    }

    /// <summary>The text with the patch applied.</summary>
    /// <exception cref="InvalidOperationException">What it replaces does not stand there exactly once: the source has moved on.</exception>
    public static string Applied(Patch patch, string text)
    {
        var at = text.IndexOf(patch.Original, StringComparison.Ordinal);
        return at >= 0 && text.IndexOf(patch.Original, at + 1, StringComparison.Ordinal) < 0
            ? string.Concat(text.AsSpan(0, at), patch.Replacement, text.AsSpan(at + patch.Original.Length))
            : throw new InvalidOperationException($"{patch.File} holds this {(at < 0 ? "nowhere" : "more than once")}: {patch.Original}");
    }

    private static IEnumerable<(string File, byte[] Bytes)> Sources() =>
        Shell.Read("git", "-C", Repository.Root, "ls-files", "--cached", "--others", "--exclude-standard").Split('\n').Where(f => !f.EndsWith(".md", StringComparison.Ordinal) && File.Exists(Repository.PathOf(f)))
            .Select(f => (f, File.ReadAllBytes(Repository.PathOf(f))));

    private static string Hash(List<(string File, byte[] Bytes)> sources)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (file, bytes) in sources)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(file));
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetCurrentHash().AsSpan(0, 8));
    }
}
