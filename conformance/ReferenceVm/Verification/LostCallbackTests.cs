using Conformance.ReferenceVm;

namespace Conformance.Tests.ReferenceVm.Verification;

/// <summary>Callbacks that are never called. What Linux makes of them was measured on 6.18.44.</summary>
public class LostCallbackTests
{
    private const string Main = "r1 = 0\nr2 = func[dead] ll\nr3 = 0\nr4 = 0\ncall 181\ncall alive\nr0 = 1\nexit\n";
    private const string Dead = "dead:\nr0 = 0\nexit\n";
    private const string Alive = "alive:\nr0 = 0\nexit\n";

    private static readonly VerifierWorld World = VerifierWorld.WithStorage();

    [Fact]
    public void The_last_subprogram_is_lost_if_it_is_a_callback_never_called() =>
        World.Refuses(Main + Alive + Dead, Errno.EFAULT, "verifier bug: No program to jit at insn 1 (subprog < 0)");

    [Fact]
    public void One_that_another_moves_into_the_place_of_is_not() => World.Accepts(Main + Dead + Alive);

    [Fact]
    public void Nor_is_the_only_subprogram() =>
        World.Accepts(Main.Replace("call alive\n", "", StringComparison.Ordinal) + Dead);

    [Fact]
    public void A_machine_need_not_have_the_mistake() =>
        new VerifierWorld { Behaviour = Behaviour.Latest with { RefusesUnwalkedCallbacks = false } }
            .WithStorages(64)
            .Accepts(Main + Alive + Dead);
}
