namespace WalkTalk.Bench.Planted;

/// <summary>Slips that are easily made where messages are written, sent, received, tried again and read later; the simulation has to notice each.</summary>
internal static class MessageBugs
{
    private const string Receiver = "ServiceDefaults/Messaging/Receiver.cs", Dispatcher = "ServiceDefaults/Messaging/OutboxDispatcher.cs",
        Claims = "ServiceDefaults/Messaging/Claims.cs", History = "ServiceDefaults/Messaging/History.cs", Operations = "ServiceDefaults/Messaging/Operations.cs",
        Transport = "ServiceDefaults/Messaging/Transport.cs", ServiceDb = "ServiceDefaults/Persistence/ServiceDb.cs", ConcernRow = "services/Reporting/Projections/ConcernRow.cs";

    public static readonly IReadOnlyList<Bug> All =
    [
        // Receiving.
        new("take-returns-early", "a message is acknowledged although only its neighbour is being handled",
            new Patch("ServiceDefaults/Gathering.cs", "        queue.Enqueue(mine);",
                """        if (Planted.Is("take-returns-early") && free < lanes) { mine.Answer(default!); } queue.Enqueue(mine);""")),
        new("inbox-apart", "the inbox row is committed before the work",
            new Patch(Receiver, "if ((await Enter(db, [(delivery, consumer)], ct)).Count == 1)",
                """if (Planted.Is("inbox-apart") ? mine : (await Enter(db, [(delivery, consumer)], ct)).Count == 1)"""),
            new Patch(Receiver, "        foreach (var consumer in Registered[delivery.Name])\n        {\n",
                """
                        foreach (var consumer in Registered[delivery.Name])
                        {
                            var mine = false;
                            if (Planted.Is("inbox-apart"))
                            {
                                await InTransaction(async (_, db) => { db.Force = delivery.ForceId; mine = (await Enter(db, [(delivery, consumer)], ct)).Count > 0; }, ct);
                            }

                """)),
        new("inbox-by-message", "of two consumers of a message the inbox knows one",
            new Patch(Receiver, "var ordered = messages.OrderBy(m => m.Delivery.Id)",
                """var ordered = messages.DistinctBy(m => Planted.Is("inbox-by-message") ? $"{m.Delivery.Id}" : $"{m.Delivery.Id} {m.Consumer.Name}").OrderBy(m => m.Delivery.Id)""")),
        new("second-consumer-lost", "when the first consumer fails the second is not asked",
            new Patch(Receiver, "                await Keep(consumer, delivery, e, ct);",
                """                await Keep(consumer, delivery, e, ct); if (Planted.Is("second-consumer-lost")) { return; }""")),
        new("keep-forgets-body", "what a consumer failed at is kept without its text",
            new Patch(Receiver, "Name = delivery.Name, Body = delivery.Body,", """Name = delivery.Name, Body = Planted.Is("keep-forgets-body") ? "{}" : delivery.Body,""")),
        new("keep-forgets-moment", "what a consumer failed at is told as if it were of today",
            new Patch(Receiver, "PublishedAt = delivery.PublishedAt, Attempts", """PublishedAt = Planted.Is("keep-forgets-moment") ? null : delivery.PublishedAt, Attempts""")),
        new("park-at-once", "a message is parked at its first failure",
            new Patch(Receiver, "ParkedAt = parked ? db.Now : null, Error = error,", """ParkedAt = parked || Planted.Is("park-at-once") ? db.Now : null, Error = error,""")),
        new("park-forgets-second", "a message delivered too often is kept for one of its consumers",
            new Patch(Receiver, """.Select(c => c.Name).DefaultIfEmpty("nobody"))""", """.Select(c => c.Name).DefaultIfEmpty("nobody").Take(Planted.Is("park-forgets-second") ? 1 : 9))""")),
        new("retry-unmarked", "what succeeds at another try is not marked as handled",
            new Patch(Receiver, "await db.Inbox.Where(r => r.MessageId == row.MessageId && r.Consumer == row.Consumer)\n                    .Execute",
                "await db.Inbox.Where(r => r.MessageId == row.MessageId && r.Consumer == row.Consumer && !Planted.Is(\"retry-unmarked\"))\n                    .Execute")),
        new("retry-swallowed", "a failure of another try is taken for success",
            new Patch(Receiver, "await Run(scope, db, consumer, new Delivery(row.MessageId, row.Name!, row.ForceId, row.Body!, row.Traceparent, row.PublishedAt ?? db.Now), ct);",
                """
                try
                {
                    await Run(scope, db, consumer, new Delivery(row.MessageId, row.Name!, row.ForceId, row.Body!, row.Traceparent, row.PublishedAt ?? db.Now), ct);
                }
                catch (Exception) when (Planted.Is("retry-swallowed"))
                {
                }
                """)),
        new("retry-not-postponed", "what fails again is not put off",
            new Patch(Receiver, "            await Postpone(row, e, ct);", """            await (Planted.Is("retry-not-postponed") ? Task.CompletedTask : Postpone(row, e, ct));""")),
        new("tries-not-counted", "another failure does not count",
            new Patch(Receiver, "var (attempts, error, delay) = (row.Attempts + 1,", """var (attempts, error, delay) = (row.Attempts + (Planted.Is("tries-not-counted") ? 0 : 1),""")),
        new("retry-for-ever", "no message is ever parked", RetryDelays()),
        new("retry-at-once", "a failed message is tried again without a pause", RetryDelays()),
        new("together-taken-for-done", "a batch that failed counts as handled",
            new Patch(Receiver, "return false; // whatever", """return Planted.Is("together-taken-for-done"); // whatever""")),
        new("together-skips-failed", "what fails in a batch is left out and the rest committed, with its inbox row",
            new Patch(Receiver, "                        await Run(scope, db, consumer, delivery, ct, save: consumer.Prepare is null);",
                """
                                        try
                                        {
                                            await Run(scope, db, consumer, delivery, ct, save: consumer.Prepare is null);
                                        }
                                        catch (Exception) when (Planted.Is("together-skips-failed"))
                                        {
                                            db.ChangeTracker.Clear();
                                        }
                """)),
        new("together-not-saved", "the last of a batch is not saved",
            new Patch(Receiver, "                    await db.SaveChangesAsync(ct);\n                    db.ChangeTracker.Clear();\n                }\n            }, ct);",
                "                    if (!Planted.Is(\"together-not-saved\")) { await db.SaveChangesAsync(ct); }\n                    db.ChangeTracker.Clear();\n                }\n            }, ct);")),
        new("force-mixed", "a batch is handled under the force of its first message",
            new Patch(Receiver, "db.Force = force.Key;", """db.Force = Planted.Is("force-mixed") ? deliveries[0].ForceId : force.Key;""")),
        new("wrong-waiter", "the first success of a batch answers for all of it",
            new Patch(Receiver, "                one.Answer(true);",
                """                foreach (var other in batch) { if (Planted.Is("wrong-waiter") || other == one) { other.Answer(true); } }""")),

        // Sending.
        new("batch-as-one", "a batch counts as sent when one of it was",
            new Patch(Dispatcher, "var sent = results.Where(r => r.Error is null).", """var sent = results.Where(r => r.Error is null || (Planted.Is("batch-as-one") && results.Exists(o => o.Error is null)) || (Planted.Is("nobody-is-sent") && r.Error is NobodyConsumes)).""")),
        new("nobody-is-sent", "a request that no service takes counts as sent",
            new Patch(Dispatcher, "var sent = results.Where(r => r.Error is null).", """var sent = results.Where(r => r.Error is null || (Planted.Is("batch-as-one") && results.Exists(o => o.Error is null)) || (Planted.Is("nobody-is-sent") && r.Error is NobodyConsumes)).""")),
        new("outcomes-misaligned", "what went wrong is put down to another message of the batch",
            new Patch(Dispatcher, "rows.Zip(outcomes, ", """rows.Zip(Planted.Is("outcomes-misaligned") ? outcomes.Reverse() : outcomes, """)),
        new("must-arrive-forgotten", "a request is sent as if it were a fact",
            new Patch(Dispatcher, "r.Kind == OutboxRow.Request))], ct);", """r.Kind == OutboxRow.Request && !Planted.Is("must-arrive-forgotten")))], ct);""")),
        new("orphan-dropped", "a request that no service takes is given up",
            new Patch(Dispatcher, "await Settle(db, orphans, q => q.", """await Settle(db, orphans, q => Planted.Is("orphan-dropped") ? q.ExecuteDeleteAsync(ct) : q.""")),
        new("request-kept", "a request stays when it was sent",
            new Patch(Dispatcher, "r.Kind == OutboxRow.Request), q => q.ExecuteDeleteAsync(ct));",
                """r.Kind == OutboxRow.Request), q => Planted.Is("request-kept") ? q.ExecuteUpdateAsync(s => s.SetProperty(r => r.SentAt, now), ct) : q.ExecuteDeleteAsync(ct));""")),
        new("fact-deleted", "a fact is gone when it was sent",
            new Patch(Dispatcher, "Traceparent: not null }), q => q.", """Traceparent: not null }), q => Planted.Is("fact-deleted") ? q.ExecuteDeleteAsync(ct) : q.""")),
        new("untimed-tells", "an untimed fact tells when it was sent",
            new Patch(Dispatcher, "SetProperty(r => r.SentAt, day)", """SetProperty(r => r.SentAt, Planted.Is("untimed-tells") ? now : day)""")),
        new("outbox-never-parks", "what nobody can send is tried for ever",
            new Patch(Dispatcher, "SetProperty(r => r.ParkedAt, parked)", """SetProperty(r => r.ParkedAt, Planted.Is("outbox-never-parks") ? null : parked)""")),
        new("due-ignored", "a message goes out, or is tried again, whenever there is time", Looks()),
        new("parked-tried-on", "what is parked is tried all the same", Looks()),
        new("together-ignored", "in one process a batch that failed counts as sent",
            new Patch(Transport, "                return false;\n            }\n        }\n\n        return true;", "                return Planted.Is(\"together-ignored\");\n            }\n        }\n\n        return true;")),
        new("first-service-only", "in one process the first service has a message and the others do not",
            new Patch(Transport, "foreach (var receiver in byName[delivery.Name])", """foreach (var receiver in byName[delivery.Name].Take(Planted.Is("first-service-only") ? 1 : 9))""")),
        // After the others at this place, whose text it would double.
        new("mark-before-send", "a message is marked as sent, or deleted, and then sent",
            new Patch(Dispatcher, "        if (!transport.Shared)\n", "        if (!transport.Shared || Planted.Is(\"mark-before-send\"))\n"),
            new Patch(Dispatcher, "        var outcomes = await transport.Send(",
                """
                        if (Planted.Is("mark-before-send"))
                        {
                            await Settle(db, rows.Where(r => r.Kind == OutboxRow.Fact), q => q.ExecuteUpdateAsync(s => s.SetProperty(r => r.SentAt, r => r.DueAt), ct));
                            await Settle(db, rows.Where(r => r.Kind == OutboxRow.Request), q => q.ExecuteDeleteAsync(ct));
                        }

                        var outcomes = await transport.Send(
                """)),

        // Writing.
        new("schedule-without-key", "a reminder does not replace the one before it",
            new Patch(ServiceDb, "        Enqueue(message, OutboxRow.Request, notBefore, key, untimed: false);", """        Enqueue(message, OutboxRow.Request, notBefore, Planted.Is("schedule-without-key") ? null : key, untimed: false);""")),
        new("withdraw-forgets", "what is taken back stays", Withdraws()),
        new("withdraw-over-forces", "taking back takes back the other force's too", Withdraws()),
        new("time-ignored", "a reminder is due at once",
            new Patch(ServiceDb, "DueAt = notBefore ?? now,", """DueAt = Planted.Is("time-ignored") ? now : notBefore ?? now,""")),
        new("untimed-with-moment", "a fact that must not tell its moment is written with it",
            new Patch(ServiceDb, "var now = untimed ? Today : Now;", """var now = untimed && !Planted.Is("untimed-with-moment") ? Today : Now;""")),
        new("request-as-fact", "a request is written as a fact",
            new Patch(ServiceDb, "=> Enqueue(message, OutboxRow.Request, null, null, untimed: false);", """=> Enqueue(message, Planted.Is("request-as-fact") ? OutboxRow.Fact : OutboxRow.Request, null, null, untimed: false);""")),

        // Operators.
        new("release-stays-parked", "what is released stays parked",
            new Patch(Operations, "return await inbox.Where(r => r.HandledOn == null)", """return await inbox.Where(r => r.HandledOn == null && !Planted.Is("release-stays-parked"))""")),
        new("discard-keeps-body", "what was given up keeps its text",
            new Patch(Operations, "SetProperty(r => r.HandledOn, today).SetProperty(r => r.Body, (string?)null)", """SetProperty(r => r.HandledOn, today).SetProperty(r => r.Body, r => Planted.Is("discard-keeps-body") ? r.Body : null)""")),

        // History and projections.
        new("history-by-moment", "the next page begins after the last moment of this one",
            new Patch(History, "r.CreatedAt > at || (r.CreatedAt == at && r.Id > id)", """r.CreatedAt > at || (r.CreatedAt == at && r.Id > id && !Planted.Is("history-by-moment"))""")),
        new("history-first-page", "a history is taken for read after its first page",
            new Patch(History, "place.ReadAt = page.More ? null : db.Now;", """place.ReadAt = page.More && !Planted.Is("history-first-page") ? null : db.Now;""")),
        new("history-place-first", "the place in a history is kept before the page is handled",
            new Patch(History, "        if (!await receiver.ReceiveTogether(page.Facts, ct))\n",
                """
                        if (Planted.Is("history-place-first"))
                        {
                            (place.After, place.ReadAt) = (page.After, page.More ? null : db.Now);
                            await db.SaveChangesAsync(ct);
                        }

                        if (!await receiver.ReceiveTogether(page.Facts, ct))

                """)),
        new("history-page-lost", "a page that cannot be handled at once is passed over",
            new Patch(History, "foreach (var fact in page.Facts)", """foreach (var fact in page.Facts.Where(_ => !Planted.Is("history-page-lost")))""")),
        new("rebuild-keeps-inbox", "a projection built anew leaves out what it had handled",
            new Patch(History, "r.HandledOn != null && consumers.Contains(r.Consumer)", """r.HandledOn != null && consumers.Contains(r.Consumer) && !Planted.Is("rebuild-keeps-inbox")""")),
        new("rebuild-keeps-rows", "a projection built anew is added to the old one",
            new Patch(History, ".Where(t => t.IsAssignableTo(typeof(IDerivedRow)))", """.Where(t => t.IsAssignableTo(typeof(IDerivedRow)) && !Planted.Is("rebuild-keeps-rows"))""")),
        new("rebuild-keeps-place", "a projection built anew begins where the last one ended",
            new Patch(History, "await db.HistoryRead.ExecuteDeleteAsync(ct);", """await db.HistoryRead.Where(_ => !Planted.Is("rebuild-keeps-place")).ExecuteDeleteAsync(ct);""")),
        new("projection-last-comes", "the first day of a step is the day of whichever fact came last",
            new Patch(ConcernRow, "k < on ? k : on", """k < on && !WalkTalk.ServiceDefaults.Planted.Is("projection-last-comes") ? k : on""")),
        new("projection-first-comes", "the last day of a step is the day of whichever fact came first",
            new Patch(ConcernRow, "known is { } k && k > on ? k", """known is { } k && (k > on || WalkTalk.ServiceDefaults.Planted.Is("projection-first-comes")) ? k""")),
    ];

    private static Patch RetryDelays() => new(Claims, "attempts > Delays.Length ? null : Delays[attempts - 1]",
        """attempts > Delays.Length ? (Planted.Is("retry-for-ever") ? Delays[^1] : null) : (Planted.Is("retry-at-once") ? TimeSpan.Zero : Delays[attempts - 1])""");

    private static Patch Looks() => new(Claims, "FromSqlRaw(sql, now)",
        """FromSqlRaw(Planted.Is("due-ignored") ? sql.Replace("due_at <= {0}", "{0} > 0") : Planted.Is("parked-tried-on") ? sql.Replace("AND parked_at IS NULL", "") : sql, now)""");

    private static Patch Withdraws() => new(ServiceDb, "await Outbox.Where(r => r.Key == key && r.SentAt == null).ToListAsync(ct)",
        """await (Planted.Is("withdraw-over-forces") ? Outbox.IgnoreQueryFilters() : Outbox).Where(r => r.Key == key && r.SentAt == null && !Planted.Is("withdraw-forgets")).ToListAsync(ct)""");
}
