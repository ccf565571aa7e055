using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace WalkTalk.Reporting.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Answers : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "geo",
                table: "releases",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "last_no_action_on",
                table: "concerns",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "last_step_on",
                table: "concerns",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "no_action_reason",
                table: "concerns",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "outcome_after",
                table: "concerns",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "received_on",
                table: "concerns",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "review_on",
                table: "concerns",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "triage_by",
                table: "concerns",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "triaged_in_time",
                table: "concerns",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "triaged_on",
                table: "concerns",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "actions",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    force_id = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    quarter = table.Column<string>(type: "TEXT", nullable: false),
                    agreed_on = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    counted = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_actions", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_actions_force_id_quarter",
                table: "actions",
                columns: new[] { "force_id", "quarter" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "actions");

            migrationBuilder.DropColumn(
                name: "geo",
                table: "releases");

            migrationBuilder.DropColumn(
                name: "last_no_action_on",
                table: "concerns");

            migrationBuilder.DropColumn(
                name: "last_step_on",
                table: "concerns");

            migrationBuilder.DropColumn(
                name: "no_action_reason",
                table: "concerns");

            migrationBuilder.DropColumn(
                name: "outcome_after",
                table: "concerns");

            migrationBuilder.DropColumn(
                name: "received_on",
                table: "concerns");

            migrationBuilder.DropColumn(
                name: "review_on",
                table: "concerns");

            migrationBuilder.DropColumn(
                name: "triage_by",
                table: "concerns");

            migrationBuilder.DropColumn(
                name: "triaged_in_time",
                table: "concerns");

            migrationBuilder.DropColumn(
                name: "triaged_on",
                table: "concerns");
        }
    }
}
