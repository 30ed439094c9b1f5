namespace Conformance.Cli;

/// <summary>The environment does not let a machine be opened; the message says what is missing.</summary>
internal sealed class MachineUnavailableException(string message) : Exception(message);
