using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using WalkTalk.Contracts.Feedback;
using WalkTalk.ForcePacks;

namespace WalkTalk.Feedback.Demo;

/// <summary>
/// A year of invented concerns and their answers, the same every time for the same force and moment. It is played day by day: each
/// event goes through the entities' own steps on its own day, tells its fact, and leads to the next; what would come after today
/// has not happened yet. So every concern is open with a clock or ended with a reason, as in life.
/// </summary>
internal sealed class DemoYear
{
    private const int Told = 600;

    private readonly ForcePack pack;
    private readonly DateTimeOffset now;
    private readonly DateOnly today;
    private readonly Random random, reading;
    private readonly PriorityQueue<Action<DateOnly>, (DateOnly Day, int Order)> events = new();
    private readonly Dictionary<(string Code, string? Ward), List<Concern>> decided = [];
    private readonly HashSet<string> references = [];
    private readonly List<Ward> wards;
    private int order;

    private DemoYear(ForcePack pack, DateTimeOffset now)
    {
        (this.pack, this.now, today) = (pack, now, pack.Today(now));
        random = new Random(BitConverter.ToInt32(SHA256.HashData(Encoding.UTF8.GetBytes($"concerns of {pack.Id}"))));
        // Its own, so that who reads when leaves the rest of the year as it is.
        reading = new Random(1);
        // Some places are told of far more than others.
        wards = [.. pack.Wards.OrderBy(_ => random.Next()).SelectMany((ward, i) => Enumerable.Repeat(ward, i < 6 ? 9 : i < 16 ? 3 : 1))];
    }

    public List<Mailbox> Mailboxes { get; } = [];
    public List<Concern> Concerns { get; } = [];
    public List<ForceAction> Actions { get; } = [];
    public List<BoardEntry> Board { get; } = [];
    public List<MailboxMessage> Messages { get; } = [];
    public List<PlaceAudit> Audits { get; } = [];
    public List<SafePlace> SafePlaces { get; } = [];
    public List<(SealedDisclosure Disclosure, string Place, string Narrative)> Disclosures { get; } = [];
    public List<(StandardsCase Case, string Place, string Narrative)> Standards { get; } = [];
    public List<PartnerRequest> PartnerRequests { get; } = [];

    /// <summary>What Feedback would have told the other services, in its order, and how each is published.</summary>
    public List<(object Fact, Action<FeedbackDb> Publish)> Facts { get; } = [];

    public static DemoYear Of(ForcePack pack, DateTimeOffset now)
    {
        var year = new DemoYear(pack, now);
        year.Plan();
        year.Play();
        return year;
    }

    private void Plan()
    {
        var first = new DateOnly(today.Year - 1, (today.Month - 1) / 3 * 3 + 1, 1);
        var days = today.DayNumber - first.DayNumber;
        for (var told = 0; told < Told;)
        {
            var many = random.Next(10) switch { < 7 => 1, < 9 => 2, _ => 3 };
            told += many;
            At(first.AddDays(random.Next(days + 1)), day => Submit(day, many));
        }
        for (var i = 0; i < 130; i++) At(first.AddDays(random.Next(days + 1)), AuditPlace);
        for (var i = 0; i < 40; i++) At(first.AddDays(random.Next(days + 1)), TellSafePlace);
        PlanKnownMailbox();
        PlanClocks();
        PlanPartner();
    }

    /// <summary>The mailbox one can open: every kind of answer, and every kind of question to her.</summary>
    private void PlanKnownMailbox()
    {
        var salt = Bytes(16);
        var mailbox = new Mailbox
        {
            Id = NewId(), Reference = DemonstrationMailbox.Reference, Salt = salt, WordsHash = MailboxWords.Hash(DemonstrationMailbox.Words, salt),
            Language = "en", OpenedOn = today.AddDays(-95), Channel = "web",
        };
        Mailboxes.Add(mailbox);
        var ward = wards[0];

        Begin("ENV-CCTV", 95, (c, kind) => At(c.ReceivedOn.AddDays(12), day => End(c, kind, day)));
        Begin("ENV-LIGHT-OUT", 60, (c, kind) => At(c.ReceivedOn.AddDays(10), day => Agree(kind, [c], day, today.AddDays(-4), today.AddDays(-5), answered: false)));
        Begin("ENV-LAYOUT", 40, (c, kind) => At(c.ReceivedOn.AddDays(14), day => Agree(kind, [c], day, today.AddDays(30), today.AddDays(30), answered: true)));
        Begin("ENV-VEG", 20, (c, _) => At(today.AddDays(-3), day => Ask(c, day)));
        At(pack.Today(now.AddHours(-9)), _ => Disclose(Open(mailbox, Kind("BEH-VERBAL-G"), ward, pack.Today(now.AddHours(-9))), now.AddHours(-9), explained: true, null));

        void Begin(string code, int daysAgo, Action<Concern, DemoKind> then) => At(today.AddDays(-daysAgo), day =>
        {
            var kind = Kind(code);
            var concern = Open(mailbox, kind, ward, day);
            At(day.AddDays(2), on => Triage(concern, kind, on));
            then(concern, kind);
        });
    }

