using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using WalkTalk.Contracts.Feedback;
using WalkTalk.Reporting.Data;
using WalkTalk.Reporting.Projections;
using WalkTalk.ServiceDefaults.Messaging;

namespace WalkTalk.Reporting.Tests.Projections;

/// <summary>Facts about one thing come close together, and to any replica.</summary>
public abstract class TurnTests(ReportingApp app)
{
    public sealed class Sqlite(ReportingApp.Sqlite app) : TurnTests(app), IClassFixture<ReportingApp.Sqlite>;

    public sealed class Postgres(ReportingApp.Postgres app) : TurnTests(app), IClassFixture<ReportingApp.Postgres>;

    [Fact]
    public async Task Facts_of_one_concern_that_replicas_project_at_the_same_moment_all_count_at_the_first_try()
    {
        var (concern, day) = (Guid.NewGuid(), new DateOnly(2026, 9, 1));
        var claims = Enumerable.Range(0, 24).Select(n => new ConcernClaimedDone(concern, day.AddDays(24 - n)));

        await Task.WhenAll(claims.Select(claim => Task.Run(() => AsAReplica(claim))));

        await app.Db(async db => Assert.Equal(day.AddDays(1), (await db.Concerns.SingleAsync(c => c.Id == concern)).ClaimedOn));
    }

    private async Task AsAReplica(ConcernClaimedDone claim)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ReportingDb>();
        db.Force = ReportingApp.Force;
        await using var transaction = await db.Database.BeginTransactionAsync();
        await ActivatorUtilities.CreateInstance<ConcernProjection>(scope.ServiceProvider).Consume(claim, null!, CancellationToken.None);
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
    }
}
