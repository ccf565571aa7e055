using System.Globalization;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.ForcePacks;
using WalkTalk.Gateway.Components;
using WalkTalk.Gateway.Web;

namespace WalkTalk.Gateway.Pages.Feedback;

/// <summary>Reads one answer, keeps it in the draft, and asks the next question.</summary>
public partial class TellUs
{
    private static readonly string[] Sight = ["A1", "A2", "A3"];
    private static readonly string[] People = ["A4", "A5", "A6"];

    private TellUsDraft draft = new();
    private FormState shown = new(null);
    private FeedbackReceipt? receipt;
    private string title = "";

    private IEnumerable<Option> Wards => Pack.Wards
        .Select(ward => new Option(ward.Code, ward.Name, null, Pack.Boroughs.First(b => b.Code == ward.BoroughCode).Name))
        .OrderBy(o => o.Group, StringComparer.CurrentCulture).ThenBy(o => o.Text, StringComparer.CurrentCulture);

    // For the module that chooses the ward she is in, on her device: everybody may know a ward's centre.
    private string Centres => string.Join(' ', Pack.Wards.Select(w => string.Create(CultureInfo.InvariantCulture, $"{w.Code},{w.Lat},{w.Lng}")));

    private IEnumerable<Option> Bands => ((string[])["day", "dusk", "dark", "late"]).Select(band => new Option(band, Words.Band(T, band)));

    private IEnumerable<Option> Groups =>
    [
        new("ENV", T["The place itself"], T["Light, view, paths, empty buildings"]),
        new("BEH", T["What people do"], T["Remarks, following, touching, groups"]),
        new("TRN", T["On the way"], T["Bus stop, station, on board, the last part home"]),
        new("VEN", T["Around a pub, club or venue"]),
        new("POL", T["The police, or this scheme"], T["Not seen, an earlier report, an officer's behaviour"]),
        new("POS", T["It feels safe, or got better"]),
    ];

    private IEnumerable<ConcernType> Codes => Pack.Taxonomy.Where(type => type.Group == draft.Current.Group || (draft.Current.Group == "POL" && type.Group == "SVC"));

    private IEnumerable<AuditParameter> Parameters => Pack.AuditParameters.Where(p => draft.Step switch
    {
        TellStep.AuditSight => Sight.Contains(p.Code),
        TellStep.AuditPeople => People.Contains(p.Code),
        TellStep.AuditFeel => !p.InScore,
        _ => p.InScore && !Sight.Contains(p.Code) && !People.Contains(p.Code),
    });

    private bool Safe => draft.Current.Type(Pack) is { Owner: null };

    private bool CanSkip => draft.Step is not (TellStep.Start or TellStep.About or TellStep.Which or TellStep.Check or TellStep.Danger);

    private int Number => draft.Step switch
    {
        TellStep.About => 1, TellStep.Which => 2, TellStep.Place => 3, TellStep.When => 4, TellStep.More => 5, TellStep.Words => 6, _ => 0,
    };

    private string? Rated(string code) => draft.Audit.Ratings.TryGetValue(code, out var rating) ? rating.ToString(CultureInfo.InvariantCulture) : null;

    private string Where(string? ward, string? landmark) =>
        string.Join(", ", new[] { landmark, ward is null ? null : Pack.FindWard(ward)?.Name }.Where(t => t is not null)) is { Length: > 0 } place ? place : T["Not said"];

    protected override void OnInitialized()
    {
        draft = TellUsDraft.Open(Protection, Force, Form["Draft"]) ?? new TellUsDraft();
        Title();
    }

    private void Title() => title = draft.Step switch
    {
        _ when receipt is not null => T["We have it. Keep these words"],
        TellStep.Start => draft.AfterWalk ? T["After your walk"] : T["Tell us"],
        TellStep.AuditPlace => T["Which place was it?"],
        TellStep.AuditSight => T["What could you see?"],
        TellStep.AuditPeople => T["Who was there?"],
        TellStep.AuditWay => T["How was the way?"],
        TellStep.AuditFeel => T["How did it feel?"],
        TellStep.About => T["What is it about?"],
        TellStep.Which => T["Which comes closest?"],
        TellStep.Crime => T["This may be a crime. You decide what happens"],
        TellStep.Place => T["Where was it?"],
        TellStep.When => T["When is it worst?"],
        TellStep.More => T["A little more, if you like"],
        TellStep.Words => T["In your own words"],
        TellStep.Danger => T["Are you in danger now?"],
        _ => T["Read it again, then send"],
    };

    private async Task Proceed()
    {
        if (Form["Attendance"] is { } token)
        {
            await Begin(token);
        }
        else
        {
            var pressed = Form["Do"] ?? "next";
            if (draft.Step == TellStep.Check)
                draft.Email = Form["Email"];
            if (pressed == "back")
                Back();
            else if (pressed == "no-audit")
                draft.Step = TellStep.About;
            else if (pressed == "another")
            {
                // What she chose for the others waits with them.
                if (await HoldPhotos())
                    (draft.Step, draft.Current) = (TellStep.About, new ConcernDraft());
            }
            else if (pressed.StartsWith("remove-", StringComparison.Ordinal))
                Remove(pressed["remove-".Length..]);
            else if (draft.Step == TellStep.Check)
                await Send();
            else if (pressed == "skip")
                Skip();
            else
                await Keep();
        }
        shown = Form.HasErrors ? Form : new FormState(null);
        Title();
    }

    /// <summary>She comes from her walk's page, which hands the token over in a form: it never stands in an address.</summary>
    private async Task Begin(string token)
    {
        draft = new TellUsDraft();
        if (Form.Take(await Feedback.Post<AttendanceChecked>("/attendance", new AttendanceCheck { Token = token })) is { } walk)
            (draft.Attendance, draft.WalkWard) = (token, walk.WardCode);
    }

