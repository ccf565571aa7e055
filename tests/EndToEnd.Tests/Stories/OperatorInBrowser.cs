using System.Text;
using System.Text.Json;
using RabbitMQ.Client;
using WalkTalk.EndToEnd.Tests.Hosting;
using WalkTalk.Fixtures;

namespace WalkTalk.EndToEnd.Tests.Stories;

/// <summary>A message that was given up, found, understood and tried again by an operator; and rubbish that she throws away.</summary>
public sealed class OperatorInBrowser(OperatorInBrowser.Platform platform, Chromium browser) : IClassFixture<OperatorInBrowser.Platform>, IClassFixture<Chromium>
{
    private const string Envelope = "application/vnd.masstransit+json";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_operator_finds_a_parked_message_understands_it_and_has_it_tried_again(bool desktop)
    {
        // What the broker gave up on, because a service took it and died, again and again; and what never was a message.
        var id = Guid.NewGuid();
        var fact = JsonSerializer.Serialize(new { walkId = Guid.NewGuid(), wardCode = "E05011095", startsAt = DateTimeOffset.UtcNow, lightBand = "dark", capacity = 4, types = new[] { "standard" } }, JsonSerializerOptions.Web);
        await Publish("walktalk-reporting-dead", JsonSerializer.Serialize(new
        {
            messageId = id,
            messageType = new[] { "urn:message:walktalk:delivery" },
            message = new { id, name = "walk-published", forceId = "metropolitan", body = fact, publishedAt = DateTimeOffset.UtcNow },
        }, JsonSerializerOptions.Web));
        await Publish("walktalk-reporting", $"rubbish {id}");

        var she = await Screen.Of(browser, platform, desktop);
        await she.Open("/metropolitan/staff/operations");
        await she.Fill("UserName", "operator");
        await she.Fill("Password", "walk-and-talk");
        await she.Press("Sign in");
        await she.SeesSoon("2 messages were not handled");
        await she.Sees("The service took it again and again and ended before it had answered.");
        await she.Sees("It is no message of this platform.");
        await she.Examine("operations-parked");

        await she.Press("Release walk-published");
        await she.Sees("It is being tried again.");
        await she.SeesSoon("1 message was not handled");

        var note = (await she.Page.Locator("[name^='note-']").First.GetAttributeAsync("name"))!;
        await she.Fill(note, "no");
        await she.Press("Discard unreadable");
        await she.Sees("Say why, in 3 to 300 characters");
        await she.Examine("operations-note-missing");
        await she.Fill(note, "Something else wrote to our queue.");
        await she.Press("Discard unreadable");
        await she.Sees("Your note is in the audit trail.");
        await she.Sees("Nothing is parked or being tried again");
        await she.Examine("operations-quiet");
    }

    private async Task Publish(string queue, string body)
    {
        await using var connection = await new ConnectionFactory { Uri = new Uri(await TestServers.RabbitMq()) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        await channel.BasicPublishAsync("", platform.Prefix + queue, mandatory: true, new BasicProperties { ContentType = Envelope, Persistent = true }, Encoding.UTF8.GetBytes(body));
    }

    public sealed class Platform : SeparatePlatform
    {
        protected override bool Demonstrates => true;

        protected override string Services => "reporting";
    }
}
