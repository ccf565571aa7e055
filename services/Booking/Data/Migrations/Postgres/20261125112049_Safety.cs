using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace WalkTalk.Booking.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Safety : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "email_hash",
                table: "officers",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "email_protected",
                table: "officers",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "note",
                table: "alerts",
                type: "character varying(500)",
                maxLength: 500,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "outcome",
                table: "alerts",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "resolved_at",
                table: "alerts",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "resolved_by",
                table: "alerts",
                type: "text",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "start_overrides",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    force_id = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    walk_id = table.Column<Guid>(type: "uuid", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false),
                    bookings = table.Column<int>(type: "integer", nullable: false),
                    happened_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    received_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    closed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    closed_by = table.Column<string>(type: "text", nullable: true),
                    note = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_start_overrides", x => x.id);
                    table.ForeignKey(
                        name: "fk_start_overrides_walks_walk_id",
                        column: x => x.walk_id,
                        principalTable: "walks",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_start_overrides_force_id_closed_at_received_at",
                table: "start_overrides",
                columns: new[] { "force_id", "closed_at", "received_at" });

            migrationBuilder.CreateIndex(
                name: "ix_start_overrides_walk_id",
                table: "start_overrides",
                column: "walk_id",
                unique: true);

            // What was taken before it could be said how it ended, has ended.
            migrationBuilder.Sql("UPDATE alerts SET resolved_at = acknowledged_at, resolved_by = acknowledged_by WHERE acknowledged_at IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "start_overrides");

            migrationBuilder.DropColumn(
                name: "email_hash",
                table: "officers");

            migrationBuilder.DropColumn(
                name: "email_protected",
                table: "officers");

            migrationBuilder.DropColumn(
                name: "note",
                table: "alerts");

            migrationBuilder.DropColumn(
                name: "outcome",
                table: "alerts");

            migrationBuilder.DropColumn(
                name: "resolved_at",
                table: "alerts");

            migrationBuilder.DropColumn(
                name: "resolved_by",
                table: "alerts");
        }
    }
}
