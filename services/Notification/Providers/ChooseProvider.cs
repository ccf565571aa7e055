using WalkTalk.Notification.Messages;

namespace WalkTalk.Notification.Providers;

/// <summary>Who takes a message: of those configured the first that is not away. What one of them may have taken already stays with that one.</summary>
internal sealed class ChooseProvider(IEnumerable<IMailProvider> configured, TimeProvider time)
{
    private readonly IMailProvider[] all = [.. configured];

    /// <summary>Whoever may have taken this message: null when nobody can have, or when that one is not configured any more.</summary>
    public IMailProvider? MayHave(Message message) => message.IsUndecided ? Array.Find(all, p => p.Name == message.Provider) : null;

    /// <summary>Who takes the next mail, and from when.</summary>
    public (IMailProvider Provider, DateTimeOffset From) Next()
    {
        var now = time.GetUtcNow();
        var next = Array.Find(all, p => !(p.AwayUntil > now)) ?? all[0];
        return (next, new[] { now, next.PausedUntil ?? now, next.AwayUntil ?? now }.Max());
    }
}
