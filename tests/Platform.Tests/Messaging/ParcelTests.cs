using WalkTalk.ServiceDefaults.Messaging;

namespace WalkTalk.Platform.Tests.Messaging;

public sealed class ParcelTests
{
    private static Outgoing Message(string name, bool mustArrive = false, int characters = 10) =>
        new(new Delivery(Guid.NewGuid(), name, "metropolitan", new string('x', characters), null, default), mustArrive);

    [Fact]
    public void Nothing_fills_no_parcel() => Assert.Empty(RabbitMq.Parcels([]));

    [Fact]
    public void Neighbours_of_one_name_share_a_parcel_and_the_order_stays()
    {
        Outgoing[] messages = [Message("a"), Message("a"), Message("b"), Message("a"), Message("a", mustArrive: true)];
        var parcels = RabbitMq.Parcels(messages);
        Assert.Equal([2, 1, 1, 1], parcels.Select(p => p.Count));
        Assert.Equal(messages, parcels.SelectMany(p => p));
    }

    [Fact]
    public void A_parcel_holds_so_many_messages_and_no_more() =>
        Assert.Equal([RabbitMq.MostInAParcel, RabbitMq.MostInAParcel, 7], RabbitMq.Parcels([.. Enumerable.Range(0, (2 * RabbitMq.MostInAParcel) + 7).Select(_ => Message("a"))]).Select(p => p.Count));

    [Fact]
    public void A_parcel_holds_so_many_characters_unless_one_message_has_more()
    {
        var third = RabbitMq.MostCharacters / 3;
        Assert.Equal([3, 1, 1, 2], RabbitMq.Parcels(
            [Message("a", characters: third), Message("a", characters: third), Message("a", characters: third), Message("a", characters: third), Message("a", characters: 2 * RabbitMq.MostCharacters), Message("a"), Message("a")])
            .Select(p => p.Count));
    }
}
