using Conformance.Harness.Machines;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;
using FsCheck;
using FsCheck.Fluent;

namespace Conformance.Tests.Properties;

public class StorageProperties
{
    private static readonly Gen<StorageKind> Kinds = Gen.Elements(StorageKind.Shared, StorageKind.PerCpu);
    private static readonly Gen<int> KeySizes = Gen.Elements(8, 16);
    private static readonly Gen<AttachType> Types = Gen.Elements(TinyWorld.AttachTypes.ToArray());

    [Fact]
    public void Storages_of_different_cgroups_never_meet()
    {
        var runs = Gen.Choose(0, 5).ArrayOf(4);
        Check.One(
            PropertyRuns.Of(30),
            Prop.ForAll(
                (
                    from kind in Kinds
                    from key in KeySizes
                    from type in Types
                    from times in runs
                    select (kind, key, type, times)
                ).ToArbitrary(),
                input =>
                {
                    var (kind, key, type, times) = input;
                    string[] cgroups = ["a", "b", "c", "d"];
                    using var world = new TinyWorld(null, cgroups).Map("m", kind, key);
                    world.Load("p", type, "m");
                    foreach (var cgroup in cgroups)
                        world.Attach("p", cgroup, type);

                    for (var i = 0; i < cgroups.Length; i++)
                        world.Fire(type, cgroups[i], times[i] + 1);

                    var read = cgroups.Select(cgroup => world.Read("m", cgroup, key == 16 ? type : null)).ToList();
                    read.Select(r => r.Count).Should().Equal(times.Select(n => (ulong)n + 1));
                    read.Select(r => r.Pointer).Should().OnlyHaveUniqueItems();
                }
            )
        );
    }

    [Fact]
    public void With_16_byte_keys_attach_types_never_meet_and_with_8_byte_keys_they_always_do() =>
        Check.One(
            PropertyRuns.Of(30),
            Prop.ForAll(
                (
                    from kind in Kinds
                    from types in Gen.Shuffle(TinyWorld.AttachTypes.ToArray())
                    from n in Gen.Choose(2, 5)
                    select (kind, types: types.Take(n).ToArray())
                ).ToArbitrary(),
                input =>
                {
                    using var world = new TinyWorld(null, "a")
                        .Map("isolated", input.kind, 16)
                        .Map("shared", input.kind, 8);
                    foreach (var (type, i) in input.types.Select((type, i) => (type, i)))
                    {
                        world.Load($"i{i}", type, "isolated", (ulong)i + 1).Load($"s{i}", type, "shared");
                        world.Attach($"i{i}", "a", type, TinyWorld.Multi);
                        world.Attach($"s{i}", "a", type, TinyWorld.Multi);
                    }

                    foreach (var type in input.types)
                        world.Fire(type, "a", 2);

                    var isolated = input.types.Select(type => world.Read("isolated", "a", type)).ToList();
                    isolated.Select(r => r.Count).Should().Equal(input.types.Select((_, i) => 2 * ((ulong)i + 1)));
                    isolated.Select(r => r.Pointer).Should().OnlyHaveUniqueItems();
                    world.Read("shared", "a").Count.Should().Be(2 * (ulong)input.types.Length);
                }
            )
        );

    [Fact]
    public void Each_CPU_counts_its_own_runs_at_its_own_address() =>
        Check.One(
            PropertyRuns.Of(30),
            Prop.ForAll(
                (
                    from key in KeySizes
                    from type in Types
                    from cpus in Gen.Choose(2, 6)
                    from runs in Gen.Choose(1, 4).ArrayOf(cpus)
                    select (key, type, runs)
                ).ToArbitrary(),
                input =>
                {
                    var (key, type, runs) = input;
                    var machine = new ReferenceVirtualMachine(limits: new Limits { PossibleCpus = runs.Length });
                    using var world = new TinyWorld(machine, "a").Map("m", StorageKind.PerCpu, key);
                    world.Load("p", type, "m").Attach("p", "a", type);

                    for (var cpu = 0; cpu < runs.Length; cpu++)
                        world.Fire(type, "a", runs[cpu], cpu);

                    var read = runs.Select((_, cpu) => world.Read("m", "a", key == 16 ? type : null, cpu)).ToList();
                    read.Select(r => r.Count).Should().Equal(runs.Select(n => (ulong)n));
                    read.Select(r => r.Pointer).Should().OnlyHaveUniqueItems();
                }
            )
        );

