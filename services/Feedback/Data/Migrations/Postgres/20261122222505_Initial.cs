using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace WalkTalk.Feedback.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "action",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    force_id = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    type = table.Column<string>(type: "text", nullable: false),
                    counted = table.Column<bool>(type: "boolean", nullable: false),
                    owner_body = table.Column<string>(type: "text", nullable: false),
                    owner_role = table.Column<string>(type: "text", nullable: false),
                    agreed_on = table.Column<DateOnly>(type: "date", nullable: false),
                    due_on = table.Column<DateOnly>(type: "date", nullable: false),
                    four_p = table.Column<string>(type: "text", nullable: false),
                    asked = table.Column<string>(type: "text", nullable: false),
                    promise = table.Column<string>(type: "text", nullable: false),
                    done = table.Column<string>(type: "text", nullable: true),
                    done_on = table.Column<DateOnly>(type: "date", nullable: true),
                    state = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_action", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "answer",
                columns: table => new
                {
                    key_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    force_id = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    body_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    answer = table.Column<byte[]>(type: "bytea", nullable: true),
                    created_on = table.Column<DateOnly>(type: "date", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_answer", x => x.key_hash);
                });

            migrationBuilder.CreateTable(
                name: "audit",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    force_id = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    actor = table.Column<string>(type: "text", nullable: false),
                    action = table.Column<string>(type: "text", nullable: false),
                    subject_type = table.Column<string>(type: "text", nullable: false),
                    subject_id = table.Column<string>(type: "text", nullable: false),
                    fields = table.Column<string>(type: "text", nullable: true),
                    reason = table.Column<string>(type: "text", nullable: true),
                    seal_after = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    sequence = table.Column<long>(type: "bigint", nullable: true),
                    hash = table.Column<byte[]>(type: "bytea", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_audit", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "board_entry",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    force_id = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    source_id = table.Column<Guid>(type: "uuid", nullable: false),
                    category = table.Column<string>(type: "text", nullable: false),
                    ward_code = table.Column<string>(type: "text", nullable: true),
                    borough_code = table.Column<string>(type: "text", nullable: true),
                    light_band = table.Column<string>(type: "text", nullable: true),
                    period = table.Column<string>(type: "text", nullable: false),
                    asked = table.Column<string>(type: "text", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    changed_on = table.Column<DateOnly>(type: "date", nullable: false),
                    steps = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_board_entry", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "concern",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    force_id = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    mailbox_id = table.Column<Guid>(type: "uuid", nullable: false),
                    reference = table.Column<string>(type: "text", nullable: false),
                    code = table.Column<string>(type: "text", nullable: false),
                    ward_code = table.Column<string>(type: "text", nullable: true),
                    borough_code = table.Column<string>(type: "text", nullable: true),
                    landmark = table.Column<string>(type: "text", nullable: true),
                    light_band = table.Column<string>(type: "text", nullable: true),
                    day_type = table.Column<string>(type: "text", nullable: true),
                    how_often = table.Column<string>(type: "text", nullable: true),
                    since = table.Column<string>(type: "text", nullable: true),
                    with = table.Column<string>(type: "text", nullable: true),
                    because_of_it = table.Column<string>(type: "text", nullable: true),
                    basis = table.Column<string>(type: "text", nullable: true),
                    intensity = table.Column<int>(type: "integer", nullable: true),
                    from_walk = table.Column<bool>(type: "boolean", nullable: false),
                    quarter = table.Column<string>(type: "text", nullable: false),
                    received_on = table.Column<DateOnly>(type: "date", nullable: false),
                    text = table.Column<string>(type: "text", nullable: true),
                    what_would_change_it = table.Column<string>(type: "text", nullable: true),
                    masked = table.Column<string>(type: "text", nullable: false),
                    sealed_original = table.Column<string>(type: "text", nullable: true),
                    narrative_sealed = table.Column<bool>(type: "boolean", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    due_on = table.Column<DateOnly>(type: "date", nullable: true),
                    waiting_since = table.Column<DateOnly>(type: "date", nullable: true),
                    resume = table.Column<string>(type: "text", nullable: true),
                    disputed_on = table.Column<DateOnly>(type: "date", nullable: true),
                    owner_body = table.Column<string>(type: "text", nullable: true),
                    owner_role = table.Column<string>(type: "text", nullable: true),
                    assignee = table.Column<string>(type: "text", nullable: true),
                    no_action_reason = table.Column<string>(type: "text", nullable: true),
                    review_on = table.Column<DateOnly>(type: "date", nullable: true),
                    outcome = table.Column<string>(type: "text", nullable: true),
                    not_a_concern_reason = table.Column<string>(type: "text", nullable: true),
                    proposed_by = table.Column<string>(type: "text", nullable: true),
                    answer_link_hash = table.Column<byte[]>(type: "bytea", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_concern", x => x.id);
                    table.CheckConstraint("ck_concern_clock_or_end", "due_on IS NOT NULL OR (state = 'ConfirmedDone' AND outcome IS NOT NULL) OR (state = 'NoAction' AND outcome IS NOT NULL AND no_action_reason IS NOT NULL AND review_on IS NOT NULL) OR (state IN ('Withdrawn', 'NotAConcern') AND text IS NULL)");
                });

            migrationBuilder.CreateTable(
                name: "disclosure",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    force_id = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    reference = table.Column<string>(type: "text", nullable: false),
                    mailbox_id = table.Column<Guid>(type: "uuid", nullable: false),
                    cause = table.Column<string>(type: "text", nullable: false),
                    code = table.Column<string>(type: "text", nullable: false),
                    sealed_place = table.Column<string>(type: "text", nullable: true),
                    sealed_narrative = table.Column<string>(type: "text", nullable: true),
                    due_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    choice = table.Column<string>(type: "text", nullable: true),
                    override_reason = table.Column<string>(type: "text", nullable: true),
                    handed_over_to = table.Column<string>(type: "text", nullable: true),
                    handed_over_ref = table.Column<string>(type: "text", nullable: true),
                    handed_over_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_disclosure", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "inbox",
                columns: table => new
                {
                    message_id = table.Column<Guid>(type: "uuid", nullable: false),
                    consumer = table.Column<string>(type: "text", nullable: false),
                    force_id = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    handled_on = table.Column<DateOnly>(type: "date", nullable: true),
                    name = table.Column<string>(type: "text", nullable: true),
                    body = table.Column<string>(type: "text", nullable: true),
                    traceparent = table.Column<string>(type: "text", nullable: true),
                    due_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    claimed_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    parked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    error = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_inbox", x => new { x.message_id, x.consumer });
                });

            migrationBuilder.CreateTable(
                name: "mailbox",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    force_id = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    reference = table.Column<string>(type: "text", nullable: false),
                    salt = table.Column<byte[]>(type: "bytea", nullable: false),
                    words_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    language = table.Column<string>(type: "text", nullable: false),
                    opened_on = table.Column<DateOnly>(type: "date", nullable: false),
                    email = table.Column<string>(type: "text", nullable: true),
                    access_hash = table.Column<byte[]>(type: "bytea", nullable: true),
                    access_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_mailbox", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "mailbox_message",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    force_id = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    mailbox_id = table.Column<Guid>(type: "uuid", nullable: false),
                    subject_id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    from = table.Column<string>(type: "text", nullable: false),
                    on = table.Column<DateOnly>(type: "date", nullable: false),
                    text = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_mailbox_message", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "outbox",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    force_id = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    body = table.Column<string>(type: "text", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    key = table.Column<string>(type: "text", nullable: true),
                    traceparent = table.Column<string>(type: "text", nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    due_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    sent_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    claimed_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    parked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    error = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_outbox", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "person_key",
                columns: table => new
                {
                    person_id = table.Column<Guid>(type: "uuid", nullable: false),
                    force_id = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    wrapped_key = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_person_key", x => x.person_id);
                });

            migrationBuilder.CreateTable(
                name: "place_audit",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    force_id = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    mailbox_id = table.Column<Guid>(type: "uuid", nullable: false),
                    ward_code = table.Column<string>(type: "text", nullable: false),
                    landmark = table.Column<string>(type: "text", nullable: true),
                    light_band = table.Column<string>(type: "text", nullable: false),
                    quarter = table.Column<string>(type: "text", nullable: false),
                    ratings = table.Column<string>(type: "text", nullable: false),
                    feel = table.Column<int>(type: "integer", nullable: true),
                    score = table.Column<int>(type: "integer", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_place_audit", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "safe_place",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    force_id = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    mailbox_id = table.Column<Guid>(type: "uuid", nullable: false),
                    code = table.Column<string>(type: "text", nullable: false),
                    ward_code = table.Column<string>(type: "text", nullable: true),
                    landmark = table.Column<string>(type: "text", nullable: true),
                    light_band = table.Column<string>(type: "text", nullable: true),
                    quarter = table.Column<string>(type: "text", nullable: false),
                    text = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_safe_place", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "spent_nonce",
                columns: table => new
                {
                    hash = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_spent_nonce", x => x.hash);
                });

            migrationBuilder.CreateTable(
                name: "standards_case",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    force_id = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    reference = table.Column<string>(type: "text", nullable: false),
                    mailbox_id = table.Column<Guid>(type: "uuid", nullable: false),
                    code = table.Column<string>(type: "text", nullable: false),
                    due_on = table.Column<DateOnly>(type: "date", nullable: false),
                    sealed_place = table.Column<string>(type: "text", nullable: true),
                    sealed_narrative = table.Column<string>(type: "text", nullable: true),
                    state = table.Column<string>(type: "text", nullable: false),
                    taken_by = table.Column<string>(type: "text", nullable: true),
                    answer = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_standards_case", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "action_concern",
                columns: table => new
                {
                    action_id = table.Column<Guid>(type: "uuid", nullable: false),
                    concern_id = table.Column<Guid>(type: "uuid", nullable: false),
                    force_id = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_action_concern", x => new { x.action_id, x.concern_id });
                    table.ForeignKey(
                        name: "fk_action_concern_action_action_id",
                        column: x => x.action_id,
                        principalTable: "action",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_action_force_id_due_on_id",
                table: "action",
                columns: new[] { "force_id", "due_on", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_action_concern_concern_id",
                table: "action_concern",
                column: "concern_id");

            migrationBuilder.CreateIndex(
                name: "ix_audit_force_id_sequence",
                table: "audit",
                columns: new[] { "force_id", "sequence" },
                unique: true,
                filter: "sequence IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_audit_seal_after",
                table: "audit",
                column: "seal_after",
                filter: "sequence IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_board_entry_force_id_source_id",
                table: "board_entry",
                columns: new[] { "force_id", "source_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_board_entry_force_id_ward_code_changed_on_id",
                table: "board_entry",
                columns: new[] { "force_id", "ward_code", "changed_on", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_concern_answer_link_hash",
                table: "concern",
                column: "answer_link_hash");

            migrationBuilder.CreateIndex(
                name: "ix_concern_force_id_due_on_id",
                table: "concern",
                columns: new[] { "force_id", "due_on", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_concern_force_id_reference",
                table: "concern",
                columns: new[] { "force_id", "reference" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_concern_mailbox_id",
                table: "concern",
                column: "mailbox_id");

            migrationBuilder.CreateIndex(
                name: "ix_disclosure_force_id_due_at",
                table: "disclosure",
                columns: new[] { "force_id", "due_at" });

            migrationBuilder.CreateIndex(
                name: "ix_disclosure_mailbox_id",
                table: "disclosure",
                column: "mailbox_id");

            migrationBuilder.CreateIndex(
                name: "ix_inbox_due_at",
                table: "inbox",
                column: "due_at",
                filter: "handled_on IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_mailbox_access_hash",
                table: "mailbox",
                column: "access_hash");

            migrationBuilder.CreateIndex(
                name: "ix_mailbox_force_id_reference",
                table: "mailbox",
                columns: new[] { "force_id", "reference" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_mailbox_message_mailbox_id",
                table: "mailbox_message",
                column: "mailbox_id");

            migrationBuilder.CreateIndex(
                name: "ix_mailbox_message_subject_id_number",
                table: "mailbox_message",
                columns: new[] { "subject_id", "number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_outbox_due_at",
                table: "outbox",
                column: "due_at",
                filter: "sent_at IS NULL AND parked_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_outbox_force_id_key",
                table: "outbox",
                columns: new[] { "force_id", "key" },
                unique: true,
                filter: "key IS NOT NULL AND sent_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_standards_case_mailbox_id",
                table: "standards_case",
                column: "mailbox_id");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "action_concern");

            migrationBuilder.DropTable(
                name: "answer");

            migrationBuilder.DropTable(
                name: "audit");

            migrationBuilder.DropTable(
                name: "board_entry");

            migrationBuilder.DropTable(
                name: "concern");

            migrationBuilder.DropTable(
                name: "disclosure");

            migrationBuilder.DropTable(
                name: "inbox");

            migrationBuilder.DropTable(
                name: "mailbox");

            migrationBuilder.DropTable(
                name: "mailbox_message");

            migrationBuilder.DropTable(
                name: "outbox");

            migrationBuilder.DropTable(
                name: "person_key");

            migrationBuilder.DropTable(
                name: "place_audit");

            migrationBuilder.DropTable(
                name: "safe_place");

            migrationBuilder.DropTable(
                name: "spent_nonce");

            migrationBuilder.DropTable(
                name: "standards_case");

            migrationBuilder.DropTable(
                name: "action");
        }
    }
}
