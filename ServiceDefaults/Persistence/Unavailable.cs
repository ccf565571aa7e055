using Microsoft.Data.Sqlite;
using Npgsql;

namespace WalkTalk.ServiceDefaults.Persistence;

/// <summary>The refusals of a database that cannot serve, found in an exception however deep it is wrapped.</summary>
public static class Unavailable
{
    private static readonly Refusal Away = new("database-unavailable", 503, "The database cannot answer at the moment",
        "Send the request again in a moment, with the same Idempotency-Key: it was done as a whole or not at all, and is not done twice.") { RetryAfter = 1 };

    private static readonly Refusal Full = new("storage-full", 503, "There is no room to save anything",
        "Nothing of this request was saved, and nothing that was accepted before is touched. An operator has to make room; send the request again later, with the same Idempotency-Key.") { RetryAfter = 60 };

    /// <summary>Null when the exception says nothing about the state of a database: then it is a bug.</summary>
    public static Refusal? Of(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            var refusal = e switch
            {
                PostgresException postgres => Of(postgres.SqlState),
                // Without a word of the server: it was not reached, broke off, or took too long.
                NpgsqlException => Away,
                // What Npgsql says of the transaction of a connection that broke before anybody looked.
                InvalidOperationException { Source: nameof(Npgsql) } => Away,
                SqliteException sqlite => Of(sqlite.SqliteErrorCode),
                _ => null,
            };
            if (refusal is not null)
            {
                return refusal;
            }
        }

        return null;
    }

    // PostgreSQL, appendix A. Class 08 is the connection, 57P the server's coming and going, 53 its resources.
    private static Refusal? Of(string state) => state switch
    {
        PostgresErrorCodes.DiskFull or PostgresErrorCodes.InsufficientResources => Full,
        PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.LockNotAvailable
            or PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.IoError => Away,
        _ when state.StartsWith("08", StringComparison.Ordinal) || state.StartsWith("53", StringComparison.Ordinal) || state.StartsWith("57P", StringComparison.Ordinal) => Away,
        _ => null,
    };

    // SQLite, "Result and Error Codes": 5 busy, 6 locked, 10 I/O error, 13 full, 14 cannot open.
    private static Refusal? Of(int code) => code switch
    {
        13 => Full,
        5 or 6 or 10 or 14 => Away,
        _ => null,
    };
}
