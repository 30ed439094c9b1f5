using System.Text.Json;
using Conformance.Harness.Machines;
using Conformance.Harness.Running;
using Conformance.ReferenceVm.Isa;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Harness.Documentation;

/// <summary>An attach type: when its programs run and what their verdict does.</summary>
/// <param name="Verdicts">What an event ended in on the reference VM, for each value that a program may return.</param>
internal sealed record AttachTypeEntry(
    AttachType Type,
    ProgramTypeInfo Program,
    AttachTypeWords Words,
    ReturnRange Returns,
    IReadOnlyList<(int Returned, string Observed)> Verdicts
)
{
    private static readonly Dictionary<string, AttachTypeWords> AllWords = JsonSerializer.Deserialize(
        BookResources.Text("attach-types.json"),
        BookJson.Default.DictionaryStringAttachTypeWords
    )!;

    /// <summary>All of the seven program types, by program type and number.</summary>
    public static IReadOnlyList<AttachTypeEntry> All(IVirtualMachine machine, List<string> problems)
    {
        var entries = new List<AttachTypeEntry>();
        foreach (var program in ProgramTypes.All.Where(info => info.IsCgroupType).OrderBy(info => info.Type))
        {
            foreach (var type in program.AttachTypes.Order())
            {
                if (AllWords.TryGetValue(Names.Of(type), out var words))
                    entries.Add(Of(type, program, words, machine));
                else
                    problems.Add($"attach-types.json says nothing of {Names.Of(type)}");
            }
        }

        return entries;
    }

    private static AttachTypeEntry Of(
        AttachType type,
        ProgramTypeInfo program,
        AttachTypeWords words,
        IVirtualMachine machine
    )
    {
        var returns = program.ReturnRange(type) ?? new ReturnRange(0, 0);
        var values = Enumerable.Range(returns.Min, returns.Max - returns.Min + 1);
        return new AttachTypeEntry(
            type,
            program,
            words,
            returns,
            [.. values.Select(value => (value, Observe(type, program.Type, value, machine)))]
        );
    }

    // The event with one program that returns the value, and does nothing else.
    private static string Observe(AttachType type, ProgramType program, int returned, IVirtualMachine machine)
    {
        var bytecode = Bytecode.Encode(Assembler.Assemble($"r0 = {returned}\nexit").Instructions);
        Operation[] operations =
        [
            new CgroupCreate("a"),
            new ProgLoad("p", program, type, bytecode, []),
            new ProgAttach("p", "a", type),
            new Fire(type, "a"),
        ];
        machine.Reset();
        var answer = Answer.Ok;
        foreach (var operation in operations)
        {
            answer = machine.Perform(operation);
            if (answer.Kind != AnswerKind.Ok)
                break;
        }

        return AnswerText.Of(answer);
    }
}

/// <summary>What <c>attach-types.json</c> says of an attach type.</summary>
/// <param name="Since">The first mainline release that has it.</param>
/// <param name="When">What runs its programs.</param>
/// <param name="Denial">What a return value of 0 does on Linux.</param>
internal sealed record AttachTypeWords(string Since, string When, string Denial);
