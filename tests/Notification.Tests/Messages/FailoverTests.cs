using WalkTalk.Contracts.Notification;
using WalkTalk.Notification.Messages;

namespace WalkTalk.Notification.Tests.Messages;

/// <summary>Notify and a mail server beside it: which of them takes a message.</summary>
public abstract class FailoverTests(NotificationApp fixture)
{
    private readonly NotificationApp app = fixture.Later(TimeSpan.FromMinutes(16));

    private int ByNotify(string to) => app.Notify.Mails.Count(m => m.To == to);

    private int BySmtp(string to) => app.Smtp.Mails.Count(m => m.To.Contains(to));

    private async Task<(string To, NotificationRequested Asked)> Ask()
    {
        var to = NotificationApp.Somebody();
        var asked = app.Request("walk-confirmed", to, attachment: app.Calendar());
        await app.Deliver(asked);
        return (to, asked);
    }

    [Fact]
    public async Task Notify_comes_first_and_a_rate_limit_does_not_change_that()
    {
        app.Notify.Fail(NotifyFault.RateLimit);
        var (to, asked) = await Ask();
        await app.ReachesInTime(asked.RequestId, MessageState.Sent);
        Assert.Equal((1, 0), (ByNotify(to), BySmtp(to)));
    }

    [Fact]
    public async Task Unavailable_for_long_the_mail_server_takes_over_until_Notify_answers_again()
    {
        app.Notify.Fail([.. Enumerable.Repeat(NotifyFault.Says403, 100)]);
        app.Notify.FailLookups([.. Enumerable.Repeat(NotifyFault.Says403, 100)]);
        var (to, asked) = await Ask();
        var sent = await app.ReachesInTime(asked.RequestId, MessageState.Sent);
        Assert.Equal((0, 1, "smtp"), (ByNotify(to), BySmtp(to), sent.Provider));
        Assert.Contains("The attached file", (await app.Smtp.Wait(to)).Text, StringComparison.Ordinal);
        var offered = app.Notify.Offered.Count;
        var (next, quick) = await Ask();
        await app.Reaches(quick.RequestId, MessageState.Sent);
        Assert.Equal((offered, 1), (app.Notify.Offered.Count, BySmtp(next)));

        app.Notify.StopFailing();
        app.Time.Advance(TimeSpan.FromSeconds(121));
        var (back, last) = await Ask();
        await app.Reaches(last.RequestId, MessageState.Sent);
        Assert.Equal((1, 0), (ByNotify(back), BySmtp(back)));
    }

    [Fact]
    public async Task At_the_daily_limit_the_mail_server_takes_over_at_once()
    {
        app.Notify.Fail(NotifyFault.DailyLimit);
        var (to, asked) = await Ask();
        var sent = await app.Reaches(asked.RequestId, MessageState.Sent);
        Assert.Equal((0, 1, 1), (ByNotify(to), BySmtp(to), sent.Attempts));
        app.Time.Advance(TimeSpan.FromMinutes(16));
        var (back, last) = await Ask();
        await app.Reaches(last.RequestId, MessageState.Sent);
        Assert.Equal((1, 0), (ByNotify(back), BySmtp(back)));
    }

    [Fact]
    public async Task What_Notify_may_have_waits_for_its_word_while_the_mail_server_takes_the_others()
    {
        app.Notify.Fail(NotifyFault.TakesAndDrops);
        var (to, asked) = await Ask();
        await app.Reaches(asked.RequestId, MessageState.TemporaryFailure);
        app.Notify.Down = true;
        var others = new List<(string To, NotificationRequested Asked)>();
        await app.Eventually(async () =>
        {
            app.Time.Advance(TimeSpan.FromSeconds(30));
            await Task.Delay(100);
            if (BySmtp(others.Count > 0 ? others[^1].To : "") == 0) others.Add(await Ask());
            return others.Any(o => BySmtp(o.To) == 1);
        }, "the mail server to take over");
        for (var i = 0; i < 10; i++)
        {
            app.Time.Advance(TimeSpan.FromMinutes(1));
            await Task.Delay(100);
        }
        Assert.Equal((1, 0), (ByNotify(to), BySmtp(to)));
        Assert.True((await app.Message(asked.RequestId)).Uncertain);

        app.Notify.Down = false;
        await app.ReachesInTime(asked.RequestId, MessageState.Sent);
        Assert.Equal((1, 0), (ByNotify(to), BySmtp(to)));
        foreach (var other in others)
        {
            await app.ReachesInTime(other.Asked.RequestId, MessageState.Sent);
            Assert.Equal(1, ByNotify(other.To) + BySmtp(other.To));
        }
    }
}

public sealed class FailoverOnSqlite(NotificationApp.BothOnSqlite app) : FailoverTests(app), IClassFixture<NotificationApp.BothOnSqlite>;

public sealed class FailoverOnPostgres(NotificationApp.BothOnPostgres app) : FailoverTests(app), IClassFixture<NotificationApp.BothOnPostgres>;