    /// <summary>Disclosures at every point of their 24 hours, and a case for professional standards.</summary>
    private void PlanClocks()
    {
        foreach (var (hours, code, choice) in ((double, string, string?)[])[(2, "BEH-FOLLOW", null), (13.5, "BEH-STARE", SealedDisclosure.NotNow), (17.5, "BEH-FOLLOW", "Supported"), (21, "BEH-EXPOSE", "ReportNow")])
        {
            var received = now.AddHours(-hours);
            At(pack.Today(received), day => Disclose(Open(NewMailbox(day), Kind(code), AnyWard(), day), received, choice is not null, choice));
        }
        At(today, day => TellOfPolice(day, DemoWords.Conduct));
        // Told with a crime: standards hold its 24 hours too.
        var told = now.AddHours(-5);
        At(pack.Today(told), day =>
        {
            var standards = TellOfPolice(day, DemoWords.ConductAndCrime);
            Flag(new SealedDisclosure
            {
                Id = NewId(), Reference = Reference(), MailboxId = standards.MailboxId, Cause = "cue", Code = standards.Code, DueAt = SealedDisclosure.ClockFrom(told), StandardsCaseId = standards.Id,
            }, told, explained: true, "Supported", Pick(DemoWords.Landmarks), DemoWords.ConductAndCrime);
        });
    }

    /// <summary>A concern that is with a partner by program, where the pack has one: they have it under their reference, and it is open there.</summary>
    private void PlanPartner() => At(today.AddDays(-12), day =>
    {
        var kind = Kind("TRN-STOP");
        var concern = Open(NewMailbox(day), kind, AnyWard(), day, placed: true);
        At(day.AddDays(2), on => Triage(concern, kind, on));
        At(day.AddDays(5), on =>
        {
            if (SendToPartner.To(kind.Body, concern, pack) is not { } to || concern.Memo() is var before && concern.Refer(kind.Body, null, on, pack) is not null)
                return;
            Tell(new ConcernTriaged(concern.Id, kind.Body, on.Quarter(), on, before.InTime(on)));
            var (ward, at) = (pack.FindWard(concern.WardCode!)!, new DateTimeOffset(on.ToDateTime(new TimeOnly(10, 0)), TimeSpan.Zero));
            var request = new PartnerRequest
            {
                Id = NewId(), ConcernId = concern.Id, Partner = to.Partner.Id, Body = kind.Body, Reference = Reference(8), Code = concern.Code, ServiceCode = to.Service.Code,
                Description = DemoWords.PassedOn, Why = DemoWords.WhyPassedOn, Address = $"{ward.Name}, {pack.Boroughs.First(b => b.Code == ward.BoroughCode).Name}",
                Lat = ward.Lat, Long = ward.Lng, Attributes = to.Service.Attributes, Before = before, MadeAt = at, State = PartnerState.Offered,
            };
            request.HearFrom(new PartnerUpdate("1", at.AddDays(2), "open", DemoWords.PartnerSays), "BI-20418", at.AddDays(2));
            concern.KnowReference(kind.Body, request.TheirReference!);
            PartnerRequests.Add(request);
            Say(concern, MailboxMessage.Force, request.Why, on.AddDays(2));
        });
    });

    /// <summary>A case for standards alone; it counts, by borough and year.</summary>
    private StandardsCase TellOfPolice(DateOnly day, string said)
    {
        var mailbox = NewMailbox(day);
        var standards = new StandardsCase { Id = NewId(), Reference = Reference(), MailboxId = mailbox.Id, Code = "POL-CONDUCT", DueOn = pack.AddWorkingDays(day, 1) };
        Standards.Add((standards, Pick(DemoWords.Landmarks), said));
        Tell(new ConcernReceived(standards.Id, mailbox.Id, null, AnyWard().BoroughCode, standards.Code, "unknown", day.Quarter()), untimed: true);
        return standards;
    }

