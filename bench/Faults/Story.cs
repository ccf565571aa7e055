using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using WalkTalk.Bench.Hosting;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.Contracts.Feedback.Api;

namespace WalkTalk.Bench.Faults;

/// <summary>
/// The load: people who use the whole platform through the gateway, side by side. Participants hold, confirm and sometimes give back places, on
/// walks with room and on scarce ones that many want; contributors send concerns; a coordinator publishes walks and brings concerns to "we say
/// done"; contributors say whether it is.
/// </summary>
internal sealed partial class Story(Deployment deployment, Client client, Postbox mail, Databases databases, CancellationToken stop)
{
    public const string Booking = "/api/booking/v1/metropolitan", Feedback = "/api/feedback/v1/metropolitan";
    private const string MeetingPoint = "southwark-station", Ward = "E05011095";
    private const int Participants = 5, Contributors = 2, Coordinators = 2;

    /// <summary>How long a participant waits for her code before she gives up.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<Guid, int> roomy = new(), scarce = new();
    private readonly ConcurrentQueue<(FeedbackReceipt Receipt, string Tag)> received = new();
    private readonly ConcurrentQueue<(FeedbackReceipt Receipt, string Tag)> claimed = new();
    private readonly ConcurrentQueue<(Guid Officer, DateTimeOffset Start)> soon = new(), later = new();
    private readonly string coordinator = deployment.Token("coordinator");
    private readonly List<Task> people = [];
    private volatile bool ending;
    private int tags;

    private bool Goes => !ending && !stop.IsCancellationRequested;

    /// <summary>Publishes the first walks, and then everybody begins.</summary>
    public async Task Begin()
    {
        var officers = await client.Get<List<OfficerRow>>($"{Booking}/officers", ("Authorization", coordinator))
            ?? throw new InvalidOperationException("The officers cannot be read.");
        Plan([.. officers.Where(o => o.Languages.Contains("en")).Select(o => o.OfficerId)]);
        for (var i = 0; i < 3; i++)
        {
            await Publish(soon, roomy, 20);
            await Publish(later, scarce, 2);
        }

        people.AddRange(Enumerable.Range(0, Participants).Select(_ => Repeat(() => Book())));
        people.AddRange(Enumerable.Range(0, Contributors).Select(_ => Repeat(() => Tell())));
        people.AddRange(Enumerable.Range(0, Coordinators).Select(_ => Repeat(() => Coordinate())));
        people.Add(Repeat(() => SayDone()));
    }

    /// <summary>Nobody begins anything new; returns when everybody has finished what she was at.</summary>
    public async Task End()
    {
        ending = true;
        await Task.WhenAll(people);
    }

    /// <summary>One booking as far as the code in her mail, and one concern as far as Reporting's row: the proof that it all works.</summary>
    /// <returns>False when it did not within the time.</returns>
    public async Task<bool> Probe(TimeSpan atMost)
    {
        var (tag, clock) = (Tag("probe"), Stopwatch.StartNew());
        var told = client.Post("submit", tag, null, $"{Feedback}/submissions", Submission(tag, withMail: false, concerns: 1));
        var booked = Task.Run(async () =>
        {
            foreach (var walk in roomy.Keys)
            {
                if (await Hold(walk, tag) is { } held)
                {
                    return await GiveContact(held, tag) && await mail.Wait(Address(tag), _ => true, atMost - clock.Elapsed, stop) is not null;
                }
            }

            return true; // Nothing is free: the load says enough about booking.
        });
        if (await told is not { Accepted: true } receipt || await ConcernOf(receipt.Read<FeedbackReceipt>().Items[0].Reference) is not { } concern)
        {
            return false;
        }

        while (await databases.Count("reporting", "SELECT count(*) FROM concerns WHERE id = @id", stop, ("id", concern)) == 0)
        {
            if (clock.Elapsed > atMost)
            {
                return false;
            }

            await Task.Delay(50, stop);
        }

        return await booked;
    }

    private async Task Repeat(Func<Task> step)
    {
        while (Goes)
        {
            try
            {
                await step();
            }
            catch (Npgsql.NpgsqlException)
            {
                // A look into a database that is away just now: this story ends here, the next one begins.
            }

            await Pause(100, 500);
        }
    }

