using System.Globalization;

namespace WalkTalk.ForcePacks.Reading;

/// <summary>
/// Reads one folder into a pack. Goes to the end whatever it meets, so that all faults are known;
/// what it returns is only used when there were none.
/// </summary>
internal sealed class PackReader(PackFolder folder)
{
    private readonly Json _force = Json.Read(folder, "force.json");

    public static ForcePack? Read(PackFolder folder)
    {
        var before = folder.Faults.Count;
        var pack = new PackReader(folder).Read();
        return folder.Faults.Count == before ? pack : null;
    }

    private ForcePack Read()
    {
        var languages = Languages();
        var texts = new Texts(folder, languages);
        var tables = new PackTables(folder, texts);

        var boroughs = Boroughs();
        var bodies = Bodies(texts);
        var wards = tables.Wards(boroughs);
        var taxonomy = tables.Taxonomy(bodies);
        var pack = new ForcePack
        {
            Id = Id(),
            Name = texts.Need("force.name"),
            Demonstration = _force.Flag("demonstration"),
            TimeZone = TimeZone(),
            Languages = languages,
            ExitUrl = ExitUrl(),
            Brand = Brand(),
            OpeningHours = OpeningHours(),
            BankHolidays = BankHolidays(),
            Boroughs = boroughs,
            Wards = wards,
            Boundaries = new BoundaryReader(folder, wards).Read(),
            MeetingPoints = tables.MeetingPoints(wards, _force.Whole("meetingPointsWithinMetres", least: 100, most: 50_000)),
            Bodies = bodies,
            Taxonomy = taxonomy,
            Routes = tables.Routes(bodies, taxonomy, boroughs, wards),
            Partners = Partners(bodies, taxonomy, boroughs),
            Answers = tables.Answers(taxonomy),
            AuditParameters = AuditParameters(texts),
            Officers = tables.Officers(wards, languages),
            DutyContacts = DutyContacts(texts),
            NoActionReasons = [.. Coded("noActionReasons", "reason", Known.ReasonCode, texts).Select(r => new NoActionReason(r.Code, r.Label))],
            ActionTypes = ActionTypes(texts),
            Retention = Retention(),
            Disclosure = Disclosure(),
        };
        _force.Finish();
        texts.Finish();
        UnknownFiles(languages);
        return pack;
    }

    private string Id()
    {
        var id = _force.Text("id");
        if (id.Length > 0 && !Known.Forces.Contains(id))
            _force.At("id").Fault($"'{id}' is no force id of data.police.uk");
        if (id.Length > 0 && id != folder.Name)
            _force.At("id").Fault($"id '{id}' differs from the folder's name '{folder.Name}'");
        return id;
    }

