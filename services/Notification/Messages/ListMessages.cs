using System.Globalization;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Notification.Api;
using WalkTalk.Notification.Data;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Notification.Messages;

/// <summary>GET messages: states, for whoever must see that messages arrive. Nothing personal is read for it.</summary>
internal static class ListMessages
{
    private const int Page = 50;

    private static readonly Refusal UnknownState = new("unknown-state", 400, "There is no such state",
        $"States: {string.Join(", ", Enum.GetNames<MessageState>())}.", "state");

    private static readonly Refusal MalformedPage = new("page-malformed", 400, "There is no such page", "Send \"before\" as it was given as \"next\".", "before");

    public static async Task<IResult> Handle(NotificationDb db, CancellationToken ct, string? state = null, string? before = null)
    {
        MessageState? wanted = null;
        if (state is { Length: > 0 })
        {
            if (char.IsAsciiDigit(state[0]) || !Enum.TryParse<MessageState>(state, out var parsed)) return UnknownState;
            wanted = parsed;
        }
        Guid? beforeId = null;
        if (before is { Length: > 0 })
        {
            if (!Guid.TryParse(before, CultureInfo.InvariantCulture, out var parsed)) return MalformedPage;
            beforeId = parsed;
        }

        var messages = db.Messages.AsNoTracking();
        var counts = await messages.GroupBy(m => m.State).Select(g => new { g.Key, Count = g.Count() }).ToListAsync(ct);
        var uncertain = await messages.CountAsync(m => m.Uncertain, ct);
        var start = beforeId is { } id ? await messages.Where(m => m.Id == id).Select(m => (DateTimeOffset?)m.QueuedAt).SingleOrDefaultAsync(ct) : null;
        if (beforeId is not null && start is null) return MalformedPage;

        var rows = await messages.Where(m => wanted == null || m.State == wanted)
            .Where(m => start == null || m.QueuedAt < start || (m.QueuedAt == start && m.Id.CompareTo(beforeId!.Value) < 0))
            .OrderByDescending(m => m.QueuedAt).ThenByDescending(m => m.Id).Take(Page + 1).ToListAsync(ct);
        var page = rows.Take(Page).Select(m => new MessageStatus(m.Id, m.Service, m.Template, m.Language, m.State.ToString(), m.Reason, m.Attempts,
            m.Urgent, m.Uncertain, m.QueuedAt, m.EndedAt, m.EndedAt is null ? m.DueAt : null)).ToList();
        return TypedResults.Ok(new MessageList(counts.ToDictionary(c => c.Key.ToString(), c => c.Count), uncertain, page,
            rows.Count > Page ? page[^1].Id.ToString() : null));
    }
}
