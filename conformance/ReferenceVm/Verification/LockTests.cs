using Conformance.ReferenceVm;

namespace Conformance.Tests.ReferenceVm.Verification;

public class LockTests
{
    private static VerifierWorld World => VerifierWorld.WithStorage(64, spinLockOffset: 8);

    [Fact]
    public void A_lock_is_taken_and_given_back_through_one_pointer() =>
        World.Accepts(WithStorages("r1 = r6\nr1 += 8\ncall 93\n*(u64 *)(r6 + 0) = 1\nr1 = r6\nr1 += 8\ncall 94"));

    [Theory]
    [InlineData("r1 = r6\nr1 += 8\ncall 93\nr1 = r7\nr1 += 8\ncall 94", "bpf_spin_unlock of different lock")]
    [InlineData("r1 = r6\nr1 += 8\ncall 94", "bpf_spin_unlock without taking a lock")]
    [InlineData(
        "r1 = r6\nr1 += 8\ncall 93\nr1 = map[storage] ll\nr2 = 0\ncall 81",
        "function calls are not allowed while holding a lock"
    )]
    [InlineData(
        "r1 = r6\nr1 += 8\ncall 93\nr1 = r6\nr1 += 8\ncall 93",
        "function calls are not allowed while holding a lock"
    )]
    [InlineData(
        "r1 = r6\nr1 += 8\ncall 93",
        "BPF_EXIT instruction in main prog cannot be used inside bpf_spin_lock-ed region"
    )]
    [InlineData("r1 = r6\ncall 93", "off 0 doesn't point to 'struct bpf_spin_lock' that is at 8")]
    public void Misuse_is_refused(string use, string message) =>
        World.Refuses(WithStorages(use), Errno.EINVAL, message);

    [Fact]
    public void A_map_without_a_lock_has_none() =>
        VerifierWorld
            .WithStorage()
            .Refuses(
                WithStorages("r1 = r6\ncall 93"),
                Errno.EINVAL,
                "map 'storage' has to have BTF in order to use bpf_spin_lock"
            );

    [Fact]
    public void A_lock_held_on_one_path_only_is_refused() =>
        World.Refuses(
            WithStorages("call 7\nif r0 == 0 goto +3\nr1 = r6\nr1 += 8\ncall 93\ncall 7"),
            Errno.EINVAL,
            "function calls are not allowed while holding a lock"
        );

    // r6, r7: the storage, by two calls.
    private static string WithStorages(string then) =>
        $"r1 = map[storage] ll\nr2 = 0\ncall 81\nr6 = r0\nr1 = map[storage] ll\nr2 = 0\ncall 81\nr7 = r0\n{then}\nr0 = 1\nexit";
}
