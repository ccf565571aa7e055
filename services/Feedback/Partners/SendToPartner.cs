using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback;

/// <summary>
/// Passed on by program: first shown, then sent. Words a coordinator wrote, the centre of the ward, the kind, and what the partner asks of the
/// thing itself; nobody's name, address, telephone, device or demographics have a field here, and none that asks for them is filled.
/// </summary>
internal static partial class SendToPartner
{
    private const int Run = 6;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    public static async Task<Results<Ok<PartnerPreview>, Refusal>> Preview(Guid id, string body, FeedbackDb db, ForcePackCatalogue packs, Open311Client partners, CancellationToken ct)
    {
        if (await db.Concerns.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id, ct) is not { } concern)
            return FeedbackRefusals.NotFound;
        var pack = packs.Get(db.Force!);
        if (To(body, concern, pack) is not { } to)
            return Not(body, pack);
        var (asked, instead) = to.Partner.Endpoint is null ? ([], null) : await Ask();
        var attributes = (asked ?? []).Select(a => new PartnerAttribute(a.Code, a.Description, a.Required, [.. a.Values.Select(v => new PartnerValue(v.Key, v.Name))],
            to.Service.Attributes.GetValueOrDefault(a.Code), IsPersonal(a))).ToList();
        var (address, ward) = Place(concern, pack)!.Value;
        return TypedResults.Ok(new PartnerPreview(to.Partner.Id, to.Partner.Endpoint is null, to.Service.Code, address, ward?.Lat, ward?.Lng,
            $"{pack.FindConcern(concern.Code)!.Label.In("en")}{(concern.LightBand is { } band ? $", {Light(band)}" : "")}, in {address}.", attributes,
            attributes.Any(a => a is { Personal: true, Required: true, Value: null }) ? "attribute-personal" : instead?.Reason));

