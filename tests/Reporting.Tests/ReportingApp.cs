using WalkTalk.Fixtures;
using WalkTalk.Reporting.Data;

[assembly: CaptureConsole]

namespace WalkTalk.Reporting.Tests;

/// <summary>Reporting alone, on either ground. The clock stands at 24 November 2026: the third quarter may be published, the fourth not.</summary>
public abstract class ReportingApp(TestOn on) : ServiceApp(on, ReportingService.Module)
{
    public const string Figures = "/v1/metropolitan/figures";
    public const string Trends = "/v1/metropolitan/trends";
    public const string Releases = "/v1/metropolitan/releases";

    public sealed class Sqlite() : ReportingApp(TestOn.OneProcess);

    public sealed class Postgres() : ReportingApp(TestOn.PostgresAndRabbit);

    /// <summary>Hands over facts in the order given.</summary>
    public async Task Told(params IEnumerable<object> facts)
    {
        foreach (var fact in facts) await Deliver((dynamic)fact);
    }

    internal Task Db(Func<ReportingDb, Task> work) => Db<ReportingDb>(work);
}
