using WalkTalk.Bench;
using WalkTalk.Bench.Booking;
using WalkTalk.Bench.Faults;
using WalkTalk.Bench.Pipeline;
using WalkTalk.Bench.Search;
using WalkTalk.Bench.Simulation;
using WalkTalk.Bench.Web;

// Every run that there is. Another one is a folder beside Faults/ and a line here.
return await Runs.Start(args,
[
    BookingRun.Run,
    FaultsRun.Run,
    PagesRun.Run,
    PipelineRun.Run,
    SearchRun.Run,
    SimulateRun.Run,
    StandaloneRun.Run,
]);
