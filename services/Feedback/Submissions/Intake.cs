using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Booking;
using WalkTalk.Contracts.Feedback;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback;

/// <summary>Puts each thing of a submission where it may be read, and says what was received.</summary>
internal sealed class Intake(FeedbackDb db, PersonalData personal, Tell tell, Sealing seal)
{
    /// <param name="channel">How it came in; see <see cref="Mailbox.Channel"/>.</param>
    public async Task<(FeedbackReceipt Receipt, Mailbox Mailbox)> Take(FeedbackSubmission sent, ForcePack pack, AttendanceToken? attendance, string channel, CancellationToken ct)
    {
        var today = pack.Today(db.Now);
        var (mailbox, words) = Mailbox.Open(sent.Language, today, channel);
        db.Mailboxes.Add(mailbox);
        if (sent.Email is { Length: > 0 } email)
            mailbox.Email = await personal.Protect(db, mailbox.Id, "email", email.Trim(), ct);

        var (items, danger) = await Into(mailbox, sent, pack, attendance is not null, attendance?.Quarter ?? today.Quarter(), ct);
        return (new FeedbackReceipt
        {
            Reference = mailbox.Reference,
            Words = words,
            Danger = danger,
            ComplaintRoute = sent.Concerns.Any(c => pack.FindConcern(c.Code)!.Group is "POL" or "SVC") || items.Any(i => i.Kind == "standards"),
            Items = items,
        }, mailbox);
    }

    /// <summary>The same into a mailbox there is: what an officer notes at several stops of one walk is one contributor's. How she rates a place confirms no claim of the force.</summary>
    public async Task<(List<ReceivedItem> Items, bool Danger)> Into(Mailbox mailbox, FeedbackSubmission sent, ForcePack pack, bool fromWalk, string quarter, CancellationToken ct, bool byOfficer = false)
    {
        var today = pack.Today(db.Now);
        var items = new List<ReceivedItem>();
        var danger = false;
        foreach (var input in sent.Concerns)
        {
            var type = pack.FindConcern(input.Code)!;
            var screened = Screen.Read(type, input.MayBeCrime, [input.Text, input.WhatWouldChangeIt, input.Place.Landmark, .. input.Photos.Select(p => p.Description)]);
            danger |= screened.Danger;
            if (type.Owner is null && screened.Route == Route.Triage)
            {
                items.Add(KeepSafePlace(input, mailbox, quarter));
                continue;
            }
            if (screened.Route != Route.Triage)
                items.AddRange(await SealAway(input, screened, mailbox, pack, quarter, ct));
            if (screened.KeepsConcern && type.Owner is not null)
                items.Insert(0, await Open(input, type, screened, mailbox, pack, fromWalk, today, quarter, ct));
        }
        foreach (var audit in sent.Audits)
            items.Add(await Keep(audit, mailbox, pack, fromWalk && !byOfficer, today, quarter, byOfficer, ct));
        return (items, danger);
    }

    private async Task<ReceivedItem> Open(ConcernInput input, ConcernType type, Screened screened, Mailbox mailbox, ForcePack pack, bool fromWalk,
        DateOnly today, string quarter, CancellationToken ct)
    {
        // Where the narrative is sealed, triage keeps code, facets and the ward: no landmark, no word.
        var narrativeSealed = screened.Route != Route.Triage;
        var concern = new Concern
        {
            MailboxId = mailbox.Id, Reference = References.New(6), Code = type.Code, OwnerBody = type.Owner,
            WardCode = input.Place.WardCode, BoroughCode = pack.BoroughOf(input.Place.WardCode),
            Landmark = narrativeSealed || input.Place.Landmark is null ? null : PersonalDataMask.Apply(input.Place.Landmark).Text,
            LightBand = input.LightBand, DayType = input.DayType, HowOften = input.HowOften, Since = input.Since, With = input.With,
            BecauseOfIt = input.BecauseOfIt, Basis = input.Basis, Intensity = input.Intensity,
            MeTooOf = input.MeTooOf is { } entry && await db.Board.AnyAsync(e => e.Id == entry, ct) ? entry : null,
            FromWalk = fromWalk, Quarter = quarter, ReceivedOn = today, NarrativeSealed = narrativeSealed,
        };
        if (!narrativeSealed)
        {
            (concern.Text, var found) = Working(input.Text);
            (concern.WhatWouldChangeIt, var more) = Working(input.WhatWouldChangeIt);
            concern.Masked = string.Join(',', screened.Masked);
            if (found || more)
                concern.SealedOriginal = await personal.Protect(db, mailbox.Id, "original", $"{input.Text}\n\n{input.WhatWouldChangeIt}", ct);
        }
        if (!narrativeSealed)
            await db.Attach(personal, input.Photos, concern.Id, PhotoState.Held, ct);
        concern.StartClock(pack, type);
        concern.PassScreening();
        // The receipt in her hands is the acknowledgement; the e-mail below repeats it where she gave one.
        concern.Acknowledge();
        db.Concerns.Add(concern);
        db.Publish(new ConcernReceived(concern.Id, mailbox.Id, type.BoroughByYearOnly ? null : concern.WardCode, concern.BoroughCode ?? "unknown",
            type.Code, concern.LightBand ?? "unknown", quarter, today, concern.DueOn), untimed: true);
        await tell.Contributor(mailbox, "concern-ack", concern.Id, 1, new()
        {
            ["reference"] = concern.Reference, ["owner"] = pack.BodyName(concern.OwnerBody!, mailbox.Language), ["next_on"] = concern.DueOn!.Value.Iso(),
        }, ct);
        return new("concern", concern.Reference, type.Code, concern.OwnerBody, concern.DueOn, null);
    }

