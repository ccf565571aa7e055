using System.Text.Json;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Standalone;

/// <summary>Checks downloaded ranges of an audit chain with nothing but the files: each by itself, and that each goes on where the one before it ended.</summary>
internal static class VerifyAudit
{
    /// <returns>0 where all is whole, 1 where a chain is broken, 2 where something is no such file.</returns>
    public static async Task<int> Run(IReadOnlyList<string> files)
    {
        AuditRange? before = null;
        var broken = 0;
        foreach (var file in files)
        {
            AuditFinding found;
            try
            {
                using var reader = File.OpenText(file);
                found = AuditChain.Verify(reader);
            }
            catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
            {
                await Console.Error.WriteLineAsync($"{file}: {(e is JsonException ? "This is no downloaded range of an audit chain." : e.Message)}");
                return 2;
            }

            var range = found.Range;
            if ((found.Broken ?? Gap(before, range)) is { } how)
            {
                await Console.Out.WriteLineAsync($"BROKEN  {file}: {range.Chain} of {range.Force}. {how}");
                broken = 1;
            }
            else
            {
                await Console.Out.WriteLineAsync($"OK      {file}: {range.Chain} of {range.Force}, entries {range.From} to {range.To}: {found.Entries} follow from each other, {found.Sealed} of them sealed. Head {range.Head}");
            }

            before = range;
        }

        return broken;
    }

    private static string? Gap(AuditRange? before, AuditRange range) =>
        before is null ? null
        : (before.Chain, before.Force) != (range.Chain, range.Force) ? $"The file before it is {before.Chain} of {before.Force}."
        : before.To + 1 != range.From ? $"It begins with entry {range.From}, and the file before it ends with {before.To}."
        : before.Head != range.Before ? $"It does not go on from the file before it: entry {before.To} is another one now."
        : null;
}
