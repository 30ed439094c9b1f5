using Conformance.Harness.Machines;
using Conformance.Harness.Vectors;
using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Tests.Harness.Vectors;

public class ExpansionTests
{
    [Fact]
    public void A_vector_without_axes_is_one_case_with_its_own_name()
    {
        var only = VectorFolder
            .Sound("\"cgroups\": { \"a\": null }, \"steps\": [{ \"op\": \"cgroup_remove\", \"cgroup\": \"a\" }]")
            .Cases.Should()
            .ContainSingle()
            .Subject;

        only.Id.Should().Be("area.test");
        only.Labels.Should().BeEmpty();
        only.AttachType.Should().BeNull();
        only.ProgramType.Should().BeNull();
    }

    [Fact]
    public void The_cases_are_the_product_of_the_axes_in_the_order_of_the_file()
    {
        var ids = Ids("""{ "key_size": [16, 8], "storage_kind": "all", "attach_type": ["cgroup_sysctl"] }""");

        ids.Should()
            .Equal(
                "area.test@key16.shared.cgroup_sysctl",
                "area.test@key16.percpu.cgroup_sysctl",
                "area.test@key8.shared.cgroup_sysctl",
                "area.test@key8.percpu.cgroup_sysctl"
            );
    }

    [Fact]
    public void All_attach_types_are_28()
    {
        Ids("""{ "attach_type": "all" }""").Should().HaveCount(28);
    }

    [Fact]
    public void The_representative_attach_types_are_one_of_each_program_type()
    {
        var cases = Cases("""{ "attach_type": "representative" }""");

        cases
            .Select(@case => (@case.ProgramType, @case.AttachType))
            .Should()
            .Equal(
                (ProgramType.CgroupSkb, AttachType.CgroupInetEgress),
                (ProgramType.CgroupSock, AttachType.CgroupInetSockCreate),
                (ProgramType.SockOps, AttachType.CgroupSockOps),
                (ProgramType.CgroupDevice, AttachType.CgroupDevice),
                (ProgramType.CgroupSockAddr, AttachType.CgroupInet4Connect),
                (ProgramType.CgroupSysctl, AttachType.CgroupSysctl),
                (ProgramType.CgroupSockopt, AttachType.CgroupSetsockopt)
            );
    }

    [Fact]
    public void Scalars_are_labelled_with_the_axis_and_objects_with_their_name()
    {
        Ids("""{ "flag": [1, "0x10", true], "how": [{ "name": "moved" }, { "name": "spilled" }] }""")
            .Should()
            .Equal(
                "area.test@flag-1.moved",
                "area.test@flag-1.spilled",
                "area.test@flag-0x10.moved",
                "area.test@flag-0x10.spilled",
                "area.test@flag-true.moved",
                "area.test@flag-true.spilled"
            );
    }

    [Fact]
    public void The_labels_of_a_case_can_be_asked_for()
    {
        var first = Cases("""{ "storage_kind": "all", "key_size": [16] }""")[0];

        first.Label("storage_kind").Should().Be("shared");
        first.Label("key_size").Should().Be("key16");
        first.Label("attach_type").Should().BeNull();
    }

    [Theory]
    [InlineData("cgroup_device", "cgroup_sysctl", "cgroup_sysctl")]
    [InlineData("cgroup_inet6_bind", "cgroup_device", "cgroup_device")]
    public void Every_attach_type_has_another_one(string attachType, string otherAttachType, string otherProgramType)
    {
        var @case = VectorFolder
            .Sound(
                $$"""
                "for_each": { "attach_type": ["{{attachType}}"] }, "cgroups": { "a": null },
                "programs": { "p": { "type": "$other_program_type", "expected_attach_type": "$other_attach_type", "source": ["r0 = 1", "exit"] } },
                "steps": [{ "op": "fire", "cgroup": "a", "attach_type": "$other_attach_type" }]
                """
            )
            .Cases.Single();

        var load = @case.Programs.Single().Load;
        Names.Of(load.ExpectedAttachType).Should().Be(otherAttachType);
        Names.Of(load.Type).Should().Be(otherProgramType);
        ((Fire)@case.Steps[0].Operation).AttachType.Should().Be(load.ExpectedAttachType);
        Names.Of(@case.AttachType!.Value).Should().Be(attachType);
    }

