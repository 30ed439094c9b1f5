namespace Conformance.Tests.Snapshots;

/// <summary>A text is not the accepted one; the message is the difference.</summary>
internal sealed class SnapshotMismatchException(string message) : Exception(message);
