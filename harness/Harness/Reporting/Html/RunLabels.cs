namespace Conformance.Harness.Reporting.Html;

/// <summary>What machines are called where they stand side by side: as short as keeps them apart.</summary>
internal static class RunLabels
{
    /// <param name="names">What else the runs are called, for those that nothing else keeps apart.</param>
    public static IReadOnlyList<string> Of(IReadOnlyList<VmRecord> machines, IReadOnlyList<string>? names)
    {
        Func<VmRecord, string>[] ways =
        [
            vm => vm.Name,
            vm => $"{vm.Name} {vm.Version}",
            vm => vm.Kernel is { } kernel ? $"{vm.Name}, Linux {kernel}" : vm.Name,
            vm => vm.Kernel is { } kernel ? $"{vm.Name} {vm.Version}, Linux {kernel}" : $"{vm.Name} {vm.Version}",
        ];
        var labels = ways.Select(way => machines.Select(way).ToArray()).FirstOrDefault(AreDistinct);
        if (labels is not null)
            return labels;
        string[] named = names is null ? [] : [.. machines.Zip(names, (vm, name) => $"{vm.Name} ({name})")];
        return named.Length > 0 && AreDistinct(named)
            ? named
            : [.. machines.Select((vm, index) => $"{vm.Name} ({index + 1})")];
    }

    private static bool AreDistinct(string[] labels) =>
        labels.Distinct(StringComparer.Ordinal).Count() == labels.Length;
}
