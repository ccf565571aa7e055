using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace WalkTalk.Bench.Booking;

/// <summary>
/// People who hold places, each over a connection of her own, the next as soon as one is answered. They speak HTTP by hand, because on a
/// machine with two cores a client that costs as much as the service would be what is measured.
/// </summary>
internal sealed class Holds(Uri address, bool keys)
{
    /// <summary>What was answered: how many were held, how many refused because the walk is full, and how long it took.</summary>
    public sealed record Answers(int Held, int Full, int Other, double Seconds)
    {
        public double Rate => Held / Seconds;
    }

    /// <summary>Holds places until the time is over, or until so many have been asked for.</summary>
    public async Task<Answers> Go(int callers, Func<Guid> walk, TimeSpan duration, int most, CancellationToken ct)
    {
        var (held, full, other, asked) = (0, 0, 0, 0);
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, address.Port, ct);
            var buffer = new byte[4096];
            while (clock.Elapsed < duration && Interlocked.Increment(ref asked) <= most)
            {
                var key = keys ? $"Idempotency-Key: {Guid.NewGuid()}\r\n" : "";
                await socket.SendAsync(Encoding.ASCII.GetBytes(
                    $"POST /v1/metropolitan/walks/{walk()}/holds HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Type: application/json\r\n{key}Content-Length: 12\r\n\r\n{{\"people\":1}}"), ct);
                var answer = await Answer(socket, buffer, ct);
                _ = answer.StartsWith("HTTP/1.1 201", StringComparison.Ordinal) ? Interlocked.Increment(ref held)
                    : answer.Contains("walk-full", StringComparison.Ordinal) ? Interlocked.Increment(ref full) : Interlocked.Increment(ref other);
            }
        }, ct)));
        return new Answers(held, full, other, clock.Elapsed.TotalSeconds);
    }

    private static async Task<string> Answer(Socket socket, byte[] buffer, CancellationToken ct)
    {
        for (var read = 0; ;)
        {
            var more = await socket.ReceiveAsync(buffer.AsMemory(read), ct);
            var text = Encoding.UTF8.GetString(buffer, 0, read += more);
            if (more == 0)
            {
                throw new IOException("The service closed the connection.");
            }

            if (text.EndsWith("0\r\n\r\n", StringComparison.Ordinal) || (Length(text) is { } length && text.Length >= length))
            {
                return text;
            }
        }
    }

    private static int? Length(string text)
    {
        const string name = "Content-Length: ";
        var (head, at) = (text.IndexOf("\r\n\r\n", StringComparison.Ordinal), text.IndexOf(name, StringComparison.OrdinalIgnoreCase));
        return head < 0 || at < 0 || at > head ? null : head + 4 + int.Parse(text.AsSpan(at + name.Length, text.IndexOf('\r', at) - at - name.Length), System.Globalization.CultureInfo.InvariantCulture);
    }
}
