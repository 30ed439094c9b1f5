using Conformance.Harness.Machines;
using Conformance.Mutants.Gallery;
using Conformance.Mutants.Seams;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Cgroups;

namespace Conformance.Mutants;

/// <summary>A deliberately wrong machine: a suite that lets it pass does not check what it says it checks.</summary>
/// <param name="Id">A short name.</param>
/// <param name="Sentence">What it does wrong.</param>
/// <param name="Rules">Ids of the rules it breaks, the plainest first; a vector that cites one of them must fail on it.</param>
/// <param name="Create">Makes one.</param>
public sealed record Mutant(string Id, string Sentence, IReadOnlyList<string> Rules, Func<IVirtualMachine> Create)
{
    /// <summary>All mutants, by family.</summary>
    public static IReadOnlyList<Mutant> All { get; } =
    [
        .. IdentityMutants.All,
        .. ZeroingMutants.All,
        .. PerCpuMutants.All,
        .. LifetimeMutants.All,
        .. CgroupMutants.All,
        .. UserMutants.All,
        .. UserErrorMutants.All,
        .. MapMutants.All,
        .. LoadMutants.All,
        .. ArgumentMutants.All,
        .. InstructionMutants.All,
        .. AttachMutants.All,
        .. LinkMutants.All,
        .. EventMutants.All,
        .. RunMutants.All,
        .. EraMutants.All,
    ];

    /// <inheritdoc/>
    public override string ToString() => Id;

    internal static Mutant Behaving(
        string id,
        string sentence,
        IReadOnlyList<string> rules,
        Func<Behaviour, Behaviour> wrong
    ) => new(id, sentence, rules, () => WrongMachine.With(wrong));

    internal static Mutant Storing(string id, string sentence, IReadOnlyList<string> rules, StorageRules wrong) =>
        new(id, sentence, rules, () => WrongMachine.With(wrong));

    internal static Mutant Limiting(
        string id,
        string sentence,
        IReadOnlyList<string> rules,
        Func<Limits, Limits> wrong
    ) => new(id, sentence, rules, () => WrongMachine.With(wrong));

    internal static Mutant Altering(string id, string sentence, IReadOnlyList<string> rules, Alteration wrong) =>
        new(id, sentence, rules, () => WrongMachine.With(wrong));

    internal static Mutant Asking(
        string id,
        string sentence,
        IReadOnlyList<string> rules,
        Func<Operation, Operation> asks
    ) => Altering(id, sentence, rules, new Alteration { Asks = (operation, _) => asks(operation) });

    internal static Mutant Answering(
        string id,
        string sentence,
        IReadOnlyList<string> rules,
        Func<Operation, Answer, World, Answer> answers
    ) => Altering(id, sentence, rules, new Alteration { Answers = answers });

    internal static Mutant Instead(
        string id,
        string sentence,
        IReadOnlyList<string> rules,
        Func<Operation, World, Answer?> instead
    ) => Altering(id, sentence, rules, new Alteration { Instead = instead });

    internal static Mutant Before(
        string id,
        string sentence,
        IReadOnlyList<string> rules,
        Action<Operation, World> before
    ) => Altering(id, sentence, rules, new Alteration { Before = before });
}
