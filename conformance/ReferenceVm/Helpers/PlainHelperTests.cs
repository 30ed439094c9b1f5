using Conformance.ReferenceVm.Helpers;
using Conformance.Tests.ReferenceVm.Execution;

namespace Conformance.Tests.ReferenceVm.Helpers;

public sealed class PlainHelperTests : IDisposable
{
    private readonly Guest _guest = new();

    public void Dispose() => _guest.Dispose();

    [Fact]
    public void Time_is_the_machines_clock()
    {
        _guest.Result("call 5\nr6 = r0\ncall 5\nr0 -= r6\nexit").Should().Be(1);
        _guest.Result("call 5\nexit").Should().Be(3);
    }

    [Fact]
    public void Random_numbers_have_32_bits_differ_and_follow_the_seed()
    {
        var numbers = Numbers(_guest);
        numbers.Should().OnlyContain(number => number <= uint.MaxValue).And.OnlyHaveUniqueItems();
        using var same = new Guest();
        Numbers(same).Should().Equal(numbers);
        static List<ulong> Numbers(Guest guest) =>
            [.. Enumerable.Range(0, 50).Select(i => guest.Result("call 7\nexit", cpu: i % 2))];
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void The_processor_id_is_the_cpu_of_the_run(int cpu) =>
        _guest.Result("call 8\nexit", cpu: cpu).Should().Be((ulong)cpu);

    [Fact]
    public void The_current_cgroup_is_the_tasks() =>
        _guest.Result("call 80\nexit", run => run.CurrentCgroupId = 0x1_0000_0005).Should().Be(0x1_0000_0005);

    [Fact]
    public void The_return_value_so_far_is_read_with_its_sign_and_written()
    {
        _guest.Result("call 186\nexit", run => run.ReturnValue = -13).Should().Be(unchecked((ulong)-13L));
        _guest.Result("r1 = -5\ncall 187\nr6 = r0\ncall 186\nr0 += r6\nexit").Should().Be(unchecked((ulong)-5L));
        var run = _guest.Processors.Enter(0);
        Conformance.ReferenceVm.Execution.Interpreter.Run(
            _guest.Program("r1 = 0x1fffffff3 ll\ncall 187\nexit"),
            run,
            9
        );
        run.ReturnValue.Should().Be(-13);
        _guest.Processors.Leave(run);
    }

    [Fact]
    public void Every_prototype_has_an_implementation_and_every_number_a_prototype()
    {
        foreach (var id in Enum.GetValues<HelperId>())
        {
            HelperPrototypes.Find((int)id)!.Id.Should().Be(id);
            Exists((int)id).Should().BeTrue(id.ToString());
        }

        HelperPrototypes.All.Should().HaveCount(Enum.GetValues<HelperId>().Length);
        HelperPrototypes.Find(0).Should().BeNull();
        Exists(4711).Should().BeFalse();
        static unsafe bool Exists(int id) => HelperTable.Find(id) != null;
    }
}
