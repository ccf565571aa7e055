using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Messaging;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Bench.Simulation;

/// <summary>A process of the deployment, with one or more services. What it holds in memory dies with it.</summary>
internal sealed class Node : IDisposable
{
    private static readonly AsyncLocal<Node?> Here = new();
    private readonly CancellationTokenSource life = new();
    private readonly Dictionary<string, Receiver> receivers;
    private readonly Dictionary<string, long> looked = [];

    public Node(Play run, string name, IReadOnlyList<string> services)
    {
        (Run, Name, Services) = (run, name, services);
        receivers = services.ToDictionary(s => s, s => run.World.Parts[s].NewReceiver());
        Transport = new Way(this, run.Broker is { } broker ? new BrokerWay(broker, this) : new InProcess(receivers.Values));
    }

    /// <summary>Whose work is being done at this moment; null while a run is prepared or checked.</summary>
    public static Node? Current => Here.Value;

    public Play Run { get; }

    public string Name { get; }

    public IReadOnlyList<string> Services { get; }

    public Transport Transport { get; }

    public CancellationToken Life => life.Token;

    public bool IsDead { get; private set; }

    /// <summary>How many deliveries it has taken and not answered.</summary>
    public int Taken { get; set; }

    public Receiver Receiver(string service) => receivers[service];

    /// <summary>Notes at which step a dispatcher last looked for what is due.</summary>
    public void Looked(string service) => looked[service] = Run.Step;

    public long LookedAt(string service) => looked.GetValueOrDefault(service);

    /// <summary>Begins the work that a process does by itself.</summary>
    public void Start()
    {
        foreach (var service in Services)
        {
            var part = Run.World.Parts[service];
            Begin(() => Dispatch(part, part.NewDispatcher(receivers[service], Transport)));
            if (part.NewReader(receivers[service], Transport, new Owners(this)) is { } read)
            {
                Begin(() => ReadHistories(part, read));
            }
        }
    }

    /// <summary>Begins a piece of work of this process. What it throws ends it, and is noted.</summary>
    public void Begin(Func<Task> work) => Run.Thread.Begin(async () =>
    {
        Here.Value = this;
        Run.Working++;
        try
        {
            await work();
        }
        catch (Crashed)
        {
            // with its process
        }
        catch (Exception e) when (IsDead || e is OperationCanceledException)
        {
            // likewise
        }
        catch (Exception e)
        {
            Run.Expect(false, $"unforeseen: {e}");
        }
        finally
        {
            Run.Working--;
        }
    });

    /// <summary>A moment at which others may run, and this process may die. Goes on when the condition holds.</summary>
    public async ValueTask Point(string where, string what, Func<bool>? ready = null)
    {
        if (IsDead)
        {
            throw new Crashed();
        }

        if (Run.Yields() || ready?.Invoke() == false)
        {
            await Run.Thread.Until(ready is null ? static () => true : () => IsDead || ready()).ConfigureAwait(false);
        }

        MayDie(where, what);
    }

    public void MayDie(string where, string what)
    {
        if (!IsDead && Run.Crashes())
        {
            Crash();
        }

        if (IsDead)
        {
            throw new Crashed();
        }

        Run.Log(Name, where, what);
    }

    public void Crash()
    {
        Run.Log(Name, "dies", "");
        IsDead = true;
        life.Cancel();
        foreach (var store in Run.World.Stores)
        {
            store.Lose(this);
        }

        Run.Broker?.GiveBack(this);
    }

    public void Dispose() => life.Dispose();

    private async Task Dispatch(Part part, Func<CancellationToken, Task<int>> round)
    {
        var (next, seen) = (Run.Clock.Now, -1);
        while (true)
        {
            await Point(part.Service, "dispatcher", () => part.Store.Commits != seen || (Run.Clock.Now >= next && part.Store.FirstDue <= Run.Clock.Now));
            seen = part.Store.Commits;
            try
            {
                if (await round(Life) > 0)
                {
                    continue;
                }
            }
            catch (Exception e) when (!IsDead)
            {
                Run.Trace($"not dispatched: {e.GetBaseException().Message}");
            }

            next = Run.Clock.Now + TimeSpan.FromMilliseconds(500);
        }
    }

    private async Task ReadHistories(Part part, Func<string, IReadOnlyList<string>, string, CancellationToken, Task<bool>> read)
    {
        while (true)
        {
            var behind = false;
            foreach (var owner in part.Histories)
            {
                foreach (var force in World.Forces)
                {
                    await Point(part.Service, "history");
                    try
                    {
                        behind |= Transport.Ready && await read(owner.Key, [.. owner.Distinct()], force, Life);
                    }
                    catch (Exception e) when (!IsDead)
                    {
                        Run.Trace($"history not read: {e.GetBaseException().Message}");
                    }
                }
            }

            var next = behind ? Run.Clock.Now : Run.Clock.Now + TimeSpan.FromSeconds(2);
            await Point(part.Service, "history waits", () => Run.Clock.Now >= next && part.Store.HistoriesRead < part.Histories.Count * World.Forces.Length);
        }
    }

    /// <summary>The owners of facts, asked for their history by the endpoint they all have.</summary>
    private sealed class Owners(Node node) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await node.Point("history", "asked").ConfigureAwait(false);
            if (node.Run.WayFails())
            {
                throw new HttpRequestException("The simulated owner is away");
            }

            // What called this awaits without a context, and so must what is called, or it would go on elsewhere.
            SynchronizationContext.SetSynchronizationContext(null);
            var query = System.Web.HttpUtility.ParseQueryString(request.RequestUri!.Query);
            await using var scope = node.Run.World.Services.CreateAsyncScope();
            var http = Http(scope.ServiceProvider, "owner", request.RequestUri.Segments[2].TrimEnd('/'));
            var result = await HistoryEndpoint.Handle(http, query["names"]!, query["after"], cancellationToken).ConfigureAwait(false);
            return result is Ok<HistoryPage> { Value: { } page }
                ? new HttpResponseMessage(HttpStatusCode.OK) { Content = JsonContent.Create(page, options: Delivery.Json) }
                : new HttpResponseMessage(HttpStatusCode.BadRequest);
        }
    }

    /// <summary>A request to an endpoint of a service, past everything that is not about messages.</summary>
    public static HttpContext Http(IServiceProvider scope, string service, string force)
    {
        scope.GetRequiredService<Caller>().Force = force;
        var http = new DefaultHttpContext { RequestServices = scope };
        http.SetEndpoint(new Endpoint(null, new EndpointMetadataCollection(new EndpointService(service)), null));
        return http;
    }
}

/// <summary>The process is no more.</summary>
internal sealed class Crashed : OperationCanceledException;
