using System.Net.Http.Json;
using System.Text.RegularExpressions;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.EndToEnd.Tests.Hosting;
using WalkTalk.EndToEnd.Tests.Stories;

namespace WalkTalk.EndToEnd.Tests.Durability;

/// <summary>A backup of the one process, made by its own command while people use it, and what can be done with it on another machine.</summary>
public sealed partial class BackupAndRestore(BackupAndRestore.Platform platform) : IClassFixture<BackupAndRestore.Platform>
{
    private const string Booking = "/api/booking/v1/metropolitan";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_accepted_before_a_backup_is_there_after_its_restore_and_no_mail_goes_twice()
    {
        var ledger = new Ledger(platform);
        await ledger.Begin();

        // Two women have their codes; Notification has written down that both are sent.
        var (ada, bea) = (await AsksForCode(ledger, "ada"), await AsksForCode(ledger, "bea"));
        while (await platform.Count("notification", "SELECT count(*) FROM message WHERE state = 'Sent'") < 2)
        {
            await Task.Delay(50, Ct);
        }

        using var over = new CancellationTokenSource();
        var load = ledger.Load(people: 4, over.Token);
        await ledger.Answered(20, Ct);
        var before = ledger.Accepted;
        var backup = Path.Combine(platform.Elsewhere, "backup");
        var made = await Run("backup", backup, $"--data={platform.Data}");
        Assert.True(made.ExitCode == 0, made.Output);
        Assert.Contains("The keys are NOT in it", made.Output, StringComparison.Ordinal);
        Assert.Equal(["booking.db", "feedback.db", "gateway.db", "manifest.json", "notification.db", "reporting.db"], Directory.GetFiles(backup).Select(Path.GetFileName).Order());
        Console.WriteLine(made.Output.Split('\n')[0]);

        // Nobody was refused meanwhile, and it goes on.
        await ledger.Answered(20, Ct);
        Assert.Equal(0, ledger.ComeBackLater);
        await over.CancelAsync();
        await load;

        // The machine is lost; its keys were kept elsewhere.
        await platform.Process.Crash();
        var restored = Path.Combine(platform.Elsewhere, "restored");
        CopyFolder(Path.Combine(platform.Data, "keys"), Path.Combine(restored, "keys"));
        var done = await Run("restore", backup, $"--data={restored}");
        Assert.True(done.ExitCode == 0, done.Output);
        platform.Data = restored;
        await platform.StartAgain();

        // Nothing is lost; what came after the backup is new again, and the services agree about what there is.
        await ledger.Remembered(before);
        await platform.ReportingAgrees(
            await platform.Count("booking", "SELECT count(*) FROM walks"), await platform.Count("feedback", "SELECT count(*) FROM concern"), Ct);

        // Her code of before the backup still opens, her address can be read, and she hears once.
        var link = await ada.Api.Post<BookingConfirmedReply>($"{Booking}/booking/confirm", new ConfirmBookingRequest { Code = ada.Code });
        Assert.NotEmpty(link.Link);
        await platform.Mail.Wait(ada.Email, m => m.Message.Attachments.Any(), TimeSpan.FromMinutes(2));
        Assert.Single(platform.Mail.Mails, m => m.To.Contains(ada.Email) && Code().IsMatch(m.Text) && !m.Message.Attachments.Any());
        Assert.Single(platform.Mail.Mails, m => m.To.Contains(bea.Email));
    }

    [Fact]
    public async Task A_restore_says_what_is_wrong_before_it_touches_anything()
    {
        var backup = Path.Combine(platform.Elsewhere, "checked");
        Assert.Equal(0, (await Run("backup", backup, $"--data={platform.Data}")).ExitCode);
        Assert.Contains("is not empty", (await Refused("backup", backup, $"--data={platform.Data}")), StringComparison.Ordinal);
        Assert.Contains("no databases in", await Refused("backup", Path.Combine(platform.Elsewhere, "nothing"), $"--data={platform.Elsewhere}"), StringComparison.Ordinal);

        // Without its keys, or with others.
        var empty = Path.Combine(platform.Elsewhere, "empty");
        Assert.Contains($"Copy the folder keys of the old data folder to {Path.Combine(empty, "keys")}", await Refused("restore", backup, $"--data={empty}"), StringComparison.Ordinal);
        var another = Convert.ToBase64String(new byte[32]);
        Assert.Contains("is not the one of this backup", await Refused("restore", backup, $"--data={empty}", $"--Protection:MasterKey={another}"), StringComparison.Ordinal);
        CopyFolder(Path.Combine(platform.Data, "keys"), Path.Combine(empty, "keys"));

        // Into a folder that somebody uses, or that is not empty.
        Assert.Contains("Another process uses", await Refused("restore", backup, $"--data={platform.Data}"), StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(empty, "letter.txt"), "mine", Ct);
        Assert.Contains("is not empty: letter.txt", await Refused("restore", backup, $"--data={empty}"), StringComparison.Ordinal);
        File.Delete(Path.Combine(empty, "letter.txt"));

        // A backup that was changed, or never finished.
        var database = Path.Combine(backup, "feedback.db");
        var bytes = await File.ReadAllBytesAsync(database, Ct);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(database, bytes, Ct);
        Assert.Contains("feedback.db is not what was backed up", await Refused("restore", backup, $"--data={empty}"), StringComparison.Ordinal);
        File.Delete(Path.Combine(backup, "manifest.json"));
        Assert.Contains("no finished backup", await Refused("restore", backup, $"--data={empty}"), StringComparison.Ordinal);
        Assert.Equal(["keys", "walktalk.lock"], Directory.GetFileSystemEntries(empty).Select(Path.GetFileName).Order());
    }

    private async Task<(Api Api, string Email, string Code)> AsksForCode(Ledger ledger, string name)
    {
        var trace = System.Diagnostics.ActivityTraceId.CreateRandom();
        var held = await Api.Anybody(platform, trace).Post<PlaceHeld>($"{Booking}/walks/{ledger.ContendedWalk}/holds", new HoldPlaceRequest());
        var (api, email) = (Api.Anybody(platform, trace, $"Hold {held.HoldToken}"), $"{name}@backup.example");
        await api.Post<CodeSent>($"{Booking}/booking/contact", new GiveContactRequest { FirstName = name, Email = email });
        return (api, email, Code().Match((await platform.Mail.Wait(email, m => Code().IsMatch(m.Text), TimeSpan.FromMinutes(2))).Text).Value);
    }

    private Task<(int ExitCode, string Output)> Run(params string[] arguments) => RunningProcess.Run("dotnet", [StandalonePlatform.Program, .. arguments], platform.Elsewhere, Ct);

    private async Task<string> Refused(params string[] arguments)
    {
        var (code, output) = await Run(arguments);
        Assert.True(code == 2, $"{code}: {output}");
        return output;
    }

    private static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }

    [GeneratedRegex(@"\b\d{6}\b")]
    private static partial Regex Code();

    public sealed class Platform : StandalonePlatform
    {
        protected override bool SignsInElsewhere => true;

        /// <summary>Another disk.</summary>
        public string Elsewhere => Directory.CreateDirectory(Path.Combine(Folder, "elsewhere")).FullName;
    }
}
