using Microsoft.EntityFrameworkCore;
using WalkTalk.ForcePacks;

namespace WalkTalk.Feedback;

/// <summary>
/// Brings one referral one step on: sends it, looks for it, asks for its reference or its status. "Sending" is saved before the partner is
/// spoken to, so that after a crash it is known that it may have arrived; a partner is never spoken to inside a transaction.
/// </summary>
internal sealed class BringPartnerRequest(FeedbackDb db, ForcePackCatalogue packs, Open311Client partners, Tell tell, ILogger<BringPartnerRequest> log)
{
    private const int MostConflicts = 10;

    public async Task Run(Guid id, DateTimeOffset until, CancellationToken ct)
    {
        if (await db.PartnerRequests.SingleOrDefaultAsync(r => r.Id == id, ct) is not { } request || request.LeasedUntil != until)
            return;
        var pack = packs.Get(request.ForceId);
        var concern = await db.Concerns.SingleAsync(c => c.Id == request.ConcernId, ct);
        try
        {
            if (pack.Partners.FirstOrDefault(p => p.Id == request.Partner) is not { Endpoint: not null } partner || !concern.IsOpen
                || (request.State == PartnerState.Waiting && !(concern.State is ConcernState.Referred or ConcernState.WaitingForContributor or ConcernState.Merged && concern.ReferredTo == request.Body)))
            {
                // It has ended or gone another way meanwhile; what has not left does not leave.
                request.End();
                await db.SaveChangesAsync(ct);
                return;
            }
            if (await Step(request, partner, ct) is { } heard)
                await Keep(id, until, heard, partner, pack, ct);
        }
        catch (DbUpdateConcurrencyException)
        {
            // Somebody decided about it in this moment: what they saved stands.
        }
    }

    private async Task<Heard?> Step(PartnerRequest request, Partner partner, CancellationToken ct)
    {
        switch (request.State)
        {
            case PartnerState.Waiting:
                if (request.MayBeThere && await Look() is { What: not HeardWhat.NotThere } found)
                    return found;
                return await Check(request, partner, ct) ?? await Send(request, partner, ct);
            case PartnerState.Sending:
                request.FoundSending();
                await db.SaveChangesAsync(ct);
                return await Look();
            case PartnerState.Uncertain:
                return await Look();
            case PartnerState.Token:
                return await partners.Redeem(partner, request.Token!, ct);
            case PartnerState.Sent:
                return await partners.Status(partner, request.TheirReference!, request.LookedAt ?? request.SentAt!.Value, db.Now, ct);
            default:
                return null;
        }

        Task<Heard> Look() => partners.Find(partner, request.ServiceCode, request.Reference, request.SentAt!.Value, db.Now, ct);
    }

    /// <summary>Why it is not sent as it is; null when it may go.</summary>
    private async Task<Heard?> Check(PartnerRequest request, Partner partner, CancellationToken ct)
    {
        if (partner.Services.FirstOrDefault(s => s.Code == request.ServiceCode) is not { } service)
            return new Heard(HeardWhat.Refused, "service-gone") { Words = request.ServiceCode };
        var (asked, instead) = await partners.Attributes(partner, request.ServiceCode, ct);
        return asked is null ? instead : SendToPartner.Fault(asked, request.Attributes, service) is { } fault ? new Heard(HeardWhat.Refused, fault.Reason) { Words = fault.Attribute } : null;
    }

    private async Task<Heard> Send(PartnerRequest request, Partner partner, CancellationToken ct)
    {
        request.BeginSending(db.Now);
        await db.SaveChangesAsync(ct);
        // Not stopped with the host: what becomes of it is worth waiting for.
        return await partners.Post(request.ForceId, partner, SendToPartner.Fields(request), CancellationToken.None);
    }

    private async Task Keep(Guid id, DateTimeOffset until, Heard heard, Partner partner, ForcePack pack, CancellationToken ct)
    {
        for (var conflicts = 0; ; conflicts++)
        {
            db.ChangeTracker.Clear();
            var request = await db.PartnerRequests.SingleAsync(r => r.Id == id, CancellationToken.None);
            if (request.LeasedUntil != until)
                return;
            var before = request.State;
            var news = request.Hear(heard, db.Now, TimeSpan.FromMinutes(partner.PullMinutes));
            request.LeasedUntil = null;
            await Follow(request, news, db, pack, tell, ct);
            try
            {
                await db.SaveChangesAsync(CancellationToken.None);
                if (request.State != before || request.Reason is not null)
                    log.PartnerRequestIs(request.Id, request.Partner, request.State, request.Reason, request.Failures);
                return;
            }
            catch (DbUpdateConcurrencyException) when (conflicts < MostConflicts)
            {
                // The concern was changed in this moment: once more on what it is now.
            }
        }
    }

