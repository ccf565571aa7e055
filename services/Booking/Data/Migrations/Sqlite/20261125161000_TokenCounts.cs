using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace WalkTalk.Booking.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class TokenCounts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Without a rowid, so that the file keeps no order of arrival.
            migrationBuilder.Sql("CREATE TABLE token_counts (booking_id TEXT NOT NULL CONSTRAINT pk_token_counts PRIMARY KEY, force_id TEXT NOT NULL, settled INTEGER NOT NULL, taken INTEGER NOT NULL) WITHOUT ROWID;");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "token_counts");
        }
    }
}
