using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace WalkTalk.Feedback.Data.Migrations.Postgres
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
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<DateOnly>(
                name: "on",
                table: "place_audit",
                type: "date",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "asked_at_weeks",
                table: "concern",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<DateOnly>(
                name: "claimed_on",
                table: "concern",
                type: "date",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "disputes",
                table: "concern",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<DateOnly>(
                name: "ended_on",
                table: "concern",
                type: "date",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "me_too_of",
                table: "concern",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "merged_here",
                table: "concern",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<Guid>(
                name: "merged_into",
                table: "concern",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "referred_ref",
                table: "concern",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "referred_to",
                table: "concern",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "told",
                table: "concern",
                type: "text",
                nullable: false,
                defaultValue: "Nothing");

            migrationBuilder.AddColumn<DateOnly>(
                name: "triaged_on",
                table: "concern",
                type: "date",
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "warn_on",
                table: "concern",
                type: "date",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "dropped",
                table: "action",
                type: "text",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "bulk_step",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    force_id = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    sub = table.Column<string>(type: "text", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    rows = table.Column<string>(type: "text", nullable: false),
                    closed = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_bulk_step", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "follow_up",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    force_id = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    concern_id = table.Column<Guid>(type: "uuid", nullable: false),
                    weeks = table.Column<int>(type: "integer", nullable: false),
                    on = table.Column<DateOnly>(type: "date", nullable: false),
                    changed = table.Column<string>(type: "text", nullable: true),
                    @fixed = table.Column<string>(name: "fixed", type: "text", nullable: false),
                    feel_daylight = table.Column<int>(type: "integer", nullable: true),
                    feel_after_dark = table.Column<int>(type: "integer", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_follow_up", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "saved_filter",
                columns: table => new
                {
                    force_id = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    sub = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    query = table.Column<string>(type: "text", nullable: false)
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
            migrationBuilder.Sql("UPDATE concern SET claimed_on = due_on - 28 WHERE state = 'ClaimedDone';");

            migrationBuilder.AddCheckConstraint(
                name: "ck_concern_merged",
                table: "concern",
                sql: "(state = 'Merged') = (merged_into IS NOT NULL)");

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

            migrationBuilder.DropCheckConstraint(
                name: "ck_concern_merged",
                table: "concern");

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
