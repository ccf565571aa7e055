using System.Net;

namespace WalkTalk.Feedback.Tests.Rules;

/// <summary>An endpoint of the pack whose name leads into the force's own network is not connected to.</summary>
public sealed class AddressRules
{
    [Theory]
    [InlineData("127.0.0.1"), InlineData("10.1.2.3"), InlineData("172.16.0.1"), InlineData("172.31.255.255"), InlineData("192.168.1.1"), InlineData("169.254.169.254")]
    [InlineData("100.64.0.1"), InlineData("0.0.0.0"), InlineData("192.0.2.1"), InlineData("198.18.0.1"), InlineData("224.0.0.1"), InlineData("255.255.255.255")]
    [InlineData("::1"), InlineData("::"), InlineData("fe80::1"), InlineData("fc00::1"), InlineData("fd12::1"), InlineData("ff02::1"), InlineData("::ffff:10.0.0.1"), InlineData("2002:a00:1::"), InlineData("64:ff9b::a00:1")]
    public void Not_public(string address) => Assert.False(Open311Client.IsPublic(IPAddress.Parse(address)));

    [Theory, InlineData("8.8.8.8"), InlineData("172.32.0.1"), InlineData("100.128.0.1"), InlineData("2a00:1450:4009::1"), InlineData("::ffff:8.8.8.8")]
    public void Public(string address) => Assert.True(Open311Client.IsPublic(IPAddress.Parse(address)));
}
