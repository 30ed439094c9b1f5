using Conformance.Harness.Machines;
using Conformance.ReferenceVm;

namespace Conformance.Linux;

/// <summary>Answers from what the kernel returned.</summary>
internal static class Answers
{
    /// <summary>From a descriptor, 0, or a negated errno.</summary>
    public static Answer Of(int result) => result < 0 ? Answer.Fail((Errno)(-result)) : Answer.Ok;

    public static Answer Of(Errno errno) => errno == Errno.None ? Answer.Ok : Answer.Fail(errno);

    public static Answer Broken(string message) => new(AnswerKind.Broken) { Message = message };

    public static Answer Unsupported(string message) => new(AnswerKind.Unsupported) { Message = message };
}
