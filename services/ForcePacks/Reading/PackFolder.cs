using System.Text;

namespace WalkTalk.ForcePacks.Reading;

/// <summary>Collects what is wrong, so that nobody corrects a pack one fault at a time.</summary>
internal sealed class Faults
{
    private readonly List<PackFault> _faults = [];

    public int Count => _faults.Count;

    public bool None => Count == 0;

    public void Add(string file, int line, string message) => _faults.Add(new PackFault(file, line, message));

    public void ThrowIfAny()
    {
        if (!None)
            throw new ForcePackException([.. _faults.Distinct().OrderBy(f => f.File, StringComparer.Ordinal).ThenBy(f => f.Line).ThenBy(f => f.Message, StringComparer.Ordinal)]);
    }
}

/// <summary>One pack's folder. Files are named from the pack on: <c>metropolitan/wards.csv</c>.</summary>
internal sealed class PackFolder(string path, Faults faults)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public string Name { get; } = Path.GetFileName(Path.TrimEndingDirectorySeparator(path));

    public Faults Faults => faults;

    public string Label(string file) => $"{Name}/{file}";

    public string? Text(string file)
    {
        try
        {
            return Strict.GetString(File.ReadAllBytes(Path.Combine(path, file))).TrimStart('\uFEFF');
        }
        catch (FileNotFoundException)
        {
            faults.Add(Label(file), 0, "the file is missing");
        }
        catch (DecoderFallbackException)
        {
            faults.Add(Label(file), 0, "the file is not UTF-8");
        }
        return null;
    }

    public IEnumerable<string> Files() => Directory.GetFileSystemEntries(path).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal);
}
