using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace WalkTalk.Reporting.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class RequestsKept : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateOnly>(
                name: "asked_on",
                table: "requests",
                type: "date",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "offered_after",
                table: "requests",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "walked",
                table: "requests",
                type: "boolean",
                nullable: false,
                defaultValue: false);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "asked_on",
                table: "requests");

            migrationBuilder.DropColumn(
                name: "offered_after",
                table: "requests");

            migrationBuilder.DropColumn(
                name: "walked",
                table: "requests");
        }
    }
}