    private TimeZoneInfo TimeZone()
    {
        var id = _force.Text("timeZone");
        if (TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) && zone.HasIanaId)
            return zone;
        if (id.Length > 0)
            _force.At("timeZone").Fault($"'{id}' is no IANA time zone");
        return TimeZoneInfo.Utc;
    }

    private List<string> Languages()
    {
        var languages = _force.Texts("languages");
        foreach (var (language, at) in languages.Where(l => !Known.Languages.Contains(l.Text)))
            at.Fault($"language '{language}' is not one of {string.Join(", ", Known.Languages.Order())}");
        if (languages.Select(l => l.Text).FirstOrDefault() != "en")
            _force.At("languages").Fault("English (en) must come first");
        if (Known.WelshForces.Contains(folder.Name) && languages.All(l => l.Text != "cy"))
            _force.At("languages").Fault("a Welsh force speaks Welsh (cy) too");
        return [.. languages.Select(l => l.Text).Where(Known.Languages.Contains).Distinct()];
    }

    private Uri ExitUrl()
    {
        var text = _force.Text("exitUrl");
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps)
            return url;
        if (text.Length > 0)
            _force.At("exitUrl").Fault("exitUrl must be an https address");
        return new Uri("about:blank");
    }

    private Brand Brand()
    {
        var at = _force.Object("brand");
        var brand = new Brand(at.Text("bar"), at.Text("onBar"), at.Text("action"), at.Text("actionNight"));
        Contrast.Check(brand, at);
        return brand;
    }

    private Dictionary<DayOfWeek, OpeningHours> OpeningHours()
    {
        var hours = new Dictionary<DayOfWeek, OpeningHours>();
        foreach (var (name, text, at) in _force.Object("openingHours").Members())
        {
            if (!Enum.TryParse<DayOfWeek>(name, ignoreCase: true, out var day) || int.TryParse(name, CultureInfo.InvariantCulture, out _))
                at.Fault($"'{name}' is no day of the week");
            else if (text.Split('-') is not [var from, var to] || Time(from) is not { } opens || Time(to) is not { } closes || opens >= closes)
                at.Fault($"hours of {name} must read like 08:00-20:00");
            else
                hours[day] = new OpeningHours(opens, closes);
        }
        return hours;

        static TimeOnly? Time(string text) =>
            TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;
    }

    private HashSet<DateOnly> BankHolidays()
    {
        var days = new HashSet<DateOnly>();
        foreach (var (text, at) in _force.Texts("bankHolidays"))
        {
            if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
                at.Fault($"bank holiday '{text}' must read like 2026-12-25");
            else if (!days.Add(day))
                at.Fault($"bank holiday {text} is given twice");
            else if (day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday)
                at.Fault($"bank holiday {text} is a {day.DayOfWeek}: give the working day that is free in its place");
        }
        if (days.Count == 0)
            return days;
        for (var year = days.Min().Year; year <= days.Max().Year; year++)
        {
            if (days.Count(d => d.Year == year) < Known.BankHolidaysAYear)
                _force.At("bankHolidays").Fault($"{year} has fewer than {Known.BankHolidaysAYear} bank holidays: one of them is missing");
        }
        return days;
    }

    private List<Borough> Boroughs()
    {
        var unique = new Unique("borough");
        var boroughs = new List<Borough>();
        foreach (var at in _force.Objects("boroughs"))
        {
            var borough = new Borough(at.Text("code"), at.Text("name"));
            if (borough.Code.Length > 0 && !Known.OnsCode.IsMatch(borough.Code))
                at.At("code").Fault($"borough code '{borough.Code}' is no ONS code like E09000022");
            unique.Check(borough.Code, at.At("code").Fault);
            boroughs.Add(borough);
        }
        return boroughs;
    }

    private List<Body> Bodies(Texts texts) =>
        [.. Coded("bodies", "body", Known.BodyCode, texts).Select(b => new Body(b.Code, b.Label))];

    private List<ActionType> ActionTypes(Texts texts)
    {
        var types = Coded("actionTypes", "action", Known.ActionCode, texts)
            .Select(a => (Type: new ActionType(a.Code, a.Label, a.At.Flag("counted")), a.At)).ToList();
        var advice = types.Find(t => t.Type.Code == "ADVICE-TO-WOMEN");
        if (advice.Type is null)
            _force.At("actionTypes").Fault("action type ADVICE-TO-WOMEN is missing: without it such advice would be filed as something that counts");
        else if (advice.Type.Counted)
            advice.At.At("counted").Fault("ADVICE-TO-WOMEN is never counted as action");
        return [.. types.Select(t => t.Type)];
    }

    private List<AuditParameter> AuditParameters(Texts texts)
    {
        var parameters = Coded("auditParameters", "audit", Known.AuditCode, texts)
            .Select(p => new AuditParameter(p.Code, p.Label, [.. Enumerable.Range(0, 4).Select(level => texts.Need($"audit.{p.Code}.{level}"))], InScore: p.Code != "F")).ToList();
        if (parameters.Count(p => p.InScore) < 7)
            _force.At("auditParameters").Fault("a place score needs at least seven parameters beside the feeling");
        if (parameters.TrueForAll(p => p.InScore))
            _force.At("auditParameters").Fault("the feeling (F) is missing");
        return parameters;
    }

    private List<DutyContact> DutyContacts(Texts texts)
    {
        var unique = new Unique("duty contact");
        var contacts = new List<DutyContact>();
        foreach (var at in _force.Objects("dutyContacts"))
        {
            var contact = new DutyContact(at.Text("role"), texts.Need($"duty.{at.Text("role")}"), at.Text("email"), at.Text("phone"), at.Text("hours"));
            if (contact.Role.Length > 0 && !Known.DutyRoles.Contains(contact.Role))
                at.At("role").Fault($"duty role '{contact.Role}' is not one of {string.Join(", ", Known.DutyRoles.Order())}");
            if (contact.Email.Length > 0 && !Known.Email.IsMatch(contact.Email))
                at.At("email").Fault($"'{contact.Email}' is no e-mail address");
            if (contact.Phone.Length > 0 && !Known.Phone.IsMatch(contact.Phone))
                at.At("phone").Fault($"'{contact.Phone}' is no telephone number");
            unique.Check(contact.Role, at.At("role").Fault);
            contacts.Add(contact);
        }
        foreach (var role in Known.DutyRoles.Except(contacts.Select(c => c.Role)).Order())
            _force.At("dutyContacts").Fault($"the duty contact {role} is missing");
        return contacts;
    }

    private List<Partner> Partners(List<Body> bodies, List<ConcernType> taxonomy, List<Borough> boroughs)
    {
        var (ids, places) = (new Unique("partner"), new Unique("partner of"));
        var partners = new List<Partner>();
        foreach (var at in _force.Has("partners") ? _force.Objects("partners") : [])
        {
            var endpoint = at.Has("endpoint") ? Endpoint(at) : null;
            var partner = new Partner(at.Text("id"), at.Text("body"), at.Has("place") ? at.Text("place") : null, endpoint, at.Has("jurisdiction") ? at.Text("jurisdiction") : null,
                at.Has("json") && at.Flag("json"), at.Has("updates") && at.Flag("updates"), at.Has("pullMinutes") ? at.Whole("pullMinutes", 5, 10_080) : 360, Services(at, taxonomy));
            if (partner.Id.Length > 0 && !Known.Slug.IsMatch(partner.Id))
                at.At("id").Fault($"id '{partner.Id}' is not small letters, figures and hyphens");
            if (partner.Body.Length > 0 && bodies.TrueForAll(b => b.Code != partner.Body))
                at.At("body").Fault($"body {partner.Body} is no body of force.json");
            if (partner.Place is { Length: > 0 } place && boroughs.TrueForAll(b => b.Code != place))
                at.At("place").Fault($"place {place} is no borough of force.json");
            ids.Check(partner.Id, at.At("id").Fault);
            places.Check($"{partner.Body} in {partner.Place ?? "all places"}", at.Fault);
            partners.Add(partner);
        }
        return partners;
    }

    private static List<PartnerService> Services(Json partner, List<ConcernType> taxonomy)
    {
        var unique = new Unique("codes");
        var services = new List<PartnerService>();
        foreach (var at in partner.Objects("services"))
        {
            var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var (name, text, value) in at.Has("attributes") ? at.Object("attributes").Members() : [])
            {
                attributes[name] = text;
                if (text.Length == 0)
                    value.Fault($"attribute {name} is empty");
            }
            var service = new PartnerService(at.Text("codes"), at.Text("service"), attributes);
            if (service.Codes.Length > 0 && !taxonomy.Exists(t => Route.Fits(service.Codes, t.Code) && t is { Branch: ConcernBranch.None, BoroughByYearOnly: false, Owners.Count: > 0 }))
                at.At("codes").Fault($"nothing that may leave by program is or begins with {service.Codes}");
            unique.Check(service.Codes, at.At("codes").Fault);
            services.Add(service);
        }
        if (services.Count == 0)
            partner.Fault("a partner needs at least one service");
        return services;
    }

    // In the clear only where nothing is real: a demonstration on this machine.
    private Uri? Endpoint(Json at)
    {
        var text = at.Text("endpoint");
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && text.EndsWith('/') && url.UserInfo.Length + url.Query.Length + url.Fragment.Length == 0
            && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback && _force.Flag("demonstration"))))
            return url;
        if (text.Length > 0)
            at.At("endpoint").Fault("endpoint must be an https address that ends with a slash, without name, key or query");
        return null;
    }

    private RetentionPeriods Retention()
    {
        var at = _force.Object("retention");
        return new RetentionPeriods(
            UnconfirmedDays: at.Whole("unconfirmedDays", 1),
            BookingContactDaysAfterLastWalk: at.Whole("bookingContactDaysAfterLastWalk", 1),
            ContributorContactDaysAfterLastConcern: at.Whole("contributorContactDaysAfterLastConcern", 1),
            ConcernMonthsBeforeAnonymised: at.Whole("concernMonthsBeforeAnonymised", 1),
            RawPinDaysAfterTriage: at.Whole("rawPinDaysAfterTriage", 1),
            RouteDays: at.Whole("routeDays", 1),
            VerificationCodeHours: at.Whole("verificationCodeHours", 1),
            VerificationLogMonths: at.Whole("verificationLogMonths", 1),
            MessageBodyDays: at.Whole("messageBodyDays", 1),
            MessageStatusDays: at.Whole("messageStatusDays", 1),
            AuditYears: at.Whole("auditYears", 1));
    }

    private DisclosureThresholds Disclosure()
    {
        const string floor = ", the platform's floor";
        var at = _force.Object("disclosure");
        return new DisclosureThresholds(
            MinimumCount: at.Whole("minimumCount", 5, why: floor),
            MinimumWithCharacteristic: at.Whole("minimumWithCharacteristic", 10, why: floor),
            RoundTo: at.Whole("roundTo", 5, why: floor),
            MinimumDenominator: at.Whole("minimumDenominator", 25, why: floor),
            MinimumForMean: at.Whole("minimumForMean", 8, why: floor),
            MaximumShareOfOne: at.Whole("maximumShareOfOne", 1, 50),
            MinimumContributorsAtPoint: at.Whole("minimumContributorsAtPoint", 5, why: floor),
            MinimumAddressesAtPoint: at.Whole("minimumAddressesAtPoint", 8, why: floor),
            ReleaseLagDays: at.Whole("releaseLagDays", 30, why: floor),
            MinimumAudits: at.Whole("minimumAudits", 8, why: floor),
            MinimumAuditors: at.Whole("minimumAuditors", 5, why: floor),
            MinimumTeamOfficers: at.Whole("minimumTeamOfficers", 5, why: floor),
            MinimumTeamWalks: at.Whole("minimumTeamWalks", 10, why: floor));
    }

    private List<(string Code, LocalText Label, Json At)> Coded(string list, string kind, System.Text.RegularExpressions.Regex shape, Texts texts)
    {
        var unique = new Unique(kind);
        var coded = new List<(string, LocalText, Json)>();
        foreach (var at in _force.Objects(list))
        {
            var code = at.Text("code");
            if (code.Length == 0)
                continue;
            if (!shape.IsMatch(code))
                at.At("code").Fault($"{kind} code '{code}' has not the shape {shape}");
            unique.Check(code, at.At("code").Fault);
            coded.Add((code, texts.Need($"{kind}.{code}"), at));
        }
        if (coded.Count == 0)
            _force.At(list).Fault($"{list} is empty");
        return coded;
    }

    private void UnknownFiles(IEnumerable<string> languages)
    {
        string[] known = ["force.json", "README.md", BoundaryReader.File, .. PackTables.Files, .. languages.Select(Texts.FileOf)];
        foreach (var file in folder.Files().Except(known))
            folder.Faults.Add(folder.Label(file), 0, "is no file of a force pack");
    }
}

/// <summary>Says that a value has been there before.</summary>
internal sealed class Unique(string what)
{
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    public void Check(string value, Action<string> fault)
    {
        if (value.Length > 0 && !_seen.Add(value))
            fault($"{what} {value} is given twice");
    }
}
