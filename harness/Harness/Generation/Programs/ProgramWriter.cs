using System.Runtime.CompilerServices;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Harness.Generation.Programs;

/// <summary>The text of a program that is being written, and the choices that go into it.</summary>
/// <remarks>
/// r6 holds the context, r7 to r9 numbers; r0 to r5 are scratch and always written before they are read.
/// </remarks>
internal sealed class ProgramWriter(Random random, ProgramTypeInfo type, AttachType attachType)
{
    // Labels are the whole program's, functions and all.
    private StrongBox<int> _labels = new();

    private static readonly string[] Numbers = ["r7", "r8", "r9"];

    private readonly List<string> _lines = [];
    private readonly List<string> _functions = [];

    public ProgramTypeInfo Type => type;

    public AttachType AttachType => attachType;

    public ProgramFeatures Features { get; private set; }

    public string Text => string.Join('\n', _lines.Concat(_functions));

    public void Emit(string lines) => _lines.Add(lines);

    public void Uses(ProgramFeatures features) => Features |= features;

    public int Next(int end) => random.Next(end);

    public int Next(int start, int end) => random.Next(start, end);

    /// <summary>Once in so many times.</summary>
    public bool OneIn(int times) => random.Next(times) == 0;

    /// <summary>For what is nearly always wrong: often enough to be tested, seldom enough to let programs through.</summary>
    public bool Rarely() => OneIn(40);

    public T Pick<T>(params ReadOnlySpan<T> choices) => choices[random.Next(choices.Length)];

    /// <summary>A register that holds a number.</summary>
    public string Number() => Numbers[random.Next(Numbers.Length)];

    public string NewLabel() => $"l{_labels.Value++}";

    public long Constant() =>
        random.Next(4) switch
        {
            0 => random.Next(-8, 9),
            1 => random.Next(0, 65),
            2 => random.Next(int.MinValue, int.MaxValue),
            _ => Pick(int.MaxValue, int.MinValue, -1, 255, 256, 4096),
        };

    /// <summary>Writes a function behind the program and returns its label.</summary>
    public string Function(Action<ProgramWriter> body)
    {
        var label = NewLabel();
        var function = new ProgramWriter(random, type, attachType) { _labels = _labels };
        function.Emit($"{label}:");
        body(function);
        _functions.Add(function.Text);
        Uses(function.Features | ProgramFeatures.Subprograms);
        return label;
    }
}
