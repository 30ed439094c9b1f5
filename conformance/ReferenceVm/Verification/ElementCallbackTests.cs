using Conformance.ReferenceVm;

namespace Conformance.Tests.ReferenceVm.Verification;

/// <summary>What the callback of bpf_for_each_map_elem is given.</summary>
public class ElementCallbackTests
{
    [Theory]
    [InlineData("r0 = *(u32 *)(r2 + 0)\nr0 = 0")]
    [InlineData("r2 += 2\nr0 = *(u16 *)(r2 + 0)\nr0 = 0")]
    [InlineData("r0 = *(u64 *)(r3 + 8)\nr0 = 0")]
    [InlineData("*(u64 *)(r3 + 8) = 1\nr0 = 1")]
    [InlineData("*(u64 *)(r4 + 0) = 1\nr0 = 0")]
    [InlineData("call 1\nr0 = 0")]
    [InlineData("if r2 == 0 goto null\nr0 = 0\nexit\nnull:\nr0 = *(u64 *)(r2 + 100)")]
    public void It_may_do(string body) => VerifierWorld.WithStorage().Accepts(Program(body));

    [Theory]
    [InlineData("r0 = *(u64 *)(r2 + 0)", Errno.EACCES, "invalid access to map key, key_size=4 off=0 size=8")]
    [InlineData("r0 = *(u8 *)(r2 - 1)", Errno.EACCES, "invalid access to map key, key_size=4 off=-1 size=1")]
    [InlineData("*(u8 *)(r2 + 0) = 0", Errno.EACCES, "write to change key R2 not allowed")]
    [InlineData("r0 = 1\nlock *(u32 *)(r2 + 0) += r0", Errno.EACCES, "write to change key R2 not allowed")]
    [InlineData("r0 = *(u64 *)(r3 + 16)", Errno.EACCES, "invalid access to map value, value_size=16 off=16 size=8")]
    [InlineData("r0 = r5", Errno.EACCES, "R5 !read_ok")]
    [InlineData("r0 = *(u64 *)(r1 + 0)", Errno.EACCES, "R1 invalid mem access 'map_ptr'")]
    [InlineData("*(u64 *)(r4 + 8) = 1", Errno.EACCES, "invalid write to stack R4 off=0 size=8")]
    [InlineData(
        "r0 = 2",
        Errno.EINVAL,
        "At callback return the register R0 has smin=2 smax=2 should have been in [0, 1]"
    )]
    [InlineData("r0 = r2", Errno.EACCES, "R0 not a scalar value")]
    public void It_may_not_do(string body, Errno errno, string message)
    {
        var verdict = VerifierWorld.WithStorage().Verify(Program(body));
        var refused = verdict.Should().BeOfType<Conformance.ReferenceVm.Verification.Refused>(verdict.Log).Subject;
        refused.Log.Should().Contain(message);
        refused.Errno.Should().Be(errno);
    }

    [Theory]
    [InlineData("storage")]
    [InlineData("percpu")]
    [InlineData("programs")]
    public void Some_maps_have_no_elements_to_visit(string map) =>
        VerifierWorld
            .WithStorage()
            .Refuses(Program("r0 = 0", map), Errno.ENOTSUPP, "callback function not allowed for map");

    [Fact]
    public void A_number_that_grows_with_every_element_is_not_bounded() =>
        VerifierWorld
            .WithStorage()
            .Refuses(
                """
                *(u64 *)(r10 - 8) = 0
                r1 = map[array] ll
                r2 = func[each] ll
                r3 = r10
                r3 += -8
                r4 = 0
                call 164
                r6 = *(u64 *)(r10 - 8)
                r1 = map[storage] ll
                r2 = 0
                call 81
                r0 += r6
                r0 = *(u8 *)(r0 + 0)
                r0 = 1
                exit
                each:
                r5 = *(u64 *)(r4 + 0)
                r5 += 1
                *(u64 *)(r4 + 0) = r5
                r0 = 0
                exit
                """,
                Errno.EACCES,
                "invalid access to map value, value_size=64 off=64 size=1\nR0 min value is outside of the allowed memory range"
            );

    // Linux accepts this (6.18.44): to it all elements are one.
    [Fact]
    public void A_lock_taken_in_one_element_is_not_given_back_through_another() =>
        new VerifierWorld()
            .With("locked", new(Conformance.ReferenceVm.Maps.MapType.Array, 4, 16, 4) { SpinLockOffset = 0 })
            .Refuses(
                """
                *(u64 *)(r10 - 8) = 0
                r1 = map[locked] ll
                r2 = func[each] ll
                r3 = r10
                r3 += -8
                r4 = 0
                call 164
                r0 = 1
                exit
                each:
                r6 = r3
                r7 = *(u64 *)(r4 + 0)
                *(u64 *)(r4 + 0) = r3
                if r7 == 0 goto first
                r1 = r6
                call 93
                r1 = r7
                call 94
                first:
                r0 = 0
                exit
                """,
                Errno.EINVAL,
                "bpf_spin_unlock of different lock"
            );

    [Fact]
    public void A_kernel_before_5_13_does_not_know_it() =>
        new VerifierWorld { Behaviour = Behaviour.For("5.12") }
            .WithStorages(64)
            .Refuses("call 164\nr0 = 1\nexit", Errno.EINVAL, "invalid func unknown#164");

    private static string Program(string body, string map = "array") =>
        $"""
            r1 = map[{map}] ll
            r2 = func[each] ll
            r3 = r10
            r3 += -8
            *(u64 *)(r10 - 8) = 0
            r4 = 0
            call 164
            r0 = 1
            exit
            each:
            {body}
            exit
            """;
}
