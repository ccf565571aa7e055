using WalkTalk.ForcePacks;

namespace WalkTalk.Feedback;

/// <summary>Where a text may be read.</summary>
internal enum Route
{
    /// <summary>By local staff, as the masked working copy.</summary>
    Triage,
    /// <summary>Sealed for safeguarding: it may be a crime, or somebody has to be kept safe. The concern keeps code, facets and coarse place.</summary>
    Disclosure,
    /// <summary>Sealed for standards: it is about police, whatever else it is.</summary>
    Standards,
}

/// <summary>
/// What screening decided. Crime is why it may be one (tick, code, cue), or null: told together with the conduct of police it goes to standards,
/// and its 24 hours are theirs. Working is what local staff may read: null where the text is sealed elsewhere.
/// </summary>
internal sealed record Screened(Route Route, string? Crime, bool KeepsConcern, string? Working, IReadOnlyList<string> Masked, bool Danger);

/// <summary>Reads every text before anyone local does. Pure; when in doubt, to people.</summary>
internal static class Screen
{
    /// <param name="code">What she says it is about.</param>
    /// <param name="herTick">She says herself that it may be a crime.</param>
    /// <param name="texts">Everything she wrote, in reading order.</param>
    public static Screened Read(ConcernType code, bool herTick, params IEnumerable<string?> texts)
    {
        var text = string.Join("\n", texts.Where(t => !string.IsNullOrWhiteSpace(t)).Select(t => t!.Trim()));
        var danger = Cues.Danger(text);
        // That the code for conduct may be a crime says nothing yet: what she wrote, or her tick, has to.
        var crime = herTick ? "tick" : code.MayBeCrime && code.Branch != ConcernBranch.Standards ? "code" : Cues.Crime(text) || Cues.Safeguarding(text) || danger ? "cue" : null;

        if (code.Branch == ConcernBranch.Standards || Cues.PoliceConduct(text))
        {
            // A broken light told together with an officer's conduct still needs its answer; a concern
            // the local police would own is sealed whole, so that its skeleton tells them nothing.
            var ownedByPolice = code.Branch == ConcernBranch.Standards || code.Owners.Contains("POL");
            return new(Route.Standards, crime, !ownedByPolice, null, [], danger);
        }

        if (crime is not null)
            return new(Route.Disclosure, crime, true, null, [], danger);

        var (working, masked) = PersonalDataMask.Apply(text);
        return new(Route.Triage, null, true, working.Length == 0 ? null : working, masked, danger);
    }

    /// <summary>
    /// Reads what she writes later, in answer to a question or to "we say done", and of her photos. The code alone seals nothing here: she was
    /// asked, and whoever asked has to be able to read the answer.
    /// </summary>
    public static Screened Reply(string? text, params IEnumerable<string?> ofPhotos)
    {
        var all = string.Join("\n", ofPhotos.Prepend(text).Where(t => !string.IsNullOrWhiteSpace(t)));
        var danger = Cues.Danger(all);
        var crime = danger || Cues.Crime(all) || Cues.Safeguarding(all) ? "cue" : null;
        if (Cues.PoliceConduct(all))
            return new(Route.Standards, crime, true, null, [], danger);
        if (crime is not null)
            return new(Route.Disclosure, crime, true, null, [], danger);
        var (working, masked) = PersonalDataMask.Apply(text?.Trim() ?? "");
        return new(Route.Triage, null, true, working.Length == 0 ? null : working, masked, danger);
    }
}
