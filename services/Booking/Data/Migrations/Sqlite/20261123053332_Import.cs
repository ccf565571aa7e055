using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace WalkTalk.Booking.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Import : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "meeting_points",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    force_id = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    version = table.Column<long>(type: "INTEGER", nullable: false),
                    code = table.Column<string>(type: "TEXT", nullable: false),
                    ward_code = table.Column<string>(type: "TEXT", nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    lat = table.Column<double>(type: "REAL", nullable: false),
                    lng = table.Column<double>(type: "REAL", nullable: false),
                    lit = table.Column<bool>(type: "INTEGER", nullable: false),
                    step_free = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_meeting_points", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_meeting_points_force_id_code",
                table: "meeting_points",
                columns: new[] { "force_id", "code" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "meeting_points");
        }
    }
}
