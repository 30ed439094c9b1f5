using Conformance.Harness.Machines;
using Conformance.Harness.Model;
using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Harness.Generation;

/// <summary>Draws operations that make and end cgroups, maps and programs.</summary>
internal sealed class ObjectOperations(Draw draw, IReadOnlyList<AttachType> alphabet)
{
    private const int MostCgroups = 6;
    private int _cgroups;
    private int _maps;
    private int _programs;

    public CgroupCreate CreateCgroup(ModelState state)
    {
        // A name that was used before, below the same parent, now and then: the new cgroup must not see what the old one had.
        var used = state.CgroupNames.Values.Order().Select(id => state.Cgroups[id]).ToList();
        var again = draw.OneOf(used.Where(cgroup => !cgroup.Alive));
        if (again is not null && (used.Count >= MostCgroups || draw.Chance(70)))
        {
            return new CgroupCreate(again.Name, again.Parent is { } id ? state.Cgroups[id].Name : null);
        }

        var parent = draw.Chance(60) ? draw.OneOf(used.Where(cgroup => cgroup.Alive)) : null;
        return new CgroupCreate($"c{_cgroups++}", parent?.Name);
    }

    public CgroupRemove? RemoveCgroup(ModelState state) =>
        draw.Cgroup(state) is { } cgroup ? new CgroupRemove(cgroup.Name) : null;

    public MapCreate CreateMap()
    {
        var type = draw.Of(MapType.CgroupStorage, MapType.PercpuCgroupStorage);
        var size = draw.Weighted((8, 16), (2, 8), (3, 24), (2, 40), (1, 5), (1, 1), (1, 4096));
        var map = new MapCreate($"m{_maps++}", type, draw.Of(8, 16), size, 0);
        if (type == MapType.CgroupStorage && size >= 24 && draw.Chance(25))
        {
            map = map with { SpinLockOffset = 16 };
        }

        return draw.Between(1, 20) switch
        {
            1 => map with { KeySize = draw.Of(0, 4, 12, 20) },
            2 => map with { ValueSize = draw.Of(0, 65408, 1 << 24) },
            3 => map with { MaxEntries = 1 },
            4 => map with { Flags = draw.Of(1u, 0x200u, 0x400u, MapFlags.ReadOnly | MapFlags.WriteOnly) },
            5 => map with { Flags = draw.Of(MapFlags.ReadOnly, MapFlags.WriteOnly) },
            _ => map,
        };
    }

    public MapClose? CloseMap(ModelState state) => draw.Map(state) is { } map ? new MapClose(map.Name) : null;

    public MapFreeze? FreezeMap(ModelState state) => draw.Map(state) is { } map ? new MapFreeze(map.Name) : null;

    public ProgClose? CloseProgram(ModelState state) =>
        draw.Program(state) is { } program ? new ProgClose(program.Sketch.Name) : null;

    /// <summary>A program that uses one map or two; now and then one that must be refused.</summary>
    public ProgramSketch? Sketch(ModelState state)
    {
        if (draw.Map(state) is not { } map)
        {
            return null;
        }

        // A second map is of the other kind: two of one kind are refused.
        var wrong = draw.Chance(4);
        var second = draw.Chance(35) ? draw.Map(state) : null;
        if (second is not null && (second.Name == map.Name || (second.Kind == map.Kind && !wrong)))
        {
            second = null;
        }

        var effects = new List<Effect>();
        foreach (var used in new[] { map, second }.OfType<ModelMap>())
        {
            for (var i = draw.Between(1, 2); i > 0; i--)
            {
                effects.Add(Effect(used, wrong));
            }
        }

        var type = draw.Of(alphabet);
        var verdict = AttachTypeRules.DenialAt(type) == Denial.Refused && !wrong ? new Allow() : Verdict(map);
        return new ProgramSketch($"p{_programs++}", Alphabets.ProgramTypeOf(type), type, effects, verdict)
        {
            HelperFlags = draw.Chance(3) ? draw.Of(1ul, 1ul << 32, ulong.MaxValue, draw.Bits() | 1) : 0,
        };
    }

    public ProgTestRun? TestRun(ModelState state)
    {
        if (draw.Program(state, sketch => sketch.Type == ProgramType.CgroupSkb || draw.Chance(5)) is not { } program)
        {
            return null;
        }

        // A bare Ethernet frame with an IPv4 type; the programs do not look at it.
        const int Length = 64;
        var frame = new byte[draw.Chance(95) ? Length : 13];
        if (frame.Length == Length)
        {
            frame[12] = 8;
        }

        return new ProgTestRun(program.Sketch.Name, frame, draw.Of(1, 1, 2, 5));
    }

    private Effect Effect(ModelMap map, bool wrong)
    {
        var size = wrong ? int.MaxValue : map.Definition.ValueSize;
        // With a lock at 16 only what lies before it may be touched, which all effects do.
        return draw.Weighted(
            (size >= 8 ? 5 : 0, (Effect)new Add(map.Name, (ulong)draw.Between(1, 100))),
            (size >= 8 ? 3 : 0, new Append(map.Name, (uint)draw.Between(1, 9))),
            (size >= 16 ? 4 : 0, new WritePointer(map.Name)),
            (1, new Refer(map.Name))
        );
    }

    private Verdict Verdict(ModelMap map) =>
        draw.Between(1, 10) switch
        {
            1 => new Deny(),
            2 when map.Definition.ValueSize >= 8 => new AllowFrom(map.Name, (ulong)draw.Between(1, 50)),
            _ => new Allow(),
        };
}
