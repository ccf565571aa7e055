using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Xml.Linq;
using Microsoft.Extensions.Options;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Feedback;

/// <summary>
/// Speaks GeoReport v2 to the endpoints of the force packs and to nothing else: no redirect is followed, no cookie or trace goes along, and an
/// address that is not public is connected to only where the settings say so. Nothing is tried again here: whoever asks knows what that would mean.
/// </summary>
internal sealed class Open311Client : IDisposable
{
    private const int MostWords = 1000;
    private readonly HttpClient http;
    private readonly PartnerOptions options;
    private readonly IConfiguration configuration;

    public Open311Client(IOptions<PartnerOptions> options, IConfiguration configuration)
    {
        (this.options, this.configuration) = (options.Value, configuration);
        http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseCookies = false, UseProxy = false, ActivityHeadersPropagator = null, AutomaticDecompression = DecompressionMethods.None,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2), MaxResponseHeadersLength = 16, ConnectCallback = Connect,
        }) { Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.Add("User-Agent", "WalkTalk");
    }

    /// <summary>What the partner asks of this kind; null with what was heard instead.</summary>
    public async Task<(IReadOnlyList<Open311Attribute>? Attributes, Heard? Instead)> Attributes(Partner partner, string service, CancellationToken ct)
    {
        var list = await Get(partner, "services", [], ct);
        if (list.Root is null)
            return (null, list.Heard);
        var known = list.Root.Elements().FirstOrDefault(s => s.Field("service_code") == service);
        if (known is null)
            return (null, new Heard(HeardWhat.Refused, "service-gone") { Words = service });
        if (!string.Equals(known.Field("metadata"), "true", StringComparison.OrdinalIgnoreCase))
            return ([], null);
        var definition = await Get(partner, $"services/{Uri.EscapeDataString(service)}", [], ct);
        if (definition.Root is null)
            return (null, definition.Heard);
        return ([.. (definition.Root.DescendantsAndSelf("attributes").FirstOrDefault()?.Elements() ?? []).Select(Attribute).OfType<Open311Attribute>()], null);
    }

    /// <summary>Sends it, once. Its fields are all that leaves, beside the key.</summary>
    public async Task<Heard> Post(string force, Partner partner, IEnumerable<KeyValuePair<string, string>> fields, CancellationToken ct)
    {
        List<KeyValuePair<string, string>> form = [.. fields];
        if (partner.Jurisdiction is { } jurisdiction)
            form.Add(new("jurisdiction_id", jurisdiction));
        if (configuration[$"Partners:{force}:{partner.Id}:ApiKey"] is { Length: > 0 } key)
            form.Add(new("api_key", key));
        using var content = new FormUrlEncodedContent(form);
        var (heard, root) = await Send(HttpMethod.Post, new Uri(partner.Endpoint!, partner.Json ? "requests.json" : "requests.xml"), content, ct);
        return root is null ? heard! : Made(root) ?? new Heard(HeardWhat.Nothing, "unreadable");
    }

    /// <summary>The reference behind a token, once there is one.</summary>
    public async Task<Heard> Redeem(Partner partner, string token, CancellationToken ct)
    {
        var (root, heard) = await Get(partner, $"tokens/{Uri.EscapeDataString(token)}", [], ct);
        return root is null ? heard! : Made(root) is { What: HeardWhat.Arrived } arrived ? arrived : new Heard(HeardWhat.NotThere);
    }

    /// <summary>Looks for our reference among what the partner was sent around that time.</summary>
    public async Task<Heard> Find(Partner partner, string service, string reference, DateTimeOffset sent, DateTimeOffset now, CancellationToken ct)
    {
        var (root, heard) = await Get(partner, "requests", [("service_code", service), ("start_date", Moment(sent.AddDays(-1))), ("end_date", Moment(now.AddDays(1)))], ct);
        if (root is null)
            return heard!;
        var ids = root.Elements().Where(r => r.Value.Contains(reference, StringComparison.Ordinal)).Select(r => Id(r.Field("service_request_id"))).OfType<string>().Distinct().ToList();
        return ids.Count == 1 ? new Heard(HeardWhat.Arrived) { Id = ids[0] } : new Heard(HeardWhat.NotThere);
    }

    /// <summary>How it stands, with what they wrote to it since.</summary>
    public async Task<Heard> Status(Partner partner, string id, DateTimeOffset since, DateTimeOffset now, CancellationToken ct)
    {
        var (root, heard) = await Get(partner, $"requests/{Uri.EscapeDataString(id)}", [], ct);
        if (root is null)
            return heard!;
        var request = root.Elements().FirstOrDefault(r => r.Field("service_request_id") == id);
        if (request?.Field("status")?.ToLowerInvariant() is not ("open" or "closed") || request is null)
            return request is null ? new Heard(HeardWhat.NotThere) : new Heard(HeardWhat.Nothing, "unreadable");
        List<PartnerUpdate> updates = [];
        if (partner.Updates)
        {
            (root, heard) = await Get(partner, "servicerequestupdates", [("start_date", Moment(since)), ("end_date", Moment(now))], ct);
            if (root is null)
                return heard!;
            updates.AddRange(root.Elements().Where(u => u.Field("service_request_id") == id && Id(u.Field("update_id")) is not null).Select(u => new PartnerUpdate(
                u.Field("update_id")!, DateTimeOffset.TryParse(u.Field("updated_datetime"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) && at <= now ? at.ToUniversalTime() : now,
                Words(u.Field("status"), 40) ?? "open", Words(u.Field("description")))));
        }
        return new Heard(HeardWhat.Status) { Status = request.Field("status")!.ToLowerInvariant(), Words = Words(request.Field("status_notes")), Updates = updates };
    }

    /// <summary>Their words as they are kept: one text, not long, without whom they name.</summary>
    public static string? Words(string? text, int most = MostWords) =>
        text is null ? null : PersonalDataMask.Apply(string.Concat(text.ForXml().Take(most)).Trim()).Text is { Length: > 0 } masked ? masked : null;

    /// <summary>A reference or token of theirs, if it looks like one.</summary>
    public static string? Id(string? text) => text is { Length: > 0 and <= 60 } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':' or '/' or ' ' or '#') && text is not ("." or "..") ? text : null;

    private static Heard? Made(XElement root)
    {
        var made = root.Elements().FirstOrDefault(e => e.HasElements) ?? root;
        return Id(made.Field("service_request_id")) is { } id ? new Heard(HeardWhat.Arrived) { Id = id }
            : Id(made.Field("token")) is { } token ? new Heard(HeardWhat.Token) { Id = token } : null;
    }

    private static Open311Attribute? Attribute(XElement at) => at.Field("code") is not { } code || at.Field("variable") is "false" or "False" ? null : new Open311Attribute(
        code, Words(at.Field("description"), 200) ?? code, string.Equals(at.Field("required"), "true", StringComparison.OrdinalIgnoreCase), at.Field("datatype") ?? "string",
        [.. (at.Element("values")?.Elements() ?? []).Select(v => (Key: v.Field("key"), Name: v.Field("name"))).Where(v => v.Key is not null).Select(v => new Open311Value(v.Key!, v.Name ?? v.Key!))]);

    private async Task<(XElement? Root, Heard? Heard)> Get(Partner partner, string path, IEnumerable<(string, string)> query, CancellationToken ct)
    {
        var (heard, root) = await Send(HttpMethod.Get, Address(partner, path, query), null, ct);
        return (root, heard);
    }

    private static Uri Address(Partner partner, string path, IEnumerable<(string Name, string Value)> query)
    {
        if (partner.Jurisdiction is { } jurisdiction)
            query = query.Append(("jurisdiction_id", jurisdiction));
        return new Uri(partner.Endpoint!, $"{path}.{(partner.Json ? "json" : "xml")}{QueryString.Create(query.Select(q => KeyValuePair.Create(q.Name, (string?)q.Value)))}");
    }

    private async Task<(Heard? Heard, XElement? Root)> Send(HttpMethod method, Uri address, HttpContent? content, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, address) { Content = method == HttpMethod.Post ? content : null };
        using var time = CancellationTokenSource.CreateLinkedTokenSource(ct);
        time.CancelAfter(TimeSpan.FromSeconds(options.TimeoutSeconds));
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, time.Token);
            var status = (int)response.StatusCode;
            // Said before anything was done: come again.
            if (status is 429 or 503)
                return (new Heard(HeardWhat.NotReached, "later") { After = response.Headers.RetryAfter?.Delta }, null);
            if (status is >= 300 and < 400)
                return (new Heard(HeardWhat.Nothing, "redirected"), null);
            if (status is < 200 or >= 500 or 408)
                return (new Heard(HeardWhat.Nothing, "server-error") { Words = $"{status}" }, null);
            var body = await Bounded(response, time.Token);
            var root = body is null ? null : Open311Reading.Read(response.Content.Headers.ContentType?.MediaType, body);
            if (status >= 400)
            {
                if (method == HttpMethod.Get && status is 404 or 410)
                    return (new Heard(HeardWhat.NotThere, "not-found-there"), null);
                var said = string.Join(" ", (root?.Elements() ?? []).Select(e => e.Field("description")).OfType<string>());
                return (new Heard(HeardWhat.Refused, status is 401 or 403 ? "key-refused" : "refused") { Words = Words(said, 300) ?? $"{status}" }, null);
            }
            return root is null ? (new Heard(HeardWhat.Nothing, body is null ? "too-large" : "unreadable"), null) : (null, root);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return (new Heard(HeardWhat.Nothing, "timed-out"), null);
        }
        catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError)
        {
            return (new Heard(HeardWhat.NotReached, "not-reached"), null);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return (new Heard(HeardWhat.Nothing, "broken-off"), null);
        }
    }

    private async Task<byte[]?> Bounded(HttpResponseMessage response, CancellationToken ct)
    {
        if (response.Content.Headers.ContentLength > options.MostBytes)
            return null;
        await using var stream = await response.Content.ReadAsStreamAsync(ct);
        using var read = new MemoryStream();
        var part = new byte[16 * 1024];
        for (int length; (length = await stream.ReadAsync(part, ct)) > 0;)
        {
            if (read.Length + length > options.MostBytes)
                return null;
            read.Write(part, 0, length);
        }
        return read.ToArray();
    }

    // The name is resolved here and the address that was looked at is the one that is connected to.
    private async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, ct);
        var allowed = addresses.Where(a => options.PrivateAddresses || IsPublic(a)).ToArray();
        if (allowed.Length == 0)
            throw new HttpRequestException(HttpRequestError.ConnectionError, "No address of this endpoint may be connected to.");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Whether the address is one of the public internet, after RFC 6890 and its like for IPv6.</summary>
    internal static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        var b = address.GetAddressBytes();
        return address.AddressFamily == AddressFamily.InterNetwork
            ? b[0] is not (0 or 10 or 127 or >= 224) && !(b[0] == 100 && b[1] is >= 64 and < 128) && !(b[0] == 169 && b[1] == 254) && !(b[0] == 172 && b[1] is >= 16 and < 32)
                && !(b[0] == 192 && (b[1] == 168 || (b[1] == 0 && b[2] is 0 or 2))) && !(b[0] == 198 && b[1] is 18 or 19)
            // Global unicast alone, without what carries an IPv4 address inside (6to4, Teredo).
            : (b[0] & 0xE0) == 0x20 && !(b[0] == 0x20 && b[1] == 0x02) && !(b[0] == 0x20 && b[1] == 0x01 && b[2] == 0 && b[3] == 0);
    }

    private static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    public void Dispose() => http.Dispose();
}

/// <summary>A field a partner asks for beyond the specification's.</summary>
/// <param name="Datatype">string, number, datetime, text, singlevaluelist or multivaluelist.</param>
internal sealed record Open311Attribute(string Code, string Description, bool Required, string Datatype, IReadOnlyList<Open311Value> Values);

internal sealed record Open311Value(string Key, string Name);
