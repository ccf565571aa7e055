using System;
using System.Collections.Generic;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace WalkTalk.Booking.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class First : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
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
                    published_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    due_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    parked_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    error = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_inbox", x => new { x.message_id, x.consumer });
                });

            migrationBuilder.CreateTable(
                name: "legal_holds",
                columns: table => new
                {
                    subject_id = table.Column<Guid>(type: "uuid", nullable: false),
                    force_id = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false),
                    since = table.Column<DateOnly>(type: "date", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_legal_holds", x => x.subject_id);
                });

            migrationBuilder.CreateTable(
                name: "meeting_points",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    force_id = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    code = table.Column<string>(type: "text", nullable: false),
                    ward_code = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    lat = table.Column<double>(type: "double precision", nullable: false),
                    lng = table.Column<double>(type: "double precision", nullable: false),
                    lit = table.Column<bool>(type: "boolean", nullable: false),
                    step_free = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_meeting_points", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "officers",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    force_id = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    first_name = table.Column<string>(type: "text", nullable: false),
                    collar_number = table.Column<string>(type: "text", nullable: false),
                    collar_key = table.Column<string>(type: "text", nullable: false),
                    languages = table.Column<List<string>>(type: "text[]", nullable: false),
                    areas = table.Column<List<string>>(type: "text[]", nullable: false),
                    sign_language = table.Column<bool>(type: "boolean", nullable: false),
                    sub = table.Column<string>(type: "text", nullable: true),
                    email_protected = table.Column<string>(type: "text", nullable: true),
                    email_hash = table.Column<string>(type: "text", nullable: true),
                    calendar_hash = table.Column<byte[]>(type: "bytea", nullable: true),
                    last_day = table.Column<DateOnly>(type: "date", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_officers", x => x.id);
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
                name: "retention_runs",
                columns: table => new
                {
                    force_id = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    rule = table.Column<string>(type: "text", nullable: false),
                    on = table.Column<DateOnly>(type: "date", nullable: false),
                    taken = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_retention_runs", x => new { x.force_id, x.rule, x.on });
                });

            migrationBuilder.CreateTable(
                name: "token_counts",
                columns: table => new
                {
                    booking_id = table.Column<Guid>(type: "uuid", nullable: false),
                    force_id = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    taken = table.Column<int>(type: "integer", nullable: false),
                    settled = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_token_counts", x => x.booking_id);
                });

            migrationBuilder.CreateTable(
                name: "walk_requests",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    ward_code = table.Column<string>(type: "text", nullable: true),
                    band = table.Column<string>(type: "text", nullable: true),
                    days = table.Column<List<string>>(type: "text[]", nullable: false),
                    times = table.Column<List<string>>(type: "text[]", nullable: false),
                    people = table.Column<int>(type: "integer", nullable: false),
                    received_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    due_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    answered_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    reminder = table.Column<int>(type: "integer", nullable: false),
                    decline_reason = table.Column<string>(type: "text", nullable: true),
                    force_id = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    hold_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    person_id = table.Column<Guid>(type: "uuid", nullable: false),
                    name_protected = table.Column<string>(type: "text", nullable: true),
                    contact_protected = table.Column<string>(type: "text", nullable: true),
                    contact_hash = table.Column<string>(type: "text", nullable: true),
                    language = table.Column<string>(type: "text", nullable: false),
                    neutral = table.Column<bool>(type: "boolean", nullable: false),
                    needs_protected = table.Column<string>(type: "text", nullable: true),
                    guardian_name_protected = table.Column<string>(type: "text", nullable: true),
                    guardian_contact_protected = table.Column<string>(type: "text", nullable: true),
                    guardian_hash = table.Column<string>(type: "text", nullable: true),
                    guardian_code_hash = table.Column<byte[]>(type: "bytea", nullable: true),
                    guardian_code_tries = table.Column<int>(type: "integer", nullable: false),
                    code_hash = table.Column<byte[]>(type: "bytea", nullable: true),
                    code_tries = table.Column<int>(type: "integer", nullable: false),
                    codes_sent = table.Column<int>(type: "integer", nullable: false),
                    code_sent_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_walk_requests", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "walks",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    force_id = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    revision = table.Column<int>(type: "integer", nullable: false),
                    ward_code = table.Column<string>(type: "text", nullable: false),
                    meeting_point = table.Column<string>(type: "text", nullable: false),
                    lit = table.Column<bool>(type: "boolean", nullable: false),
                    step_free = table.Column<bool>(type: "boolean", nullable: false),
                    language = table.Column<string>(type: "text", nullable: false),
                    starts_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ends_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    local_date = table.Column<DateOnly>(type: "date", nullable: false),
                    local_time = table.Column<TimeOnly>(type: "time without time zone", nullable: false),
                    zone = table.Column<string>(type: "text", nullable: false),
                    band = table.Column<string>(type: "text", nullable: false),
                    capacity = table.Column<int>(type: "integer", nullable: false),
                    taken = table.Column<int>(type: "integer", nullable: false),
                    plan_key = table.Column<string>(type: "text", nullable: true),
                    cancel_reason = table.Column<string>(type: "text", nullable: true),
                    last_seen_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    end_due = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_walks", x => x.id);
                    table.CheckConstraint("ck_walks_taken", "taken >= 0 AND taken <= capacity");
                });

            migrationBuilder.CreateTable(
                name: "availability",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    force_id = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    officer_id = table.Column<Guid>(type: "uuid", nullable: false),
                    first_date = table.Column<DateOnly>(type: "date", nullable: false),
                    from = table.Column<TimeOnly>(type: "time without time zone", nullable: false),
                    until = table.Column<TimeOnly>(type: "time without time zone", nullable: false),
                    rule = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    except = table.Column<List<DateOnly>>(type: "date[]", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_availability", x => x.id);
                    table.ForeignKey(
                        name: "fk_availability_officers_officer_id",
                        column: x => x.officer_id,
                        principalTable: "officers",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "leave",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    force_id = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    officer_id = table.Column<Guid>(type: "uuid", nullable: false),
                    from = table.Column<DateOnly>(type: "date", nullable: false),
                    until = table.Column<DateOnly>(type: "date", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_leave", x => x.id);
                    table.ForeignKey(
                        name: "fk_leave_officers_officer_id",
                        column: x => x.officer_id,
                        principalTable: "officers",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "request_links",
                columns: table => new
                {
                    hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    force_id = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    request_id = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_request_links", x => x.hash);
                    table.ForeignKey(
                        name: "fk_request_links_walk_requests_request_id",
                        column: x => x.request_id,
                        principalTable: "walk_requests",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "alerts",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    force_id = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    walk_id = table.Column<Guid>(type: "uuid", nullable: false),
                    booking_id = table.Column<Guid>(type: "uuid", nullable: true),
                    raised_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    escalated = table.Column<bool>(type: "boolean", nullable: false),
                    acknowledged_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    acknowledged_by = table.Column<string>(type: "text", nullable: true),
                    resolved_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    resolved_by = table.Column<string>(type: "text", nullable: true),
                    outcome = table.Column<string>(type: "text", nullable: true),
                    note = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_alerts", x => x.id);
                    table.ForeignKey(
                        name: "fk_alerts_walks_walk_id",
                        column: x => x.walk_id,
                        principalTable: "walks",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "bookings",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    walk_id = table.Column<Guid>(type: "uuid", nullable: false),
                    people = table.Column<int>(type: "integer", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    waiting_since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    from_booking_id = table.Column<Guid>(type: "uuid", nullable: true),
                    revision_offset = table.Column<int>(type: "integer", nullable: false),
                    request_id = table.Column<Guid>(type: "uuid", nullable: true),
                    words_protected = table.Column<string>(type: "text", nullable: true),
                    meeting = table.Column<string>(type: "text", nullable: false),
                    misses = table.Column<int>(type: "integer", nullable: false),
                    met_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    override_reason = table.Column<string>(type: "text", nullable: true),
                    officer_changed = table.Column<bool>(type: "boolean", nullable: false),
                    check_misses = table.Column<int>(type: "integer", nullable: false),
                    cancel_reason = table.Column<string>(type: "text", nullable: true),
                    tokens_taken = table.Column<int>(type: "integer", nullable: false),
                    force_id = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    hold_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    person_id = table.Column<Guid>(type: "uuid", nullable: false),
                    name_protected = table.Column<string>(type: "text", nullable: true),
                    contact_protected = table.Column<string>(type: "text", nullable: true),
                    contact_hash = table.Column<string>(type: "text", nullable: true),
                    language = table.Column<string>(type: "text", nullable: false),
                    neutral = table.Column<bool>(type: "boolean", nullable: false),
                    needs_protected = table.Column<string>(type: "text", nullable: true),
                    guardian_name_protected = table.Column<string>(type: "text", nullable: true),
                    guardian_contact_protected = table.Column<string>(type: "text", nullable: true),
                    guardian_hash = table.Column<string>(type: "text", nullable: true),
                    guardian_code_hash = table.Column<byte[]>(type: "bytea", nullable: true),
                    guardian_code_tries = table.Column<int>(type: "integer", nullable: false),
                    code_hash = table.Column<byte[]>(type: "bytea", nullable: true),
                    code_tries = table.Column<int>(type: "integer", nullable: false),
                    codes_sent = table.Column<int>(type: "integer", nullable: false),
                    code_sent_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_bookings", x => x.id);
                    table.ForeignKey(
                        name: "fk_bookings_walks_walk_id",
                        column: x => x.walk_id,
                        principalTable: "walks",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "start_overrides",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    force_id = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    walk_id = table.Column<Guid>(type: "uuid", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false),
                    bookings = table.Column<int>(type: "integer", nullable: false),
                    happened_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    received_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    closed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    closed_by = table.Column<string>(type: "text", nullable: true),
                    note = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_start_overrides", x => x.id);
                    table.ForeignKey(
                        name: "fk_start_overrides_walks_walk_id",
                        column: x => x.walk_id,
                        principalTable: "walks",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "walk_officers",
                columns: table => new
                {
                    walk_id = table.Column<Guid>(type: "uuid", nullable: false),
                    officer_id = table.Column<Guid>(type: "uuid", nullable: false),
                    force_id = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    busy_from = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    busy_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    active = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_walk_officers", x => new { x.walk_id, x.officer_id });
                    table.ForeignKey(
                        name: "fk_walk_officers_officers_officer_id",
                        column: x => x.officer_id,
                        principalTable: "officers",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_walk_officers_walks_walk_id",
                        column: x => x.walk_id,
                        principalTable: "walks",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "booking_links",
                columns: table => new
                {
                    hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    force_id = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    booking_id = table.Column<Guid>(type: "uuid", nullable: false),
                    purpose = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_booking_links", x => x.hash);
                    table.ForeignKey(
                        name: "fk_booking_links_bookings_booking_id",
                        column: x => x.booking_id,
                        principalTable: "bookings",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "open_needs",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    force_id = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    walk_id = table.Column<Guid>(type: "uuid", nullable: false),
                    booking_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind_protected = table.Column<string>(type: "text", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    raised_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    due_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    reminder = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_open_needs", x => x.id);
                    table.ForeignKey(
                        name: "fk_open_needs_bookings_booking_id",
                        column: x => x.booking_id,
                        principalTable: "bookings",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_alerts_force_id_acknowledged_at_raised_at",
                table: "alerts",
                columns: new[] { "force_id", "acknowledged_at", "raised_at" });

            migrationBuilder.CreateIndex(
                name: "ix_alerts_walk_id",
                table: "alerts",
                column: "walk_id");

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
                name: "ix_availability_officer_id",
                table: "availability",
                column: "officer_id");

            migrationBuilder.CreateIndex(
                name: "ix_booking_links_booking_id",
                table: "booking_links",
                column: "booking_id");

            migrationBuilder.CreateIndex(
                name: "ix_bookings_force_id_contact_hash",
                table: "bookings",
                columns: new[] { "force_id", "contact_hash" });

            migrationBuilder.CreateIndex(
                name: "ix_bookings_force_id_guardian_hash",
                table: "bookings",
                columns: new[] { "force_id", "guardian_hash" },
                filter: "guardian_hash IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_bookings_force_id_hold_until_walk_id",
                table: "bookings",
                columns: new[] { "force_id", "hold_until", "walk_id" },
                filter: "state = 'Held'");

            migrationBuilder.CreateIndex(
                name: "ix_bookings_force_id_walk_id",
                table: "bookings",
                columns: new[] { "force_id", "walk_id" },
                filter: "state = 'Waiting'");

            migrationBuilder.CreateIndex(
                name: "ix_bookings_from_booking_id",
                table: "bookings",
                column: "from_booking_id",
                unique: true,
                filter: "from_booking_id IS NOT NULL AND state IN ('Held', 'Waiting', 'Offered')");

            migrationBuilder.CreateIndex(
                name: "ix_bookings_request_id",
                table: "bookings",
                column: "request_id",
                filter: "request_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_bookings_walk_id",
                table: "bookings",
                column: "walk_id");

            migrationBuilder.CreateIndex(
                name: "ix_inbox_due_at",
                table: "inbox",
                column: "due_at",
                filter: "handled_on IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_leave_officer_id_until",
                table: "leave",
                columns: new[] { "officer_id", "until" });

            migrationBuilder.CreateIndex(
                name: "ix_meeting_points_force_id_code",
                table: "meeting_points",
                columns: new[] { "force_id", "code" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_officers_calendar_hash",
                table: "officers",
                column: "calendar_hash",
                unique: true,
                filter: "calendar_hash IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_officers_force_id_collar_key",
                table: "officers",
                columns: new[] { "force_id", "collar_key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_officers_force_id_sub",
                table: "officers",
                columns: new[] { "force_id", "sub" },
                unique: true,
                filter: "sub IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_open_needs_booking_id",
                table: "open_needs",
                column: "booking_id");

            migrationBuilder.CreateIndex(
                name: "ix_open_needs_walk_id",
                table: "open_needs",
                column: "walk_id");

            migrationBuilder.CreateIndex(
                name: "ix_outbox_due_at",
                table: "outbox",
                column: "due_at",
                filter: "sent_at IS NULL AND parked_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_outbox_force_id_created_at_id",
                table: "outbox",
                columns: new[] { "force_id", "created_at", "id" },
                filter: "kind = 'fact'");

            migrationBuilder.CreateIndex(
                name: "ix_outbox_force_id_key",
                table: "outbox",
                columns: new[] { "force_id", "key" },
                unique: true,
                filter: "key IS NOT NULL AND sent_at IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_request_links_request_id",
                table: "request_links",
                column: "request_id");

            migrationBuilder.CreateIndex(
                name: "ix_start_overrides_force_id_closed_at_received_at",
                table: "start_overrides",
                columns: new[] { "force_id", "closed_at", "received_at" });

            migrationBuilder.CreateIndex(
                name: "ix_start_overrides_walk_id",
                table: "start_overrides",
                column: "walk_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_walk_officers_officer_id_busy_from",
                table: "walk_officers",
                columns: new[] { "officer_id", "busy_from" });

            migrationBuilder.CreateIndex(
                name: "ix_walk_requests_force_id_contact_hash",
                table: "walk_requests",
                columns: new[] { "force_id", "contact_hash" });

            migrationBuilder.CreateIndex(
                name: "ix_walk_requests_force_id_guardian_hash",
                table: "walk_requests",
                columns: new[] { "force_id", "guardian_hash" },
                filter: "guardian_hash IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_walk_requests_force_id_state_due_at",
                table: "walk_requests",
                columns: new[] { "force_id", "state", "due_at" });

            migrationBuilder.CreateIndex(
                name: "ix_walks_force_id_local_date",
                table: "walks",
                columns: new[] { "force_id", "local_date" });

            migrationBuilder.CreateIndex(
                name: "ix_walks_force_id_plan_key",
                table: "walks",
                columns: new[] { "force_id", "plan_key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_walks_force_id_state_starts_at_id",
                table: "walks",
                columns: new[] { "force_id", "state", "starts_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_walks_search",
                table: "walks",
                columns: new[] { "force_id", "ward_code", "band", "starts_at", "id", "language", "step_free", "local_time" },
                filter: "state = 'Published'");

            migrationBuilder.CreateIndex(
                name: "ix_walks_search_language",
                table: "walks",
                columns: new[] { "force_id", "language", "ward_code", "band", "starts_at", "id", "step_free", "local_time" },
                filter: "state = 'Published'");

            migrationBuilder.RefuseOfficerClashOnPostgres();
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "alerts");

            migrationBuilder.DropTable(
                name: "answer");

            migrationBuilder.DropTable(
                name: "audit");

            migrationBuilder.DropTable(
                name: "availability");

            migrationBuilder.DropTable(
                name: "booking_links");

            migrationBuilder.DropTable(
                name: "history");

            migrationBuilder.DropTable(
                name: "inbox");

            migrationBuilder.DropTable(
                name: "leave");

            migrationBuilder.DropTable(
                name: "legal_holds");

            migrationBuilder.DropTable(
                name: "meeting_points");

            migrationBuilder.DropTable(
                name: "open_needs");

            migrationBuilder.DropTable(
                name: "outbox");

            migrationBuilder.DropTable(
                name: "person_key");

            migrationBuilder.DropTable(
                name: "request_links");

            migrationBuilder.DropTable(
                name: "retention_runs");

            migrationBuilder.DropTable(
                name: "start_overrides");

            migrationBuilder.DropTable(
                name: "token_counts");

            migrationBuilder.DropTable(
                name: "walk_officers");

            migrationBuilder.DropTable(
                name: "bookings");

            migrationBuilder.DropTable(
                name: "walk_requests");

            migrationBuilder.DropTable(
                name: "officers");

            migrationBuilder.DropTable(
                name: "walks");
        }
    }
}
