using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace WalkTalk.Booking.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class SearchAndCalendars : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_walks_force_id_ward_code_starts_at",
                table: "walks");

            migrationBuilder.AddColumn<byte[]>(
                name: "calendar_hash",
                table: "officers",
                type: "BLOB",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_walks_search",
                table: "walks",
                columns: new[] { "force_id", "ward_code", "band", "starts_at", "id", "language", "step_free", "local_time" },
                filter: "state = 'Published'");

            migrationBuilder.CreateIndex(
                name: "ix_officers_calendar_hash",
                table: "officers",
                column: "calendar_hash",
                unique: true,
                filter: "calendar_hash IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_bookings_force_id_hold_until",
                table: "bookings",
                columns: new[] { "force_id", "hold_until" },
                filter: "state = 'Held'");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_walks_search",
                table: "walks");

            migrationBuilder.DropIndex(
                name: "ix_officers_calendar_hash",
                table: "officers");

            migrationBuilder.DropIndex(
                name: "ix_bookings_force_id_hold_until",
                table: "bookings");

            migrationBuilder.DropColumn(
                name: "calendar_hash",
                table: "officers");

            migrationBuilder.CreateIndex(
                name: "ix_walks_force_id_ward_code_starts_at",
                table: "walks",
                columns: new[] { "force_id", "ward_code", "starts_at" });
        }
    }
}
