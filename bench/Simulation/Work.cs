using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using WalkTalk.Contracts.Booking;
using WalkTalk.Contracts.Feedback;
using WalkTalk.ServiceDefaults.Messaging;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Bench.Simulation;

/// <summary>What is asked of the deployment in a run, what of it was accepted, and whether everything then came about.</summary>
internal sealed partial class Work(Play run)
{
    private static readonly AsyncLocal<Act?> Doing = new();
    private readonly List<Act> acts = [];
    private readonly Dictionary<Guid, List<DateTimeOffset>> tries = [];
    private readonly Dictionary<Guid, long> offered = [];
    private readonly HashSet<Guid> discarded = [], unsendable = [], released = [];
    private readonly Dictionary<string, Guid[]> subjects = World.Forces.ToDictionary(f => f, _ => Enumerable.Range(0, 3).Select(_ => run.Ids.New()).ToArray());
    private readonly List<(string Service, string Text)> rubbish = [];
    private bool mended;
    private int early;

    /// <summary>How many acts were begun.</summary>
    public int Count { get; private set; }

    /// <summary>Something asked of the owner, in one transaction.</summary>
    internal sealed class Act(Guid id, string force)
    {
        public Guid Id => id;
        public string Force => force;
        public List<object> Messages { get; } = [];
        public Made? Made { get; set; }
        public Seen? Seen { get; set; }
        public Asked? Asked { get; set; }
        public string? Key { get; set; }
        public Due? Due { get; set; }
        public bool Accepted { get; set; }
        public bool Regretted { get; set; }

        public long BegunAt { get; set; }

        /// <summary>At which step it was committed; null when it never was.</summary>
        public long? CommittedAt { get; set; }
    }

    /// <summary>In some runs the owner has a history of more than a page, of one day, from before.</summary>
    public void Prepare()
    {
        if (run.Any(16) != 0)
        {
            return;
        }

        early = 499 + run.Any(4);
        var day = new DateTimeOffset(run.Clock.Now.UtcDateTime.Date.AddDays(-1), TimeSpan.Zero);
        var (force, subject) = (World.Forces[0], subjects[World.Forces[0]][0]);
        using var transaction = run.World.Parts["owner"].Store.Connection.BeginTransaction();
        using var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = $"INSERT INTO outbox (id, force_id, name, body, kind, created_at, due_at, sent_at, attempts) VALUES ($id, '{force}', 'probe-seen', $body, 'fact', {day.UtcTicks}, {day.UtcTicks}, {day.UtcTicks}, 0)";
        var (id, body) = (command.Parameters.Add("$id", Microsoft.Data.Sqlite.SqliteType.Text), command.Parameters.Add("$body", Microsoft.Data.Sqlite.SqliteType.Text));
        for (var i = 0; i < early; i++)
        {
            (id.Value, body.Value) = (run.Ids.New().ToString().ToUpperInvariant(), JsonSerializer.Serialize(new Seen(run.Ids.New(), subject, force, day), Delivery.Json));
            command.ExecuteNonQuery();
        }

        transaction.Commit();
    }

    public void Begin()
    {
        Count++;
        var node = run.Nodes.LastOrDefault(n => !n.IsDead && n.Services.Contains("owner") && run.Any(2) == 0)
            ?? run.Nodes.FirstOrDefault(n => !n.IsDead && n.Services.Contains("owner"));
        if (node is null)
        {
            return;
        }

        switch (run.Any(20))
        {
            case < 11:
                Do(node, Tell());
                break;
            case < 15:
                Do(node, Remind());
                break;
            case 15:
                node.Begin(() => Operate(node, "owner", release: run.Any(3) > 0));
                break;
            case 16 when run.Nodes.FirstOrDefault(n => !n.IsDead && n.Services.Contains("office")) is { } office:
                office.Begin(() => Operate(office, "office", release: true));
                break;
            case 17 when !run.IsCalm && run.Nodes.FirstOrDefault(n => !n.IsDead && n.Services.Contains("office")) is { } office:
                office.Begin(() => Rebuild(office, run.Any(2) == 0 && office.Services.Contains("reporting") ? "reporting" : "office"));
                break;
            case 18 when run.Broker is { } broker:
                AddRubbish(broker);
                break;
            default:
                Do(node, Report());
                break;
        }
    }

    public void Committed()
    {
        if (Doing.Value is { } act)
        {
            act.CommittedAt = run.Step;
        }
    }

    /// <summary>A dispatcher hands a message over.</summary>
    public void Offered(Delivery delivery, Node node)
    {
        if (delivery.Name == "probe-due")
        {
            var due = JsonSerializer.Deserialize<Due>(delivery.Body, Delivery.Json)!;
            run.Expect(run.Clock.Now >= due.NotBefore, "a reminder was sent before its time");
            offered[due.Id] = Math.Max(offered.GetValueOrDefault(due.Id), node.LookedAt("owner"));
        }
    }