    [Fact]
    public void A_placeholder_alone_takes_the_type_of_its_value_and_inside_a_string_its_text()
    {
        var @case = VectorFolder
            .Sound(
                """
                "for_each": { "storage_kind": ["percpu"], "key_size": [16], "size": [24], "how": [{ "name": "moved", "lines": ["r3 = 0", "r2 = r3"] }] },
                "maps": { "s": { "type": "$storage_map", "key_size": "$key_size", "value_size": "$size" } },
                "programs": { "p": { "type": "cgroup_skb", "source": ["r1 = map[s] ll", "$how.lines", "r4 = $size", "r0 = 1", "exit"] } },
                "steps": [{ "op": "prog_close", "program": "p", "why": "$how.name costs 5 $$ of $key_size" }]
                """
            )
            .Cases.Single();

        @case.Maps.Single().Should().Be(new MapCreate("s", MapType.PercpuCgroupStorage, 16, 24, 0));
        @case
            .Programs.Single()
            .Source.Should()
            .Equal("r1 = map[s] ll", "r3 = 0", "r2 = r3", "r4 = 24", "r0 = 1", "exit");
        @case.Steps[0].Why.Should().Be("moved costs 5 $ of 16");
    }

    [Fact]
    public void The_values_of_an_axis_may_use_the_axes_before_it()
    {
        var cases = Cases(
            """{ "size": [1, 2], "form": [{ "name": "x", "text": "u$size" }] }""",
            "\"why\": \"$form.text\""
        );

        cases.Select(@case => @case.Steps[0].Why).Should().Equal("u1", "u2");
    }

    [Fact]
    public void What_no_step_makes_is_made_before_the_first_in_the_order_of_the_file()
    {
        var @case = VectorFolder
            .Sound(
                """
                "cgroups": { "a": null, "b": "a", "late": null },
                "maps": { "m": { "type": "array", "key_size": 4, "value_size": 8, "max_entries": 1 }, "later": { "type": "hash", "key_size": 4, "value_size": 8 } },
                "programs": { "p": { "type": "cgroup_skb", "source": ["r0 = 1", "exit"] }, "q": { "type": "cgroup_skb", "source": ["r0 = 1", "exit"] } },
                "steps": [{ "op": "cgroup_create", "cgroup": "late" }, { "op": "map_create", "map": "later" }, { "op": "prog_load", "program": "p" }]
                """
            )
            .Cases.Single();

        @case
            .Setup.Select(step => step.Text.Split('(')[0].Trim())
            .Should()
            .Equal("cgroup_create a", "cgroup_create b below a", "map_create m", "prog_load q");
        @case.Setup.Should().OnlyContain(step => step.Index == -1);
        @case.Setup[1].Pointer.Should().Be("/cgroups/b");
        @case
            .Steps.Select(step => step.Operation)
            .Should()
            .Equal(new CgroupCreate("late"), @case.Maps[1], @case.Programs[0].Load);
    }

    [Fact]
    public void A_program_is_loaded_for_the_attach_type_of_its_case_or_the_representative_of_its_type()
    {
        const string Program =
            "\"programs\": { \"p\": { \"source\": [\"r0 = 1\", \"exit\"] } }, \"steps\": [{ \"op\": \"prog_close\", \"program\": \"p\" }]";
        var attached = VectorFolder.Sound(
            $$"""
            "for_each": { "attach_type": ["cgroup_udp6_sendmsg"] }, {{Program}}
            """
        );
        var unattached = VectorFolder.Sound(
            $$"""
            "for_each": { "program_type": ["cgroup_sock_addr", "xdp"] }, {{Program}}
            """
        );

        attached.Cases.Single().Programs.Single().Load.ExpectedAttachType.Should().Be(AttachType.CgroupUdp6Sendmsg);
        unattached
            .Cases.Select(@case => @case.Programs.Single().Load)
            .Select(load => (load.Type, load.ExpectedAttachType))
            .Should()
            .Equal((ProgramType.CgroupSockAddr, AttachType.CgroupInet4Connect), (ProgramType.Xdp, (AttachType)0));
    }

