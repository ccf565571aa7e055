namespace WalkTalk.Fixtures;

/// <summary>Where the working copy is that these tests were built from.</summary>
public static class Repository
{
    /// <summary>The folder of WalkTalk.Platform.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The full path of something in the working copy.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "WalkTalk.Platform.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No WalkTalk.Platform.sln above {AppContext.BaseDirectory}: run the tests from a working copy.");
    }
}
