using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace WalkTalk.ServiceDefaults.Persistence;

/// <summary>A page of a service's audit trail, newest first.</summary>
/// <param name="Service">The service.</param>
/// <param name="Entries">Up to 50 of them.</param>
/// <param name="Next">Send it as <c>before</c> for the next page, which may be there although this one is empty; null at the end.</param>
/// <param name="Head">The last entry of the whole chain; null before there is any.</param>
/// <param name="Broken">The oldest entry of this page that does not follow from the one before it; null where all do.</param>
/// <param name="Overdue">Entries that should have been linked into the chain more than a minute ago.</param>
public sealed record AuditPage(string Service, IReadOnlyList<AuditEntry> Entries, long? Next, AuditHead? Head, long? Broken, int Overdue);

/// <summary>Where a chain stands. Whoever keeps it finds out later if anything up to there was changed.</summary>
/// <param name="Sequence">The last entry.</param>
/// <param name="Hash">Its hash.</param>
public sealed record AuditHead(long Sequence, string Hash);

/// <summary>What oversight reads of a service's audit trail, the same in every service: pages of it, and ranges of the chain to check without us.</summary>
public static class ReadAudit
{
    private const int Page = 50, Batch = 1_000;

    /// <summary>So many entries are looked at for one page, however few of them are wanted: there is no index for what they say.</summary>
    internal const long Window = 50_000;

    /// <summary>The most entries in one download.</summary>
    internal const long Most = 100_000;

    // An entry is linked a day late where it keeps its day alone, and a little later where its work took long.
    private static readonly TimeSpan Disorder = TimeSpan.FromHours(25);

    private static readonly Refusal MalformedPage = new("page-malformed", 400, "There is no such page", "Send \"before\" as it was given as \"next\".", "before");
    private static readonly Refusal MalformedDay = new("day-malformed", 400, "This is no day", "Send a day in UTC as 2026-11-29, and \"to\" no earlier than \"from\".");
    private static readonly Refusal NoRange = new("range-unknown", 400, "There is no such range of entries");
    private static readonly Refusal Empty = new("audit-empty", 404, "There is no entry yet", "Entries are linked within seconds; what keeps its day alone, when that day is over.");

    internal static void MapAudit(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/audit", List).Staff("oversight");
        routes.MapGet("/audit/chain", Download).Staff("oversight");
    }

    private static ServiceDb Db(HttpContext http) =>
        http.RequestServices.GetRequiredKeyedService<ServiceDb>(http.GetEndpoint()!.Metadata.GetRequiredMetadata<EndpointService>().Name);

    private static IQueryable<AuditRow> Linked(ServiceDb db) => db.AuditTrail.AsNoTracking().Where(r => r.Sequence != null);

    private static async Task<AuditHead?> Head(ServiceDb db, CancellationToken ct) =>
        await Linked(db).OrderByDescending(r => r.Sequence).Select(r => new { r.Sequence, r.Hash }).FirstOrDefaultAsync(ct) is { } last
            ? new AuditHead(last.Sequence!.Value, AuditChain.Hex(last.Hash!)) : null;

    private static Task<IResult> List(
        HttpContext http, string? from, string? to, string? action, string? actor, string? subjectType, string? subjectId, string? before, CancellationToken ct) =>
        PageOf(Db(http), from, to, action, actor, subjectType, subjectId, before, ct);

    /// <summary>A page of the trail of the database's force, or a refusal that names the field. Whoever calls it sees to it that oversight asks.</summary>
    public static async Task<IResult> PageOf(
        ServiceDb db, string? from, string? to, string? action, string? actor, string? subjectType, string? subjectId, string? before, CancellationToken ct)
    {
        var (first, last, top) = (default(DateTimeOffset?), default(DateTimeOffset?), long.MaxValue);
        if (from is not null && !TryDay(from, out first))
        {
            return MalformedDay with { Field = "from" };
        }

        if (to is not null && (!TryDay(to, out last) || last < first))
        {
            return MalformedDay with { Field = "to" };
        }

        if (before is not null && !TrySequence(before, out top))
        {
            return MalformedPage;
        }

        var head = await Head(db, ct);
        top = Math.Min(top, (head?.Sequence ?? 0) + 1);
        var end = last?.AddDays(1);
        var oldest = first is { } since ? await FirstAt(db, since - Disorder, top, ct) : 1;
        top = end is { } until ? Math.Min(top, await FirstAt(db, until + Disorder, top, ct)) : top;

        var narrow = first ?? end ?? (object?)action ?? actor ?? subjectType ?? subjectId;
        var lowest = narrow is null ? oldest : Math.Max(oldest, top - Window);
        var rows = Linked(db).Where(r => r.Sequence < top && r.Sequence >= lowest);
        rows = first is null ? rows : rows.Where(r => r.At >= first);
        rows = end is null ? rows : rows.Where(r => r.At < end);
        rows = action is null ? rows : rows.Where(r => r.Action == action);
        rows = actor is null ? rows : rows.Where(r => r.Actor == actor);
        rows = subjectType is null ? rows : rows.Where(r => r.SubjectType == subjectType);
        rows = subjectId is null ? rows : rows.Where(r => r.SubjectId == subjectId);
        if ((action ?? actor ?? subjectType ?? subjectId) is not null)
        {
            // Found by what it says, a sealed entry would say it.
            var sealing = db.SealedInAudit;
            rows = rows.Where(r => !sealing.Contains(r.Action) && !sealing.Contains(r.SubjectType) && (r.Reason == null || !sealing.Contains(r.Reason)));
        }

        var found = await rows.OrderByDescending(r => r.Sequence).Take(Page + 1).ToListAsync(ct);
        var entries = found.Take(Page).Select(r => AuditChain.Show(r, db.SealedInAudit)).ToList();
        var next = found.Count > Page ? entries[^1].Sequence : lowest > oldest ? lowest : (long?)null;
        var late = db.Now.AddMinutes(-1);
        var overdue = await db.AuditTrail.CountAsync(r => r.Sequence == null && r.SealAfter < late, ct);
        return TypedResults.Ok(new AuditPage(db.Service, entries, next, head, await Broken(db, entries, ct), overdue));
    }