    [Fact]
    public void A_program_knows_its_bytecode_its_maps_and_its_disassembly()
    {
        var program = VectorFolder
            .Sound(
                """
                "maps": { "s": { "type": "cgroup_storage", "key_size": 8, "value_size": 8 } },
                "programs": { "p": { "type": "cgroup_skb", "source": ["r2 = 0", "r1 = map[s] ll", "call bpf_get_local_storage#81", "exit"] } },
                "steps": [{ "op": "prog_close", "program": "p" }]
                """
            )
            .Cases.Single()
            .Programs.Single();

        program.Load.Maps.Should().Equal(new MapReference(1, "s"));
        Convert
            .ToHexStringLower(program.Load.Instructions)
            .Should()
            .StartWith("b702000000000000" + "18")
            .And.EndWith("8500000051000000" + "9500000000000000");
        program.Disassembly().Should().Contain("r1 = map[s] ll").And.Contain("call bpf_get_local_storage#81");
    }

    [Fact]
    public void Steps_take_the_attach_type_of_their_case()
    {
        var steps = VectorFolder
            .Sound(
                """
                "for_each": { "attach_type": ["cgroup_sysctl"] }, "cgroups": { "a": null },
                "maps": { "s": { "type": "cgroup_storage", "key_size": 16, "value_size": 8 } },
                "steps": [
                  { "op": "fire", "cgroup": "a" }, { "op": "fire", "cgroup": "a", "attach_type": "cgroup_device", "cpu": 3 },
                  { "op": "map_lookup_elem", "map": "s", "key": { "cgroup": "a" } },
                  { "op": "map_lookup_elem", "map": "s", "key": { "cgroup": "a", "attach_type": 43, "padding": 7 } }
                ]
                """
            )
            .Cases.Single();

        steps
            .Steps.Select(step => step.Operation)
            .Should()
            .Equal(
                new Fire(AttachType.CgroupSysctl, "a"),
                new Fire(AttachType.CgroupDevice, "a", Cpu: 3),
                new MapLookupElem("s", new StorageKey("a", AttachType.CgroupSysctl)),
                new MapLookupElem("s", new StorageKey("a", (AttachType)43, 7))
            );
        steps.CpusNeeded.Should().Be(4);
    }

    [Fact]
    public void A_written_value_is_as_long_as_the_map_wants_it_for_the_machine_at_hand()
    {
        var steps = VectorFolder
            .Sound(
                """
                "cgroups": { "a": null },
                "maps": { "shared": { "type": "cgroup_storage", "key_size": 8, "value_size": 5 },
                  "percpu": { "type": "percpu_cgroup_storage", "key_size": 8, "value_size": 5 } },
                "steps": [
                  { "op": "map_update_elem", "map": "shared", "key": { "cgroup": "a" }, "value": [{ "offset": 1, "u16": "0x1234" }] },
                  { "op": "map_update_elem", "map": "percpu", "key": { "cgroup": "a" }, "value": [{ "offset": 4, "u8": 255, "cpu": 1 }] },
                  { "op": "map_update_elem", "map": "percpu", "key": { "cgroup": "a" }, "value": { "hex": "0102" } }
                ]
                """
            )
            .Cases.Single()
            .Steps;

        Value(0, cpus: 4).Should().Be("0034120000");
        Value(1, cpus: 3).Should().Be("0000000000000000" + "00000000ff000000" + "0000000000000000");
        Value(2, cpus: 3).Should().Be("0102", "bytes are the whole buffer, right or wrong");

        string Value(int step, int cpus) =>
            Convert.ToHexStringLower(((MapUpdateElem)steps[step].OperationFor(cpus)).Value);
    }

    private static IEnumerable<string> Ids(string axes) => Cases(axes).Select(@case => @case.Id);

    private static IReadOnlyList<Case> Cases(string axes, string stepMembers = "\"why\": \"to have a step\"") =>
        VectorFolder
            .Sound(
                $$"""
                "for_each": {{axes}}, "cgroups": { "a": null }, "steps": [{ "op": "cgroup_remove", "cgroup": "a", {{stepMembers}} }]
                """
            )
            .Cases;
}
