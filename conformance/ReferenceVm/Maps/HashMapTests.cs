using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Maps;
using Conformance.Tests.ReferenceVm.Execution;

namespace Conformance.Tests.ReferenceVm.Maps;

public sealed class HashMapTests : IDisposable
{
    private readonly Guest _guest = new();
    private readonly Map _map;

    public HashMapTests() => _map = _guest.Map("hash", new MapDefinition(MapType.Hash, 3, 8, 4));

    public void Dispose() => _guest.Dispose();

    [Fact]
    public void Elements_come_and_go()
    {
        Lookup(1).Should().BeNull();
        Update(1, 10).Should().Be(Errno.None);
        Lookup(1).Should().Be(10);
        Update(1, 11, flags: 2).Should().Be(Errno.None);
        Lookup(1).Should().Be(11);
        _map.Delete(Key(1)).Should().Be(Errno.None);
        _map.Delete(Key(1)).Should().Be(Errno.ENOENT);
        Lookup(1).Should().BeNull();
        _guest.Arena.LiveBytes.Should().Be(0);
    }

    [Fact]
    public void Flags_say_what_must_exist()
    {
        Update(1, 10, flags: 2).Should().Be(Errno.ENOENT);
        Update(1, 10, flags: 1).Should().Be(Errno.None);
        Update(1, 10, flags: 1).Should().Be(Errno.EEXIST);
        Update(1, 10, flags: 3).Should().Be(Errno.EINVAL);
        Update(1, 10, flags: 4).Should().Be(Errno.EINVAL);
        _map.Lookup(Key(1), new byte[8], 2).Should().Be(Errno.EINVAL);
    }

    [Fact]
    public void A_full_map_still_takes_updates_of_its_elements()
    {
        for (byte key = 0; key < 4; key++)
        {
            Update(key, key).Should().Be(Errno.None);
        }

        Update(9, 9).Should().Be(Errno.E2BIG);
        Update(3, 33).Should().Be(Errno.None);
        _map.Delete(Key(0));
        Update(9, 9).Should().Be(Errno.None);
    }

    [Fact]
    public void An_update_makes_a_new_value_and_runs_keep_the_old()
    {
        Update(1, 10);
        var run = _guest.Processors.Enter(0);
        var old = _map.LookupAddress(Key(1), 0);
        Update(1, 20);
        _map.LookupAddress(Key(1), 0).Should().NotBe(old);
        _guest.Arena.Bytes(old, 1)[0].Should().Be(10);
        _guest.Processors.Leave(run);
        _guest.Arena.TryBytes(old, 1, out _).Should().BeFalse();
    }

    [Fact]
    public void Iteration_visits_every_key_once_and_starts_anew_from_a_missing_one()
    {
        Update(1, 1);
        Update(2, 2);
        Update(3, 3);
        _map.Delete(Key(2));
        Keys([]).Should().BeEquivalentTo([1, 3]);
        Keys(Key(77)).Should().BeEquivalentTo([1, 3]);
    }

    [Fact]
    public void Lookup_and_delete_does_both()
    {
        Update(1, 10);
        var value = new byte[8];
        _map.LookupAndDelete(Key(1), value, 4).Should().Be(Errno.EINVAL);
        _map.LookupAndDelete(Key(1), value, 0).Should().Be(Errno.None);
        value[0].Should().Be(10);
        _map.LookupAndDelete(Key(1), value, 0).Should().Be(Errno.ENOENT);
    }

    [Fact]
    public void It_behaves_as_a_dictionary_over_many_random_operations()
    {
        var map = _guest.Map("large", new MapDefinition(MapType.Hash, 3, 8, 500));
        var model = new Dictionary<int, byte>();
        var random = new Random(11);
        for (var step = 0; step < 20_000; step++)
        {
            var key = random.Next(700);
            var fill = (byte)random.Next(256);
            byte[] bytes = [(byte)key, (byte)(key >> 8), 0];
            if (random.Next(3) > 0)
            {
                var fits = model.ContainsKey(key) || model.Count < 500;
                map.Update(bytes, [fill, 0, 0, 0, 0, 0, 0, 0], 0).Should().Be(fits ? Errno.None : Errno.E2BIG);
                if (fits)
                {
                    model[key] = fill;
                }
            }
            else
            {
                map.Delete(bytes).Should().Be(model.Remove(key) ? Errno.None : Errno.ENOENT);
            }

            var probe = random.Next(700);
            var address = map.LookupAddress([(byte)probe, (byte)(probe >> 8), 0], 0);
            var found = address == 0 ? (byte?)null : _guest.Arena.Bytes(address, 1)[0];
            found.Should().Be(model.TryGetValue(probe, out var expected) ? expected : null);
        }

        _guest.Arena.LiveBytes.Should().Be(model.Count * 8);
        map.Free();
        _guest.Arena.LiveBytes.Should().Be(0);
    }

    private static byte[] Key(byte key) => [key, 0, 0];

    private Errno Update(byte key, byte value, ulong flags = 0) =>
        _map.Update(Key(key), [value, 0, 0, 0, 0, 0, 0, 0], flags);

    private byte? Lookup(byte key)
    {
        var value = new byte[8];
        return _map.Lookup(Key(key), value, 0) == Errno.None ? value[0] : null;
    }

    private List<int> Keys(byte[] start)
    {
        var keys = new List<int>();
        var next = new byte[3];
        for (var key = start; _map.GetNextKey(key, next) == Errno.None; key = [.. next])
        {
            keys.Add(next[0]);
        }

        return keys;
    }
}
