using System.Security.Cryptography;
using System.Text;

namespace WalkTalk.Booking;

/// <summary>
/// The words of one booking: the officer says hers first, only then the participant answers. Short, common, hard to mishear over
/// traffic; over 22,000 pairs a side, so that three guesses succeed once in more than seven thousand meetings.
/// </summary>
public sealed record MeetingWords(string Officer, string Participant)
{
    /// <summary>After so many misses it is a mismatch, and the alarm goes to the force.</summary>
    public const int Tries = 3;

    /// <summary>The words work from so long before the start…</summary>
    public static readonly TimeSpan Before = TimeSpan.FromMinutes(30);

    /// <summary>…until so long after it.</summary>
    public static readonly TimeSpan After = TimeSpan.FromMinutes(15);

    /// <summary>Two pairs that share no word, so that one side's words never half answer the other's.</summary>
    public static MeetingWords New()
    {
        var first = Pair();
        string second;
        do second = Pair();
        while (first.Split(' ').Intersect(second.Split(' ')).Any());
        return new(first, second);

        static string Pair() => $"{Pick(Qualities)} {Pick(Things)}";
        static string Pick(string[] list) => list[RandomNumberGenerator.GetInt32(list.Length)];
    }

    /// <summary>One text, for the protected column.</summary>
    public override string ToString() => $"{Officer}|{Participant}";

    /// <summary>What <see cref="ToString"/> wrote.</summary>
    public static MeetingWords Parse(string text) => text.Split('|') is [var officer, var participant]
        ? new(officer, participant) : throw new FormatException("Not a pair of meeting words.");

    /// <summary>Whether the officer typed what the participant was told to say. Case, spaces and hyphens do not count; time tells nothing.</summary>
    public bool Match(string heard) => CryptographicOperations.FixedTimeEquals(Digest(heard), Digest(Participant));

    private static byte[] Digest(string words) =>
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(words.Normalize(NormalizationForm.FormKC).Where(char.IsLetter)).ToUpperInvariant()));

    internal static readonly string[] Qualities = Words("""
        amber ancient autumn basil bitter blue bold brave bright broad broken bronze brown bubbly calm candid careful central cheerful
        clever cloudy coastal copper cosy country crimson crystal daily dancing dapper double dusty early eastern easy eager eleven
        empty evening famous fancy fifty fluffy floral foggy folding forty friendly frosty future garden gentle giant
        ginger glad glassy golden grand granite green happy harbour hasty hazel hidden hollow honest humble hungry icy indigo ivory
        jolly jumbo kindly lazy lemon little lively lonely lucky magic maple marble merry midnight mighty minty misty modern morning
        musical narrow navy neat nimble noble northern olive open orange paper patient peaceful pepper perfect pink plain
        polished purple quiet rapid ready rosy royal rubber rustic sandy scarlet seven shiny silent silver simple sleepy smiling
        smooth snowy southern spotted steady sunny tidy timber tiny twenty velvet violet warm western whistling windy winter wooden
        yellow
        """);

    internal static readonly string[] Things = Words("""
        acorn anchor apple apron badger bagel balloon banjo barrel basket beacon bicycle biscuit blanket blossom bottle branch bridge
        bucket butter button cabbage cabin camera candle canyon carpet castle cello cherry chimney circus cottage cricket cupboard
        curtain cushion daisy diamond dolphin donkey dragon drummer eagle elbow engine ferry fiddle finger flute forest
        fountain garage garlic giraffe glacier guitar hammer hammock hedgehog helmet island jacket jigsaw juggler jungle kettle
        kitten ladder lantern lettuce library lighthouse lizard mango marmalade meadow melon mirror monkey mountain museum mushroom
        napkin needle notebook octopus onion orchard otter paddle palace pancake parade parrot parsley peacock pencil penguin
        piano picnic pillow pirate planet pocket pony postcard potato pudding puffin pumpkin puppet puzzle rabbit radio rainbow
        raspberry ribbon river robin rocket saddle sailor sandal sandwich saucer scarf shadow shepherd sparrow spider squirrel
        station sunflower table teapot thimble tiger toffee tractor trumpet tulip tunnel turnip umbrella valley violin waffle wagon
        walnut whistle window wizard zebra
        """);

    private static string[] Words(string text) => text.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);
}
