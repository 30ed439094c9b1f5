using System.Buffers.Binary;
using Conformance.Harness.Machines;
using Conformance.ReferenceVm.Maps;

namespace Conformance.Harness.Model;

/// <summary>Compares what a machine answered with what the model predicted.</summary>
public static class PredictionCheck
{
    /// <summary>The first difference in words, or null.</summary>
    /// <param name="prediction">What the model said.</param>
    /// <param name="answer">What the machine said.</param>
    /// <param name="state">The state after the operation, which knows the living areas and the size of the value.</param>
    /// <param name="atlas">The addresses seen so far.</param>
    /// <param name="map">The map of a lookup.</param>
    public static string? Difference(
        Prediction prediction,
        Answer answer,
        ModelState state,
        PointerAtlas atlas,
        string? map = null
    )
    {
        if (prediction.IsOpen)
        {
            return null;
        }

        if (prediction.Outcome is { } outcome)
        {
            // A denied event is its outcome, however the machine files the answer.
            return (answer.Outcome, answer.Errno) == (outcome, prediction.Errno)
                ? null
                : $"expected {outcome} {prediction.Errno}, got {Describe(answer)}";
        }

        if (answer.Kind != prediction.Kind || answer.Errno != prediction.Errno)
        {
            return $"expected {prediction.Kind} {prediction.Errno}, got {Describe(answer)}";
        }

        if (prediction.Areas is { } areas)
        {
            return ValueDifference(areas, state.Maps[map!], answer.Value, state, atlas);
        }

        return Unequal("key", prediction.Key, answer.Key)
            ?? Unequal("return value", prediction.ReturnValue, answer.ReturnValue)
            ?? Unequal("attach flags", prediction.AttachFlags, answer.AttachFlags)
            ?? Unequal("programs", Join(prediction.Programs), Join(answer.Programs));
    }

    private static string? ValueDifference(
        IReadOnlyList<Area> areas,
        ModelMap map,
        byte[]? value,
        ModelState state,
        PointerAtlas atlas
    )
    {
        const int Alignment = 8;
        var size = map.Definition.ValueSize;
        var stride = map.Kind == StorageKind.PerCpu ? (size + Alignment - 1) / Alignment * Alignment : size;
        if (value?.Length != stride * areas.Count)
        {
            return $"expected {stride * areas.Count} bytes, got {value?.Length.ToString() ?? "none"}";
        }

        for (var i = 0; i < areas.Count; i++)
        {
            // Padding behind a per-CPU area is nobody's business: kernels differ.
            var actual = value.AsSpan(i * stride, size).ToArray();
            var expected = areas[i].Bytes.ToArray();
            if (areas[i].HoldsOwnAddress)
            {
                var field = actual.AsSpan(WritePointer.Offset, sizeof(ulong));
                var address = BinaryPrimitives.ReadUInt64LittleEndian(field);
                field.CopyTo(expected.AsSpan(WritePointer.Offset));
                if (atlas.Note(areas[i], address, state.Storages.SelectMany(s => s.Areas)) is { } problem)
                {
                    return problem;
                }
            }

            if (!actual.AsSpan().SequenceEqual(expected))
            {
                return $"expected area {i} {Convert.ToHexString(expected)}, got {Convert.ToHexString(actual)}";
            }
        }

        return null;
    }

    private static string? Unequal<T>(string what, T expected, T actual) =>
        expected is null || expected.Equals(actual) ? null : $"expected {what} {expected}, got {actual}";

    private static string? Join(IReadOnlyList<string>? names) => names is null ? null : $"[{string.Join(", ", names)}]";

    private static string Describe(Answer answer) =>
        $"{answer.Kind} {answer.Errno} {answer.Outcome} {answer.Message}".TrimEnd();
}
