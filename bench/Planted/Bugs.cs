namespace WalkTalk.Bench.Planted;

/// <summary>Every bug that can be planted. Two bugs at one place share one patch's text: give the place to one of them and let it ask for both.</summary>
internal static class Bugs
{
    private const string Receiver = "ServiceDefaults/Messaging/Receiver.cs", Transport = "ServiceDefaults/Messaging/Transport.cs", ServiceDb = "ServiceDefaults/Persistence/ServiceDb.cs";

    public static readonly IReadOnlyList<Bug> All =
    [
        new("no-inbox", "a consumer handles what comes without looking whether it was handled before",
            new Patch(Receiver,
                "return [.. messages.Where(m => entered.Remove((m.Delivery.Id, m.Consumer.Name)))];",
                """return Planted.Is("no-inbox") ? messages : [.. messages.Where(m => entered.Remove((m.Delivery.Id, m.Consumer.Name)))];""")),

        new("acknowledge-early", "the broker is told that a message is handled when handling it has begun",
            new Patch(Transport,
                "queue.Each(receiver, (delivery, ct) => receiver.Take(delivery, ct));",
                """
                queue.Each(receiver, (delivery, ct) =>
                {
                    var taken = receiver.Take(delivery, CancellationToken.None);
                    return Planted.Is("acknowledge-early") ? Task.CompletedTask : taken;
                });
                """)),

        new("publish-late", "a fact is told shortly after the commit of the change, not with it",
            new Patch(ServiceDb,
                "        var wakes = ChangeTracker.Entries<OutboxRow>()",
                """
                        if (Planted.Is("publish-late") && !isLate)
                        {
                            late.AddRange(ChangeTracker.Entries<OutboxRow>().Where(e => e.State == EntityState.Added && e.Entity.Kind == OutboxRow.Fact).Select(e => e.Entity));
                            late.ForEach(row => Entry(row).State = EntityState.Detached);
                        }

                        var wakes = ChangeTracker.Entries<OutboxRow>()
                """),
            new Patch(ServiceDb,
                "    internal void Committed()\n    {\n",
                """
                    private readonly List<OutboxRow> late = [];
                    private bool isLate;

                    private async Task Late(List<OutboxRow> rows)
                    {
                        await using var db = (ServiceDb)Activator.CreateInstance(GetType(), options, context)!;
                        db.isLate = true;
                        db.Outbox.AddRange(rows);
                        await Task.Delay(300);
                        await db.SaveChangesAsync();
                    }

                    internal void Committed()
                    {
                        if (late.Count > 0)
                        {
                            _ = Late([.. late]);
                            late.Clear();
                        }


                """)),

        .. MessageBugs.All,
    ];
}
