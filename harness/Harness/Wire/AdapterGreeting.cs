using System.Diagnostics;
using System.Text.Json;
using Conformance.Harness.Machines;
using Conformance.ReferenceVm;

namespace Conformance.Harness.Wire;

/// <summary>What an adapter says of itself in its answer to <c>hello</c>.</summary>
/// <param name="Identity">Who it is.</param>
/// <param name="Operations">The operations it offers; null where it does not say, and each is tried.</param>
internal sealed record AdapterGreeting(MachineIdentity Identity, IReadOnlySet<string>? Operations)
{
    private const int LongestName = 32;
    private const int LongestText = 100;

    /// <summary>Greets an adapter.</summary>
    /// <exception cref="AdapterException">It does not answer, or what it says cannot be; to follow "the adapter".</exception>
    public static AdapterGreeting Exchange(AdapterConnection connection, TimeSpan limit, long seq)
    {
        using (var json = new Utf8JsonWriter(connection.Outgoing, ProtocolFacts.Json))
            RequestWriter.WriteHello(json, seq);
        connection.EndLine();
        connection.Send();
        var line = connection.NextLine(Deadline.After(Stopwatch.GetTimestamp(), limit));
        try
        {
            return Read(line, seq);
        }
        catch (WireFormatException wrong)
        {
            throw new AdapterException(
                $"did not answer hello as it should ({wrong.Message}): {ShownText.Of(line, LongestText)}"
            );
        }
    }

    /// <summary>Whether another process of the same command says the same.</summary>
    public bool IsSameAs(AdapterGreeting other) =>
        Identity == other.Identity
        && (Operations is null) == (other.Operations is null)
        && (Operations is null || Operations.SetEquals(other.Operations!));

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Identity.Name} {Identity.Version} with {Identity.Cpus} CPUs"
        + (Identity.Kernel is { } kernel ? $", as Linux {kernel}" : "")
        + (Identity.LiveArchitecture is { } architecture ? $" running on {architecture}" : "")
        + (Operations is { } operations ? $", with {operations.Count} operations" : "");

    /// <summary>The greeting of a line.</summary>
    /// <exception cref="WireFormatException">It is none.</exception>
    internal static AdapterGreeting Read(ReadOnlySpan<byte> line, long seq)
    {
        var answer = AnswerReader.Read(line, out var answered);
        if (answer.Kind != AnswerKind.Ok)
            throw new WireFormatException(answer.Message ?? "it is refused");
        if (answered != seq)
            throw new WireFormatException($"\"seq\": expected {seq}, found {answered?.ToString() ?? "null"}");
        var reader = AnswerReader.Begin(line);
        Span<char> buffer = stackalloc char[LongestName];
        var (name, version, kernel, architecture) = ("", "", default(string), default(string));
        var (protocol, cpus) = (0, 0);
        HashSet<string>? operations = null;
        while (reader.NextMember(buffer) is >= 0 and var length)
        {
            ReadOnlySpan<char> member = buffer[..length];
            switch (member)
            {
                case "protocol":
                    protocol = reader.Int("protocol");
                    break;
                case "name":
                    name = Text(ref reader, "name");
                    break;
                case "version":
                    version = Text(ref reader, "version");
                    break;
                case "cpus":
                    cpus = reader.Int("cpus");
                    break;
                case "kernel":
                    kernel = Text(ref reader, "kernel");
                    break;
                case "live_architecture":
                    architecture = Text(ref reader, "live_architecture");
                    break;
                case "operations":
                    operations = reader.TextList("operations").ToHashSet(StringComparer.Ordinal);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        var problem =
            protocol != ProtocolFacts.Version ? $"\"protocol\": expected {ProtocolFacts.Version}, found {protocol}"
            : name.Length == 0 ? "\"name\" is missing"
            : version.Length == 0 ? "\"version\" is missing"
            : cpus is < 1 or > ProtocolFacts.MostCpus
                ? $"\"cpus\": expected a number from 1 to {ProtocolFacts.MostCpus}, found {cpus}"
            : kernel is not null && !KernelVersion.TryParse(kernel, out _)
                ? $"\"kernel\": expected a version such as 6.18.44, found \"{kernel}\""
            : architecture is not null && kernel is null ? "\"live_architecture\" goes with \"kernel\""
            : null;
        if (problem is not null)
            throw new WireFormatException(problem);
        var identity = new MachineIdentity(name, version, cpus) { Kernel = kernel, LiveArchitecture = architecture };
        return new AdapterGreeting(identity, operations);
    }

    private static string Text(ref Utf8JsonReader reader, string member)
    {
        var text = reader.Text(member);
        return text.Length is > 0 and <= LongestText && !text.Any(char.IsControl)
            ? text
            : throw new WireFormatException(
                $"\"{member}\": expected 1 to {LongestText} characters that can be printed"
            );
    }
}
