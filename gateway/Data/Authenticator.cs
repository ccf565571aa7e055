namespace WalkTalk.Gateway.Data;

/// <summary>The authenticator app of a member of staff.</summary>
public sealed class Authenticator
{
    public required string Sub { get; init; }

    /// <summary>The key that the app shares with us, protected.</summary>
    public required byte[] Key { get; init; }

    /// <summary>When she set it up.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>The step of 30 seconds whose code was taken last: that code and all before it are spent.</summary>
    public required long Step { get; set; }
}

/// <summary>A code that stands in for her phone once. It is gone when it is used.</summary>
public sealed class RecoveryCode
{
    public required string Sub { get; init; }

    /// <summary>A keyed hash.</summary>
    public required byte[] Hash { get; init; }
}
