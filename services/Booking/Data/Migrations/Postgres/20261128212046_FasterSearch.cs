using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace WalkTalk.Booking.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class FasterSearch : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_bookings_force_id_hold_until",
                table: "bookings");

            migrationBuilder.CreateIndex(
                name: "ix_walks_search_language",
                table: "walks",
                columns: new[] { "force_id", "language", "ward_code", "band", "starts_at", "id", "step_free", "local_time" },
                filter: "state = 'Published'");

            migrationBuilder.CreateIndex(
                name: "ix_bookings_force_id_hold_until_walk_id",
                table: "bookings",
                columns: new[] { "force_id", "hold_until", "walk_id" },
                filter: "state = 'Held'");

            migrationBuilder.CreateIndex(
                name: "ix_bookings_force_id_walk_id",
                table: "bookings",
                columns: new[] { "force_id", "walk_id" },
                filter: "state = 'Waiting'");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_walks_search_language",
                table: "walks");

            migrationBuilder.DropIndex(
                name: "ix_bookings_force_id_hold_until_walk_id",
                table: "bookings");

            migrationBuilder.DropIndex(
                name: "ix_bookings_force_id_walk_id",
                table: "bookings");

            migrationBuilder.CreateIndex(
                name: "ix_bookings_force_id_hold_until",
                table: "bookings",
                columns: new[] { "force_id", "hold_until" },
                filter: "state = 'Held'");
        }
    }
}