    private void Play()
    {
        while (events.TryDequeue(out var happens, out var when) && when.Day <= today) happens(when.Day);
        // Nobody is alerted of the past, or asked about it; what retention would have taken is gone.
        foreach (var concern in Concerns)
        {
            if ((concern.TriagedOn ?? concern.EndedOn) <= today.AddDays(-pack.Retention.RawPinDaysAfterTriage)) concern.Landmark = null;
            concern.KnowClock(today);
            if (concern.ToAsk(today) is { } weeks) concern.Asked(weeks);
        }
        var kept = today.AddDays(1 - pack.Retention.RawPinDaysAfterTriage).Quarter();
        foreach (var place in SafePlaces.Where(p => string.CompareOrdinal(p.Quarter, kept) < 0)) place.Landmark = null;
        Tell(new FeedbackRetentionRun(today, 0));
    }

    private void At(DateOnly day, Action<DateOnly> happens) => events.Enqueue(happens, (day, order++));

    private void Submit(DateOnly day, int many)
    {
        var (mailbox, ward) = (NewMailbox(day), AnyWard());
        for (var i = 0; i < many; i++)
        {
            var kind = AnyKind();
            // What is sealed and younger than a day is told by PlanClocks alone.
            var sealedAway = pack.FindConcern(kind.Code)!.Branch == ConcernBranch.Disclosure;
            if (sealedAway && day > today.AddDays(-3)) kind = DemoWords.Kinds[0];
            var concern = Open(mailbox, kind, ward, day);
            if (sealedAway && concern.NarrativeSealed) Record(concern, day);
            Decide(concern, kind);
        }
    }

    private Concern Open(Mailbox mailbox, DemoKind kind, Ward ward, DateOnly day, bool placed = false)
    {
        var type = pack.FindConcern(kind.Code)!;
        var sealedAway = type.Branch == ConcernBranch.Disclosure;
        (placed, var landmark, var said, var change) = (random.Next(25) > 0 || placed, random.Next(3) > 0, random.Next(8) > 0, random.Next(5) > 2);
        var concern = new Concern
        {
            Id = NewId(), MailboxId = mailbox.Id, Reference = Reference(), Code = type.Code, OwnerBody = type.Owner,
            WardCode = placed ? ward.Code : null, BoroughCode = placed ? ward.BoroughCode : null, Landmark = sealedAway || !landmark ? null : Pick(DemoWords.Landmarks),
            LightBand = Pick(["dark", "dark", "dark", "dark", "dark", "late", "late", "dusk", "dusk", "day", "day", null]), DayType = Pick(["weekday", "weekend", "any", "any", null]),
            HowOften = Pick(["most", "most", "sometimes", "sometimes", "once", null]), Since = Pick(["30days", "year", "year", "always", null]),
            With = Pick(["alone", "alone", "alone", "companion", "child", null]), BecauseOfIt = Pick(["route", "route", "time", "taxi", "calls", "does-not-go", "nothing", null]),
            Basis = Pick(["me", "me", "me", "me", "saw", "heard", null]), Intensity = random.Next(9) == 0 ? null : 1 + Math.Max(random.Next(5), random.Next(5)),
            FromWalk = random.Next(9) < 4, Quarter = day.Quarter(), ReceivedOn = day, NarrativeSealed = sealedAway,
            Text = sealedAway || !said ? null : Pick(DemoKind.Lines(kind.Said)),
            WhatWouldChangeIt = sealedAway || !change || kind.Change.Length == 0 ? null : Pick(DemoKind.Lines(kind.Change)),
        };
        concern.StartClock(pack, type);
        concern.PassScreening();
        concern.Acknowledge();
        Concerns.Add(concern);
        Tell(new ConcernReceived(concern.Id, mailbox.Id, type.BoroughByYearOnly ? null : concern.WardCode, concern.BoroughCode ?? "unknown",
            type.Code, concern.LightBand ?? "unknown", concern.Quarter, day, concern.DueOn), untimed: true);
        return concern;
    }

