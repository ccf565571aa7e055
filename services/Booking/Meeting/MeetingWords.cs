using System.Security.Cryptography;
using System.Text;

namespace WalkTalk.Booking;

/// <summary>
/// The words of one booking: the officer says hers first, only then the participant answers. Short, common, hard to mishear over
/// traffic; over 22,000 pairs a side (16,000 in Welsh), so that three guesses succeed once in more than five thousand meetings.
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
    public static MeetingWords New(string language = "en")
    {
        var (firsts, seconds) = language == "cy" ? (Pethau, Lleoedd) : (Qualities, Things);
        var first = Pair();
        string second;
        do second = Pair();
        while (first.Split(' ').Intersect(second.Split(' ')).Any());
        return new(first, second);

        string Pair() => $"{Pick(firsts)} {Pick(seconds)}";
        static string Pick(string[] list) => list[RandomNumberGenerator.GetInt32(list.Length)];
    }

    /// <summary>Welsh on a Welsh walk, and for who is written to in Welsh where every officer of the walk speaks it: both sides have to say and to hear the words.</summary>
    internal static string LanguageOf(Booking booking, Walk walk) =>
        walk.Language == "cy" || (booking.Language == "cy" && walk.Officers.Count > 0 && walk.Officers.TrueForAll(o => o.Officer.Languages.Contains("cy"))) ? "cy" : "en";

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

    // Welsh, a draft until a translator has reviewed it: two nouns, which need no mutation, without accents, because the officer types what she hears.
    internal static readonly string[] Pethau = Words("""
        afal afon allwedd angor arth asyn awyren bara barcud baner basged beic berfa blodyn bocs botwm brechdan brenin brws buwch bwced bwrdd
        cacen cadair cadno camel cannwyll carped caseg cath ceffyl ceiliog cerdyn cimwch cloch clustog cneuen coeden coron crwban cwch
        cwningen cwpan cyllell dafad deilen desg dolffin draenog drws dyfrgi eryr esgid feiolin fforc ffidil fflam ffenest gafr gwely
        gwenyn gwiwer het hwyaden jam lamp lemwn llong llwy llyfr lleuad llew malwen mafon maneg map melin menyn merlen mochyn moronen
        mwyar neidr nodwydd nyth oen olwyn oren organ papur parot pawen pedol pensil petal piano plu pont popty poster potel pren pwmpen
        pysgodyn robin roced rhaff rhaw rhosyn sebon sedd seren sgarff siaced silff siwgr stamp swigen tatws tebot tegan teigr telyn tomato
        torth tractor triongl trwmped tusw tylluan ysgub ystlum
        """);

    internal static readonly string[] Lleoedd = Words("""
        aber arfordir awyr bae bore bro bryn brwyn bwthyn capel cae castan castell cefnfor celyn cerrig clawdd clogwyn coed copr craig cwm
        cyfnos dawns derw dinas dolydd dyffryn efydd eglwys eira eithin eos ffair fferm ffordd ffrwyth gaeaf gallt gardd glan glaswellt glaw
        goleudy golau grawn grug gwair gwanwyn gwawr gwellt gwlad gwydr gwynt haearn haf harbwr haul heol hydref iard iorwg lafant lawnt lliw
        llyn llwch llawr maes marchnad marmor mawn mefus morfa mwg mwsogl mynydd nant neuadd niwl nos oriel pabell palas parc pentref perllan
        pinwydd plwm porfa porth pridd pwll rhaeadr rhedyn rhew rhos sidan sinema siop stabl storm stryd tafarn teml theatr tir traeth tref
        twnnel tyddyn tywod tywydd uchelwydd wybren ynys ysbwng ysgol ysgubor ystafell
        """);

    private static string[] Words(string text) => text.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);
}