    private async Task<IEnumerable<ReceivedItem>> SealAway(ConcernInput input, Screened screened, Mailbox mailbox, ForcePack pack, string quarter, CancellationToken ct)
    {
        var place = pack.PlaceText(input.Place.WardCode, input.Place.Landmark);
        var narrative = $"{input.Text}\n\n{input.WhatWouldChangeIt}".Trim();
        if (screened.Route == Route.Disclosure)
        {
            var disclosure = await seal.Disclosure(mailbox, input.Code, screened.Crime!, place, narrative, input.DisclosureChoice, pack, ct);
            await db.Attach(personal, input.Photos, disclosure.Id, PhotoState.Disclosure, ct);
            return [Received(disclosure)];
        }
        var (standards, crime) = await seal.Conduct(mailbox, input.Code, screened.Crime, place, narrative, input.DisclosureChoice, pack, ct);
        await db.Attach(personal, input.Photos, standards.Id, PhotoState.Standards, ct);
        if (!screened.KeepsConcern)
        {
            // It counts, by borough and year alone, and says no more.
            db.Publish(new ConcernReceived(standards.Id, mailbox.Id, null, pack.BoroughOf(input.Place.WardCode) ?? "unknown",
                standards.Code, "unknown", quarter), untimed: true);
        }
        var received = new ReceivedItem("standards", standards.Reference, standards.Code, null, standards.DueOn, null);
        return crime is null ? [received] : [received, Received(crime)];

        ReceivedItem Received(SealedDisclosure disclosure) => new("disclosure", disclosure.Reference, input.Code, null, null, null, disclosure.StandardsCaseId is not null);
    }

    private ReceivedItem KeepSafePlace(ConcernInput input, Mailbox mailbox, string quarter)
    {
        db.SafePlaces.Add(new SafePlace
        {
            MailboxId = mailbox.Id, Code = input.Code, WardCode = input.Place.WardCode, Landmark = Working(input.Place.Landmark).Text,
            LightBand = input.LightBand, Quarter = quarter, Text = Working(input.Text).Text,
        });
        return new("safe-place", mailbox.Reference, input.Code, null, null, null);
    }

    private async Task<ReceivedItem> Keep(AuditInput input, Mailbox mailbox, ForcePack pack, bool fromWalk, DateOnly today, string quarter, bool byOfficer, CancellationToken ct)
    {
        var scored = input.Ratings.Where(r => pack.AuditParameters.Single(p => p.Code == r.Key).InScore).ToDictionary(r => r.Key, r => r.Value);
        int? feel = pack.AuditParameters.FirstOrDefault(p => !p.InScore) is { } f && input.Ratings.TryGetValue(f.Code, out var felt) ? felt : null;
        var audit = new PlaceAudit
        {
            MailboxId = mailbox.Id, WardCode = input.WardCode, Landmark = Working(input.Landmark).Text, LightBand = input.LightBand, Quarter = quarter, On = today, FromWalk = fromWalk,
            Ratings = scored, Feel = feel, Score = PlaceAudit.ScoreOf(scored.Values),
        };
        audit.Point = PlaceAudit.PointOf(audit.Landmark, db, personal);
        db.Audits.Add(audit);
        var before = byOfficer || feel is null || audit.Point is null ? null : await FeltBefore(audit, today.AddDays(-7 * Concern.FirstAsked), ct);
        db.Publish(new AuditSubmitted(audit.Id, mailbox.Id, audit.WardCode, audit.LightBand, quarter, scored, feel, before), untimed: true);
        return new("audit", mailbox.Reference, null, null, null, audit.Score);
    }

    /// <summary>How the point felt in this light to the first who audited it by then. What officers noted is the force's own.</summary>
    private Task<int?> FeltBefore(PlaceAudit audit, DateOnly until, CancellationToken ct) => db.Audits
        .Where(a => a.WardCode == audit.WardCode && a.LightBand == audit.LightBand && a.Point == audit.Point && a.Feel != null && a.On <= until
            && !db.Mailboxes.Any(m => m.Id == a.MailboxId && m.Channel == Mailbox.Stop))
        .OrderBy(a => a.On).ThenBy(a => a.Id).Select(a => a.Feel).FirstOrDefaultAsync(ct);

    private static (string? Text, bool Found) Working(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return (null, false);
        var (working, found) = PersonalDataMask.Apply(text.Trim());
        return (working, found.Count > 0);
    }
}
