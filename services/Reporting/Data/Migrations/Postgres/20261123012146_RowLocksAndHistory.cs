using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace WalkTalk.Reporting.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class RowLocksAndHistory : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "claimed_until",
                table: "outbox");

            migrationBuilder.RenameColumn(
                name: "claimed_until",
                table: "inbox",
                newName: "published_at");

            migrationBuilder.CreateTable(
                name: "history",
                columns: table => new
                {
                    force_id = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    owner = table.Column<string>(type: "text", nullable: false),
                    run = table.Column<Guid>(type: "uuid", nullable: false),
                    after = table.Column<string>(type: "text", nullable: true),
                    facts = table.Column<long>(type: "bigint", nullable: false),
                    read_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
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

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "claimed_until",
                table: "outbox",
                type: "timestamp with time zone",
                nullable: true);
        }
    }
}
