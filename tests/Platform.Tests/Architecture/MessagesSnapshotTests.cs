using System.Reflection;
using System.Runtime.Serialization;
using System.Text;
using WalkTalk.Contracts.Booking;
using WalkTalk.Fixtures;

namespace WalkTalk.Platform.Tests.Architecture;

/// <summary>A message's form is a promise to services that were deployed last year: a change shows in review, and only an addition is allowed.</summary>
public sealed class MessagesSnapshotTests
{
    private static readonly string File = Repository.PathOf("tests", "Platform.Tests", "Architecture", "messages.txt");

    [Fact]
    public void Every_message_has_the_form_it_had()
    {
        var now = Forms();
        var then = System.IO.File.Exists(File) ? System.IO.File.ReadAllText(File) : "";
        if (now != then && Environment.GetEnvironmentVariable("WALKTALK_UPDATE_SNAPSHOTS") == "1")
        {
            System.IO.File.WriteAllText(File, now);
            return;
        }

        Assert.True(now == then, $"The form of a message changed. Only add; a break is a new record beside the old one. If it is right: WALKTALK_UPDATE_SNAPSHOTS=1.\n{now}");
    }

    private static string Forms()
    {
        var text = new StringBuilder();
        foreach (var type in typeof(WalkPublished).Assembly.GetTypes().Where(t => t.GetCustomAttribute<DataContractAttribute>() is not null)
            .OrderBy(t => t.GetCustomAttribute<DataContractAttribute>()!.Name, StringComparer.Ordinal))
        {
            text.Append(type.GetCustomAttribute<DataContractAttribute>()!.Name).Append('\n');
            Append(text, type, "  ");
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, Type type, string indent)
    {
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).OrderBy(p => p.Name, StringComparer.Ordinal))
        {
            var nullable = new NullabilityInfoContext().Create(property).ReadState == NullabilityState.Nullable ? "?" : "";
            text.Append(indent).Append(char.ToLowerInvariant(property.Name[0])).Append(property.Name[1..]).Append(": ").Append(Form(property.PropertyType)).Append(nullable).Append('\n');
            if (property.PropertyType.Namespace?.StartsWith("WalkTalk", StringComparison.Ordinal) == true)
            {
                Append(text, property.PropertyType, indent + "  ");
            }
        }
    }

    private static string Form(Type type) => Nullable.GetUnderlyingType(type) is { } inner ? Form(inner)
        : type.IsGenericType ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(Form))}>"
        : type.Name;
}
