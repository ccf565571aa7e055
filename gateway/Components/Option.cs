namespace WalkTalk.Gateway.Components;

/// <summary>One answer to choose: what is sent, what is read, an optional hint and group heading.</summary>
public sealed record Option(string Value, string Text, string? Hint = null, string? Group = null);
