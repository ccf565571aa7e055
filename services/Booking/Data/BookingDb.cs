using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking;

/// <summary>Booking's own database. Rules that must hold whatever runs at the same time are constraints here, named as their refusals expect.</summary>
internal abstract class BookingDb(DbContextOptions options, ServiceDbContext context) : ServiceDb(options, context)
{
    public override string Service => "booking";

    public DbSet<Officer> Officers => Set<Officer>();
    public DbSet<Walk> Walks => Set<Walk>();
    public DbSet<WalkOfficer> WalkOfficers => Set<WalkOfficer>();
    public DbSet<Booking> Bookings => Set<Booking>();
    public DbSet<BookingLink> BookingLinks => Set<BookingLink>();
    public DbSet<WalkRequest> WalkRequests => Set<WalkRequest>();
    public DbSet<RequestLink> RequestLinks => Set<RequestLink>();
    public DbSet<OpenNeed> OpenNeeds => Set<OpenNeed>();
    public DbSet<Alert> Alerts => Set<Alert>();
    public DbSet<StartOverride> StartOverrides => Set<StartOverride>();
    public DbSet<Availability> Availability => Set<Availability>();
    public DbSet<Leave> Leave => Set<Leave>();
    public DbSet<ImportedPoint> MeetingPoints => Set<ImportedPoint>();
    public DbSet<TokenCount> TokenCounts => Set<TokenCount>();
    public DbSet<LegalHold> LegalHolds => Set<LegalHold>();
    public DbSet<RetentionRun> RetentionRuns => Set<RetentionRun>();

    /// <summary>
    /// Takes the walk's row for this transaction. Every change that touches a walk and its bookings begins with it, so changes of one walk
    /// come one after another and always lock in the same order.
    /// </summary>
    public Task<int> Lock(Guid walkId, CancellationToken ct) =>
        Walks.Where(w => w.Id == walkId).ExecuteUpdateAsync(s => s.SetProperty(w => w.Taken, w => w.Taken), ct);

    /// <summary>Takes several walks' rows, always in the same order: two women who change places with each other wait instead of deadlocking.</summary>
    public async Task Lock(IEnumerable<Guid> walkIds, CancellationToken ct)
    {
        foreach (var walkId in walkIds.Distinct().Order()) await Lock(walkId, ct);
    }

    /// <summary>The same in one statement, and what then stands in them.</summary>
    public async Task<Dictionary<Guid, Walk>> LockAndRead(IEnumerable<Guid> walkIds, CancellationToken ct)
    {
        var ids = walkIds.Distinct().Order().ToArray();
        // A transaction of SQLite's has the whole database.
        var rows = Database.IsNpgsql() ? Walks.FromSql($"SELECT * FROM walks WHERE id = ANY({ids}) ORDER BY id FOR NO KEY UPDATE") : Walks.Where(w => ids.Contains(w.Id));
        return await rows.AsNoTracking().ToDictionaryAsync(w => w.Id, ct);
    }

    /// <summary>Takes so many places of each walk that has them; how many walks had.</summary>
    public async Task<int> Take(IReadOnlyDictionary<Guid, int> people, CancellationToken ct)
    {
        if (people.Count == 0) return 0;
        var parameters = new List<object> { Force! };
        var more = Values(parameters, "more", people.Keys.ToArray(), people.Values.ToArray());
        var sql = $"UPDATE walks SET taken = taken + more.column2 FROM {more} WHERE id = more.column1 AND force_id = {{0}} AND state = 'Published' AND taken + more.column2 <= capacity";
        return await Database.ExecuteSqlRawAsync(sql, parameters, ct);
    }

    /// <summary>
    /// Counts a token taken of a booking; false when there were as many already. Not through SaveChanges: that would write the moment into the audit trail.
    /// </summary>
    public async Task<bool> Count(Guid bookingId, int most, CancellationToken ct) => await Database.ExecuteSqlAsync(
        $"INSERT INTO token_counts (booking_id, force_id, taken, settled) VALUES ({bookingId}, {Force}, 1, {false}) ON CONFLICT (booking_id) DO UPDATE SET taken = token_counts.taken + 1, settled = {false} WHERE token_counts.taken < {most}", ct) == 1;

