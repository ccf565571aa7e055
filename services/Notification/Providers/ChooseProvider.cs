using WalkTalk.Notification.Messages;

namespace WalkTalk.Notification.Providers;

/// <summary>Who takes a message: of those configured the first that is not away. What one of them may have taken already stays with that one.</summary>
internal sealed class ChooseProvider(IEnumerable<IMailProvider> configured, TimeProvider time)
{
    private readonly IMailProvider[] all = [.. configured];

    /// <summary>Whoever may have taken this message: null when nobody can have, or when that one is not configured any more.</summary>
    public IMailProvider? MayHave(Message message) => message.IsUndecided ? Array.Find(all, p => p.Name == message.Provider && p.Takes(message.Sms)) : null;

    /// <summary>Who takes the next mail or text message, and from when; null where nobody takes any.</summary>
    public (IMailProvider Provider, DateTimeOffset From)? Next(bool sms)
    {
        var now = time.GetUtcNow();
        if ((Array.Find(all, p => p.Takes(sms) && !(p.AwayUntil > now)) ?? Array.Find(all, p => p.Takes(sms))) is not { } next) return null;
        return (next, new[] { now, next.PausedUntil ?? now, next.AwayUntil ?? now }.Max());
    }
}
