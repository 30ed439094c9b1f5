using static Conformance.ReferenceVm.Programs.AccessSizes;

namespace Conformance.ReferenceVm.Programs.Contexts;

/// <summary><c>struct bpf_cgroup_dev_ctx</c>: access to a device node. <c>access_type</c> is (access &lt;&lt; 16) | device type.</summary>
internal static class DeviceContext
{
    public const int Size = 12;

    public const int AccessType = 0;
    public const int Major = 4;
    public const int Minor = 8;

    public static ContextLayout Layout { get; } =
        new(
            "bpf_cgroup_dev_ctx",
            Size,
            [new("access_type", AccessType, 4, Narrow), new("major", Major, 4, Four), new("minor", Minor, 4, Four)]
        );
}
