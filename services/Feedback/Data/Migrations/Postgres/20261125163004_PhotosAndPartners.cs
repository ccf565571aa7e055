using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace WalkTalk.Feedback.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class PhotosAndPartners : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "channel",
                table: "mailbox",
                type: "character varying(10)",
                maxLength: 10,
                nullable: false,
                defaultValue: "web");

            migrationBuilder.AddColumn<string>(
                name: "phone",
                table: "mailbox",
                type: "text",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "partner_request",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    force_id = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    concern_id = table.Column<Guid>(type: "uuid", nullable: false),
                    partner = table.Column<string>(type: "text", nullable: false),
                    body = table.Column<string>(type: "text", nullable: false),
                    reference = table.Column<string>(type: "text", nullable: false),
                    code = table.Column<string>(type: "text", nullable: false),
                    service_code = table.Column<string>(type: "text", nullable: false),
                    description = table.Column<string>(type: "text", nullable: false),
                    why = table.Column<string>(type: "text", nullable: false),
                    address = table.Column<string>(type: "text", nullable: false),
                    lat = table.Column<double>(type: "double precision", nullable: true),
                    @long = table.Column<double>(name: "long", type: "double precision", nullable: true),
                    attributes = table.Column<string>(type: "text", nullable: false),
                    before = table.Column<string>(type: "text", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: true),
                    their_words = table.Column<string>(type: "text", nullable: true),
                    their_reference = table.Column<string>(type: "text", nullable: true),
                    token = table.Column<string>(type: "text", nullable: true),
                    their_status = table.Column<string>(type: "text", nullable: true),
                    their_notes = table.Column<string>(type: "text", nullable: true),
                    updates = table.Column<string>(type: "text", nullable: false),
                    made_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    sent_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    looked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    due_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    leased_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    may_be_there = table.Column<bool>(type: "boolean", nullable: false),
                    failures = table.Column<int>(type: "integer", nullable: false),
                    tries = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_partner_request", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "photo",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    force_id = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    subject_id = table.Column<Guid>(type: "uuid", nullable: true),
                    received_on = table.Column<DateOnly>(type: "date", nullable: false),
                    use_before = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    width = table.Column<int>(type: "integer", nullable: false),
                    height = table.Column<int>(type: "integer", nullable: false),
                    content = table.Column<byte[]>(type: "bytea", nullable: false),
                    description = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_photo", x => x.id);
                    table.CheckConstraint("ck_photo_loose_or_of_somebody", "(state = 'Loose') = (subject_id IS NULL) AND (state <> 'Loose' OR use_before IS NOT NULL)");
                });

            migrationBuilder.CreateIndex(
                name: "ix_partner_request_concern_id_partner",
                table: "partner_request",
                columns: new[] { "concern_id", "partner" },
                unique: true,
                filter: "state <> 'Withdrawn'");

            migrationBuilder.CreateIndex(
                name: "ix_partner_request_force_id_due_at",
                table: "partner_request",
                columns: new[] { "force_id", "due_at" },
                filter: "due_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_partner_request_force_id_reference",
                table: "partner_request",
                columns: new[] { "force_id", "reference" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_photo_force_id_state_received_on_id",
                table: "photo",
                columns: new[] { "force_id", "state", "received_on", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_photo_subject_id",
                table: "photo",
                column: "subject_id");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "partner_request");

            migrationBuilder.DropTable(
                name: "photo");

            migrationBuilder.DropColumn(
                name: "channel",
                table: "mailbox");

            migrationBuilder.DropColumn(
                name: "phone",
                table: "mailbox");
        }
    }
}
