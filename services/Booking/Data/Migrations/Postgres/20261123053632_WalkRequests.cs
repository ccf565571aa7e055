using System;
using System.Collections.Generic;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace WalkTalk.Booking.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class WalkRequests : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid>(
                name: "request_id",
                table: "bookings",
                type: "uuid",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "walk_requests",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    ward_code = table.Column<string>(type: "text", nullable: true),
                    band = table.Column<string>(type: "text", nullable: true),
                    days = table.Column<List<string>>(type: "text[]", nullable: false),
                    times = table.Column<List<string>>(type: "text[]", nullable: false),
                    people = table.Column<int>(type: "integer", nullable: false),
                    needs_protected = table.Column<string>(type: "text", nullable: true),
                    received_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    due_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    reminder = table.Column<int>(type: "integer", nullable: false),
                    decline_reason = table.Column<string>(type: "text", nullable: true),
                    force_id = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    hold_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    person_id = table.Column<Guid>(type: "uuid", nullable: false),
                    name_protected = table.Column<string>(type: "text", nullable: true),
                    contact_protected = table.Column<string>(type: "text", nullable: true),
                    contact_hash = table.Column<string>(type: "text", nullable: true),
                    language = table.Column<string>(type: "text", nullable: false),
                    neutral = table.Column<bool>(type: "boolean", nullable: false),
                    code_hash = table.Column<byte[]>(type: "bytea", nullable: true),
                    code_tries = table.Column<int>(type: "integer", nullable: false),
                    codes_sent = table.Column<int>(type: "integer", nullable: false),
                    code_sent_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_walk_requests", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "request_links",
                columns: table => new
                {
                    hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    force_id = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    request_id = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_request_links", x => x.hash);
                    table.ForeignKey(
                        name: "fk_request_links_walk_requests_request_id",
                        column: x => x.request_id,
                        principalTable: "walk_requests",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_bookings_request_id",
                table: "bookings",
                column: "request_id",
                filter: "request_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_request_links_request_id",
                table: "request_links",
                column: "request_id");

            migrationBuilder.CreateIndex(
                name: "ix_walk_requests_force_id_contact_hash",
                table: "walk_requests",
                columns: new[] { "force_id", "contact_hash" });

            migrationBuilder.CreateIndex(
                name: "ix_walk_requests_force_id_state_due_at",
                table: "walk_requests",
                columns: new[] { "force_id", "state", "due_at" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "request_links");

            migrationBuilder.DropTable(
                name: "walk_requests");

            migrationBuilder.DropIndex(
                name: "ix_bookings_request_id",
                table: "bookings");

            migrationBuilder.DropColumn(
                name: "request_id",
                table: "bookings");
        }
    }
}
