namespace WalkTalk.Standalone;

/// <summary>What can be written after "dotnet run --project Standalone --".</summary>
internal static class CommandLine
{
    public const string Help = """
        WalkTalk in one process: SQLite, no broker, no container.

          --demo             a year of demonstration data, and sign-ins that are printed
          --services=a,b     only some of booking, feedback, notification, reporting
          --urls=URL         where it listens; default http://localhost:5080
          --data=FOLDER      where it keeps its data; default ./walktalk-data
          --Section:Key=V    any other setting, e.g. --Smtp:Host=mail.example.org (README.md of each service)
          --help             this text

          backup FOLDER      copies the data, also while it is in use, into a new folder; without the keys
          restore FOLDER     puts a backup into the empty folder of --data, where the keys must be already
          verify-audit FILE… checks downloaded ranges of an audit chain, without a network; several must go
                             on from each other. 0: whole, 1: broken and where, 2: no such file

        Stop with Ctrl+C. One process at a time may use a data folder.

        """;

    private static readonly string[] Known = ["--demo", "--services", "--urls", "--data", "--environment"];

    /// <summary>What is wrong with the arguments, in words, or null.</summary>
    public static string? Complaint(string[] args) => args switch
    {
        ["backup" or "restore", var folder, .. var options] when !folder.StartsWith('-') => ComplaintOfOptions(options),
        ["verify-audit", _, ..] when !args.Any(a => a.StartsWith('-')) => null,
        ["verify-audit", ..] => "verify-audit needs the files that were downloaded: verify-audit FILE…",
        ["backup" or "restore", ..] => $"{args[0]} needs a folder: {args[0]} FOLDER [--data=FOLDER]",
        _ => ComplaintOfOptions(args),
    };

    private static string? ComplaintOfOptions(string[] args) => args
        .Select(a => a.Split('=', 2))
        .Where(a => !(Known.Contains(a[0]) && (a.Length == 2) == (a[0] != "--demo")) && !(a.Length == 2 && a[0].StartsWith("--", StringComparison.Ordinal) && a[0].Contains(':', StringComparison.Ordinal)))
        .Select(a => Known.Contains(a[0]) && a.Length == 1 ? $"{a[0]} needs a value: {a[0]}=…" : $"Unknown option {a[0]}. --help shows what there is.")
        .FirstOrDefault();

    /// <summary>The arguments as configuration.</summary>
    public static string[] Settings(string[] args) => [.. args.Select(a => a == "--demo" ? "--Demo:Enabled=true" : a)];
}
