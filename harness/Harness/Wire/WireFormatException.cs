using Conformance.Harness.Machines;

namespace Conformance.Harness.Wire;

/// <summary>A line that is none of the protocol's messages; the message says which member, and what was expected of it.</summary>
/// <param name="kind">What a request is answered with that has this fault.</param>
internal sealed class WireFormatException(string message, AnswerKind kind = AnswerKind.Broken) : Exception(message)
{
    public AnswerKind Kind => kind;
}