    public bool IsUnsendable(Delivery delivery) => !mended && delivery.Name == "probe-seen" && unsendable.Contains(JsonSerializer.Deserialize<Seen>(delivery.Body, Delivery.Json)!.Id);

    /// <summary>Whether the message's most particular consumer fails at it this time.</summary>
    public bool Fails(Made message)
    {
        if (message.Fails == 0 || mended)
        {
            return false;
        }

        var times = tries.TryGetValue(message.Id, out var known) ? known : tries[message.Id] = [];
        times.Add(run.Clock.Now);
        return times.Count <= message.Fails;
    }

    public void Mend() => mended = true;

    public void ReleaseAll()
    {
        foreach (var part in run.World.Parts.Values)
        {
            var node = run.Nodes.Last(n => !n.IsDead && n.Services.Contains(part.Service));
            foreach (var (id, force, unreadable) in part.Store.Read(
                "SELECT message_id, force_id, name = 'unreadable' FROM inbox WHERE handled_on IS NULL UNION SELECT id, force_id, 0 FROM outbox WHERE parked_at IS NOT NULL",
                r => (Id: r.GetGuid(0), Force: r.GetString(1), Unreadable: r.GetBoolean(2))).Distinct())
            {
                node.Begin(() => Operate(node, part.Service, force, id, release: !unreadable));
            }
        }
    }

    private static Guid Parse(string body) => JsonDocument.Parse(body).RootElement.GetProperty("id").GetGuid();

    /// <summary>Facts and requests of the probe's own kinds.</summary>
    private Act Tell()
    {
        var act = NewAct();
        var subject = subjects[act.Force][run.Any(3)];
        if (run.Any(5) != 0)
        {
            var fails = run.Any(10) switch { < 6 => 0, 6 or 7 => 1, 8 => 2, _ => int.MaxValue };
            act.Messages.Add(act.Made = new Made(run.Ids.New(), subject, act.Force, run.Clock.Now, fails));
        }

        if (run.Any(3) == 0)
        {
            act.Messages.Add(act.Seen = new Seen(run.Ids.New(), subject, act.Force, run.Clock.Now));
            if (run.Broker is not null && run.Any(8) == 0)
            {
                unsendable.Add(act.Seen.Id);
            }
        }

        if (run.Any(3) == 0)
        {
            act.Messages.Add(act.Asked = new Asked(run.Ids.New(), act.Force, run.Clock.Now));
        }

        return act;
    }

    /// <summary>Begins, replaces or takes back a reminder.</summary>
    private Act Remind()
    {
        var act = NewAct();
        act.Key = $"key-{run.Any(2)}";
        if (run.Any(3) != 0)
        {
            act.Due = new Due(run.Ids.New(), act.Force, run.Clock.Now, run.Clock.Now + TimeSpan.FromSeconds(run.Any(4) switch { 0 => 0, 1 => 2, 2 => 40, _ => 4_000 }));
        }

        return act;
    }

    private Act NewAct()
    {
        var act = new Act(run.Ids.New(), World.Forces[run.Any(World.Forces.Length)]) { Regretted = run.Any(9) == 0 };
        acts.Add(act);
        return act;
    }

    private void Do(Node node, Act act)
    {
        var (inTwo, traced) = (run.Any(3) == 0, run.Any(2) == 0);
        node.Begin(async () =>
        {
            (Doing.Value, act.BegunAt) = (act, run.Step);
            await using var scope = run.World.Services.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<OwnerDb>();
            db.Force = act.Force;
            using var activity = traced ? new Activity("act").Start() : null;
            try
            {
                await (inTwo || act.Regretted ? db.Atomically(() => Change(db, act, inTwo, node.Life), node.Life) : Change(db, act, inTwo, node.Life));
                act.Accepted = true;
            }
            catch (Exception e) when (!node.IsDead)
            {
                run.Trace($"act {act.Id:N} was not accepted: {e.GetBaseException().Message}");
            }
        });
    }

    private static async Task<bool> Change(OwnerDb db, Act act, bool inTwo, CancellationToken ct)
    {
        db.Add(new ActRow { Id = act.Id });
        if (inTwo)
        {
            await db.SaveChangesAsync(ct);
        }

        foreach (var message in act.Messages)
        {
            Publish(db, message);
        }

        if (act.Key is { } key)
        {
            await (act.Due is { } due ? db.Schedule(key, due.NotBefore, due with { At = db.Now }, ct) : db.Withdraw(key, ct));
        }

        await db.SaveChangesAsync(ct);
        return act.Regretted ? throw new InvalidOperationException("She thought better of it") : true;
    }

