namespace WalkTalk.ForcePacks;

/// <summary>One fault of a pack. <paramref name="Line"/> counts from 1; 0 means the file as a whole.</summary>
public sealed record PackFault(string File, int Line, string Message)
{
    /// <summary>file:line: message, as editors and terminals make it a link.</summary>
    public override string ToString() => Line > 0 ? $"{File}:{Line}: {Message}" : $"{File}: {Message}";
}

/// <summary>The packs cannot be used. Names every fault of every pack at once, so that one correction round is enough.</summary>
public sealed class ForcePackException(IReadOnlyList<PackFault> faults) : Exception(
    $"The force packs have {(faults.Count == 1 ? "one fault" : $"{faults.Count} faults")}:{Environment.NewLine}{string.Join(Environment.NewLine, faults)}")
{
    /// <summary>All faults, by file and line.</summary>
    public IReadOnlyList<PackFault> Faults { get; } = faults;
}
