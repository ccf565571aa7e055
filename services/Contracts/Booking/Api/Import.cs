namespace WalkTalk.Contracts.Booking.Api;

/// <summary>
/// What a CSV file would change, or has changed: <c>POST /import/officers</c> and <c>POST /import/meeting-points</c>, each with <c>/preview</c>.
/// The body is the file, text/csv in UTF-8. Nothing is ever taken away, and a file with a fault changes nothing.
/// </summary>
/// <param name="Rows">The lines that add or change something.</param>
/// <param name="Faults">All of them at once, of a file that is wrong throughout the first 200; empty when it was imported.</param>
public sealed record ImportReply(int Added, int Changed, int Unchanged, IReadOnlyList<ImportedRow> Rows, IReadOnlyList<ImportFault> Faults);

/// <summary>A line of the file and what it does.</summary>
/// <param name="What">added or changed.</param>
/// <param name="Name">The officer's or the place's, as one would say it.</param>
public sealed record ImportedRow(int Line, string What, string Name);

/// <summary>What is wrong on a line, and what would be right.</summary>
/// <param name="Line">From 1; 0 for the file as a whole.</param>
/// <param name="Field">The column; null for the whole line.</param>
public sealed record ImportFault(int Line, string? Field, string Problem);

/// <summary>A public place where a walk can begin: <c>GET /meeting-points</c>, the pack's and the imported ones.</summary>
public sealed record MeetingPointRow(string MeetingPointId, string WardCode, string Name, bool Lit, bool StepFree);
