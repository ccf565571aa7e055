namespace WalkTalk.Bench.Simulation;

// What must be so once everything has come to rest.
internal sealed partial class Work
{
    private const int MostTries = 7;
    private static readonly string[] Counting = ["owner", "office"];
    private static readonly TimeSpan[] Waits = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromHours(1)];

    private sealed record Kept(string Service, string Name, string Consumer, int Attempts, string Body);

    /// <summary>Before the operator: only what is poisonous is parked, and it holds up nothing else.</summary>
    public void CheckAtRest()
    {
        var parked = run.World.Parts.Values.SelectMany(p => p.Store.Read("SELECT name, consumer, attempts, body FROM inbox WHERE handled_on IS NULL",
            r => new Kept(p.Service, r.GetString(0), r.GetString(1), r.GetInt32(2), r.GetString(3)))).ToList();
        foreach (var text in rubbish)
        {
            run.Expect(parked.Count(k => k.Service == text.Service && k.Name == "unreadable" && k.Body == text.Text) == 1, "what could not be read is not kept once");
        }

        var accepted = Accepted();
        var poisonous = accepted.Select(a => a.Made).OfType<Made>().Where(m => m.Fails == int.MaxValue).Select(m => m.Id).ToHashSet();
        foreach (var kept in parked.Where(k => k.Name != "unreadable"))
        {
            run.Expect(kept.Attempts is 0 or MostTries, $"a message is parked after {kept.Attempts} tries");
            run.Expect(!run.IsCalm || (kept is { Consumer: "Fussy", Attempts: MostTries } && poisonous.Contains(Parse(kept.Body))), $"a sound message is parked at {kept.Consumer}");
        }

        foreach (var id in poisonous.Except(discarded))
        {
            run.Expect(parked.Exists(k => k is { Name: "probe-made", Consumer: "Fussy" } && Parse(k.Body) == id), "a poisonous message is not parked");
        }

        if (run.IsCalm && run.OwnerIsAlone)
        {
            foreach (var made in accepted.Select(a => a.Made).OfType<Made>().Where(m => m.Fails > 0))
            {
                var times = tries.GetValueOrDefault(made.Id, []);
                // A first try together with others fails for all of them, is not counted, and is made again at once, alone.
                run.Expect(made.Fails == int.MaxValue ? times.Count is MostTries or MostTries + 1 : times.Count == made.Fails + 1, $"a message was tried {times.Count} times");
                var pauses = times.Zip(times.Skip(1), (one, next) => next - one).ToList();
                run.Expect(LongEnough(pauses) || LongEnough(pauses[1..]), "a message was tried again too soon");
            }
        }

        var unsent = run.World.Parts.Values.SelectMany(p => p.Store.Read("SELECT name, '', attempts, body FROM outbox WHERE parked_at IS NOT NULL",
            r => new Kept(p.Service, r.GetString(0), "", r.GetInt32(2), r.GetString(3)))).ToList();
        run.Expect(unsent.TrueForAll(k => k is { Name: "probe-seen", Attempts: MostTries } && unsendable.Contains(Parse(k.Body))), "a message that can be sent is parked");
        run.Expect(accepted.Where(a => a.Seen is not null && unsendable.Contains(a.Seen.Id)).All(a => unsent.Exists(k => Parse(k.Body) == a.Seen!.Id)), "a message that nobody could send is not parked");

        var aside = parked.Where(k => k.Name != "unreadable").Select(k => (k.Service, k.Consumer.Split('`')[0], Parse(k.Body))).ToHashSet();
        CheckEffects(accepted, aside);
    }

    private static bool LongEnough(List<TimeSpan> pauses) => pauses.Zip(Waits).All(pair => pair.First >= pair.Second);

    /// <summary>After the operator: everything took effect, once.</summary>
    public void CheckAtTheEnd()
    {
        var accepted = Accepted();
        CheckEffects(accepted, []);
        CheckReminders();
        CheckReporting(accepted);
        CheckTallies(accepted);
        foreach (var part in run.World.Parts.Values)
        {
            run.Expect(part.Store.Number("SELECT count(*) FROM outbox WHERE sent_at IS NULL") == 0, $"a message waits in {part.Service} at the end");
            run.Expect(part.Store.Number("SELECT count(*) FROM outbox WHERE kind = 'request'") == 0, $"a request is kept in {part.Service}");
            run.Expect(part.Store.Number("SELECT count(*) FROM inbox WHERE handled_on IS NULL") == 0, $"a message is not handled in {part.Service} at the end");
            run.Expect(part.Store.Number("SELECT count(*) FROM inbox WHERE handled_on IS NOT NULL AND body IS NOT NULL") == 0, $"the body of a handled message is kept in {part.Service}");
            run.Expect(part.Store.Number($"SELECT count(*) FROM outbox WHERE traceparent IS NULL AND sent_at % {TimeSpan.TicksPerDay} <> 0") == 0, "an untimed fact tells when it was sent");
            run.Expect(part.Store.Number("SELECT count(*) FROM outbox WHERE sent_at IS NOT NULL AND sent_at < created_at AND traceparent IS NOT NULL") == 0, "a fact was sent before it was written");
        }

        var facts = run.World.Parts["owner"].Store.Read("SELECT name, count(*) FROM outbox WHERE kind = 'fact' GROUP BY name", r => (r.GetString(0), r.GetInt32(1))).ToHashSet();
        var told = accepted.SelectMany(a => a.Messages).Where(m => m is not Asked).Select(m => ServiceDefaults.Messaging.Delivery.NameOf(m.GetType()))
            .Concat(Enumerable.Repeat("probe-seen", early)).GroupBy(n => n).Select(g => (g.Key, g.Count()));
        run.Expect(facts.SetEquals(told), "the owner's history is not what was told");
        run.Expect(run.World.Parts["office"].Store.Number("SELECT count(*) FROM outbox WHERE name = 'probe-answered' AND kind = 'fact'") == accepted.Count(a => a.Asked is not null), "the office's history is not what it answered");
    }

    /// <summary>What the owner's database says was accepted; everybody who was told so is among them.</summary>
    private List<Act> Accepted()
    {
        var there = run.World.Parts["owner"].Store.Read("SELECT id FROM acts", r => r.GetGuid(0)).ToHashSet();
        run.Expect(acts.TrueForAll(a => !a.Accepted || there.Contains(a.Id)), $"what was accepted is not there: {string.Join(" ", acts.Where(a => a.Accepted && !there.Contains(a.Id)).Select(a => (a.Id, a.CommittedAt, a.Key, a.Due)))}");
        run.Expect(acts.TrueForAll(a => !a.Regretted || !there.Contains(a.Id)), "what was rolled back is there");
        return [.. acts.Where(a => there.Contains(a.Id))];
    }

    private void CheckEffects(List<Act> accepted, HashSet<(string Service, string Consumer, Guid Message)> aside)
    {
        var there = Counting.SelectMany(s => run.World.Parts[s].Store.Read("SELECT consumer, message, force_id FROM effects",
            r => (Service: s, Consumer: r.GetString(0), Message: r.GetGuid(1), Force: r.GetString(2)))).GroupBy(e => e).ToDictionary(g => g.Key, g => g.Count());
        foreach (var act in accepted)
        {
            if (act.Made is { } made)
            {
                Once("owner", "Counting", made.Id, act, discarded.Contains(made.Id));
                Once("owner", "Fussy", made.Id, act, discarded.Contains(made.Id));
                Once("office", "Counting", made.Id, act, perhaps: run.OfficeIsLate);
            }

            if (act.Asked is { } asked)
            {
                // Until its request is handled there is no answer either.
                var (request, answer) = (aside.Contains(("office", "Answering", asked.Id)), aside.Contains(("owner", "Counting", asked.Id)));
                Once("office", "Answering", asked.Id, act, none: request);
                Once("owner", "Counting", asked.Id, act, none: request || answer);
            }

            if (act.Due is { } due && there.Remove(("owner", "Counting", due.Id, act.Force), out var fired))
            {
                run.Expect(fired == 1, $"a reminder fired {fired} times");
            }
        }

        run.Expect(there.Count == 0, $"something took effect that nobody asked for: {there.Keys.Select(k => $"{k.Service} {k.Consumer}").FirstOrDefault()}");

        void Once(string service, string consumer, Guid message, Act act, bool perhaps = false, bool none = false)
        {
            there.Remove((service, consumer, message, act.Force), out var times);
            none |= aside.Contains((service, consumer, message));
            run.Expect(none ? times == 0 : times == 1 || (perhaps && times == 0), $"{consumer} of {service} has handled a message {times} times instead of {(none ? 0 : 1)}");
        }
    }

    /// <summary>The last of a key fires once; what was replaced or taken back only where a dispatcher had it in hand by then.</summary>
    private void CheckReminders()
    {
        var fired = run.World.Parts["owner"].Store.Read("SELECT message FROM effects", r => r.GetGuid(0)).ToHashSet();
        foreach (var key in acts.Where(a => a is { Key: not null, CommittedAt: not null }).GroupBy(a => (a.Force, a.Key)))
        {
            foreach (var act in key.Where(a => a.Due is not null))
            {
                var later = key.Where(a => a.CommittedAt > act.CommittedAt).ToList();
                if (later.Count == 0)
                {
                    run.Expect(fired.Contains(act.Due!.Id), "a reminder did not fire");
                }
                else if (later.Where(a => a.BegunAt > act.CommittedAt).Min(a => a.CommittedAt) is { } replaced)
                {
                    // Who began before this was committed may have missed it.
                    run.Expect(offered.GetValueOrDefault(act.Due!.Id) <= replaced, "a reminder was sent after it was replaced or taken back");
                }

                run.Expect(!fired.Contains(act.Due!.Id) || offered.ContainsKey(act.Due.Id), "a reminder fired that was never sent");
            }
        }
    }

    private void CheckTallies(List<Act> accepted)
    {
        var expected = accepted.Where(a => a.Made is not null || a.Seen is not null)
            .SelectMany(a => new[] { (a.Made?.Subject, 1, 0), (a.Seen?.Subject, 0, 1) }.Where(t => t.Subject is not null).Select(t => (Subject: t.Subject!.Value, a.Force, Made: t.Item2, Seen: t.Item3)))
            .Append((Subject: subjects[World.Forces[0]][0], Force: World.Forces[0], Made: 0, Seen: early)).GroupBy(t => (t.Subject, t.Force))
            .Select(g => (g.Key.Subject, g.Key.Force, g.Sum(t => t.Made), g.Sum(t => t.Seen))).Where(t => t.Item3 + t.Item4 > 0).ToHashSet();
        var there = run.World.Parts["office"].Store.Read("SELECT id, force_id, made, seen FROM tallies", r => (r.GetGuid(0), r.GetString(1), r.GetInt32(2), r.GetInt32(3))).ToList();
        run.Expect(expected.SetEquals(there), $"the office has counted {string.Join(" ", there.Except(expected).Take(2).Select(t => (t.Item3, t.Item4)))} instead of {string.Join(" ", expected.Except(there).Take(2).Select(t => (t.Item3, t.Item4)))}");
    }
}
