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

    // Nothing interrupts a run here: the packet comes again and again while the event happens, on a thread of its own for the same CPU.
    private Answer Fire(Fire op, Interruption other)
    {
        using var hasEnded = new CancellationTokenSource();
        var packet = new Fire(other.AttachType, other.Cgroup, op.Cpu);
        var answer = Answer.Ok;
        var packets = new Thread(() =>
        {
            do
            {
                answer = Perform(packet, meeting: null);
            } while (answer.Kind == AnswerKind.Ok && !hasEnded.IsCancellationRequested);
        });
        packets.Start();
        var ended = Perform(op, meeting: null);
        hasEnded.Cancel();
        packets.Join();
        return answer.Kind == AnswerKind.Ok ? ended : answer;
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
