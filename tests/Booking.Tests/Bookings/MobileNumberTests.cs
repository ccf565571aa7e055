using WalkTalk.Contracts;

namespace WalkTalk.Booking.Tests.Bookings;

/// <summary>Which numbers are mobile numbers of the United Kingdom, however they are typed, and that each has one form.</summary>
public sealed class MobileNumberTests
{
    [Theory]
    [InlineData("07700 900123", "+447700900123")]
    [InlineData("07700900123", "+447700900123")]
    [InlineData(" 07700-900-123 ", "+447700900123")]
    [InlineData("(07700) 900123", "+447700900123")]
    [InlineData("07700.900.123", "+447700900123")]
    [InlineData("07700\u00a0900\u2009123", "+447700900123")]
    [InlineData("07700\u2013900123", "+447700900123")]
    [InlineData("+447700900123", "+447700900123")]
    [InlineData("+44 7700 900123", "+447700900123")]
    [InlineData("+44 (0)7700 900123", "+447700900123")]
    [InlineData("0044 7700 900123", "+447700900123")]
    [InlineData("447700900123", "+447700900123")]
    [InlineData("07123 456789", "+447123456789")]
    [InlineData("07911 123456", "+447911123456")]
    [InlineData("07624 412345", "+447624412345")] // Isle of Man
    public void A_mobile_number_has_one_form(string typed, string kept)
    {
        Assert.Equal(kept, MobileNumber.Of(typed));
        Assert.Equal(kept, MobileNumber.OrMail(typed));
        Assert.True(MobileNumber.Is(kept));
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("020 7946 0123")] // London
    [InlineData("0161 496 0123")]
    [InlineData("0800 111 111")]
    [InlineData("070 0900 1234")] // personal number
    [InlineData("07600 123456")] // pager
    [InlineData("07700 90012")]
    [InlineData("07700 9001234")]
    [InlineData("7700 900123")]
    [InlineData("+1 202 555 0123")]
    [InlineData("+353 85 012 3456")]
    [InlineData("+0447700900123")]
    [InlineData("+07700900123")]
    [InlineData("++447700900123")]
    [InlineData("07700 900123x")]
    [InlineData("07700 900123 ext 4")]
    [InlineData("call 07700 900123")]
    [InlineData("٠٧٧٠٠٩٠٠١٢٣")]
    [InlineData("999")]
    [InlineData("07700900123@example.org")]
    public void What_is_no_mobile_number_is_none(string? typed) => Assert.Null(MobileNumber.Of(typed));

    [Theory]
    [InlineData("amina@example.org", true)]
    [InlineData("07700900123@example.org", true)]
    [InlineData("07700 900123", true)]
    [InlineData("020 7946 0123", false)]
    [InlineData("amina", false)]
    [InlineData("amina@", false)]
    [InlineData("", false)]
    public void A_contact_is_an_address_or_a_mobile_number(string typed, bool taken) => Assert.Equal(taken, new EmailOrMobileAttribute().IsValid(typed));

    [Theory]
    [InlineData("amina@example.org")]
    [InlineData("07700 900123")]
    [InlineData("+44 7700 900123")]
    [InlineData("447700900123")]
    public void What_is_not_kept_in_that_form_is_no_number_to_send_to(string address) => Assert.False(MobileNumber.Is(address));
}
