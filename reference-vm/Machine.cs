using Conformance.ReferenceVm.Cgroups;
using Conformance.ReferenceVm.Execution;
using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;
using Conformance.ReferenceVm.Programs.Events;

namespace Conformance.ReferenceVm;

/// <summary>
/// The machine: what bpf(2), the cgroup file system and the events of a kernel are to user space, with integer descriptors and
/// error numbers. Everything that changes its objects takes one lock; events run beside that and beside each other, one at a time on each
/// simulated CPU. What fails as part of the semantics is an <see cref="Errno"/>.
/// </summary>
public sealed partial class Machine : IDisposable
{
    private readonly Lock _gate = new();
    private readonly DescriptorTable _descriptors = new();
    private readonly Dictionary<int, MapObject> _mapsById = [];
    private readonly Dictionary<int, LoadedProgram> _programsById = [];
    private readonly Dictionary<int, Link> _linksById = [];
    private readonly CgroupHierarchy _hierarchy;
    private readonly Arena _arena;
    private readonly RunEnvironment _environment;
    private readonly Processors _processors;
    private int _lastMapId;
    private int _lastProgramId;
    private int _lastLinkId;

    /// <summary>An empty machine.</summary>
    /// <param name="behaviour">The kernel version to model; by default <see cref="Behaviour.Latest"/>.</param>
    /// <param name="limits">The numbers that bound it.</param>
    /// <param name="isChecked">Whether every access outside a live object stops the program: slower, for tests of the verifier.</param>
    public Machine(Behaviour? behaviour = null, Limits? limits = null, bool isChecked = false)
    {
        Behaviour = behaviour ?? Behaviour.Latest;
        Limits = limits ?? new Limits();
        _arena = new Arena(Limits, isChecked, Behaviour.Open.AddressOffset);
        _environment = new RunEnvironment(_arena, Limits, new MapTable(), Behaviour.Open);
        _processors = new Processors(_environment);
        _workspaces = [.. Enumerable.Range(0, Limits.PossibleCpus).Select(_ => new List<Workspace>())];
        _hierarchy = new CgroupHierarchy(Behaviour, Limits, Hold, Release);
    }

    /// <summary>The kernel version modelled.</summary>
    public Behaviour Behaviour { get; }

    /// <summary>The numbers that bound it.</summary>
    public Limits Limits { get; }

    /// <summary>What bpf_trace_printk wrote.</summary>
    public TraceBuffer Trace => _environment.Trace;

    /// <summary>Closes a descriptor. The object goes when nothing else refers to it; a link is detached with its last descriptor.</summary>
    /// <returns>EBADF where it is not open.</returns>
    public Errno Close(int descriptor)
    {
        lock (_gate)
        {
            switch (_descriptors.Close(descriptor).Target)
            {
                case MapObject map:
                    map.Descriptors--;
                    if (map.Descriptors == 0)
                    {
                        EmptyProgArray(map);
                    }

                    Release(map);
                    return Errno.None;
                case LoadedProgram program:
                    Release(program);
                    return Errno.None;
                case Link link:
                    _hierarchy.Detach(link);
                    _linksById.Remove(link.Id);
                    Release(link.Program);
                    return Errno.None;
                case Cgroup:
                    return Errno.None;
                case Socket socket:
                    socket.Cgroup.Sockets--;
                    _hierarchy.ReleaseUnused(socket.Cgroup);
                    return Errno.None;
                default:
                    return Errno.EBADF;
            }
        }
    }

    /// <summary>Forgets every object. No event may be under way.</summary>
    /// <exception cref="InvalidOperationException">One is.</exception>
    public void Reset()
    {
        lock (_gate)
        {
            if (Volatile.Read(ref _eventsUnderWay) != 0)
            {
                throw new InvalidOperationException("An event is under way.");
            }

            _descriptors.Clear();
            _mapsById.Clear();
            _programsById.Clear();
            _linksById.Clear();
            _retiredMaps.Clear();
            _hasRetiredMaps = false;
            _hierarchy.Reset();
            _environment.Maps.Clear();
            foreach (var levels in _workspaces)
            {
                levels.Clear();
            }

            _processors.Reset();
            _environment.Clock.Reset();
            _arena.Reset();
            // All ids begin again, so that what a case sees does not hang on those before it.
            (_lastMapId, _lastProgramId, _lastLinkId) = (0, 0, 0);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _arena.Dispose();

    private T? Find<T>(int descriptor)
        where T : class => _descriptors.Find(descriptor).Target as T;

    private void Hold(LoadedProgram program) => program.References++;

    private void Release(LoadedProgram program)
    {
        if (--program.References > 0)
        {
            return;
        }

        _programsById.Remove(program.Id);
        foreach (var map in program.Code.Maps)
        {
            if (map is CgroupStorageMap storages && storages.Owner == program)
            {
                storages.Owner = null;
            }

            Release(_mapsById[map.Id]);
        }

        foreach (var map in program.BoundMaps)
        {
            Release(map);
        }
    }

    private void Release(MapObject map)
    {
        if (--map.References > 0)
        {
            return;
        }

        _mapsById.Remove(map.Map.Id);
        if (map.Map is CgroupStorageMap storages)
        {
            _hierarchy.Forget(storages);
        }

        Retire(map.Map);
    }
}
