using System.CommandLine;
using Conformance.Cli.Selecting;
using Conformance.Cli.Smoke;
using Conformance.Harness.Machines;
using Conformance.Harness.Running;

namespace Conformance.Cli;

/// <summary><c>helper-conformance smoke</c>: takes a new adapter through its first steps and says what to mend next.</summary>
internal static class SmokeCommand
{
    public static Command Create(Terminal terminal, IReadOnlyDictionary<string, Func<IVirtualMachine>> machines)
    {
        var choice = new VmOption(machines);
        var vm = choice.Create("--vm", "The machine", Machines.Default);
        var command = new Command("smoke", "Take a new adapter through its first steps and say what to mend next.")
        {
            vm,
        };
        foreach (var option in choice.Limits)
        {
            command.Add(option);
        }

        command.SetAction(
            (parsed, cancellation) =>
            {
                var create = choice.Find(parsed.GetRequiredValue(vm), parsed, cancellation, out var problem);
                return Task.FromResult(create is null ? terminal.Refuse(problem!) : Run(create, terminal));
            }
        );
        return command;
    }

    private static int Run(Func<IVirtualMachine> create, Terminal terminal)
    {
        using var machine = create();
        try
        {
            var identity = machine.Identity;
            terminal.Out.WriteLine(
                $"ok    say who it is: {identity.Name} {identity.Version}, {identity.Cpus} CPUs, "
                    + (identity.Kernel is { } kernel ? $"as Linux {kernel}" : "core rules only")
            );
            machine.Reset();
            foreach (var step in SmokeSteps.All)
            {
                if (step.AfterReset)
                {
                    machine.Reset();
                }

                var answer = machine.Perform(step.Operation);
                if (step is { IsForbidden: true, Operation: ProgLoad load } && answer.Kind == AnswerKind.Ok)
                {
                    answer = RunOf(load, machine);
                }

                if (!step.Holds(answer))
                {
                    return Next(step, answer, machine, terminal);
                }

                terminal.Out.WriteLine(
                    answer.Kind == AnswerKind.Unsupported
                        ? $"none  {step.Text}: {AnswerText.Of(answer)}"
                        : $"ok    {step.Text}"
                );
            }
        }
        catch (AdapterException fault)
        {
            terminal.Out.WriteLine($"next: {fault.Message}.");
            return ExitCode.Failures;
        }

        terminal.Out.WriteLine("next: run the suite on it; what is not offered (none) shows as not applicable.");
        return ExitCode.Ok;
    }

    private static Answer RunOf(ProgLoad load, IVirtualMachine machine)
    {
        const string Cgroup = "forbidden";
        _ = machine.Perform(new CgroupCreate(Cgroup));
        _ = machine.Perform(new ProgAttach(load.Program, Cgroup, load.ExpectedAttachType));
        return machine.Perform(new Fire(load.ExpectedAttachType, Cgroup));
    }

    private static int Next(SmokeStep step, Answer answer, IVirtualMachine machine, Terminal terminal)
    {
        terminal.Out.WriteLine($"wrong {step.Text}");
        foreach (var line in machine.StandardError)
        {
            terminal.Out.WriteLine($"      stderr: {line}");
        }

        terminal.Out.WriteLine(
            $"next: {step.Advice} ({Harness.Vectors.OperationText.Of(step.Operation)}: wanted {step.Wanted}, got {AnswerText.Of(answer)})."
        );
        return ExitCode.Failures;
    }
}
