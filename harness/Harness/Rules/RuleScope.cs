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
            return $"{rule.Id} holds since {Versions(rule)} and {machine.Name} models {kernel}";
        return kernel >= rule.Until ? $"{rule.Id} held until {rule.Until} and {machine.Name} models {kernel}" : null;
    }

    private static string Versions(Rule rule) =>
        rule.FixedIn.Count == 0 ? $"{rule.Since}" : $"{rule.Since} (also {string.Join(", ", rule.FixedIn)})";
}
