using Conformance.ReferenceVm;

namespace Conformance.Harness.Machines;

/// <content>Operations at the same time.</content>
public sealed partial class ReferenceVirtualMachine
{
    private Answer Perform(Parallel op)
    {
        using var meeting = new Meeting(op.Tracks);
        var answers = op.Tracks.Select(track => new Answer[track.Operations.Count]).ToArray();
        var threads = op
            .Tracks.Select(
                (track, index) => new Thread(() => Follow(track, answers[index], meeting)) { Name = track.Name }
            )
            .ToArray();
        foreach (var thread in threads)
        {
            thread.Start();
        }

        foreach (var thread in threads)
        {
            thread.Join();
        }

        return Answer.Ok with
        {
            Tracks = answers,
        };
    }

    // The packet comes again and again while the event happens.
    private Answer Fire(Fire op, Interruption other)
    {
        var packet = new Fire(other.AttachType, other.Cgroup, op.Cpu);
        // What is wrong with the packet shows even where nothing runs that it could interrupt.
        var answer = Perform(packet, meeting: null);
        if (answer.Kind != AnswerKind.Ok || op.Cpu < 0 || op.Cpu >= Identity.Cpus)
        {
            return answer;
        }

        _machine.InterruptWith(
            op.Cpu,
            () =>
            {
                var next = Perform(packet, meeting: null);
                answer = answer.Kind == AnswerKind.Ok ? next : answer;
            }
        );
        try
        {
            var ended = Perform(op, meeting: null);
            return answer.Kind == AnswerKind.Ok ? ended : answer;
        }
        finally
        {
            _machine.InterruptWith(op.Cpu, interrupt: null);
        }
    }

    // An exception on a thread would end the process; it is the adapter's failure, and costs the case.
    private void Follow(Track track, Answer[] answers, Meeting meeting)
    {
        for (var index = 0; index < answers.Length; index++)
        {
            try
            {
                answers[index] = Perform(track.Operations[index], meeting);
            }
#pragma warning disable CA1031
            catch (Exception exception)
#pragma warning restore CA1031
            {
                answers[index] = Broken(exception.ToString());
            }
        }
    }

    private Answer Await(Await op, Meeting? meeting)
    {
        var value = _objects.ValueBuffer(op.Map);
        if (op.Offset < 0 || op.Offset + sizeof(ulong) > value.Length)
        {
            return Broken($"a value of '{op.Map}' has no 8 bytes at offset {op.Offset}");
        }

        var key = _objects.KeyBytes(op.Map, op.Key);
        var map = _objects.Map(op.Map);
        var patience = new Patience();
        while (true)
        {
            var errno = _machine.MapLookup(map, key, value);
            if (errno != Errno.None)
            {
                return Answer.Fail(errno);
            }

            if (BitConverter.ToUInt64(value, op.Offset) >= op.AtLeast)
            {
                return Answer.Ok;
            }

            // Outside a parallel operation nobody else would ever change it.
            if (meeting is null || patience.IsAtEnd)
            {
                return Broken($"'{op.Map}' does not reach {op.AtLeast}");
            }

            Thread.Yield();
        }
    }
}
