using System.Text;
using Conformance.Harness.Machines;
using Conformance.Harness.Model;
using Conformance.Harness.Vectors;

namespace Conformance.Harness.Generation;

/// <summary>A sequence as a list that one can read: every operation with what the model says it answers.</summary>
public static class SequenceText
{
    /// <summary>The list, with the programs in front.</summary>
    public static string Of(OperationSequence sequence)
    {
        var text = new StringBuilder();
        text.AppendLine($"seed {sequence.Seed}, {sequence.Cpus} CPUs");
        foreach (var sketch in sequence.Sketches)
        {
            text.AppendLine($"     {sketch.Name}: {sketch}");
        }

        var index = 0;
        foreach (var (operation, prediction, _) in sequence.Predict())
        {
            text.AppendLine($"{index++, 4} {OperationText.Of(operation)} -> {Of(prediction)}");
        }

        return text.ToString();
    }

    /// <summary>A prediction in a few words.</summary>
    public static string Of(Prediction prediction) =>
        prediction switch
        {
            { IsOpen: true } => "(anything)",
            { Outcome: { } outcome } => $"{outcome}{Error(prediction)}",
            { Areas: { } areas } => string.Join(" | ", areas.Select(Of)),
            { Key: { } key } => OperationText.Of(key),
            { Programs: { } programs } => $"[{string.Join(", ", programs)}], flags {prediction.AttachFlags}",
            { ReturnValue: { } value } => $"returns {value}",
            _ => $"{prediction.Kind}{Error(prediction)}",
        };

    private static string Of(Area area) =>
        (area.Bytes.Length >= sizeof(ulong) ? $"{area.Count}" : Convert.ToHexStringLower(area.Bytes.AsSpan()))
        + (area.HoldsOwnAddress ? $" (buffer {area.Buffer})" : "");

    private static string Error(Prediction prediction) =>
        prediction.Errno == ReferenceVm.Errno.None ? "" : $" {prediction.Errno}";
}
