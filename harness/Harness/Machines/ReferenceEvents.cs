using Conformance.ReferenceVm.Programs.Events;

namespace Conformance.Harness.Machines;

/// <summary>The words of an event's parameters as the reference VM's numbers.</summary>
internal static class ReferenceEvents
{
    private const int Mknod = 1;
    private const int Read = 2;
    private const int Write = 4;

    /// <summary>Null where nothing differs from the default; a word that does not exist is an error.</summary>
    public static EventOptions? Translate(EventParameters? parameters, out string? error)
    {
        error = null;
        if (parameters is null)
        {
            return null;
        }

        if (parameters.Family is not (null or "inet" or "inet6"))
        {
            error = $"there is no family '{parameters.Family}'";
        }
        else if (parameters.SocketType is not (null or "dgram" or "stream"))
        {
            error = $"there is no socket type '{parameters.SocketType}'";
        }
        else if (parameters.Access is not (null or "read" or "write" or "mknod"))
        {
            error = $"there is no access '{parameters.Access}'";
        }

        return new EventOptions
        {
            Family =
                parameters.Family is null ? null
                : parameters.Family == "inet6" ? 10
                : 2,
            SocketType =
                parameters.SocketType is null ? null
                : parameters.SocketType == "stream" ? 1
                : 2,
            Payload = parameters.Payload,
            DeviceAccess = parameters.Access switch
            {
                null => null,
                "read" => Read,
                "write" => Write,
                _ => Mknod,
            },
            Level = parameters.Level,
            OptionName = parameters.OptionName,
            OptionValue = parameters.OptionValue,
            Connected = parameters.Connected,
            Address = parameters.Address,
        };
    }
}