    private async Task Book()
    {
        var walks = Random.Shared.Next(4) == 0 ? scarce : roomy;
        if (walks.Keys.ToList() is not { Count: > 0 } open)
        {
            return;
        }

        var (walk, tag) = (open[Random.Shared.Next(open.Count)], Tag("booking"));
        if (await Hold(walk, tag) is not { } held)
        {
            // A walk that is full stays wanted for a while.
            if (walks.AddOrUpdate(walk, 1, (_, n) => n + 1) > 12)
            {
                walks.TryRemove(walk, out _);
            }

            return;
        }

        await Pause(50, 300);
        if (!await GiveContact(held, tag) || await mail.Wait(Address(tag), m => Code().IsMatch(m.Text), Patience, stop) is not { } sent)
        {
            return;
        }

        await Pause(50, 300);
        var confirmed = await client.Post("confirm", tag, held.BookingId, $"{Booking}/booking/confirm", new ConfirmBookingRequest { Code = Code().Match(sent.Text).Value }, ("Authorization", $"Hold {held.HoldToken}"));
        if (confirmed.Accepted && Random.Shared.Next(4) == 0)
        {
            await Pause(50, 1000);
            await Cancel(confirmed.Read<BookingConfirmedReply>().Link, tag, held.BookingId);
        }
    }

    private async Task<PlaceHeld?> Hold(Guid walk, string tag)
    {
        var held = await client.Post("hold", tag, null, $"{Booking}/walks/{walk}/holds", new HoldPlaceRequest { People = Random.Shared.Next(5) == 0 ? 2 : 1 });
        if (!held.Accepted)
        {
            return null;
        }

        var place = held.Read<PlaceHeld>();
        held.Entry.Subject = place.BookingId;
        return place;
    }

    private async Task<bool> GiveContact(PlaceHeld held, string tag) =>
        (await client.Post("contact", tag, held.BookingId, $"{Booking}/booking/contact", new GiveContactRequest { FirstName = "Ada", Email = Address(tag) }, ("Authorization", $"Hold {held.HoldToken}"))).Accepted;

    private async Task Cancel(string link, string tag, Guid booking)
    {
        if (await client.Get<MyWalkView>($"{Booking}/my-walk", ("Authorization", $"Link {link}")) is { CanCancel: true } mine)
        {
            await client.Post("cancel", tag, booking, $"{Booking}/my-walk/cancel", new CancelBookingRequest(), ("Authorization", $"Link {link}"), ("If-Match", mine.ETag));
        }
    }

    private async Task Tell()
    {
        var tag = Tag("concern");
        var told = await client.Post("submit", tag, null, $"{Feedback}/submissions", Submission(tag, withMail: Random.Shared.Next(2) == 0, concerns: Random.Shared.Next(3) == 0 ? 2 : 1));
        if (told.Accepted)
        {
            received.Enqueue((told.Read<FeedbackReceipt>(), tag));
        }

        await Pause(500, 1500);
    }

    private async Task Coordinate()
    {
        if (roomy.Count < 3)
        {
            await Publish(soon.IsEmpty ? later : soon, roomy, 20);
        }

        if (scarce.Count < 3)
        {
            await Publish(later, scarce, Random.Shared.Next(1, 4));
        }

        if (received.TryDequeue(out var next))
        {
            await Answer(next.Receipt, next.Tag);
        }
    }

    private async Task Publish(ConcurrentQueue<(Guid Officer, DateTimeOffset Start)> plan, ConcurrentDictionary<Guid, int> walks, int capacity)
    {
        if (!plan.TryDequeue(out var slot))
        {
            return;
        }

        var published = await client.Post("publish", Tag("walk"), null, $"{Booking}/walks", new PublishWalkRequest
        {
            MeetingPointId = MeetingPoint, OfficerIds = [slot.Officer], Date = DateOnly.FromDateTime(slot.Start.DateTime), Time = TimeOnly.FromDateTime(slot.Start.DateTime),
            Minutes = 30, Capacity = capacity,
        }, ("Authorization", coordinator));
        if (published.Accepted)
        {
            published.Entry.Subject = published.Read<WalkPublishedReply>().WalkId;
            walks[published.Entry.Subject.Value] = 0;
        }
    }