    [Fact]
    public void Detaching_and_attaching_any_number_of_times_keeps_value_and_address() =>
        Check.One(
            PropertyRuns.Of(30),
            Prop.ForAll(
                (
                    from kind in Kinds
                    from key in KeySizes
                    from type in Types
                    from runs in Gen.NonEmptyListOf(Gen.Choose(1, 3))
                    select (kind, key, type, runs: runs.Take(8).ToList())
                ).ToArbitrary(),
                input =>
                {
                    var (kind, key, type, runs) = input;
                    using var world = new TinyWorld(null, "a").Map("m", kind, key).Load("p", type, "m");
                    AttachType? keyType = key == 16 ? type : null;
                    var pointers = new List<ulong>();
                    foreach (var times in runs)
                    {
                        world.Attach("p", "a", type);
                        world.Fire(type, "a", times);
                        world.Do(new ProgDetach("p", "a", type)).Kind.Should().Be(AnswerKind.Ok);
                        pointers.Add(world.Read("m", "a", keyType).Pointer);
                    }

                    world.Read("m", "a", keyType).Count.Should().Be((ulong)runs.Sum());
                    pointers.Distinct().Should().ContainSingle();
                }
            )
        );

    [Fact]
    public void A_removed_cgroups_storage_is_gone_and_its_successor_starts_at_zero() =>
        Check.One(
            PropertyRuns.Of(30),
            Prop.ForAll(
                (
                    from kind in Kinds
                    from key in KeySizes
                    from type in Types
                    from size in Gen.Choose(1, 64)
                    from lives in Gen.Choose(1, 4)
                    select (kind, key, type, size: size * 8 + 8, lives)
                ).ToArbitrary(),
                input =>
                {
                    var (kind, key, type, size, lives) = input;
                    using var world = new TinyWorld().Map("m", kind, key, size).Load("p", type, "m", ulong.MaxValue);
                    AttachType? keyType = key == 16 ? type : null;
                    for (var life = 0; life < lives; life++)
                    {
                        world.Do(new CgroupCreate("a")).Kind.Should().Be(AnswerKind.Ok);
                        world.Lookup("m", "a", keyType).Errno.Should().Be(Errno.ENOENT);
                        world.Attach("p", "a", type);
                        world.Lookup("m", "a", keyType).Value.Should().OnlyContain(b => b == 0);

                        // Leave as much dirt behind as there is room for.
                        var length = world.Lookup("m", "a", keyType).Value!.Length;
                        var dirt = Enumerable.Repeat((byte)0xa5, length).ToArray();
                        world
                            .Do(new MapUpdateElem("m", new StorageKey("a", keyType), dirt))
                            .Kind.Should()
                            .Be(AnswerKind.Ok);
                        world.Fire(type, "a", cpu: world.Cpus - 1);
                        world.Do(new CgroupRemove("a")).Kind.Should().Be(AnswerKind.Ok);
                        world.Lookup("m", "a", keyType).Errno.Should().Be(Errno.ENOENT);
                    }

                    world.Do(new MapGetNextKey("m")).Errno.Should().Be(Errno.ENOENT);
                }
            )
        );

