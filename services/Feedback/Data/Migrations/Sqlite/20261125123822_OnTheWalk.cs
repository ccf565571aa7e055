using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace WalkTalk.Feedback.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class OnTheWalk : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "capture",
                columns: table => new
                {
                    hash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    force_id = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    mailbox_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    quarter = table.Column<string>(type: "TEXT", nullable: false),
                    stops = table.Column<int>(type: "INTEGER", nullable: false),
                    themes = table.Column<string>(type: "TEXT", nullable: true),
                    disclosed = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_capture", x => x.hash);
                });

            migrationBuilder.CreateTable(
                name: "promise",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    force_id = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    version = table.Column<long>(type: "INTEGER", nullable: false),
                    capture_hash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    what = table.Column<string>(type: "TEXT", nullable: false),
                    to = table.Column<string>(type: "TEXT", nullable: false),
                    ward_code = table.Column<string>(type: "TEXT", nullable: true),
                    due_on = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    state = table.Column<string>(type: "TEXT", nullable: false),
                    action_id = table.Column<Guid>(type: "TEXT", nullable: true),
                    answer = table.Column<string>(type: "TEXT", nullable: true),
                    ended_on = table.Column<DateOnly>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_promise", x => x.id);
                    table.CheckConstraint("ck_promise_open_or_ended", "(state = 'Open' AND ended_on IS NULL) OR (state = 'Action' AND action_id IS NOT NULL AND ended_on IS NOT NULL) OR (state = 'Answered' AND answer IS NOT NULL AND ended_on IS NOT NULL)");
                });

            migrationBuilder.CreateIndex(
                name: "ix_promise_capture_hash",
                table: "promise",
                column: "capture_hash");

            migrationBuilder.CreateIndex(
                name: "ix_promise_force_id_state_due_on_id",
                table: "promise",
                columns: new[] { "force_id", "state", "due_on", "id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "capture");

            migrationBuilder.DropTable(
                name: "promise");
        }
    }
}
