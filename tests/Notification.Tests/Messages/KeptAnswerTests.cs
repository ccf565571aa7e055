using Microsoft.EntityFrameworkCore;
using WalkTalk.Fixtures;
using WalkTalk.Notification.Data;
using WalkTalk.Notification.Messages;

namespace WalkTalk.Notification.Tests.Messages;

/// <summary>What the mail server has said is kept, also where the database cannot be written to in that moment: otherwise she has the mail twice.</summary>
public abstract class KeptAnswerTests(NotificationApp app)
{
    private protected Task Run(string sql) => app.Db<NotificationDb>(db => db.Database.ExecuteSqlRawAsync(sql));

    /// <summary>Sends a mail, and between the server's acceptance and its 250 the database fails, for a second.</summary>
    private protected async Task Once(Func<Task> fails, Func<Task> mends)
    {
        var to = NotificationApp.Somebody();
        var mended = new TaskCompletionSource();
        void Away(SmtpMail mail)
        {
            if (mail.To.Contains(to))
            {
                fails().Wait();
                _ = Task.Run(async () =>
                {
                    await Task.Delay(1000);
                    await mends();
                    mended.SetResult();
                });
            }
        }

        app.Smtp.Accepted += Away;
        var asked = app.Request("walk-confirmed", to);
        await app.Deliver(asked);
        try
        {
            await mended.Task.WaitAsync(TimeSpan.FromMinutes(2));
        }
        finally
        {
            app.Smtp.Accepted -= Away;
        }

        Assert.False((await app.Reaches(asked.RequestId, MessageState.Sent)).Uncertain);
        Assert.Equal(1, app.Smtp.Mails.Count(m => m.To.Contains(to)));
    }

    // Nobody's lease ends meanwhile: the clock stands still.
    [Fact]
    public Task What_the_server_has_accepted_is_kept_as_soon_as_the_table_is_there_again() =>
        Once(() => Run("ALTER TABLE message RENAME TO message_away"), () => Run("ALTER TABLE message_away RENAME TO message"));
}

public sealed class KeptAnswerOnSqlite(NotificationApp.SmtpOnSqlite app) : KeptAnswerTests(app), IClassFixture<NotificationApp.SmtpOnSqlite>;

public sealed class KeptAnswerOnPostgres(NotificationApp.SmtpOnPostgres app) : KeptAnswerTests(app), IClassFixture<NotificationApp.SmtpOnPostgres>
{
    private readonly NotificationApp app = app;

    // A file of SQLite's goes and comes with its only process.
    [Fact]
    public async Task What_the_server_has_accepted_is_kept_however_long_the_database_is_away()
    {
        await Run("CREATE FUNCTION away() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'starting up' USING ERRCODE = '57P03'; END $$");
        await Once(() => Run("CREATE TRIGGER away BEFORE UPDATE ON message FOR EACH STATEMENT EXECUTE FUNCTION away()"), async () =>
        {
            // While it is being tried every lease ends, and it is tried on.
            app.Time.Advance(TimeSpan.FromMinutes(10));
            await Task.Delay(1000);
            await Run("DROP TRIGGER away ON message");
        });
    }
}
