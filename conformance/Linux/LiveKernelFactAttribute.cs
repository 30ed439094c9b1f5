using Conformance.Linux;

namespace Conformance.Tests.Linux;

/// <summary>A test on the kernel of this machine; skipped, with what is missing, where it cannot be used.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LiveKernelFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> Missing = new(() =>
    {
        var missing = LinuxVirtualMachine.TryOpen(out var machine);
        machine?.Dispose();
        return missing;
    });

    public LiveKernelFactAttribute()
    {
        if (Missing.Value is { } missing)
        {
            Skip = $"the live kernel cannot be used: {missing}";
        }
    }
}
