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

    private string _needs = "";

    public LiveKernelFactAttribute()
    {
        if (Missing.Value is { } missing)
        {
            Skip = $"the live kernel cannot be used: {missing}";
        }
    }

    /// <summary>A command that the test needs besides; it is skipped where there is none.</summary>
    public string Needs
    {
        get => _needs;
        set
        {
            _needs = value;
            var folders = Environment.GetEnvironmentVariable("PATH")?.Split(':') ?? [];
            if (Skip is null && !folders.Any(folder => File.Exists(Path.Combine(folder, value))))
            {
                Skip = $"there is no command {value}";
            }
        }
    }
}
