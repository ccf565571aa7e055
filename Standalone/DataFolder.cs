namespace WalkTalk.Standalone;

/// <summary>The folder with the databases and keys, held by one process at a time.</summary>
internal sealed class DataFolder : IDisposable
{
    /// <summary>The file that is held. The operating system lets go of it however the process ends.</summary>
    public const string Lock = "walktalk.lock";

    private readonly FileStream held;

    private DataFolder(string path, FileStream held) => (Path, this.held) = (path, held);

    public string Path { get; }

    /// <summary>Takes the folder, making it where it is not there.</summary>
    /// <exception cref="DataFolderTaken">Another process has it.</exception>
    public static DataFolder Take(string path)
    {
        Directory.CreateDirectory(path);
        try
        {
            return new DataFolder(path, new FileStream(System.IO.Path.Combine(path, Lock), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException)
        {
            throw new DataFolderTaken(path);
        }
    }

    public void Dispose() => held.Dispose();
}

/// <summary>Two processes on one folder would each think that they are alone.</summary>
internal sealed class DataFolderTaken(string path)
    : Exception($"Another process uses the data in {path}. Stop it, or choose another folder with --data=FOLDER.");
