using Conformance.Harness.Machines;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Maps;

namespace Conformance.Harness.Model;

/// <summary>Which programs are loaded, and which are refused.</summary>
internal static class ProgramRules
{
    public static (ModelState, Prediction) Load(ModelState state, ProgLoad load)
    {
        if (!state.Sketches.TryGetValue(load.Program, out var sketch))
        {
            return (state, Prediction.Open);
        }

        if (sketch.Maps.Any(map => MapRules.Opened(state, map) is null))
        {
            return (state, Prediction.Open);
        }

        var error = LoadError(state, sketch);
        if (error != Errno.None)
        {
            return (state, Prediction.Refuse(error));
        }

        // Loading makes no storage; only attaching does.
        var programs = state.Programs.SetItem(sketch.Name, new ModelProgram(sketch));
        return (state with { Programs = programs }).Succeed();
    }

    public static (ModelState, Prediction) Close(ModelState state, ProgClose close)
    {
        if (Opened(state, close.Program) is not { } program)
        {
            return state.Fail(Errno.EBADF);
        }

        var programs = state.Programs.SetItem(close.Program, program with { Open = false });
        return References.Release(state with { Programs = programs }).Succeed();
    }

    /// <summary>The program behind an open descriptor.</summary>
    public static ModelProgram? Opened(ModelState state, string? name) =>
        name is not null && state.Programs.GetValueOrDefault(name) is { Open: true } program ? program : null;

    /// <summary>The map of each kind that a program's attachments have a storage of.</summary>
    public static string? MapOf(ModelState state, ProgramSketch sketch, StorageKind kind) =>
        sketch.Maps.FirstOrDefault(map => state.Maps[map].Kind == kind);

    private static Errno LoadError(ModelState state, ProgramSketch sketch)
    {
        // Two maps of one kind: no attachment could have storages for both. The reference alone counts, before anything else.
        var kinds = sketch.Maps.Select(map => state.Maps[map].Kind).ToList();
        if (kinds.Distinct().Count() < kinds.Count)
        {
            return Errno.EBUSY;
        }

        var calls = sketch.Effects.Any(effect => effect.Reach > 0) || sketch.Verdict is AllowFrom;
        if (calls && (!OffersHelper(sketch) || sketch.HelperFlags != 0))
        {
            return Errno.EINVAL;
        }

        if (sketch.Effects.Any(effect => !MayAccess(state.Maps[effect.Map], effect.Reach, effect.Loads, effect.Stores)))
        {
            return Errno.EACCES;
        }

        if (sketch.Verdict is AllowFrom read && !MayAccess(state.Maps[read.Map], sizeof(ulong), true, false))
        {
            return Errno.EACCES;
        }

        var alwaysOne = AttachTypeRules.DenialAt(sketch.Expected) == Denial.Refused;
        return alwaysOne && sketch.Verdict is not Allow ? Errno.EINVAL : Errno.None;
    }

    private static bool OffersHelper(ProgramSketch sketch) =>
        sketch.Type == AttachTypeRules.ProgramTypeOf(sketch.Expected);

    private static bool MayAccess(ModelMap map, int reach, bool loads, bool stores) =>
        reach <= map.Definition.ValueSize
        && !(loads && (map.Definition.Flags & MapFlags.WriteOnlyForPrograms) != 0)
        && !(stores && (map.Definition.Flags & MapFlags.ReadOnlyForPrograms) != 0);
}
