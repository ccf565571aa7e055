using System.Net;
using System.Net.Sockets;

namespace WalkTalk.Fixtures;

/// <summary>Ports for processes that have to be told theirs.</summary>
public static class Ports
{
    /// <summary>A port of the loopback that is free now, with as many free after it as asked.</summary>
    public static int Free(int andTheNext = 0)
    {
        while (true)
        {
            var first = Random.Shared.Next(32000 - 12000, 32000);
            if (Enumerable.Range(first, andTheNext + 1).All(IsFree))
            {
                return first;
            }
        }

        static bool IsFree(int port)
        {
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        }
    }
}
