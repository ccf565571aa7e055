using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace WalkTalk.Booking.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Waitlist : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_bookings_from_booking_id",
                table: "bookings");

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "waiting_since",
                table: "bookings",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_bookings_from_booking_id",
                table: "bookings",
                column: "from_booking_id",
                unique: true,
                filter: "from_booking_id IS NOT NULL AND state IN ('Held', 'Waiting', 'Offered')");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_bookings_from_booking_id",
                table: "bookings");

            migrationBuilder.DropColumn(
                name: "waiting_since",
                table: "bookings");

            migrationBuilder.CreateIndex(
                name: "ix_bookings_from_booking_id",
                table: "bookings",
                column: "from_booking_id",
                unique: true,
                filter: "from_booking_id IS NOT NULL AND state = 'Held'");
        }
    }
}
