using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace WalkTalk.Reporting.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class RowLocksAndHistory : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // As EF does it, the table would be made anew outside the transaction: a process killed meanwhile would leave half of it.
            migrationBuilder.Sql("ALTER TABLE outbox DROP COLUMN claimed_until;");

            migrationBuilder.RenameColumn(
                name: "claimed_until",
                table: "inbox",
                newName: "published_at");

            migrationBuilder.CreateTable(
                name: "history",
                columns: table => new
                {
                    force_id = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    owner = table.Column<string>(type: "TEXT", nullable: false),
                    run = table.Column<Guid>(type: "TEXT", nullable: false),
                    after = table.Column<string>(type: "TEXT", nullable: true),
                    facts = table.Column<long>(type: "INTEGER", nullable: false),
                    read_at = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_history", x => new { x.force_id, x.owner });
                });

            migrationBuilder.CreateIndex(
                name: "ix_outbox_force_id_created_at_id",
                table: "outbox",
                columns: new[] { "force_id", "created_at", "id" },
                filter: "kind = 'fact'");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "history");

            migrationBuilder.DropIndex(
                name: "ix_outbox_force_id_created_at_id",
                table: "outbox");

            migrationBuilder.RenameColumn(
                name: "published_at",
                table: "inbox",
                newName: "claimed_until");

            migrationBuilder.AddColumn<long>(
                name: "claimed_until",
                table: "outbox",
                type: "INTEGER",
                nullable: true);
        }
    }
}
