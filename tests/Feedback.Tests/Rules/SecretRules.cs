namespace WalkTalk.Feedback.Tests.Rules;

public sealed class SecretRules
{
    [Fact]
    public void Words_open_however_they_are_typed_and_no_others_do()
    {
        var (mailbox, words) = Mailbox.Open("en", new DateOnly(2026, 11, 24), "web");
        Assert.Equal(256, MailboxWords.List.Distinct().Count());
        Assert.Equal(5, words.Split(' ').Length);
        Assert.True(MailboxWords.Match(mailbox, $"  {words.ToUpperInvariant().Replace(" ", ", ", StringComparison.Ordinal)} "));
        Assert.False(MailboxWords.Match(mailbox, words + " oak"));
        Assert.False(MailboxWords.Match(null, words));
        Assert.Equal(mailbox.Reference, References.Read(mailbox.Reference.ToLowerInvariant().Replace("wt-", "", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_cursor_reads_back_and_a_strange_one_is_refused()
    {
        var (day, id) = (new DateOnly(2026, 11, 24), Guid.NewGuid());
        Assert.Equal((day, id), Paging.Read(Paging.After(day, id), out var none));
        Assert.Null(none);
        foreach (var junk in (string[])["x", "!!!!", "AAAA", new string('A', 60)])
        {
            Assert.Null(Paging.Read(junk, out var refusal));
            Assert.Equal("unreadable-cursor", refusal?.Type);
        }
    }
}
