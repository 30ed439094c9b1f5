using Conformance.ReferenceVm.Isa;

namespace Conformance.ReferenceVm.Verification;

/// <summary>
/// Functions of global linkage: each is walked by itself, for any numbers as arguments, and a call of it is not walked through. All that
/// its callers know is that it returns a number.
/// </summary>
internal sealed class GlobalFunctions
{
    private readonly Analysis _analysis;
    private readonly SortedSet<int> _called = [];
    private readonly HashSet<int> _walked = [];

    public GlobalFunctions(Analysis analysis) => _analysis = analysis;

    /// <summary>Whether a subprogram, named by its first slot, is global.</summary>
    public bool Contains(int subprogram) => _analysis.Request.GlobalFunctions.ContainsKey(subprogram);

    /// <summary>A call: what it demands of the state at hand, and does to it.</summary>
    public Refusal? Call(int subprogram)
    {
        var state = _analysis.State;
        if (state.Lock is not null)
            return Refusal
                .Invalid("global function calls are not allowed while holding a lock,")
                .And("use static function instead");
        if (CheckArguments(state, subprogram) is { } mismatch)
            return mismatch.And($"Caller passes invalid args into func#{Number(subprogram)} ('{Name(subprogram)}')");
        _analysis.Log.Note($"Func#{Number(subprogram)} ('{Name(subprogram)}') is global and assumed valid.");
        _called.Add(subprogram);
        CallStep.Clobber(state.Top);
        state[Register.Result] = RegisterState.UnknownScalar;
        return null;
    }

    /// <summary>Walks every one of them, called or not.</summary>
    public Refusal? WalkAll(Walk walk)
    {
        _called.UnionWith(_analysis.Subprograms.Starts.Where(Contains));
        return WalkCalled(walk);
    }

    /// <summary>Walks those that some path called, and those that they call.</summary>
    public Refusal? WalkCalled(Walk walk)
    {
        while (_called.FirstOrDefault(function => !_walked.Contains(function)) is var function and not 0)
        {
            _walked.Add(function);
            _analysis.Log.Note($"Validating {Name(function)}() func#{Number(function)}...");
            _analysis.Begin(Initial(function), function);
            if (walk.Run() is { } refusal)
                return refusal;
            _analysis.Log.Note(
                $"Func#{Number(function)} ('{Name(function)}') is safe for any args that match its prototype"
            );
        }
        return null;
    }

    /// <summary>What may be in R0 where a global function ends.</summary>
    public Refusal? CheckResult()
    {
        if (_analysis.Read(Register.Result) is { } unreadable)
            return unreadable;
        if (_analysis.WouldLeak(Register.Result))
            return Refusal.Access("R0 leaks addr as return value");
        var result = _analysis.State[Register.Result];
        return result.IsScalar
            ? null
            : Refusal.Invalid($"At subprogram exit the register R0 is not a scalar value ({result.Type.Word()})");
    }

    // Vectors name functions by where they start.
    private static string Name(int function) => $"f{function}";

    private int Number(int function) => _analysis.Subprograms.IndexOf(function);

    private Refusal? CheckArguments(MachineState state, int function)
    {
        var parameters = _analysis.Request.GlobalFunctions[function];
        if (parameters > Register.LastArgument)
            return Refusal.Invalid(
                $"Global function {Name(function)}() with {parameters} > {Register.LastArgument} args. Buggy compiler."
            );
        for (int register = Register.FirstArgument; register <= parameters; register++)
            if (!state[register].IsScalar)
                return Refusal.Invalid($"R{register} is not a scalar");
        return null;
    }

    private MachineState Initial(int function)
    {
        var frame = new Frame(function, callSite: -1, _analysis.StackLiveness.Alone(function));
        var parameters = Math.Min(_analysis.Request.GlobalFunctions[function], Register.LastArgument);
        for (int register = Register.FirstArgument; register <= parameters; register++)
            frame.Registers[register] = RegisterState.UnknownScalar;
        frame.Registers[Register.Frame] = RegisterState.Pointer(RegisterType.Stack);
        return new MachineState([frame], new History()) { FirstSlot = function, Slot = function };
    }
}
