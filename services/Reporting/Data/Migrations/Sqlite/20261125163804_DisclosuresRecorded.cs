using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace WalkTalk.Reporting.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class DisclosuresRecorded : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "disclosures",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    force_id = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    quarter = table.Column<string>(type: "TEXT", nullable: true),
                    flagged_on = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    in_time = table.Column<bool>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_disclosures", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_disclosures_force_id_flagged_on",
                table: "disclosures",
                columns: new[] { "force_id", "flagged_on" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "disclosures");
        }
    }
}
