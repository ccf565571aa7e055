using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Notification.Api;
using WalkTalk.Notification.Data;
using WalkTalk.Notification.Messages;

namespace WalkTalk.Notification.Tests.Demo;

public sealed class DemoMessagesTests(DemoMessagesTests.App app) : IClassFixture<DemoMessagesTests.App>
{
    [Fact]
    public async Task The_demonstration_has_mail_to_open_and_only_once()
    {
        Task<int> Sent() => app.Db<NotificationDb, int>(db => db.Messages.CountAsync(m => m.State == MessageState.Sent));
        await app.Eventually(async () => await Sent() == 10, "ten messages in the inbox");
        await app.Restart();
        var list = await app.Client("operator").GetFromJsonAsync<InboxList>("/v1/metropolitan/inbox");
        Assert.Equal(10, list!.Mails.Count);
        foreach (var entry in list.Mails)
        {
            var mail = await app.Client("operator").GetFromJsonAsync<OpenedMail>($"/v1/metropolitan/inbox/{entry.Id}");
            Assert.DoesNotContain("sample", mail!.Text, StringComparison.OrdinalIgnoreCase);
        }
    }

    public sealed class App : NotificationApp.InboxOnSqlite
    {
        protected override IEnumerable<(string Key, string? Value)> Settings() => [.. base.Settings(), ("Demo:Enabled", "true")];
    }
}