        // A page waits for this: not longer than somebody looks at it.
        async Task<(IReadOnlyList<Open311Attribute>? Attributes, Heard? Instead)> Ask()
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
            patience.CancelAfter(Patience);
            try
            {
                return await partners.Attributes(to.Partner, to.Service.Code, patience.Token);
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested)
            {
                return (null, new Heard(HeardWhat.Nothing, "timed-out"));
            }
        }
    }

    public static Task<IResult> Handle(Guid id, PartnerReferral referral, HttpContext http, FeedbackDb db, ForcePackCatalogue packs, CancellationToken ct) =>
        Once(() => DecideOnConcern.On(id, "referred", http, db, async concern =>
        {
            var pack = packs.Get(db.Force!);
            if (To(referral.To, concern, pack) is not { } to)
                return Not(referral.To, pack);
            var texts = referral.Attributes.Select(a => ($"Attributes.{a.Key}", a.Value)).Prepend((nameof(referral.Why), referral.Why)).Prepend((nameof(referral.Description), referral.Description)).ToArray();
            if (PublicWords.Check(texts) is { } unfit)
                return unfit;
            if (texts.Where(t => t.Item1 != nameof(referral.Why)).Select(t => ((string Field, string Text)?)t).FirstOrDefault(t => AreHers(t!.Value.Text, concern)) is { } hers)
                return FeedbackRefusals.HerWords with { Detail = "Others would read what she told us. Say in your own words what is wrong.", Field = hers.Field };
            if (await db.PartnerRequests.AnyAsync(r => r.ConcernId == id && r.Partner == to.Partner.Id && r.State != PartnerState.Withdrawn, ct))
                return FeedbackRefusals.SentAlready;
            var attributes = new Dictionary<string, string>(to.Service.Attributes, StringComparer.Ordinal);
            foreach (var (code, value) in referral.Attributes)
                attributes.TryAdd(code, value.Trim());

            var before = concern.Memo();
            if (concern.Refer(referral.To, null, pack.Today(db.Now), pack) is { } refused)
                return refused;
            db.TellOwner(id, referral.To, before, pack.Today(db.Now));
            var (address, ward) = Place(concern, pack)!.Value;
            db.PartnerRequests.Add(new PartnerRequest
            {
                ConcernId = id, Partner = to.Partner.Id, Body = referral.To, Code = concern.Code, ServiceCode = to.Service.Code,
                Description = referral.Description.Trim(), Why = referral.Why.Trim(), Address = address, Lat = ward?.Lat, Long = ward?.Lng,
                Attributes = attributes, Before = before, MadeAt = db.Now,
                State = to.Partner.Endpoint is null ? PartnerState.Offered : PartnerState.Waiting, DueAt = to.Partner.Endpoint is null ? null : db.Now,
            });
            return null;
        }, ct));

    /// <summary>Where it can go by program; null where it goes by hand: what is sealed, and what has no place.</summary>
    public static (Partner Partner, PartnerService Service)? To(string body, Concern concern, ForcePack pack) =>
        concern.NarrativeSealed || Place(concern, pack) is null ? null : pack.PartnerOf(body, concern.Code, concern.BoroughCode ?? pack.BoroughOf(concern.WardCode));

    /// <summary>All fields a partner is sent, beside its jurisdiction and key.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Fields(PartnerRequest request)
    {
        yield return new("service_code", request.ServiceCode);
        if (request is { Lat: { } lat, Long: { } lng })
        {
            yield return new("lat", lat.ToString(CultureInfo.InvariantCulture));
            yield return new("long", lng.ToString(CultureInfo.InvariantCulture));
        }
        yield return new("address_string", request.Address);
        yield return new("description", $"{request.Description}\n\nOur reference: {request.Reference}");
        foreach (var (code, value) in request.Attributes)
            yield return new($"attribute[{code}]", value);
    }

    /// <summary>What stands against sending these values, and at which field; null where nothing does.</summary>
    public static (string Reason, string Attribute)? Fault(IReadOnlyList<Open311Attribute> asked, IReadOnlyDictionary<string, string> values, PartnerService service)
    {
        foreach (var attribute in asked)
        {
            var value = values.GetValueOrDefault(attribute.Code);
            if ((attribute.Required || value is not null) && IsPersonal(attribute) && !service.Attributes.ContainsKey(attribute.Code))
                return ("attribute-personal", attribute.Description);
            if (attribute.Required && string.IsNullOrEmpty(value))
                return ("attribute-missing", attribute.Description);
            if (value is not null && attribute.Values.Count > 0 && attribute.Values.All(v => v.Key != value))
                return ("attribute-value", attribute.Description);
        }
        // What they do not ask for does not go: only a field that was seen is known not to be about a person.
        return values.Keys.FirstOrDefault(code => asked.All(a => a.Code != code)) is { } unasked ? ("attribute-value", unasked) : null;
    }

    // The form fills nothing that asks for a person; what the pack fixes (e.g. "anonymous") is the force's own word.
    private static bool IsPersonal(Open311Attribute attribute) => attribute.Values.Count == 0 && Personal().IsMatch($"{attribute.Code} {attribute.Description}".Replace('_', ' '));

    /// <summary>Six words in a row as she wrote them, or all of her landmark, which is never told to others.</summary>
    private static bool AreHers(string text, Concern concern)
    {
        var words = Words(text);
        return (concern.Landmark is { } landmark && Words(landmark) is { Length: > 2 } place && Contains(words, place))
            || new[] { concern.Text, concern.WhatWouldChangeIt }.OfType<string>().Select(Words).Any(hers => Enumerable.Range(0, Math.Max(0, hers.Length - Run + 1)).Any(at => Contains(words, hers[at..(at + Run)])));

        static string[] Words(string text) => [.. Word().Matches(text.ToLowerInvariant()).Select(m => m.Value)];
        static bool Contains(string[] words, string[] run) => Enumerable.Range(0, Math.Max(0, words.Length - run.Length + 1)).Any(at => words.AsSpan(at, run.Length).SequenceEqual(run));
    }

    private static (string Address, Ward? Ward)? Place(Concern concern, ForcePack pack)
    {
        var ward = concern.WardCode is { } code ? pack.FindWard(code) : null;
        var borough = pack.Boroughs.FirstOrDefault(b => b.Code == (ward?.BoroughCode ?? concern.BoroughCode))?.Name;
        return borough is null ? null : (ward is null ? borough : $"{ward.Name}, {borough}", ward);
    }

    private static Refusal Not(string body, ForcePack pack) => pack.Bodies.All(b => b.Code != body) ? FeedbackRefusals.UnknownBody with { Field = "To" }
        : FeedbackRefusals.NotByProgram with { Detail = "They take nothing of this kind by program, or it is sealed, or has no place. Pass it on by hand, under their reference." };

    private static async Task<IResult> Once(Func<Task<IResult>> send)
    {
        try
        {
            return await send();
        }
        catch (DbUpdateException twin) when (twin.IsUniqueViolation())
        {
            return FeedbackRefusals.SentAlready;
        }
    }

    private static string Light(string band) => band switch { "day" => "by day", "dusk" => "at dusk", "dark" => "after dark", "late" => "late at night", _ => "at any time" };

    [GeneratedRegex(@"\b(name|surname|forename|e ?-?mail|phone|telephone|mobile|contact|date of birth|dob|gender|sex|ethnic\w*|age|reporter|customer|resident|your)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Personal();

    [GeneratedRegex(@"[\p{L}\p{N}']+")]
    private static partial Regex Word();
}