    /// <summary>What becomes of a concern: mostly an owner in time, then an action; sometimes a question, a no, or its withdrawal.</summary>
    private void Decide(Concern concern, DemoKind kind)
    {
        var sla = pack.FindConcern(kind.Code)!.SlaWorkingDays ?? 5;
        var late = random.Next(100) < (concern.ReceivedOn > today.AddDays(-45) ? 14 : 6);
        var triage = pack.AddWorkingDays(concern.ReceivedOn, late ? sla + 2 + random.Next(sla + 6) : Math.Max(1, random.Next(sla + 1)));
        var fate = random.Next(100);
        if (fate < 1)
        {
            At(triage, day => Withdraw(concern, day));
            return;
        }
        At(triage, day => Triage(concern, kind, day));
        if (fate < 16) At(pack.AddWorkingDays(triage, 3 + random.Next(15)), day => End(concern, kind, day));
        else if (fate < 24) At(pack.AddWorkingDays(triage, 1), day => Ask(concern, day, kind));
        else Agreeable(concern, kind, triage);
    }

    private void Triage(Concern concern, DemoKind kind, DateOnly day)
    {
        var before = concern.Memo();
        if (concern.Triage(kind.Body, kind.Role, day, pack) is null) Tell(new ConcernTriaged(concern.Id, kind.Body, day.Quarter(), day, before.InTime(day)));
    }

    private void Withdraw(Concern concern, DateOnly day)
    {
        if (concern.Withdraw(day) is null) Tell(new ConcernRemoved(concern.Id, nameof(ConcernState.Withdrawn)), untimed: true);
    }

    /// <summary>Asks her; she answers within days, or after 28 it ends for want of an answer.</summary>
    private void Ask(Concern concern, DateOnly day, DemoKind? kind = null)
    {
        if (concern.Ask(day) is not null) return;
        Say(concern, MailboxMessage.Force, Pick(DemoWords.Questions), day);
        if (kind is null) return;
        if (random.Next(3) > 0)
        {
            At(day.AddDays(2 + random.Next(12)), on =>
            {
                concern.HearAnswer(on, pack);
                Say(concern, MailboxMessage.Contributor, "The side nearer to the shops. It is worst after they close.", on);
                Agreeable(concern, kind, on);
            });
        }
        else
        {
            At(day.AddDays(Concern.DaysToAnswer + 1), on => End(concern, kind, on, "NA-INFO", "We asked once and had no answer. Any new word opens it again."));
        }
    }

    private void End(Concern concern, DemoKind kind, DateOnly day) => End(concern, kind, day, kind.NoReason, kind.No);

    private void End(Concern concern, DemoKind kind, DateOnly day, string reason, string answer)
    {
        // A review that has come due is not part of the demonstration: targets are 0 overdue.
        var review = pack.AddWorkingDays(today.AddDays(20), 10 + random.Next(90));
        if (concern.EndWithoutAction(reason, kind.Role, review, answer, day) is not null) return;
        var entry = BoardEntry.Coarse(concern.Id, pack.FindConcern(concern.Code)!, concern, DemoKind.Lines(kind.Asked)[0]);
        entry.ForceSays("not-done", "not-done", day, $"{pack.ReasonText(reason, "en")}. {answer}");
        entry.LooksAgain(review, kind.Role);
        Board.Add(entry);
        Tell(new ConcernEndedNoAction(concern.Id, reason, review, day, Reachable: true));
        // The mailbox one can open is first: whoever opens it is the first to read.
        if (concern.MailboxId != Mailboxes[0].Id && reading.Next(100) < 96) At(day.AddDays(1 + reading.Next(9)), on => Read(concern, on));
    }

    private void Read(Concern concern, DateOnly day)
    {
        if (!concern.IsUnread) return;
        concern.Read(day);
        Tell(new ConcernOutcomeRead(concern.Id, day), untimed: true);
    }

    private void Agreeable(Concern concern, DemoKind kind, DateOnly from)
    {
        var key = (concern.Code, concern.WardCode);
        if (!decided.TryGetValue(key, out var waiting)) decided[key] = waiting = [];
        waiting.Add(concern);
        At(pack.AddWorkingDays(from, 2 + random.Next(12)), day =>
        {
            if (concern.State != ConcernState.Triaged) return;
            // One answer for all who told the same of the same ward and wait for it.
            var same = waiting.Where(c => c.State == ConcernState.Triaged).Take(5).ToList();
            if (!same.Contains(concern)) same.Add(concern);
            var due = day.AddDays(random.Next(100) < 34 ? 150 + random.Next(150) : 20 + random.Next(60));
            var claim = random.Next(10) == 0 ? due.AddDays(8 + random.Next(25)) : due.AddDays(-random.Next(10));
            Agree(kind, same, day, due, claim, answered: true);
        });
    }

