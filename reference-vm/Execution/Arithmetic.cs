namespace Conformance.ReferenceVm.Execution;

/// <summary>
/// Divisions as RFC 9669 section 4.1 defines them: by zero gives zero, modulo zero leaves the dividend, and the one signed
/// overflow wraps around.
/// </summary>
internal static class Arithmetic
{
    public static ulong Divide(ulong dividend, ulong divisor) => divisor == 0 ? 0 : dividend / divisor;

    public static uint Divide(uint dividend, uint divisor) => divisor == 0 ? 0 : dividend / divisor;

    public static ulong Modulo(ulong dividend, ulong divisor) => divisor == 0 ? dividend : dividend % divisor;

    public static uint Modulo(uint dividend, uint divisor) => divisor == 0 ? dividend : dividend % divisor;

    // Division by -1 is negation: the host's own division faults on the smallest number.
    public static long Divide(long dividend, long divisor) =>
        divisor switch
        {
            0 => 0,
            -1 => unchecked(-dividend),
            _ => dividend / divisor,
        };

    public static int Divide(int dividend, int divisor) =>
        divisor switch
        {
            0 => 0,
            -1 => unchecked(-dividend),
            _ => dividend / divisor,
        };

    public static long Modulo(long dividend, long divisor) =>
        divisor switch
        {
            0 => dividend,
            -1 => 0,
            _ => dividend % divisor,
        };

    public static int Modulo(int dividend, int divisor) =>
        divisor switch
        {
            0 => dividend,
            -1 => 0,
            _ => dividend % divisor,
        };
}
