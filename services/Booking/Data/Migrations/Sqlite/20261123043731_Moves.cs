using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace WalkTalk.Booking.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Moves : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid>(
                name: "from_booking_id",
                table: "bookings",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "revision_offset",
                table: "bookings",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.CreateIndex(
                name: "ix_bookings_from_booking_id",
                table: "bookings",
                column: "from_booking_id",
                unique: true,
                filter: "from_booking_id IS NOT NULL AND state = 'Held'");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_bookings_from_booking_id",
                table: "bookings");

            migrationBuilder.DropColumn(
                name: "from_booking_id",
                table: "bookings");

            migrationBuilder.DropColumn(
                name: "revision_offset",
                table: "bookings");
        }
    }
}
