using WalkTalk.ForcePacks;

namespace WalkTalk.Feedback.Tests.Rules;

public sealed class ScreeningRules
{
    private static readonly ForcePack Pack = ForcePackCatalogue.Load(ForcePackCatalogue.DefaultFolder).Get("metropolitan");

    [Theory]
    [InlineData("write to jo.o'neil+x@example.org please", "email")]
    [InlineData("ring 07700 900123 after six", "phone")]
    [InlineData("ring 020 7946 0958", "phone")]
    [InlineData("ring +44 20 7946 0958", "phone")]
    [InlineData("I live at SW2 1RW", "postcode")]
    [InlineData("near sw21rw", "postcode")]
    [InlineData("my NHS number is 943 476 5919", "nhs")]
    [InlineData("NI QQ... no, AB 12 34 56 C", "ni")]
    [InlineData("card 4111 1111 1111 1111", "card")]
    [InlineData("a grey van, ab12 cde", "vehicle")]
    [InlineData("a van, K123 ABC", "vehicle")]
    public void What_names_or_reaches_a_person_is_masked(string text, string kind)
    {
        var (working, found) = PersonalDataMask.Apply(text);
        Assert.Equal([kind], found);
        Assert.Contains($"[{kind}]", working, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("The lamp at number 12 has been out for 3 weeks")]
    [InlineData("between 10 and 11 on the A23 the road narrows")]
    [InlineData("the 159 and the N3 stop there, 4 to 5 people wait")]
    public void Plain_words_stay_as_they_are(string text) => Assert.Equal(text, PersonalDataMask.Apply(text).Text);

    [Theory]
    [InlineData("9434765919", true)]
    [InlineData("9434765918", false)]
    [InlineData("1234567890", false)]
    public void An_NHS_number_has_its_check_digit(string digits, bool isOne) => Assert.Equal(isOne, PersonalDataMask.NhsCheckDigit(digits));

    [Theory]
    [InlineData("4111111111111111", true)]
    [InlineData("4111111111111112", false)]
    public void A_card_number_passes_Luhn(string digits, bool isOne) => Assert.Equal(isOne, PersonalDataMask.Luhn(digits));

    [Theory]
    [InlineData("He is following me right now", true)]
    [InlineData("someone is outside my door", true)]
    [InlineData("I’m in danger", true)]
    [InlineData("Mae rhywun y tu allan", true)]
    [InlineData("The lamp is out", false)]
    public void Danger_now_is_heard(string text, bool danger) => Assert.Equal(danger, Cues.Danger(text));

    [Theory]
    [InlineData("ENV-LIGHT-OUT", "The lamp is out", false, "Triage", true, null)]
    [InlineData("ENV-LIGHT-OUT", "A man grabbed my arm under the broken lamp", false, "Disclosure", true, "cue")]
    [InlineData("ENV-LIGHT-OUT", "The lamp is out", true, "Disclosure", true, "tick")]
    [InlineData("BEH-FOLLOW", null, false, "Disclosure", true, "code")]
    [InlineData("ENV-LIGHT-OUT", "The officer laughed at me when I told him of the lamp", false, "Standards", true, null)]
    [InlineData("POL-RESP", "The officer laughed at me", false, "Standards", false, null)]
    [InlineData("POL-CONDUCT", null, false, "Standards", false, null)]
    [InlineData("POL-CONDUCT", "The officer grabbed my arm", false, "Standards", false, "cue")]
    [InlineData("ENV-LIGHT-OUT", "The officer grabbed my arm", false, "Standards", true, "cue")]
    [InlineData("POL-CONDUCT", "The officer laughed at me", true, "Standards", false, "tick")]
    [InlineData("BEH-FOLLOW", "The officer laughed at me when I told him", false, "Standards", false, "code")]
    public void A_text_goes_where_it_may_be_read(string code, string? text, bool tick, string route, bool keepsConcern, string? crime)
    {
        var screened = Screen.Read(Pack.FindConcern(code)!, tick, text);
        Assert.Equal((route, keepsConcern, crime), (screened.Route.ToString(), screened.KeepsConcern, screened.Crime));
        Assert.Equal(screened.Route == Route.Triage, screened.Working is not null);
    }

    [Fact]
    public void Her_answer_to_a_question_can_be_read_unless_it_says_something_new()
    {
        Assert.Equal(Route.Triage, Screen.Reply("It is the lamp by the bench").Route);
        Assert.Equal(Route.Disclosure, Screen.Reply("That is where he threatened me").Route);
        Assert.Equal((Route.Standards, null), (Screen.Reply("The officer was rude to me").Route, Screen.Reply("The officer was rude to me").Crime));
        Assert.Equal((Route.Standards, "cue"), (Screen.Reply("The officer grabbed my arm").Route, Screen.Reply("The officer grabbed my arm").Crime));
    }

    [Theory]
    [InlineData("Please avoid the passage after dark.")]
    [InlineData("Women should not walk alone.")]
    [InlineData("Officers advised women to stay alert.")]
    [InlineData("Be careful by the arches.")]
    [InlineData("Don’t use the underpass.")]
    [InlineData("You can take a different path.")]
    [InlineData("Osgowch y llwybr.")]
    public void Words_that_burden_women_are_not_published(string text) => Assert.Equal("burdening-wording", PublicWords.Check(("Answer", text))?.Type);

    [Theory]
    [InlineData("Council street lighting will repair the lamp by 11 September.")]
    [InlineData("We cut the hedge so that nobody has to avoid the path.")]
    [InlineData("We have no power to do this: the passage belongs to the railway.")]
    [InlineData("Neighbourhood team: officers in plain clothes, four evenings a week, until 18 December.")]
    public void Words_that_say_what_we_do_are(string text) => Assert.Null(PublicWords.Check(("Answer", text)));

    [Fact]
    public void Words_for_the_public_reach_no_person() =>
        Assert.Equal("personal-data-in-public-text", PublicWords.Check(("Answer", "Ask Jo on 020 7946 0958 about the lamp."))?.Type);
}
