using System.ComponentModel.DataAnnotations;

namespace WalkTalk.Feedback;

/// <summary>Section Partners. Beside it stands one section a force and partner: Partners:{force}:{id}:ApiKey, which we send them, and :KeyHash, by which they come.</summary>
internal sealed class PartnerOptions
{
    /// <summary>So many seconds (1 to 60) a partner has for one answer, headers and body together.</summary>
    [Range(1, 60)]
    public int TimeoutSeconds { get; set; } = 20;

    /// <summary>So many bytes (1,024 to 16 MiB) of an answer are read; a longer one counts as none.</summary>
    [Range(1024, 16 * 1024 * 1024)]
    public int MostBytes { get; set; } = 2 * 1024 * 1024;

    /// <summary>True where endpoints of the pack may stand in the force's own network; otherwise no address that is not public is connected to.</summary>
    public bool PrivateAddresses { get; set; }
}
