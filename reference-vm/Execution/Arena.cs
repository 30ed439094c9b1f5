namespace Conformance.ReferenceVm.Execution;

/// <summary>Guest memory.</summary>
public sealed class Arena { }
