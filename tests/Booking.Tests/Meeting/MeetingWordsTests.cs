namespace WalkTalk.Booking.Tests.Meeting;

public sealed class MeetingWordsTests
{
    [Fact]
    public void Three_guesses_succeed_less_than_once_in_five_thousand_meetings()
    {
        var pairs = MeetingWords.Qualities.Distinct().Count() * MeetingWords.Things.Distinct().Count();
        Assert.Equal(MeetingWords.Qualities.Length * MeetingWords.Things.Length, pairs);
        Assert.True(pairs / MeetingWords.Tries > 5000, $"{pairs} pairs");
        Assert.Empty(MeetingWords.Qualities.Intersect(MeetingWords.Things));
    }

    [Fact]
    public void The_two_sides_share_no_word_and_survive_storage()
    {
        for (var i = 0; i < 2000; i++)
        {
            var words = MeetingWords.New();
            Assert.Empty(words.Officer.Split(' ').Intersect(words.Participant.Split(' ')));
            Assert.Equal(words, MeetingWords.Parse(words.ToString()));
        }
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
