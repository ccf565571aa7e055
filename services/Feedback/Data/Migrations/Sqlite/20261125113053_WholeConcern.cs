using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace WalkTalk.Feedback.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class WholeConcern : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "from_walk",
                table: "place_audit",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<DateOnly>(
                name: "on",
                table: "place_audit",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "asked_at_weeks",
                table: "concern",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<DateOnly>(
                name: "claimed_on",
                table: "concern",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "disputes",
                table: "concern",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<DateOnly>(
                name: "ended_on",
                table: "concern",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "me_too_of",
                table: "concern",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "merged_here",
                table: "concern",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<Guid>(
                name: "merged_into",
                table: "concern",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "referred_ref",
                table: "concern",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "referred_to",
                table: "concern",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "told",
                table: "concern",
                type: "TEXT",
                nullable: false,
                defaultValue: "Nothing");

            migrationBuilder.AddColumn<DateOnly>(
                name: "triaged_on",
                table: "concern",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "warn_on",
                table: "concern",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "dropped",
                table: "action",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "bulk_step",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    force_id = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    sub = table.Column<string>(type: "TEXT", nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false),
                    rows = table.Column<string>(type: "TEXT", nullable: false),
                    closed = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_bulk_step", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "follow_up",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    force_id = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    concern_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    weeks = table.Column<int>(type: "INTEGER", nullable: false),
                    on = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    changed = table.Column<string>(type: "TEXT", nullable: true),
                    @fixed = table.Column<string>(name: "fixed", type: "TEXT", nullable: false),
                    feel_daylight = table.Column<int>(type: "INTEGER", nullable: true),
                    feel_after_dark = table.Column<int>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_follow_up", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "saved_filter",
                columns: table => new
                {
                    force_id = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    sub = table.Column<string>(type: "TEXT", nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    query = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_saved_filter", x => new { x.force_id, x.sub, x.name });
                });

            migrationBuilder.CreateIndex(
                name: "ix_concern_merged_into",
                table: "concern",
                column: "merged_into",
                filter: "merged_into IS NOT NULL");

            // What was claimed before is asked about as well.
            migrationBuilder.Sql("UPDATE concern SET claimed_on = date(due_on, '-28 days') WHERE state = 'ClaimedDone';");

            // As EF does it, the table would be made anew outside the transaction: a process killed meanwhile would leave half of it.
            foreach (var change in new[] { "INSERT", "UPDATE" })
            {
                migrationBuilder.Sql($"CREATE TRIGGER concern_merged_{change.ToLowerInvariant()} BEFORE {change} ON concern WHEN (NEW.state = 'Merged') <> (NEW.merged_into IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'ck_concern_merged'); END;");
            }

            migrationBuilder.CreateIndex(
                name: "ix_follow_up_concern_id",
                table: "follow_up",
                column: "concern_id");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "bulk_step");

            migrationBuilder.DropTable(
                name: "follow_up");

            migrationBuilder.DropTable(
                name: "saved_filter");

            migrationBuilder.DropIndex(
                name: "ix_concern_merged_into",
                table: "concern");

            migrationBuilder.Sql("DROP TRIGGER concern_merged_insert;");
            migrationBuilder.Sql("DROP TRIGGER concern_merged_update;");

            migrationBuilder.DropColumn(
                name: "from_walk",
                table: "place_audit");

            migrationBuilder.DropColumn(
                name: "on",
                table: "place_audit");

            migrationBuilder.DropColumn(
                name: "asked_at_weeks",
                table: "concern");

            migrationBuilder.DropColumn(
                name: "claimed_on",
                table: "concern");

            migrationBuilder.DropColumn(
                name: "disputes",
                table: "concern");

            migrationBuilder.DropColumn(
                name: "ended_on",
                table: "concern");

            migrationBuilder.DropColumn(
                name: "me_too_of",
                table: "concern");

            migrationBuilder.DropColumn(
                name: "merged_here",
                table: "concern");

            migrationBuilder.DropColumn(
                name: "merged_into",
                table: "concern");

            migrationBuilder.DropColumn(
                name: "referred_ref",
                table: "concern");

            migrationBuilder.DropColumn(
                name: "referred_to",
                table: "concern");

            migrationBuilder.DropColumn(
                name: "told",
                table: "concern");

            migrationBuilder.DropColumn(
                name: "triaged_on",
                table: "concern");

            migrationBuilder.DropColumn(
                name: "warn_on",
                table: "concern");

            migrationBuilder.DropColumn(
                name: "dropped",
                table: "action");
        }
    }
}
