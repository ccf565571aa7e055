using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace WalkTalk.Booking.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Needs : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<byte[]>(
                name: "guardian_code_hash",
                table: "walk_requests",
                type: "BLOB",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "guardian_code_tries",
                table: "walk_requests",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "guardian_contact_protected",
                table: "walk_requests",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "guardian_hash",
                table: "walk_requests",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "guardian_name_protected",
                table: "walk_requests",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "check_misses",
                table: "bookings",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<byte[]>(
                name: "guardian_code_hash",
                table: "bookings",
                type: "BLOB",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "guardian_code_tries",
                table: "bookings",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "guardian_contact_protected",
                table: "bookings",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "guardian_hash",
                table: "bookings",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "guardian_name_protected",
                table: "bookings",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "needs_protected",
                table: "bookings",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "officer_changed",
                table: "bookings",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.CreateTable(
                name: "open_needs",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    force_id = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    version = table.Column<long>(type: "INTEGER", nullable: false),
                    walk_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    booking_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    kind_protected = table.Column<string>(type: "TEXT", nullable: false),
                    state = table.Column<string>(type: "TEXT", nullable: false),
                    raised_at = table.Column<long>(type: "INTEGER", nullable: false),
                    due_at = table.Column<long>(type: "INTEGER", nullable: false),
                    reminder = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_open_needs", x => x.id);
                    table.ForeignKey(
                        name: "fk_open_needs_bookings_booking_id",
                        column: x => x.booking_id,
                        principalTable: "bookings",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_walk_requests_force_id_guardian_hash",
                table: "walk_requests",
                columns: new[] { "force_id", "guardian_hash" },
                filter: "guardian_hash IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_bookings_force_id_guardian_hash",
                table: "bookings",
                columns: new[] { "force_id", "guardian_hash" },
                filter: "guardian_hash IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_open_needs_booking_id",
                table: "open_needs",
                column: "booking_id");

            migrationBuilder.CreateIndex(
                name: "ix_open_needs_walk_id",
                table: "open_needs",
                column: "walk_id");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "open_needs");

            migrationBuilder.DropIndex(
                name: "ix_walk_requests_force_id_guardian_hash",
                table: "walk_requests");

            migrationBuilder.DropIndex(
                name: "ix_bookings_force_id_guardian_hash",
                table: "bookings");

            migrationBuilder.DropColumn(
                name: "guardian_code_hash",
                table: "walk_requests");

            migrationBuilder.DropColumn(
                name: "guardian_code_tries",
                table: "walk_requests");

            migrationBuilder.DropColumn(
                name: "guardian_contact_protected",
                table: "walk_requests");

            migrationBuilder.DropColumn(
                name: "guardian_hash",
                table: "walk_requests");

            migrationBuilder.DropColumn(
                name: "guardian_name_protected",
                table: "walk_requests");

            migrationBuilder.DropColumn(
                name: "check_misses",
                table: "bookings");

            migrationBuilder.DropColumn(
                name: "guardian_code_hash",
                table: "bookings");

            migrationBuilder.DropColumn(
                name: "guardian_code_tries",
                table: "bookings");

            migrationBuilder.DropColumn(
                name: "guardian_contact_protected",
                table: "bookings");

            migrationBuilder.DropColumn(
                name: "guardian_hash",
                table: "bookings");

            migrationBuilder.DropColumn(
                name: "guardian_name_protected",
                table: "bookings");

            migrationBuilder.DropColumn(
                name: "needs_protected",
                table: "bookings");

            migrationBuilder.DropColumn(
                name: "officer_changed",
                table: "bookings");
        }
    }
}