    private static async Task<long?> Broken(ServiceDb db, List<AuditEntry> entries, CancellationToken ct)
    {
        var places = entries.Select(e => (long?)(e.Sequence - 1)).ToList();
        var hashes = await Linked(db).Where(r => places.Contains(r.Sequence)).ToDictionaryAsync(r => r.Sequence!.Value, r => AuditChain.Hex(r.Hash!), ct);
        hashes[0] = AuditChain.Beginning;
        return entries.LastOrDefault(e => !AuditChain.Follows(db.Force!, hashes.GetValueOrDefault(e.Sequence - 1, ""), e))?.Sequence;
    }

    /// <summary>About where the chain reaches a moment: it is in the order of time but for <see cref="Disorder"/>, so some twenty looks at its index find it.</summary>
    private static async Task<long> FirstAt(ServiceDb db, DateTimeOffset at, long top, CancellationToken ct)
    {
        var (low, high) = (1L, top);
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            if (await Linked(db).Where(r => r.Sequence >= middle).OrderBy(r => r.Sequence).Select(r => (DateTimeOffset?)r.At).FirstOrDefaultAsync(ct) < at)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private static async Task<IResult> Download(HttpContext http, string? from, string? to, CancellationToken ct)
    {
        var db = Db(http);
        if (await Head(db, ct) is not { } head)
        {
            return Empty;
        }

        var (first, last) = (1L, 0L);
        if (from is not null && (!TrySequence(from, out first) || first > head.Sequence))
        {
            return NoRange with { Field = "from", Detail = $"Entries go from 1 to {head.Sequence}." };
        }

        if (to is not null && (!TrySequence(to, out last) || last > head.Sequence || last < first || last - first >= Most))
        {
            return NoRange with { Field = "to", Detail = $"Entries go from {first} to {head.Sequence}, at most {Most} in one download." };
        }

        last = to is null ? Math.Min(head.Sequence, first + Most - 1) : last;
        var hashes = await Linked(db).Where(r => r.Sequence == first - 1 || r.Sequence == last).ToDictionaryAsync(r => r.Sequence!.Value, r => AuditChain.Hex(r.Hash!), ct);
        hashes[0] = AuditChain.Beginning;
        if (!hashes.TryGetValue(last, out var end))
        {
            return NoRange with { Field = "to", Detail = $"Entry {last} is missing from the chain. End at another one." };
        }

        // What leaves the house is recorded; who turns pages is not. It is linked behind the range, which therefore never holds itself.
        db.Audit("downloaded", "audit", $"{first}-{last}");
        var range = new AuditRange(db.Service, db.Force!, first, last, hashes.GetValueOrDefault(first - 1), end);
        return TypedResults.Stream(body => Write(body, db, range, ct), "application/jsonl", $"audit-{db.Service}-{db.Force}-{first}-{last}.jsonl");
    }

    /// <summary>One line after the other, in batches: a linked row never changes, so no transaction has to stay open meanwhile. A file that was cut off does not reach its head.</summary>
    private static async Task Write(Stream body, ServiceDb db, AuditRange range, CancellationToken ct)
    {
        await using var lines = new MemoryStream();
        Line(lines, range);
        for (var after = range.From - 1; after < range.To;)
        {
            var rows = await Linked(db).Where(r => r.Sequence > after && r.Sequence <= range.To).OrderBy(r => r.Sequence).Take(Batch).ToListAsync(ct);
            rows.ForEach(row => Line(lines, AuditChain.Show(row, db.SealedInAudit)));
            await body.WriteAsync(lines.GetBuffer().AsMemory(0, (int)lines.Length), ct);
            lines.SetLength(0);
            after = rows.Count == 0 ? range.To : rows[^1].Sequence!.Value;
        }
    }

    private static void Line<T>(MemoryStream lines, T line)
    {
        JsonSerializer.Serialize(lines, line, AuditChain.Json);
        lines.WriteByte((byte)'\n');
    }

    private static bool TryDay(string text, out DateTimeOffset? day)
    {
        var read = DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var on) && on.Year is > 2000 and < 9000;
        day = read ? new DateTimeOffset(on, TimeOnly.MinValue, TimeSpan.Zero) : null;
        return read;
    }

    private static bool TrySequence(string text, out long sequence) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out sequence) && sequence > 0;
}
