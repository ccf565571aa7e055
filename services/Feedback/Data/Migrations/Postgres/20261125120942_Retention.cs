using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace WalkTalk.Feedback.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Retention : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "anonymised",
                table: "concern",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.CreateTable(
                name: "legal_hold",
                columns: table => new
                {
                    concern_id = table.Column<Guid>(type: "uuid", nullable: false),
                    force_id = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false),
                    since = table.Column<DateOnly>(type: "date", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_legal_hold", x => x.concern_id);
                });

            migrationBuilder.CreateTable(
                name: "retention_run",
                columns: table => new
                {
                    force_id = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    rule = table.Column<string>(type: "text", nullable: false),
                    on = table.Column<DateOnly>(type: "date", nullable: false),
                    taken = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_retention_run", x => new { x.force_id, x.rule, x.on });
                });

            // What was triaged or ended before these days were kept counts from today.
            migrationBuilder.Sql("UPDATE concern SET ended_on = CURRENT_DATE WHERE ended_on IS NULL AND due_on IS NULL;");
            migrationBuilder.Sql("UPDATE concern SET triaged_on = CURRENT_DATE WHERE triaged_on IS NULL AND owner_role IS NOT NULL;");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "legal_hold");

            migrationBuilder.DropTable(
                name: "retention_run");

            migrationBuilder.DropColumn(
                name: "anonymised",
                table: "concern");
        }
    }
}
