using Microsoft.EntityFrameworkCore;
using WalkTalk.ServiceDefaults.Messaging;

namespace WalkTalk.ServiceDefaults.Persistence;

/// <summary>What a design-time factory needs to make a context for "dotnet ef migrations add"; never connects.</summary>
public static class DesignTime
{
    /// <summary>The surroundings of a context without a host.</summary>
    public static ServiceDbContext Context => new(new Caller(), TimeProvider.System, new Wakeups());

    /// <summary>Options for SQLite.</summary>
    public static DbContextOptions<T> Sqlite<T>() where T : DbContext => Options<T>("Data Source=design.db");

    /// <summary>Options for PostgreSQL.</summary>
    public static DbContextOptions<T> Postgres<T>() where T : DbContext => Options<T>("Host=design");

    private static DbContextOptions<T> Options<T>(string connection) where T : DbContext
    {
        var builder = new DbContextOptionsBuilder<T>();
        Database.Configure(builder, connection);
        return builder.Options;
    }
}
