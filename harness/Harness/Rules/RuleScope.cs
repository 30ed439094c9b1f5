using Conformance.Harness.Machines;

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
            return null;
        var holds = kernel >= rule.Since || rule.FixedIn.Any(patch => patch.SameBranch(kernel) && kernel >= patch);
        return holds ? null : $"{rule.Id} holds since {Versions(rule)} and {machine.Name} models {kernel}";
    }

    private static string Versions(Rule rule) =>
        rule.FixedIn.Count == 0 ? $"{rule.Since}" : $"{rule.Since} (also {string.Join(", ", rule.FixedIn)})";
}