    /// <summary>
    /// Takes officers' rows for this transaction, always in the same order: whoever gives one of them a walk begins with it, so that her day is counted
    /// once. Answers those that there are.
    /// </summary>
    public Task<List<Guid>> LockOfficers(IEnumerable<Guid> officerIds, CancellationToken ct)
    {
        var ids = officerIds.Distinct().ToArray();
        // A transaction of SQLite's has the whole database.
        var rows = Database.IsNpgsql() ? Officers.FromSql($"SELECT * FROM officers WHERE id = ANY({ids}) ORDER BY id FOR NO KEY UPDATE") : Officers.Where(o => ids.Contains(o.Id));
        return rows.AsNoTracking().Select(o => o.Id).ToListAsync(ct);
    }

    /// <summary>Imports of a force follow each other, to the end of the transaction: two that add the same lines would each wait for one of the other's.</summary>
    public async Task ImportInTurn(CancellationToken ct)
    {
        if (Database.IsNpgsql()) await Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(311, hashtext({Force}))", ct);
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<Officer>(officer =>
        {
            officer.HasIndex(o => new { o.ForceId, o.CollarKey }).IsUnique();
            officer.HasIndex(o => o.CalendarHash).IsUnique().HasFilter("calendar_hash IS NOT NULL");
            officer.HasIndex(o => new { o.ForceId, o.Sub }).IsUnique().HasFilter("sub IS NOT NULL");
        });
        modelBuilder.Entity<TokenCount>().ToTable("token_counts").HasKey(t => t.BookingId);
        modelBuilder.Entity<Walk>(walk =>
        {
            walk.HasIndex(w => new { w.ForceId, w.State, w.StartsAt, w.Id });
            // The search (Walks/Search.cs): a ward and a band are a stretch in order of time; what follows is read in the index and spares the row.
            walk.HasIndex(w => new { w.ForceId, w.WardCode, w.Band, w.StartsAt, w.Id, w.Language, w.StepFree, w.LocalTime }).HasDatabaseName("ix_walks_search").HasFilter("state = 'Published'");
            // A language that few walks have.
            walk.HasIndex(w => new { w.ForceId, w.Language, w.WardCode, w.Band, w.StartsAt, w.Id, w.StepFree, w.LocalTime }).HasDatabaseName("ix_walks_search_language").HasFilter("state = 'Published'");
            walk.HasIndex(w => new { w.ForceId, w.LocalDate });
            walk.HasIndex(w => new { w.ForceId, w.PlanKey }).IsUnique();
            walk.HasMany(w => w.Officers).WithOne().HasForeignKey(o => o.WalkId);
            walk.ToTable(t => t.HasCheckConstraint("ck_walks_taken", "taken >= 0 AND taken <= capacity"));
        });
        modelBuilder.Entity<WalkOfficer>(officer =>
        {
            // The migrations add ex_walk_officers_busy: no two active rows of one officer overlap.
            officer.HasKey(o => new { o.WalkId, o.OfficerId });
            officer.HasOne(o => o.Officer).WithMany().HasForeignKey(o => o.OfficerId).OnDelete(DeleteBehavior.Restrict);
            officer.HasIndex(o => new { o.OfficerId, o.BusyFrom });
        });
        modelBuilder.Entity<Booking>(booking =>
        {
            booking.HasOne<Walk>().WithMany().HasForeignKey(b => b.WalkId).OnDelete(DeleteBehavior.Restrict);
            booking.HasIndex(b => new { b.ForceId, b.ContactHash });
            booking.HasIndex(b => new { b.ForceId, b.HoldUntil, b.WalkId }).HasFilter("state = 'Held'");
            booking.HasIndex(b => new { b.ForceId, b.WalkId }).HasFilter("state = 'Waiting'");
            booking.HasIndex(b => new { b.ForceId, b.GuardianHash }).HasFilter("guardian_hash IS NOT NULL");
            booking.HasIndex(b => b.RequestId).HasFilter("request_id IS NOT NULL");
            booking.HasIndex(b => b.FromBookingId).IsUnique().HasFilter("from_booking_id IS NOT NULL AND state IN ('Held', 'Waiting', 'Offered')");
        });
        modelBuilder.Entity<BookingLink>(link =>
        {
            link.HasKey(l => l.Hash);
            link.HasOne<Booking>().WithMany().HasForeignKey(l => l.BookingId);
        });
        modelBuilder.Entity<WalkRequest>(request =>
        {
            request.HasIndex(r => new { r.ForceId, r.State, r.DueAt });
            request.HasIndex(r => new { r.ForceId, r.ContactHash });
            request.HasIndex(r => new { r.ForceId, r.GuardianHash }).HasFilter("guardian_hash IS NOT NULL");
        });
        modelBuilder.Entity<RequestLink>(link =>
        {
            link.HasKey(l => l.Hash);
            link.HasOne<WalkRequest>().WithMany().HasForeignKey(l => l.RequestId);
        });
        modelBuilder.Entity<OpenNeed>(need =>
        {
            need.HasOne<Booking>().WithMany().HasForeignKey(n => n.BookingId);
            need.HasIndex(n => n.WalkId);
        });
        modelBuilder.Entity<Alert>(alert =>
        {
            alert.HasOne<Walk>().WithMany().HasForeignKey(a => a.WalkId).OnDelete(DeleteBehavior.Restrict);
            alert.HasIndex(a => new { a.ForceId, a.AcknowledgedAt, a.RaisedAt });
            alert.Property(a => a.Note).HasMaxLength(500);
        });
        modelBuilder.Entity<StartOverride>(start =>
        {
            start.HasOne<Walk>().WithMany().HasForeignKey(o => o.WalkId).OnDelete(DeleteBehavior.Restrict);
            start.HasIndex(o => o.WalkId).IsUnique();
            start.HasIndex(o => new { o.ForceId, o.ClosedAt, o.ReceivedAt });
            start.Property(o => o.Note).HasMaxLength(500);
        });
        modelBuilder.Entity<Availability>(availability =>
        {
            availability.HasOne<Officer>().WithMany(o => o.Availability).HasForeignKey(a => a.OfficerId);
            availability.Property(a => a.Rule).HasMaxLength(200);
        });
        modelBuilder.Entity<ImportedPoint>(point =>
        {
            point.Ignore(p => p.Point);
            point.HasIndex(p => new { p.ForceId, p.Code }).IsUnique();
        });
        modelBuilder.Entity<Leave>(leave =>
        {
            leave.HasOne<Officer>().WithMany(o => o.Leave).HasForeignKey(l => l.OfficerId);
            leave.HasIndex(l => new { l.OfficerId, l.Until });
        });
        modelBuilder.Entity<LegalHold>().HasKey(h => h.SubjectId);
        modelBuilder.Entity<RetentionRun>().HasKey(r => new { r.ForceId, r.Rule, r.On });
        ApplyPlatformRules(modelBuilder);
    }
}

/// <summary>With SQLite's migrations.</summary>
internal sealed class SqliteBookingDb(DbContextOptions<SqliteBookingDb> options, ServiceDbContext context) : BookingDb(options, context)
{
    internal sealed class Design : IDesignTimeDbContextFactory<SqliteBookingDb>
    {
        public SqliteBookingDb CreateDbContext(string[] args) => new(DesignTime.Sqlite<SqliteBookingDb>(), DesignTime.Context);
    }
}

/// <summary>With PostgreSQL's migrations.</summary>
internal sealed class PostgresBookingDb(DbContextOptions<PostgresBookingDb> options, ServiceDbContext context) : BookingDb(options, context)
{
    internal sealed class Design : IDesignTimeDbContextFactory<PostgresBookingDb>
    {
        public PostgresBookingDb CreateDbContext(string[] args) => new(DesignTime.Postgres<PostgresBookingDb>(), DesignTime.Context);
    }
}
