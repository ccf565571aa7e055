using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace WalkTalk.EndToEnd.Tests.Hosting;

/// <summary>One span as it came over the wire.</summary>
internal sealed record SeenSpan(string Service, string TraceId, string Name);

/// <summary>
/// Receives OTLP over HTTP (protobuf) like a collector and keeps every span's service, trace and name. What it shows
/// is what left the processes, not what they remember.
/// </summary>
internal sealed class OtlpSink : IAsyncDisposable
{
    private readonly ConcurrentQueue<SeenSpan> spans = new();
    private readonly WebApplication app;

    private OtlpSink(WebApplication app) => this.app = app;

    public IReadOnlyCollection<SeenSpan> Spans => spans;

    /// <summary>What the processes are told, by the variables Aspire sets too.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First(),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "500",
    };

    public static async Task<OtlpSink> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var sink = new OtlpSink(app);
        app.MapPost("/v1/traces", async (HttpRequest request) => sink.Take(await Read(request)));
        app.MapFallback(() => Results.Ok());
        await app.StartAsync();
        return sink;
    }

    private static async Task<byte[]> Read(HttpRequest request)
    {
        using var body = new MemoryStream();
        await (request.Headers.ContentEncoding == "gzip" ? new GZipStream(request.Body, CompressionMode.Decompress) : request.Body).CopyToAsync(body);
        return body.ToArray();
    }

    // opentelemetry/proto/trace/v1: request.1 = ResourceSpans { 1 Resource { 1 KeyValue }, 2 ScopeSpans { 2 Span } }
    private void Take(ReadOnlyMemory<byte> request)
    {
        foreach (var (_, resourceSpans) in Fields(request).Where(f => f.Number == 1))
        {
            var parts = Fields(resourceSpans).ToList();
            var service = parts.Where(f => f.Number == 1).SelectMany(f => Fields(f.Value)).Where(f => f.Number == 1)
                .Select(f => Fields(f.Value).ToList())
                .Where(pair => Text(pair.First(f => f.Number == 1).Value) == "service.name")
                .Select(pair => Text(Fields(pair.First(f => f.Number == 2).Value).First(f => f.Number == 1).Value))
                .FirstOrDefault("?");
            foreach (var (_, span) in parts.Where(f => f.Number == 2).SelectMany(f => Fields(f.Value)).Where(f => f.Number == 2))
            {
                var fields = Fields(span).ToList();
                spans.Enqueue(new SeenSpan(service,
                    Convert.ToHexStringLower(fields.First(f => f.Number == 1).Value.Span),
                    Text(fields.First(f => f.Number == 5).Value)));
            }
        }
    }

    private static string Text(ReadOnlyMemory<byte> value) => Encoding.UTF8.GetString(value.Span);

    /// <summary>The length-delimited fields of a protobuf message; numbers are stepped over.</summary>
    private static IEnumerable<(int Number, ReadOnlyMemory<byte> Value)> Fields(ReadOnlyMemory<byte> message)
    {
        var at = 0;
        while (at < message.Length)
        {
            var tag = (int)Varint(message, ref at);
            switch (tag & 7)
            {
                case 0: Varint(message, ref at); break;
                case 1: at += 8; break;
                case 5: at += 4; break;
                case 2:
                    var length = (int)Varint(message, ref at);
                    yield return (tag >> 3, message.Slice(at, length));
                    at += length;
                    break;
                default: throw new InvalidDataException($"Wire type {tag & 7} is not protobuf 3.");
            }
        }
    }

    private static ulong Varint(ReadOnlyMemory<byte> message, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var b = message.Span[at++];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
            {
                return value;
            }
        }
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
