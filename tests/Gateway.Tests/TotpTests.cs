using System.Text;
using WalkTalk.Gateway.SignIn;

namespace WalkTalk.Gateway.Tests;

public sealed class TotpTests
{
    private static readonly byte[] Key = Encoding.ASCII.GetBytes("12345678901234567890");
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_015);

    /// <summary>RFC 6238, appendix B, the lines of SHA-1.</summary>
    [Theory]
    [InlineData(59, "94287082")]
    [InlineData(1111111109, "07081804")]
    [InlineData(1111111111, "14050471")]
    [InlineData(1234567890, "89005924")]
    [InlineData(2000000000, "69279037")]
    [InlineData(20000000000, "65353130")]
    public void The_codes_are_those_of_the_standard(long seconds, string code)
    {
        var step = Totp.StepAt(DateTimeOffset.FromUnixTimeSeconds(seconds));
        Assert.Equal(code, Totp.Code(Key, step, digits: 8));
        Assert.Equal(code[2..], Totp.Code(Key, step));
    }

    /// <summary>RFC 4648, section 10, without the padding that apps do not want.</summary>
    [Theory]
    [InlineData("f", "MY")]
    [InlineData("fo", "MZXQ")]
    [InlineData("foo", "MZXW6")]
    [InlineData("foob", "MZXW6YQ")]
    [InlineData("fooba", "MZXW6YTB")]
    [InlineData("foobar", "MZXW6YTBOI")]
    public void The_key_is_written_as_apps_read_it(string bytes, string text) => Assert.Equal(text, Totp.Text(Encoding.ASCII.GetBytes(bytes)));

    [Theory]
    [InlineData(-2, false)]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void A_phones_clock_may_be_half_a_minute_off(int steps, bool right)
    {
        var step = Totp.StepAt(Now) + steps;
        Assert.Equal(right ? step : null, Totp.StepOf(Key, Totp.Code(Key, step), Now));
    }

    [Fact]
    public void A_code_and_all_before_it_are_spent_once_it_was_taken()
    {
        var step = Totp.StepAt(Now);
        Assert.Null(Totp.StepOf(Key, Totp.Code(Key, step), Now, taken: step));
        Assert.Null(Totp.StepOf(Key, Totp.Code(Key, step - 1), Now, taken: step));
        Assert.Equal(step + 1, Totp.StepOf(Key, Totp.Code(Key, step + 1), Now, taken: step));
    }

    [Theory]
    [InlineData("")]
    [InlineData("12345")]
    [InlineData("ABCDEF")]
    [InlineData("1234567890123456789012345678901234567890")]
    public void What_is_no_code_is_of_no_step(string said) => Assert.Null(Totp.StepOf(Key, said, Now));
}