    [Fact]
    public void A_failed_attach_leaves_nothing_behind() =>
        Check.One(
            PropertyRuns.Of(60),
            Prop.ForAll(
                (
                    from kind in Kinds
                    from key in KeySizes
                    from flags in Gen.Choose(0, 127)
                    from occupied in Gen.Elements(0u, 1u, 2u)
                    select (kind, key, flags: (uint)flags, occupied)
                ).ToArbitrary(),
                input =>
                {
                    // Whatever the flags say to a list in this mode: if it is refused, the map stays empty.
                    var (kind, key, flags, occupied) = input;
                    const AttachType Type = AttachType.CgroupSysctl;
                    using var world = new TinyWorld(null, "a").Map("m", kind, key).Map("other", kind, key);
                    world.Load("p", Type, "m").Load("q", Type, "other").Attach("q", "a", Type, occupied);

                    var answer = world.Do(new ProgAttach("p", "a", Type, flags) { Replace = "p" });

                    var first = world.Do(new MapGetNextKey("m"));
                    (first.Kind == AnswerKind.Ok).Should().Be(answer.Kind == AnswerKind.Ok);
                    world
                        .Do(new ProgQuery("a", Type))
                        .Programs!.Contains("p")
                        .Should()
                        .Be(answer.Kind == AnswerKind.Ok);
                }
            )
        );

    [Fact]
    public void Atomic_additions_of_concurrent_runs_are_exact() =>
        Check.One(
            PropertyRuns.Of(6),
            Prop.ForAll(
                (
                    from tracks in Gen.Choose(2, 4)
                    from times in Gen.Choose(500, 3000).ArrayOf(tracks)
                    from key in KeySizes
                    select (times, key)
                ).ToArbitrary(),
                input =>
                {
                    const AttachType Type = AttachType.CgroupSysctl;
                    var machine = new ReferenceVirtualMachine(limits: new Limits { PossibleCpus = input.times.Length });
                    using var world = new TinyWorld(machine, "a").Map("m", StorageKind.Shared, input.key);
                    world.Load("p", Type, "m", 3).Attach("p", "a", Type);

                    var tracks = input.times.Select(
                        (times, cpu) => new Track($"t{cpu}", [new Rendezvous("start"), new Fire(Type, "a", cpu, times)])
                    );
                    var answer = world.Do(new Conformance.Harness.Machines.Parallel([.. tracks]));

                    answer.Tracks!.SelectMany(track => track).Should().OnlyContain(a => a.Kind == AnswerKind.Ok);
                    var expected = 3 * (ulong)input.times.Sum();
                    world.Read("m", "a", input.key == 16 ? Type : null).Count.Should().Be(expected);
                }
            )
        );

    [Fact]
    public void Plain_additions_of_concurrent_runs_are_exact_where_each_CPU_has_its_own_area() =>
        Check.One(
            PropertyRuns.Of(4),
            Prop.ForAll(
                Gen.Choose(500, 3000).ArrayOf(3).ToArbitrary(),
                times =>
                {
                    const AttachType Type = AttachType.CgroupSysctl;
                    var machine = new ReferenceVirtualMachine(limits: new Limits { PossibleCpus = times.Length });
                    using var world = new TinyWorld(machine, "a").Map("m", StorageKind.PerCpu, 8);
                    string[] plain =
                    [
                        "r1 = map[m] ll",
                        "r2 = 0",
                        "call bpf_get_local_storage#81",
                        "r1 = *(u64 *)(r0 + 0)",
                        "r1 += 1",
                        "*(u64 *)(r0 + 0) = r1",
                        "r0 = 1",
                        "exit",
                    ];
                    world.Load("p", Type, plain).Kind.Should().Be(AnswerKind.Ok);
                    world.Attach("p", "a", Type);

                    var tracks = times.Select(
                        (n, cpu) => new Track($"t{cpu}", [new Rendezvous("start"), new Fire(Type, "a", cpu, n)])
                    );
                    world.Do(new Conformance.Harness.Machines.Parallel([.. tracks])).Kind.Should().Be(AnswerKind.Ok);

                    var read = times.Select((_, cpu) => world.Read("m", "a", null, cpu).Count);
                    read.Should().Equal(times.Select(n => (ulong)n));
                }
            )
        );
}
