namespace WalkTalk.Bench.Planted;

/// <summary>A fault of the product that is planted in a copy of it, to see that a run finds it.</summary>
/// <param name="Name">What --planted calls it, and what Planted.Is asks for.</param>
/// <param name="Says">What the product would do wrong.</param>
/// <param name="Patches">Where; each holds its replacement behind <c>Planted.Is("name")</c>, so that one build has them all.</param>
internal sealed record Bug(string Name, string Says, params IReadOnlyList<Patch> Patches);

/// <summary>One place in the source.</summary>
/// <param name="File">From the root of the working copy.</param>
/// <param name="Original">Text that stands there exactly once; a test says when it no longer does.</param>
/// <param name="Replacement">What stands there in the copy.</param>
internal sealed record Patch(string File, string Original, string Replacement);
