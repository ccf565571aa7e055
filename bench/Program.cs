using System.Runtime.Versioning;
using WalkTalk.Bench;
using WalkTalk.Bench.Faults;

// Signals, file modes and the servers' paths are those of Linux.
[assembly: SupportedOSPlatform("linux")]

// Every run that there is. Another one is a folder beside Faults/ and a line here.
return await Runs.Start(args,
[
    FaultsRun.Run,
]);
