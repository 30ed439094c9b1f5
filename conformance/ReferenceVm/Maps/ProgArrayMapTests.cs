using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Execution;
using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;
using Conformance.Tests.ReferenceVm.Execution;

namespace Conformance.Tests.ReferenceVm.Maps;

public sealed class ProgArrayMapTests : IDisposable
{
    private readonly Guest _guest = new();
    private readonly Map _m;
    private readonly Map _m2;
    private readonly Map _other;

    public ProgArrayMapTests()
    {
        _m = _guest.Map("m", new MapDefinition(MapType.CgroupStorage, 16, 8, 0));
        _m2 = _guest.Map("m2", new MapDefinition(MapType.CgroupStorage, 16, 8, 0));
        _other = _guest.Map("other", new MapDefinition(MapType.PercpuCgroupStorage, 16, 8, 0));
    }

    public void Dispose() => _guest.Dispose();

    [Fact]
    public void Elements_are_programs_and_a_lookup_gives_their_ids()
    {
        var table = Table();
        var program = Leaf();
        var value = new byte[4];
        table.Lookup(Key(0), value, 0).Should().Be(Errno.ENOENT);
        table.Set(0, program, programId: 0x1234, flags: 0).Should().Be(Errno.None);
        table.ProgramAt(0).Should().BeSameAs(program);
        table.Lookup(Key(0), value, 0).Should().Be(Errno.None);
        value.Should().Equal(0x34, 0x12, 0, 0);
        table.Set(2, program, 1, 0).Should().Be(Errno.E2BIG);
        table.Set(0, program, 1, 1).Should().Be(Errno.EINVAL);
        table.Delete(Key(0)).Should().Be(Errno.None);
        table.Delete(Key(0)).Should().Be(Errno.ENOENT);
        table.Delete(Key(2)).Should().Be(Errno.E2BIG);
        table.ProgramAt(0).Should().BeNull();
        table.ProgramAt(uint.MaxValue).Should().BeNull();
        table.Update(Key(0), value, 0).Should().Be(Errno.EBADF);
    }

    // Owner: a caller with storage m.
    [Fact]
    public void A_table_of_a_program_with_a_storage_admits_that_storage_and_leaves_without()
    {
        Admitted(Caller(_m), Leaf(_m)).Should().BeTrue("callee with m");
        Admitted(Caller(_m), Leaf(_m2)).Should().BeFalse("callee with m2");
        Admitted(Caller(_m), Leaf()).Should().BeTrue("leaf without storage");
        Admitted(Caller(_m), Caller()).Should().BeFalse("bridge without storage");
        Admitted(Caller(_m), Caller(_m2)).Should().BeFalse("caller with m2");
        Admitted(Caller(_m), Leaf(_other)).Should().BeFalse("callee with the other kind only");
        Admitted(Caller(_m), Leaf(_m, _other)).Should().BeFalse("callee with both kinds");
    }

    // Owner: a caller without storage.
    [Fact]
    public void A_table_of_a_program_without_storage_admits_none_with()
    {
        Admitted(Caller(), Leaf(_m)).Should().BeFalse("callee with m");
        Admitted(Caller(), Caller(_m)).Should().BeFalse("caller with m");
        Admitted(Caller(), Caller()).Should().BeTrue("caller without storage");
    }

    // Owner: a callee with m that was put in.
    [Fact]
    public void A_table_that_holds_a_callee_with_a_storage_admits_callers_with_it_only()
    {
        Admitted(Leaf(_m), Caller()).Should().BeFalse("caller without storage");
        Admitted(Leaf(_m), Caller(_m)).Should().BeTrue("caller with m");
        Admitted(Leaf(_m), Caller(_m2)).Should().BeFalse("caller with m2");
    }

    [Fact]
    public void Program_type_and_expected_attach_type_must_be_the_owners()
    {
        Admitted(Leaf(), Leaf() with { Type = ProgramType.SockOps }).Should().BeFalse();
        Admitted(Leaf(), Leaf() with { Expected = AttachType.CgroupInetEgress }).Should().BeFalse();
    }

    [Fact]
    public void An_incompatible_program_cannot_be_put_in()
    {
        var table = Table();
        table.Admits(Caller(_m)).Should().BeTrue();
        table.Set(0, Leaf(_m2), 1, 0).Should().Be(Errno.EINVAL);
        table.ProgramAt(0).Should().BeNull();
    }

    private static byte[] Key(byte index) => [index, 0, 0, 0];

    private static ResolvedProgram Leaf(params Map[] maps) =>
        new([], ProgramType.CgroupSkb, AttachType.CgroupInetIngress, maps);

    private static ResolvedProgram Caller(params Map[] maps) => Leaf(maps) with { TailCalls = true };

    private ProgArrayMap Table() => (ProgArrayMap)NewTable();

    private Map NewTable()
    {
        MapFactory
            .Create(
                new MapDefinition(MapType.ProgArray, 4, 4, 2),
                _guest.Arena,
                _guest.Limits,
                Behaviour.Latest,
                99,
                out var table
            )
            .Should()
            .Be(Errno.None);
        return table!;
    }

    private bool Admitted(ResolvedProgram owner, ResolvedProgram next)
    {
        var table = Table();
        table.Admits(owner).Should().BeTrue();
        return table.Admits(next);
    }
}