    /// <summary>What the news mean for the concern and for her. None of them ends it.</summary>
    public static async Task Follow(PartnerRequest request, PartnerNews news, FeedbackDb db, ForcePack pack, Tell tell, CancellationToken ct)
    {
        if (news == PartnerNews.None)
            return;
        var concern = await db.Concerns.SingleAsync(c => c.Id == request.ConcernId, ct);
        if (news.HasFlag(PartnerNews.Arrived) && concern.IsOpen && concern.ReferredTo == request.Body)
        {
            concern.KnowReference(request.Body, request.TheirReference!);
            await ReferConcern.Say(concern, request.Body, request.TheirReference!, request.Why, db, pack, tell, ct);
        }
        if ((news & (PartnerNews.Closed | PartnerNews.NeedsPerson)) != 0)
            concern.ComeBack(pack.Today(db.Now), pack);
    }
}

/// <summary>Brings on what is due, of every force that has a partner with an endpoint. Any number of replicas may: each claims a row before it speaks.</summary>
internal sealed class BringPartnerRequests(IServiceScopeFactory scopes, IEnumerable<ServiceDefaults.Persistence.IMigrator> databases, ForcePackCatalogue packs, TimeProvider time, ILogger<BringPartnerRequest> log) : BackgroundService
{
    private const int Batch = 20, SideBySide = 4;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    // Longer than the five answers that one step may wait for.
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        List<string> forces = [.. packs.Ids.Where(id => packs.Get(id).Partners.Any(p => p.Endpoint is not null))];
        if (forces.Count == 0)
            return;
        await databases.Single(d => d.Service == FeedbackService.Module.Name).Ready.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            var brought = 0;
            foreach (var force in forces)
            {
                try
                {
                    brought += await Round(force, stoppingToken);
                }
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
                {
                    log.PartnerRoundFailed(e, force);
                }
            }
            // By the machine's clock whatever the platform's clock says; due times are the platform's.
            if (brought == 0)
                await Task.Delay(Pause, stoppingToken);
        }
    }

    private async Task<int> Round(string force, CancellationToken ct)
    {
        // As exact as both databases keep it: by it a worker knows its own claim again.
        var until = new DateTimeOffset((time.GetUtcNow() + Lease).UtcTicks / 10 * 10, TimeSpan.Zero);
        List<Guid> claimed = [];
        await using (var scope = scopes.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<FeedbackDb>();
            db.Force = force;
            var now = db.Now;
            var due = db.PartnerRequests.Where(r => r.DueAt != null && r.DueAt <= now && (r.LeasedUntil == null || r.LeasedUntil <= now));
            foreach (var id in await due.OrderBy(r => r.DueAt).Select(r => r.Id).Take(Batch).ToListAsync(ct))
            {
                if (await due.Where(r => r.Id == id).ExecuteUpdateAsync(s => s.SetProperty(r => r.LeasedUntil, until), ct) == 1)
                    claimed.Add(id);
            }
        }
        await Parallel.ForEachAsync(claimed, new ParallelOptions { MaxDegreeOfParallelism = SideBySide, CancellationToken = ct }, async (id, stop) =>
        {
            await using var scope = scopes.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService<FeedbackDb>().Force = force;
            try
            {
                await scope.ServiceProvider.GetRequiredService<BringPartnerRequest>().Run(id, until, stop);
            }
            catch (Exception e) when (!stop.IsCancellationRequested)
            {
                log.PartnerRequestLeft(e, id);
            }
        });
        return claimed.Count;
    }
}

internal static partial class PartnerLog
{
    [LoggerMessage(EventId = 4101, EventName = "PartnerRequestIs", Level = LogLevel.Information, Message = "Referral {Id} to {Partner} is {State} {Reason} after {Failures} failures")]
    public static partial void PartnerRequestIs(this ILogger log, Guid id, string partner, PartnerState state, string? reason, int failures);

    [LoggerMessage(EventId = 4102, EventName = "PartnerRoundFailed", Level = LogLevel.Error, Message = "A round of referrals of {Force} failed; the next one tries again")]
    public static partial void PartnerRoundFailed(this ILogger log, Exception exception, string force);

    [LoggerMessage(EventId = 4103, EventName = "PartnerRequestLeft", Level = LogLevel.Error, Message = "Referral {Id} could not be brought on; it is taken up again when its lease ends")]
    public static partial void PartnerRequestLeft(this ILogger log, Exception exception, Guid id);
}
