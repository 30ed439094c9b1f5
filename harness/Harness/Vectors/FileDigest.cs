using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Conformance.Harness.Vectors;

/// <summary>A digest of files, whatever the order in which they are read.</summary>
internal sealed class FileDigest
{
    /// <summary>Bytes that are kept: against mistakes, not against forgery.</summary>
    private const int Size = 16;

    private readonly ConcurrentDictionary<string, byte[]> _files = new(StringComparer.Ordinal);

    /// <summary>Lower-case hex digits.</summary>
    public string Text
    {
        get
        {
            using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (var (name, digest) in _files.OrderBy(file => file.Key, StringComparer.Ordinal))
            {
                // A digest's length is known: no two lists of files make the same bytes.
                all.AppendData(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
                all.AppendData(digest);
            }

            return Convert.ToHexStringLower(all.GetHashAndReset().AsSpan(0, Size));
        }
    }

    public void Add(string name, ReadOnlySpan<byte> text) => _files[name] = SHA256.HashData(text);
}
