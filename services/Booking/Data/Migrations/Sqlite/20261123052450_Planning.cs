using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace WalkTalk.Booking.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Planning : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "plan_key",
                table: "walks",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "areas",
                table: "officers",
                type: "TEXT",
                nullable: false,
                defaultValue: "[]");

            migrationBuilder.AddColumn<bool>(
                name: "sign_language",
                table: "officers",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.CreateTable(
                name: "availability",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    force_id = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    version = table.Column<long>(type: "INTEGER", nullable: false),
                    officer_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    first_date = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    from = table.Column<TimeOnly>(type: "TEXT", nullable: false),
                    until = table.Column<TimeOnly>(type: "TEXT", nullable: false),
                    rule = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    except = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_availability", x => x.id);
                    table.ForeignKey(
                        name: "fk_availability_officers_officer_id",
                        column: x => x.officer_id,
                        principalTable: "officers",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "leave",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    force_id = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    version = table.Column<long>(type: "INTEGER", nullable: false),
                    officer_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    from = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    until = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    kind = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_leave", x => x.id);
                    table.ForeignKey(
                        name: "fk_leave_officers_officer_id",
                        column: x => x.officer_id,
                        principalTable: "officers",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_walks_force_id_local_date",
                table: "walks",
                columns: new[] { "force_id", "local_date" });

            migrationBuilder.CreateIndex(
                name: "ix_walks_force_id_plan_key",
                table: "walks",
                columns: new[] { "force_id", "plan_key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_availability_officer_id",
                table: "availability",
                column: "officer_id");

            migrationBuilder.CreateIndex(
                name: "ix_leave_officer_id_until",
                table: "leave",
                columns: new[] { "officer_id", "until" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "availability");

            migrationBuilder.DropTable(
                name: "leave");

            migrationBuilder.DropIndex(
                name: "ix_walks_force_id_local_date",
                table: "walks");

            migrationBuilder.DropIndex(
                name: "ix_walks_force_id_plan_key",
                table: "walks");

            migrationBuilder.DropColumn(
                name: "plan_key",
                table: "walks");

            migrationBuilder.DropColumn(
                name: "areas",
                table: "officers");

            migrationBuilder.DropColumn(
                name: "sign_language",
                table: "officers");
        }
    }
}
