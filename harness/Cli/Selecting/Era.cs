using System.CommandLine;
using Conformance.Harness.Machines;
using Conformance.Harness.Rules;
using Conformance.ReferenceVm;

namespace Conformance.Cli.Selecting;

/// <summary><c>--era</c>: the kernel that the reference VM models.</summary>
internal static class Era
{
    private static readonly KernelVersion Oldest = new(4, 19);
    private static readonly KernelVersion Newest = new(7, 3, 4);

    private static string Names => string.Join(", ", Behaviour.Profiles.Select(profile => profile.Name));

    public static Option<string?> Option(string what) =>
        new("--era") { Description = $"{what}: {Names}, or a version such as 5.4.290.", HelpName = "ERA" };

    /// <summary>The profile of a name or of a kernel version; null, with a line on the terminal, where there is none.</summary>
    public static Behaviour? Find(string name, Terminal terminal)
    {
        var profile = Behaviour.Profiles.FirstOrDefault(profile => profile.Name == name);
        if (profile is not null)
        {
            return profile;
        }

        if (KernelVersion.TryParse(name, out var version) && version >= Oldest && version <= Newest)
        {
            return Behaviour.For(name);
        }

        terminal.Refuse($"there is no era {name}; there are {Names} and the versions between {Oldest} and {Newest}");
        return null;
    }

    /// <summary>Whether one of some rules binds a machine of a profile.</summary>
    public static bool Applies(Behaviour profile, RuleCatalogue rules, IEnumerable<string> ids)
    {
        var machine = new MachineIdentity(Machines.Default, profile.Kernel, Cpus: 1) { Kernel = profile.Kernel };
        return ids.Any(id => rules[id].ReasonNotToApply(machine) is null);
    }
}
