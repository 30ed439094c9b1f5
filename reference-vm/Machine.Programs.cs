using Conformance.ReferenceVm.Execution;
using Conformance.ReferenceVm.Isa;
using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;
using Conformance.ReferenceVm.Verification;

namespace Conformance.ReferenceVm;

/// <content>Loading.</content>
public sealed partial class Machine
{
    // BPF_MAXINSNS, the bound for everybody before a privileged loader got more.
    private const int SmallProgram = 4096;

    /// <summary>
    /// BPF_PROG_LOAD: EPERM without the capabilities, EINVAL for unknown flags, types, expected attach types and bytecode that is no multiple of 8 bytes, E2BIG for no or
    /// too many instructions, what the verifier says, and EINVAL without a word where the program does not fit a prog_array it refers to (C82).
    /// </summary>
    public LoadOutcome ProgLoad(ProgramLoad load)
    {
        lock (_gate)
        {
            if (
                (load.Flags & ~Behaviour.LoadFlags) != 0
                || load.GlobalFunctions.Count > 0 && !Behaviour.GlobalFunctions
            )
            {
                return Refuse(Errno.EINVAL);
            }

            var needsNetwork = load.Type is not (ProgramType.CgroupSkb or ProgramType.SocketFilter);
            if (!load.MayLoad || needsNetwork && !load.MayChangeNetwork)
            {
                return Refuse(Errno.EPERM);
            }

            if (!Bytecode.TryDecode(load.Instructions.Span, out var instructions, out _))
            {
                return Refuse(Errno.EINVAL);
            }

            if (instructions.Length == 0 || instructions.Length > LargestProgram)
            {
                return Refuse(Errno.E2BIG);
            }

            if (
                ProgramTypes.Find(load.Type) is not { } info
                || Expected(info, load.ExpectedAttachType) is not { } expected
            )
            {
                return Refuse(Errno.EINVAL);
            }

            return Verify(load, instructions, info, expected);
        }
    }

    /// <summary>BPF_PROG_BIND_MAP: the program keeps the map alive, and nothing else: no storage is made for it. A second time nothing happens.</summary>
    public Errno ProgBindMap(int program, int map)
    {
        lock (_gate)
        {
            if (!Behaviour.ProgBindMap)
            {
                return Errno.EINVAL;
            }

            if (Find<LoadedProgram>(program) is not { } binder)
            {
                return NotA(program);
            }

            if (Find<MapObject>(map) is not { } bound)
            {
                return NotA(map);
            }

            if (!binder.Code.Maps.Contains(bound.Map) && binder.BoundMaps.Add(bound))
            {
                bound.References++;
            }

            return Errno.None;
        }
    }

    /// <summary>The program behind a descriptor, or null where it is no program's.</summary>
    public LoadedProgram? ProgramOf(int descriptor)
    {
        lock (_gate)
        {
            return Find<LoadedProgram>(descriptor);
        }
    }

    /// <summary>BPF_PROG_GET_FD_BY_ID.</summary>
    public Errno ProgGetById(int id, out int descriptor)
    {
        lock (_gate)
        {
            descriptor = -1;
            if (!_programsById.TryGetValue(id, out var program))
            {
                return Errno.ENOENT;
            }

            Hold(program);
            descriptor = _descriptors.Open(program);
            return Errno.None;
        }
    }

    private int LargestProgram =>
        Behaviour.LargePrograms ? Limits.ProgramInstructions : Math.Min(Limits.ProgramInstructions, SmallProgram);

    // A program type came with the first of its attach types.
    private AttachType? Expected(ProgramTypeInfo info, int number)
    {
        if (info.IsCgroupType && !info.AttachTypes.Any(Behaviour.AttachTypes.Contains))
        {
            return null;
        }

        // kernel-facts D27: before 5.2 cgroup_skb did not look at it.
        if (info.Type == ProgramType.CgroupSkb && !Behaviour.EgressReportsCongestion)
        {
            return (AttachType)number;
        }

        return
            info.NormalizeExpected(number) is { } expected
            && (!info.AttachTypes.Contains(expected) || Behaviour.AttachTypes.Contains(expected))
            ? expected
            : null;
    }

    private static LoadOutcome Refuse(Errno errno, string log = "") => new(errno, -1, log);

    private LoadOutcome Verify(ProgramLoad load, Instruction[] instructions, ProgramTypeInfo info, AttachType expected)
    {
        List<Map>? mapArray = null;
        if (load.MapDescriptors is { } descriptors)
        {
            mapArray = [];
            foreach (var descriptor in descriptors)
            {
                if (Find<MapObject>(descriptor) is not { } map)
                {
                    return Refuse(Errno.EBADF);
                }

                mapArray.Add(map.Map);
            }
        }

        var verdict = Verifier.Verify(
            new LoadRequest(instructions, info, expected, descriptor => Find<MapObject>(descriptor)?.Map)
            {
                Flags = load.Flags,
                MapArray = mapArray,
                IsOwned = map => map is CgroupStorageMap { Owner: not null },
                GlobalFunctions = load.GlobalFunctions,
                CanLeakPointers = load.CanLeakPointers,
                LogLevel = load.LogLevel,
                Limits = Limits,
                Behaviour = Behaviour,
            }
        );
        return verdict switch
        {
            Refused refused => Refuse(refused.Errno, refused.Log),
            Accepted accepted => Keep(accepted.Program, accepted.Log),
            _ => throw new InvalidOperationException($"Unknown verdict {verdict}."),
        };
    }

    private LoadOutcome Keep(ResolvedProgram code, string log)
    {
        foreach (var map in code.Maps)
        {
            if (map is ProgArrayMap table && !table.Admits(code, Behaviour.TailCallsKeepAttachType))
            {
                return Refuse(Errno.EINVAL, log);
            }
        }

        foreach (var map in code.Maps)
        {
            _mapsById[map.Id].References++;
        }

        var program = new LoadedProgram(++_lastProgramId, code);
        _programsById.Add(program.Id, program);
        foreach (var map in code.Maps.OfType<CgroupStorageMap>())
        {
            map.Owner ??= program;
        }

        Hold(program);
        return new LoadOutcome(Errno.None, _descriptors.Open(program), log);
    }
}
