using System;
using System.Collections.Generic;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace WalkTalk.Booking.Migrations.Postgres
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
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<List<string>>(
                name: "areas",
                table: "officers",
                type: "text[]",
                nullable: false,
                defaultValueSql: "'{}'");

            migrationBuilder.AddColumn<bool>(
                name: "sign_language",
                table: "officers",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.CreateTable(
                name: "availability",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    force_id = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    officer_id = table.Column<Guid>(type: "uuid", nullable: false),
                    first_date = table.Column<DateOnly>(type: "date", nullable: false),
                    from = table.Column<TimeOnly>(type: "time without time zone", nullable: false),
                    until = table.Column<TimeOnly>(type: "time without time zone", nullable: false),
                    rule = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    except = table.Column<List<DateOnly>>(type: "date[]", nullable: false)
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
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    force_id = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    officer_id = table.Column<Guid>(type: "uuid", nullable: false),
                    from = table.Column<DateOnly>(type: "date", nullable: false),
                    until = table.Column<DateOnly>(type: "date", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false)
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
