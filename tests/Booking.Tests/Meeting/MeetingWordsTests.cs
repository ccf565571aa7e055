namespace WalkTalk.Booking.Tests.Meeting;

public sealed class MeetingWordsTests
{
    public static TheoryData<string, string[], string[]> Lists => new()
    {
        { "en", MeetingWords.Qualities, MeetingWords.Things },
        { "cy", MeetingWords.Pethau, MeetingWords.Lleoedd },
    };

    [Theory, MemberData(nameof(Lists))]
    public void Three_guesses_succeed_less_than_once_in_five_thousand_meetings(string language, string[] firsts, string[] seconds)
    {
        var pairs = firsts.Distinct().Count() * seconds.Distinct().Count();
        Assert.Equal(firsts.Length * seconds.Length, pairs);
        Assert.True(pairs / MeetingWords.Tries > 5000, $"{language}: {pairs} pairs");
        Assert.Empty(firsts.Intersect(seconds));
        // Said over traffic and typed on any keyboard.
        Assert.All(firsts.Concat(seconds), word => Assert.Matches("^[a-z]{3,11}$", word));
    }

    [Theory, MemberData(nameof(Lists))]
    public void The_two_sides_share_no_word_and_survive_storage(string language, string[] firsts, string[] seconds)
    {
        for (var i = 0; i < 2000; i++)
        {
            var words = MeetingWords.New(language);
            Assert.Empty(words.Officer.Split(' ').Intersect(words.Participant.Split(' ')));
            Assert.Contains(words.Officer.Split(' ')[0], firsts);
            Assert.Contains(words.Participant.Split(' ')[1], seconds);
            Assert.Equal(words, MeetingWords.Parse(words.ToString()));
        }
    }

    [Theory]
    [InlineData("cy", "en", "en", "cy")] // a Welsh walk
    [InlineData("en", "cy", "en cy", "cy")] // she is written to in Welsh, and the officer speaks it
    [InlineData("en", "cy", "en", "en")] // the officer could not say them
    [InlineData("en", "en", "en cy", "en")]
    public void Welsh_words_are_for_those_who_both_can_say_them(string walkLanguage, string hers, string spoken, string expected)
    {
        var walk = Walks.WalkTests.Walk(walkLanguage);
        walk.Officers.Add(new WalkOfficer { Officer = new Officer { FirstName = "A", CollarNumber = "1", CollarKey = "1", Languages = [.. spoken.Split(' ')] }, BusyFrom = walk.StartsAt, BusyUntil = walk.EndsAt });
        Assert.Equal(expected, MeetingWords.LanguageOf(new Booking { WalkId = walk.Id, People = 1, HoldUntil = walk.StartsAt, Language = hers }, walk));
    }

    [Theory]
    [InlineData("seven bridges", true)]
    [InlineData("  Seven-Bridges ", true)]
    [InlineData("SEVENBRIDGES", true)]
    [InlineData("seven bridge", false)]
    [InlineData("copper kettle", false)]
    [InlineData("", false)]
    public void Case_and_blanks_do_not_count(string heard, bool match) =>
        Assert.Equal(match, new MeetingWords("copper kettle", "seven bridges").Match(heard));
}
