using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace WalkTalk.Feedback.Data.Migrations.Sqlite
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
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.CreateTable(
                name: "legal_hold",
                columns: table => new
                {
                    concern_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    force_id = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    reason = table.Column<string>(type: "TEXT", nullable: false),
                    since = table.Column<DateOnly>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_legal_hold", x => x.concern_id);
                });

            migrationBuilder.CreateTable(
                name: "retention_run",
                columns: table => new
                {
                    force_id = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    rule = table.Column<string>(type: "TEXT", nullable: false),
                    on = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    taken = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_retention_run", x => new { x.force_id, x.rule, x.on });
                });

            // What was triaged or ended before these days were kept counts from today.
            migrationBuilder.Sql("UPDATE concern SET ended_on = date('now') WHERE ended_on IS NULL AND due_on IS NULL;");
            migrationBuilder.Sql("UPDATE concern SET triaged_on = date('now') WHERE triaged_on IS NULL AND owner_role IS NOT NULL;");
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