    private void Agree(DemoKind kind, List<Concern> concerns, DateOnly day, DateOnly due, DateOnly claim, bool answered)
    {
        var (promises, asked, done) = (DemoKind.Lines(kind.Promise), DemoKind.Lines(kind.Asked), DemoKind.Lines(kind.Done));
        var which = random.Next(promises.Length);
        var action = new ForceAction
        {
            Id = NewId(), Type = kind.Action, Counted = true, OwnerBody = kind.Body, OwnerRole = kind.Role, AgreedOn = day, DueOn = due, FourP = kind.FourP,
            Asked = asked[which % asked.Length], Promise = string.Format(CultureInfo.InvariantCulture, promises[which], due.ToString("d MMMM yyyy", CultureInfo.InvariantCulture)),
            Concerns = [.. concerns.Select(c => new ActionConcern { ConcernId = c.Id })],
        };
        concerns.ForEach(c => c.TakeUp(action, day, pack));
        Actions.Add(action);
        var first = concerns.OrderBy(c => c.Quarter, StringComparer.Ordinal).First();
        var entry = BoardEntry.Coarse(action.Id, pack.FindConcern(kind.Code)!, first, action.Asked).Coarser(
            concerns.TrueForAll(c => c.WardCode == first.WardCode), concerns.TrueForAll(c => c.BoroughCode == first.BoroughCode), concerns.TrueForAll(c => c.LightBand == first.LightBand));
        entry.ForceSays("in-hand", "said", day, action.Promise);
        Board.Add(entry);
        Tell(new ActionAgreed(action.Id, [.. concerns.Select(c => c.Id)], action.Type, true, action.OwnerBody, due, day));
        At(claim, on => Claim(action, entry, concerns, kind, done[which % done.Length], on, answered));
    }

    private void Claim(ForceAction action, BoardEntry entry, List<Concern> concerns, DemoKind kind, string done, DateOnly day, bool answered)
    {
        action.Claim(done, day);
        entry.ForceSays("we-say-done", "we-say-done", day, done);
        foreach (var concern in concerns)
        {
            if (concern.ClaimDone(done, day) is not null) continue;
            Tell(new ConcernClaimedDone(concern.Id, day, Reachable: true));
            if (answered && random.Next(100) is var draw and < 94) At(day.AddDays(6 + random.Next(21)), on => Hear(action, entry, concern, kind, draw < 68, on));
        }
    }

    private void Hear(ForceAction action, BoardEntry entry, Concern concern, DemoKind kind, bool isDone, DateOnly day)
    {
        Read(concern, day);
        if ((isDone ? concern.Confirm(day) : concern.Dispute(day, pack)) is not null) return;
        action.Hear(isDone);
        entry.WomenSay(isDone, day.Quarter());
        if (isDone)
        {
            Tell(new ConcernConfirmedDone(concern.Id, day), untimed: true);
            return;
        }
        Tell(new ConcernDisputed(concern.Id, day), untimed: true);
        Say(concern, MailboxMessage.Contributor, "It looks the same to me.", day);
        // Open again: mostly something more is agreed within the ten working days, and takes its time.
        if (random.Next(8) > 0)
        {
            var due = day.AddDays(60 + random.Next(120));
            At(pack.AddWorkingDays(day, 3 + random.Next(7)), on => Agree(kind, [concern], on, due, due.AddDays(-random.Next(10)), answered: true));
        }
    }

    /// <summary>A disclosure of the past: recorded within the day, handed over and receipted.</summary>
    private void Record(Concern concern, DateOnly day)
    {
        var received = new DateTimeOffset(day.ToDateTime(new TimeOnly(9 + random.Next(10), 0)), TimeSpan.Zero);
        var choice = random.Next(20) switch { < 9 => "ReportNow", < 15 => "Supported", < 19 => "ThirdParty", _ => SealedDisclosure.NotNow };
        var disclosure = Disclose(concern, received, explained: true, choice);
        if (choice == SealedDisclosure.NotNow) disclosure.Override("Others are at risk at the same place.");
        disclosure.HandOver("Public protection desk", $"CR-{day.Year}-{random.Next(100_000):D5}", received.AddHours(2 + random.Next(16)));
        Tell(new DisclosureHandedOver(disclosure.Id, disclosure.HandedOverAt <= disclosure.DueAt), untimed: true);
        disclosure.Receipt();
    }

