namespace Conformance.Harness.Machines;

/// <summary>
/// An adapter did not do its part: it cannot be started, died, hung, or does not keep to the protocol. The message is one sentence that says which.
/// It costs the case, not the run.
/// </summary>
public sealed class AdapterException(string message) : Exception(message);
