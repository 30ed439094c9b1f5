namespace Conformance.Harness.Wire;

/// <summary>A line that is none of the protocol's messages; the message says which member, and what was expected of it.</summary>
internal sealed class WireFormatException(string message) : Exception(message);