    private async Task Answer(FeedbackReceipt receipt, string tag)
    {
        if (await ConcernOf(receipt.Items[0].Reference) is not { } concern)
        {
            return;
        }

        var triaged = await client.Post("triage", tag, concern, $"{Feedback}/concerns/{concern}/triage",
            new TriageDecision { OwnerBody = "LA", OwnerRole = "Street lighting manager" }, ("Authorization", coordinator), ("If-Match", "\"1\""));
        if (!triaged.Accepted)
        {
            return;
        }

        await Pause(50, 300);
        var agreed = await client.Post("agree", tag, concern, $"{Feedback}/actions", new ActionAgreement
        {
            Type = "LIGHT", ConcernIds = [concern], OwnerBody = "LA", OwnerRole = "Street lighting manager", FourP = "prevent",
            DueOn = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddDays(14), Asked = $"The lamp at post {tag} is out.", Promise = $"The council repairs the lamp at post {tag}.",
        }, ("Authorization", coordinator));
        if (!agreed.Accepted || Random.Shared.Next(4) == 0)
        {
            return;
        }

        var action = agreed.Read<ActionView>();
        var done = await client.Post("claim", tag, concern, $"{Feedback}/actions/{action.Id}/claim", new DoneClaim { Done = $"The lamp at post {tag} was repaired." },
            ("Authorization", coordinator), ("If-Match", $"\"{action.Version}\""));
        if (done.Accepted)
        {
            claimed.Enqueue((receipt, tag));
        }
    }

    private async Task SayDone()
    {
        if (!claimed.TryDequeue(out var next) || await ConcernOf(next.Receipt.Items[0].Reference) is not { } concern)
        {
            return;
        }

        // Opening gives an access that the next opening replaces: nothing to lose, so it is no entry of the history.
        var opened = await client.Post("open", next.Tag, null, $"{Feedback}/mailbox/openings", new MailboxOpening { Reference = next.Receipt.Reference, Words = next.Receipt.Words });
        if (opened.Accepted)
        {
            var done = Random.Shared.Next(3) > 0;
            await client.Post(done ? "done" : "dispute", next.Tag, concern, $"{Feedback}/mailbox/concerns/{concern}/done", new DoneAnswer { Done = done }, ("Mailbox-Access", opened.Read<MailboxOpened>().Access));
        }
    }

    private async Task<Guid?> ConcernOf(string reference) =>
        (await databases.Rows("feedback", "SELECT id FROM concern WHERE reference = @reference", r => (Guid?)r.GetGuid(0), CancellationToken.None, ("reference", reference))).SingleOrDefault();

    private static FeedbackSubmission Submission(string tag, bool withMail, int concerns) => new()
    {
        Email = withMail ? Address(tag) : null,
        Concerns = [.. Enumerable.Range(0, concerns).Select(i => new ConcernInput
        {
            Code = i == 0 ? "ENV-LIGHT-OUT" : "ENV-VEG", Place = new PlaceInput { WardCode = Ward }, LightBand = "dark", Text = i == 0 ? $"The lamp at post {tag} is out." : "The hedge hides the path.",
        })],
    };

    /// <summary>
    /// Every officer has an hour for each walk. The first ones begin so soon that the meeting words are sent at once, and not before a long run is over.
    /// </summary>
    private void Plan(IReadOnlyList<Guid> officers)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/London");
        var now = TimeZoneInfo.ConvertTime(TimeProvider.System.GetUtcNow(), zone);
        var start = new DateTimeOffset(now.Date.AddHours(now.Hour).AddMinutes(now.Minute), now.Offset).AddMinutes(110);
        foreach (var officer in officers)
        {
            soon.Enqueue((officer, start));
        }

        for (var day = 2; day < 50; day++)
        {
            for (var hour = 8; hour < 20; hour++)
            {
                foreach (var officer in officers)
                {
                    later.Enqueue((officer, new DateTimeOffset(now.Date.AddDays(day).AddHours(hour), TimeSpan.Zero)));
                }
            }
        }
    }

    /// <summary>Letters only: a number could be taken for somebody's telephone and masked.</summary>
    private string Tag(string what)
    {
        var (number, letters) = (Interlocked.Increment(ref tags), "");
        for (; number > 0; number /= 26)
        {
            letters = (char)('a' + number % 26) + letters;
        }

        return $"{what}x{letters}";
    }

    private static string Address(string tag) => $"{tag}@bench.example";

    private static Task Pause(int from, int to) => Task.Delay(Random.Shared.Next(from, to), CancellationToken.None);

    [GeneratedRegex(@"\b\d{6}\b")]
    private static partial Regex Code();
}
