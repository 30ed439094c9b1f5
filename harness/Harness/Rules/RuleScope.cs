using Conformance.Harness.Machines;
using Conformance.ReferenceVm;

namespace Conformance.Harness.Rules;

/// <summary>Which rules bind which machine.</summary>
public static class RuleScope
{
    /// <summary>Why <paramref name="rule"/> does not bind <paramref name="machine"/>, or null where it does.</summary>
    public static string? ReasonNotToApply(this Rule rule, MachineIdentity machine)
    {
        if (rule.Level == RuleLevel.Linux && !machine.ClaimsLinux)
            return $"{rule.Id} is a rule of level linux and {machine.Name} claims core rules only";
        // A machine that names no kernel is held to the rules as they are today.
        if (machine.Kernel is null || !KernelVersion.TryParse(machine.Kernel, out var kernel))
            return rule.Until is { } end ? $"{rule.Id} held until {end}" : null;
        if (!kernel.Has(rule.Since, rule.FixedIn))
            return $"{rule.Id} holds since {Versions(rule.Since, rule.FixedIn)} and {machine.Name} models {kernel}";
        return rule.Until is { } until && kernel.Has(until, rule.EndedIn)
            ? $"{rule.Id} held until {Versions(until, rule.EndedIn)} and {machine.Name} models {kernel}"
            : null;
    }

    private static string Versions(KernelVersion mainline, IReadOnlyList<KernelVersion> stable) =>
        stable.Count == 0 ? $"{mainline}" : $"{mainline} (also {string.Join(", ", stable)})";
}
