namespace WalkTalk.ServiceDefaults.Persistence;

/// <summary>A row of one force: invisible to every other. ForceId is stamped when it is first saved.</summary>
public interface IForceRow
{
    /// <summary>The data.police.uk id of the force.</summary>
    string ForceId { get; set; }
}

/// <summary>A row whose changes are checked for having been overtaken; the version is its ETag.</summary>
public interface IVersioned
{
    /// <summary>Counts the saves, from 1.</summary>
    long Version { get; set; }
}

/// <summary>A row that must not tell when it was made: its audit entry carries the day only, and is sealed when that day is over.</summary>
public interface IUntimed;

/// <summary>A row whose changes are not audited: made from other services' facts alone, so that it can be made again; or one whose own entry would tell what it keeps.</summary>
public interface IDerivedRow : IForceRow;

/// <summary>Rows of the platform itself: not audited.</summary>
internal interface IPlatformRow : IForceRow;

/// <summary>A message that waits for its due time, for the broker, or (sent) is kept as history.</summary>
internal sealed class OutboxRow : IPlatformRow
{
    public Guid Id { get; set; }
    public string ForceId { get; set; } = "";
    public required string Name { get; set; }
    public required string Body { get; set; }
    public required string Kind { get; set; }
    public string? Key { get; set; }
    public string? Traceparent { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset DueAt { get; set; }
    public DateTimeOffset? SentAt { get; set; }
    public DateTimeOffset? ParkedAt { get; set; }
    public int Attempts { get; set; }
    public string? Error { get; set; }

    /// <summary>A fact: kept once sent, needs no consumer.</summary>
    public const string Fact = "fact";

    /// <summary>A request: must reach a consumer, gone once it has.</summary>
    public const string Request = "request";
}

/// <summary>A message that a consumer has handled, or (with its body) failed to handle so far.</summary>
internal sealed class InboxRow : IPlatformRow
{
    public Guid MessageId { get; set; }
    public required string Consumer { get; set; }
    public string ForceId { get; set; } = "";

    /// <summary>The day only: the order of what came in must not tell when somebody submitted something.</summary>
    public DateOnly? HandledOn { get; set; }
    public string? Name { get; set; }
    public string? Body { get; set; }
    public string? Traceparent { get; set; }
    public DateTimeOffset? PublishedAt { get; set; }
    public DateTimeOffset? DueAt { get; set; }
    public DateTimeOffset? ParkedAt { get; set; }
    public int Attempts { get; set; }
    public string? Error { get; set; }
}

/// <summary>How far one owner's history has been read by this service.</summary>
internal sealed class HistoryRow : IPlatformRow
{
    public string ForceId { get; set; } = "";
    public required string Owner { get; set; }

    /// <summary>Another one at each rebuild.</summary>
    public Guid Run { get; set; } = Guid.NewGuid();

    /// <summary>Where the next page begins; null at the beginning.</summary>
    public string? After { get; set; }
    public long Facts { get; set; }
    public DateTimeOffset? ReadAt { get; set; }
}

/// <summary>Who did or read what, and when; linked into the force's chain by the sealer.</summary>
internal sealed class AuditRow : IPlatformRow
{
    public Guid Id { get; set; } = Guid.NewGuid();
    public string ForceId { get; set; } = "";
    public DateTimeOffset At { get; set; }
    public required string Actor { get; set; }
    public required string Action { get; set; }
    public required string SubjectType { get; set; }
    public required string SubjectId { get; set; }
    public string? Fields { get; set; }
    public string? Reason { get; set; }
    public DateTimeOffset SealAfter { get; set; }
    public long? Sequence { get; set; }
    public byte[]? Hash { get; set; }

    /// <summary>The action whose reason is a word of the program.</summary>
    public const string Read = "read";
}

/// <summary>A person's data key, wrapped by the service's master key. Deleting it erases what it protected.</summary>
internal sealed class PersonKeyRow : IPlatformRow
{
    public Guid PersonId { get; set; }
    public string ForceId { get; set; } = "";
    public required byte[] WrappedKey { get; set; }
}

/// <summary>The answer to a request that carried an Idempotency-Key, readable only with that key.</summary>
internal sealed class AnswerRow : IPlatformRow
{
    public required byte[] KeyHash { get; set; }
    public string ForceId { get; set; } = "";
    public required byte[] BodyHash { get; set; }
    public byte[]? Answer { get; set; }
    public DateOnly CreatedOn { get; set; }
}
