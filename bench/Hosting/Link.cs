using System.Net;
using System.Net.Sockets;

namespace WalkTalk.Bench.Hosting;

/// <summary>
/// The network between two parts: a TCP proxy on a port of the loopback that can be cut. With several targets a new connection
/// goes to the next one that answers, like an address before a cluster.
/// </summary>
internal sealed class Link : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly IReadOnlyList<int> targets;
    private readonly HashSet<Socket> sockets = [];
    private readonly Task accepting;
    private TaskCompletionSource towards = Opened(), back = Opened();
    private volatile bool refuses;
    private int next;

    public Link(params IReadOnlyList<int> targets)
    {
        this.targets = targets;
        listener.Start();
        accepting = Accept();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Existing connections are reset, new ones too, until it heals.</summary>
    public void Refuse()
    {
        refuses = true;
        Reset();
    }

    /// <summary>Nothing goes through, and nobody is told: what is sent waits, until it heals.</summary>
    /// <param name="oneWay">Only what the process says waits; what it is told still comes, so that it works on and nobody hears of it.</param>
    public void Freeze(bool oneWay = false)
    {
        towards = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!oneWay)
        {
            back = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Everything goes through again.</summary>
    /// <param name="forgets">What stood before is reset, as by a firewall that has forgotten it: what was sent meanwhile never arrives.</param>
    public void Heal(bool forgets = false)
    {
        if (forgets)
        {
            Reset();
        }

        refuses = false;
        Open();
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Stop();
        Reset();
        Open();
        await accepting;
        stopping.Dispose();
    }

    private async Task Accept()
    {
        try
        {
            while (true)
            {
                _ = Forward(await listener.AcceptSocketAsync(stopping.Token));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // it ends
        }
    }

    private async Task Forward(Socket client)
    {
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        lock (sockets)
        {
            sockets.Add(client);
            sockets.Add(server);
        }

        try
        {
            await towards.Task.WaitAsync(stopping.Token);
            if (!refuses && await Connect(server))
            {
                await Task.WhenAll(Pump(client, server, () => towards.Task), Pump(server, client, () => back.Task));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // one side went, or was reset
        }
        finally
        {
            lock (sockets)
            {
                sockets.Remove(client);
                sockets.Remove(server);
            }

            Abort(client);
            Abort(server);
        }
    }

    private async Task<bool> Connect(Socket server)
    {
        var first = Interlocked.Increment(ref next);
        for (var i = 0; i < targets.Count; i++)
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, targets[(first + i) % targets.Count], stopping.Token);
                return true;
            }
            catch (SocketException) when (i < targets.Count - 1)
            {
                // the next one
            }
        }

        return false;
    }

    private async Task Pump(Socket from, Socket to, Func<Task> open)
    {
        var buffer = new byte[32 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, stopping.Token) is > 0 and var read)
            {
                await open().WaitAsync(stopping.Token);
                for (var sent = 0; sent < read;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, read - sent), stopping.Token);
                }
            }

            await open().WaitAsync(stopping.Token);
            to.Shutdown(SocketShutdown.Send);
        }
        catch
        {
            // A connection is broken as a whole.
            Abort(from);
            Abort(to);
            throw;
        }
    }

    private void Open()
    {
        towards.TrySetResult();
        back.TrySetResult();
    }

    private void Reset()
    {
        lock (sockets)
        {
            foreach (var socket in sockets)
            {
                Abort(socket);
            }
        }
    }

    // Without lingering the close is a reset.
    private static void Abort(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // it was gone already
        }

        socket.Dispose();
    }

    private static TaskCompletionSource Opened()
    {
        var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        source.SetResult();
        return source;
    }
}
