using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Gateway.Data;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Gateway.SignIn;

/// <summary>Keeps the tickets of sessions in the gateway's database: a cookie of tokens would outgrow what proxies let through.</summary>
internal sealed class SessionStore(IServiceScopeFactory scopes, IDataProtectionProvider protection, TimeProvider time) : ITicketStore
{
    private readonly IDataProtector protector = protection.CreateProtector("sessions");

    public async Task<string> StoreAsync(AuthenticationTicket ticket)
    {
        var key = Secrets.NewToken();
        await Write(key, ticket);
        return key;
    }

    public Task RenewAsync(string key, AuthenticationTicket ticket) => Write(key, ticket);

    public async Task<AuthenticationTicket?> RetrieveAsync(string key)
    {
        await using var scope = scopes.CreateAsyncScope();
        var id = IdOf(key);
        var session = await scope.ServiceProvider.GetRequiredService<GatewayDb>().Sessions.AsNoTracking().FirstOrDefaultAsync(s => s.Id == id);
        return session is null || session.ExpiresAt <= time.GetUtcNow() ? null : TicketSerializer.Default.Deserialize(protector.Unprotect(session.Ticket));
    }

    public async Task RemoveAsync(string key)
    {
        await using var scope = scopes.CreateAsyncScope();
        var id = IdOf(key);
        await scope.ServiceProvider.GetRequiredService<GatewayDb>().Sessions.Where(s => s.Id == id).ExecuteDeleteAsync();
    }

    private async Task Write(string key, AuthenticationTicket ticket)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<GatewayDb>();
        var (id, now) = (IdOf(key), time.GetUtcNow());
        var expires = ticket.Properties.ExpiresUtc ?? now.AddHours(8);
        var bytes = protector.Protect(TicketSerializer.Default.Serialize(ticket));
        if (await db.Sessions.FindAsync(id) is { } session)
        {
            (session.ExpiresAt, session.Ticket) = (expires, bytes);
        }
        else
        {
            db.Add(new Session { Id = id, Sub = ticket.Principal.FindFirst("sub")?.Value ?? "", ExpiresAt = expires, Ticket = bytes });
            await db.Sessions.Where(s => s.ExpiresAt < now).ExecuteDeleteAsync();
        }
        await db.SaveChangesAsync();
    }

    private static byte[] IdOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
