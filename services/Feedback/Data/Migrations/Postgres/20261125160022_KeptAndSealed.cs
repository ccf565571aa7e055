using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace WalkTalk.Feedback.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class KeptAndSealed : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateOnly>(
                name: "answered_on",
                table: "standards_case",
                type: "date",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "settled",
                table: "spent_nonce",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "point",
                table: "place_audit",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<byte[]>(
                name: "keep_link_hash",
                table: "mailbox",
                type: "bytea",
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "keep_until",
                table: "mailbox",
                type: "date",
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "noticed_on",
                table: "mailbox",
                type: "date",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "standards_case_id",
                table: "disclosure",
                type: "uuid",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "standards_conflict",
                columns: table => new
                {
                    force_id = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    mailbox_id = table.Column<Guid>(type: "uuid", nullable: false),
                    sub = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_standards_conflict", x => new { x.force_id, x.mailbox_id, x.sub });
                });

            migrationBuilder.CreateIndex(
                name: "ix_mailbox_keep_link_hash",
                table: "mailbox",
                column: "keep_link_hash");

            migrationBuilder.CreateIndex(
                name: "ix_disclosure_standards_case_id",
                table: "disclosure",
                column: "standards_case_id");

            migrationBuilder.CreateIndex(
                name: "ix_board_entry_force_id_period_id",
                table: "board_entry",
                columns: new[] { "force_id", "period", "id" });

            migrationBuilder.Sql(BoardDays.Postgres);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "standards_conflict");

            migrationBuilder.DropIndex(
                name: "ix_mailbox_keep_link_hash",
                table: "mailbox");

            migrationBuilder.DropIndex(
                name: "ix_disclosure_standards_case_id",
                table: "disclosure");

            migrationBuilder.DropIndex(
                name: "ix_board_entry_force_id_period_id",
                table: "board_entry");

            migrationBuilder.DropColumn(
                name: "answered_on",
                table: "standards_case");

            migrationBuilder.DropColumn(
                name: "settled",
                table: "spent_nonce");

            migrationBuilder.DropColumn(
                name: "point",
                table: "place_audit");

            migrationBuilder.DropColumn(
                name: "keep_link_hash",
                table: "mailbox");

            migrationBuilder.DropColumn(
                name: "keep_until",
                table: "mailbox");

            migrationBuilder.DropColumn(
                name: "noticed_on",
                table: "mailbox");

            migrationBuilder.DropColumn(
                name: "standards_case_id",
                table: "disclosure");
        }
    }
}