    private static void Publish(OwnerDb db, object message)
    {
        switch (message)
        {
            case Made made: db.Publish(made with { At = db.Now }); break;
            case Seen seen: db.Publish(seen, untimed: true); break;
            case Asked asked: db.Request(asked with { At = db.Now }); break;
            case WalkPublished fact: db.Publish(fact); break;
            case WalkCancelled fact: db.Publish(fact); break;
            case WalkStarted fact: db.Publish(fact); break;
            case WalkEnded fact: db.Publish(fact); break;
            case BookingConfirmed fact: db.Publish(fact); break;
            case BookingCancelled fact: db.Publish(fact); break;
            case BookingMet fact: db.Publish(fact); break;
            case ConcernReceived fact: db.Publish(fact); break;
            case ConcernTriaged fact: db.Publish(fact); break;
            case ActionAgreed fact: db.Publish(fact); break;
            case ConcernClaimedDone fact: db.Publish(fact); break;
            case ConcernConfirmedDone fact: db.Publish(fact); break;
            case ConcernDisputed fact: db.Publish(fact); break;
            case ConcernEndedNoAction fact: db.Publish(fact); break;
            case ConcernRemoved fact: db.Publish(fact); break;
            default: throw new InvalidOperationException($"{message.GetType().Name} is not told here.");
        }
    }

    /// <summary>An operator picks one of what she sees and lets it go, or gives a poisonous one up.</summary>
    private async Task Operate(Node node, string service, bool release)
    {
        var stuck = run.World.Parts[service].Store.Read(
            $"SELECT message_id, force_id, body FROM inbox WHERE handled_on IS NULL AND name <> 'unreadable'{(release ? "" : " AND parked_at IS NOT NULL AND consumer = 'Fussy'")} ORDER BY message_id",
            r => (Id: r.GetGuid(0), Force: r.GetString(1), Body: r.GetString(2)));
        if (stuck.Count > 0 && !run.IsCalm)
        {
            var (id, force, body) = stuck[run.Any(stuck.Count)];
            (release ? released : discarded).Add(Parse(body));
            await Operate(node, service, force, id, release);
        }
    }

    private async Task Operate(Node node, string service, string force, Guid id, bool release)
    {
        await using var scope = run.World.Services.CreateAsyncScope();
        var http = Node.Http(scope.ServiceProvider, service, force);
        try
        {
            _ = release
                ? await Operations.Release(http, id, scope.ServiceProvider.GetRequiredService<Wakeups>(), node.Life)
                : await Operations.Discard(http, id, new DiscardMessage { Note = "It cannot be mended" }, node.Life);
        }
        catch (Exception e) when (!node.IsDead)
        {
            run.Trace($"not operated: {e.GetBaseException().Message}");
        }
    }

    private async Task Rebuild(Node node, string service)
    {
        await using var scope = run.World.Services.CreateAsyncScope();
        var http = Node.Http(scope.ServiceProvider, service, World.Forces[run.Any(World.Forces.Length)]);
        try
        {
            await Operations.BuildAnew(http, scope.ServiceProvider.GetRequiredService<Wakeups>(), node.Life);
            run.Trace($"{service} builds anew");
        }
        catch (Exception e) when (!node.IsDead)
        {
            run.Trace($"not built anew: {e.GetBaseException().Message}");
        }
    }

    private void AddRubbish(Broker broker)
    {
        var text = $"rubbish {run.Ids.New():N}";
        if (broker.IsBound("owner"))
        {
            rubbish.Add(("owner", text));
            broker.Enqueue("owner", text, run);
        }
    }

    /// <summary>When there is something to do next; null when there is nothing.</summary>
    public DateTimeOffset? NextDue()
    {
        var due = new List<DateTimeOffset?> { run.Broker?.Next };
        foreach (var part in run.World.Parts.Values)
        {
            due.Add(part.Store.FirstDue == DateTimeOffset.MaxValue ? null : part.Store.FirstDue);
            if (part.Store.HistoriesRead < part.Histories.Count * World.Forces.Length)
            {
                due.Add(run.Clock.Now + TimeSpan.FromSeconds(2));
            }
        }

        return due.Min();
    }

    public string Unrest() => string.Join("; ", run.World.Parts.Values.Select(p => $"{p.Service}: {string.Join(", ",
        p.Store.Read("SELECT 'waits ' || name FROM outbox WHERE sent_at IS NULL AND parked_at IS NULL UNION ALL SELECT 'retries ' || name || ' at ' || consumer FROM inbox WHERE handled_on IS NULL AND parked_at IS NULL", r => r.GetString(0)).Take(5))}"));
}