    private SealedDisclosure Disclose(Concern concern, DateTimeOffset received, bool explained, string? choice)
    {
        var disclosure = new SealedDisclosure
        {
            Id = NewId(), Reference = Reference(), MailboxId = concern.MailboxId, Cause = "code", Code = concern.Code, DueAt = SealedDisclosure.ClockFrom(received),
        };
        return Flag(disclosure, received, explained, choice, pack.PlaceText(concern.WardCode, Pick(DemoWords.Landmarks)), Pick(DemoKind.Lines(Kind(concern.Code).Said)));
    }

    private SealedDisclosure Flag(SealedDisclosure disclosure, DateTimeOffset received, bool explained, string? choice, string place, string narrative)
    {
        if (explained) disclosure.Explain();
        if (choice is not null) disclosure.Choose(choice);
        Disclosures.Add((disclosure, place, narrative));
        Tell(new DisclosureFlagged(disclosure.Id, DateOnly.FromDateTime(received.UtcDateTime)), untimed: true);
        return disclosure;
    }

    private void AuditPlace(DateOnly day)
    {
        var (ward, mailbox) = (AnyWard(), NewMailbox(day));
        // How a place is depends on the place; the woman who rates it adds a little of her own.
        var level = ward.Code[^1] % 2;
        var ratings = pack.AuditParameters.Where(p => p.InScore && random.Next(9) > 0).ToDictionary(p => p.Code, _ => Math.Min(3, level + random.Next(3)));
        var audit = new PlaceAudit
        {
            Id = NewId(), MailboxId = mailbox.Id, WardCode = ward.Code, LightBand = Pick(["dark", "dark", "dark", "dusk", "day"])!, Quarter = day.Quarter(),
            Ratings = ratings, Feel = Math.Max(0, level + random.Next(3) - 1), Score = PlaceAudit.ScoreOf(ratings.Values),
        };
        Audits.Add(audit);
        Tell(new AuditSubmitted(audit.Id, mailbox.Id, audit.WardCode, audit.LightBand, audit.Quarter, ratings, audit.Feel), untimed: true);
    }

    private void TellSafePlace(DateOnly day) => SafePlaces.Add(new SafePlace
    {
        Id = NewId(), MailboxId = NewMailbox(day).Id, Code = Pick(["POS-SAFE", "POS-SAFE", "POS-FIXED"])!, WardCode = AnyWard().Code, Landmark = Pick(DemoWords.Landmarks),
        LightBand = Pick(["dark", "dusk", "day", "late"]), Quarter = day.Quarter(), Text = Pick(DemoWords.SafePlaces),
    });

    /// <summary>A mailbox nobody can open: its hash is of no words.</summary>
    private Mailbox NewMailbox(DateOnly day)
    {
        var mailbox = new Mailbox { Id = NewId(), Reference = Reference(8), Salt = Bytes(16), WordsHash = Bytes(32), Language = "en", OpenedOn = day, Channel = "web" };
        Mailboxes.Add(mailbox);
        return mailbox;
    }

    private void Say(Concern concern, string from, string text, DateOnly on) => Messages.Add(new MailboxMessage
    {
        Id = NewId(), MailboxId = concern.MailboxId, SubjectId = concern.Id, Number = Messages.Count(m => m.SubjectId == concern.Id) + 1, From = from, On = on, Text = text,
    });

    private void Tell<T>(T fact, bool untimed = false) where T : class => Facts.Add((fact, db => db.Publish(fact, untimed)));

    private static DemoKind Kind(string code) => DemoWords.Kinds.Single(k => k.Code == code);

    private DemoKind AnyKind()
    {
        var draw = random.Next(DemoWords.Kinds.Sum(k => k.Weight));
        foreach (var kind in DemoWords.Kinds)
        {
            draw -= kind.Weight;
            if (draw < 0) return kind;
        }
        throw new InvalidOperationException("Weights add up.");
    }

    private Ward AnyWard() => wards[random.Next(wards.Count)];

    private T Pick<T>(T[] from) => from[random.Next(from.Length)];

    private string Reference(int length = 6)
    {
        string reference;
        do reference = "WT-" + string.Concat(Enumerable.Range(0, length).Select(_ => References.Alphabet[random.Next(References.Alphabet.Length)]));
        while (!references.Add(reference));
        return reference;
    }

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private Guid NewId() => new(Bytes(16));
}