    private void Remove(string index)
    {
        if (int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var i) && i < draft.Concerns.Count)
            draft.Concerns.RemoveAt(i);
    }

    private void Back()
    {
        if (draft.Step == TellStep.Check && draft.Concerns.Count > 0)
        {
            // The last one is taken up again where it was left.
            (draft.Current, draft.Step) = (draft.Concerns[^1], TellStep.Words);
            draft.Concerns.RemoveAt(draft.Concerns.Count - 1);
        }
        else
        {
            draft.Step = draft.Before(draft.Step, Pack);
        }
    }

    private void Skip()
    {
        if (draft.Step == TellStep.Words)
            Done();
        else
            draft.Step = draft.After(draft.Step, Pack);
    }

    private async Task Keep()
    {
        var (step, now) = (draft.Step, draft.Current);
        switch (step)
        {
            case TellStep.AuditPlace:
                Form.Need("Audit.Ward", T["Choose a ward, or skip the audit"]);
                draft.Audit.Ward = Ward("Audit.Ward");
                draft.Audit.Landmark = Form["Audit.Landmark"];
                draft.Audit.Band = Form.Need("Audit.Band", T["Say how light it was, or skip the audit"]);
                break;
            case TellStep.AuditSight or TellStep.AuditPeople or TellStep.AuditWay or TellStep.AuditFeel:
                foreach (var parameter in Parameters)
                {
                    if (Form.Number($"Rate.{parameter.Code}") is { } rating and >= 0 and <= 3)
                        draft.Audit.Ratings[parameter.Code] = rating;
                    else
                        draft.Audit.Ratings.Remove(parameter.Code);
                }
                break;
            case TellStep.About:
                now.Group = Form.Need("Group", T["Choose what it is about"]);
                break;
            case TellStep.Which:
                now.Code = Codes.FirstOrDefault(type => type.Code == Form["Code"])?.Code;
                if (now.Code is null)
                    Form.Error("Code", T["Choose the one that comes closest"]);
                break;
            case TellStep.Crime:
                now.Explained = true;
                now.Choice = Form["Choice"];
                if (now.Text is not null || now.MayBeCrime)
                {
                    Done();
                    return;
                }
                break;
            case TellStep.Place:
                KeepPlace(now);
                break;
            case TellStep.When:
                (now.LightBand, now.DayType, now.HowOften, now.Since) = (Form["LightBand"], Form["DayType"], Form["HowOften"], Form["Since"]);
                break;
            case TellStep.More:
                (now.Basis, now.With, now.BecauseOfIt, now.Intensity) = (Form["Basis"], Form["With"], Form["BecauseOfIt"], Form.Number("Intensity"));
                break;
            case TellStep.Words:
                (now.Text, now.Change, now.MayBeCrime) = (Form["Text"], Form["Change"], Form.All("MayBeCrime").Count > 0);
                await Weigh(now);
                return;
            case TellStep.Danger:
                Explain(now);
                return;
        }
        if (!Form.HasErrors)
            draft.Step = draft.After(step, Pack);
    }

    private void KeepPlace(ConcernDraft now)
    {
        now.Place = Form["Place"];
        (now.Ward, now.Landmark) = now.Place switch
        {
            "list" => (Ward("Ward"), Form["Near"]),
            "map" => (Ward("Map"), Form["MapNear"]),
            "mark" => (null, Form["Landmark"]),
            _ => (null, (string?)null),
        };
        if (!Form.HasErrors && (now.Place is null || (now.Place != "none" && now.Ward is null && now.Landmark is null)))
            Form.Error("Place", T["Choose a ward, name a landmark, or choose to leave the place out"]);
    }

    /// <summary>The ward she chose; one that is none of this force is refused.</summary>
    private string? Ward(string field)
    {
        var code = Form[field];
        if (code is null || Pack.FindWard(code) is not null)
            return code;
        Form.Error(field, T["Choose a ward"]);
        return null;
    }

    /// <summary>Danger first; then what recording means, before anything is sent.</summary>
    private async Task Weigh(ConcernDraft now)
    {
        var text = $"{now.Text}\n{now.Change}".Trim();
        var answer = text.Length == 0 ? null : (await Feedback.Post<TextChecked>("/text-checks", new TextCheck { Text = text[..Math.Min(text.Length, 5000)] })).Value;
        now.MayBeCrime |= answer is { MayBeCrime: true, PoliceConduct: false };
        if (answer is { Danger: true })
            draft.Step = TellStep.Danger;
        else
            Explain(now);
    }

    private void Explain(ConcernDraft now)
    {
        if (now is { MayBeCrime: true, Explained: false })
            draft.Step = TellStep.Crime;
        else
            Done();
    }

    private void Done()
    {
        draft.Concerns.Add(draft.Current);
        (draft.Current, draft.Step) = (new ConcernDraft(), TellStep.Check);
    }

    private async Task<bool> HoldPhotos()
    {
        for (var i = 0; i < draft.Concerns.Count; i++)
            await PhotoSending.Hold(Form, Feedback, $"Photo{i}", draft.Concerns[i].Photos, T);
        return !Form.HasErrors;
    }

    private async Task Send()
    {
        if (draft.ToSubmission("en") is { Concerns.Count: 0, Audits.Count: 0 })
        {
            Form.Error(null, T["There is nothing to send yet. Add a concern first."]);
            return;
        }
        if (!await HoldPhotos())
            return;
        var language = CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "cy" ? "cy" : "en";
        receipt = Form.Take(await Feedback.Post<FeedbackReceipt>("/submissions", draft.ToSubmission(language), Form));
        if (PhotoSending.Gone(Form, T))
            draft.Concerns.ForEach(c => c.Photos.Clear());
    }
}
