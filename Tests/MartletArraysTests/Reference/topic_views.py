"""Views: slices, orders of axes, new axes, broadcasting, windows, reshapes."""
import numpy as np

from book import DTYPES, SHAPES, Input


def index(random, length):
    kind = random.random()
    if kind < 0.2 and length:
        return random.randrange(-length, length)
    def place():
        return None if random.random() < 0.35 else random.randint(-length - 2, length + 2)
    return [place(), place(), random.choice([1, 1, 2, 3, -1, -2, -3])]


def slices(book):
    random = book.random
    for count in range(260):
        shape = random.choice(SHAPES[1:])
        item = book.strided(shape, random.choice(DTYPES), "special", count)
        taken = random.randint(0, len(shape))
        indices = []
        axis = 0
        ellipsis = random.random() < 0.5
        place = random.randint(0, taken)
        for k in range(taken):
            if ellipsis and k == place:
                indices.append("ellipsis")
                axis = len(shape) - (taken - k)
            if random.random() < 0.2:
                indices.append("newAxis")
            indices.append(index(random, shape[axis]))
            axis += 1
        if ellipsis and place == taken:
            indices.append("ellipsis")
        python = tuple({"ellipsis": Ellipsis, "newAxis": None}[i] if isinstance(i, str) else
                       slice(*i) if isinstance(i, list) else i for i in indices)
        book.case("slice", [item], np.asarray(item.value[python]), {"indices": indices})


def cases(book):
    slices(book)
    random = book.random
    for k, shape in enumerate(SHAPES):
        rank = len(shape)
        for turn in range(4):
            dtype = DTYPES[(k * 4 + turn) % 8]
            item = book.strided(shape, dtype, "special", 70 + turn)
            value = item.value
            order = list(range(rank))
            random.shuffle(order)
            signed = [axis - rank if random.random() < 0.3 else axis for axis in order]
            book.case("transposed", [item], value.transpose(order), {"axes": signed})
            book.case("transposed all", [item], value.T)
            book.case("flattened", [item], value.reshape(-1))
            axes = sorted(random.sample(range(rank), random.randint(0, rank)))
            book.case("flipped", [item], np.flip(value, axes), {"axes": axes})
            book.case("flipped all", [item], np.flip(value))
            places = random.sample(range(rank + 2), 2)
            places = [p - rank - 2 if random.random() < 0.3 else p for p in places]
            book.case("expandedDims", [item], np.expand_dims(value, tuple(places)), {"axes": places})
            book.case("expandedDims axis", [item], np.expand_dims(value, -1), {"axis": -1})
            book.case("squeezed all", [item], np.squeeze(value))
            ones = [axis for axis in range(rank) if shape[axis] == 1]
            book.case("squeezed", [item], np.squeeze(value, tuple(ones[:1])), {"axes": ones[:1]})
            if ones:
                book.case("squeezed axis", [item], np.squeeze(value, ones[-1]), {"axis": ones[-1] - rank})
            target = [random.choice([2, 1])] * random.randint(0, 1) + [
                random.choice([n, 3, 0]) if n == 1 else n for n in shape]
            book.case("broadcast", [item], np.broadcast_to(value, target), {"shape": target})
            if value.size:
                factors = [n for n in range(1, value.size + 1) if value.size % n == 0]
                first = random.choice(factors)
                book.case("reshaped", [item], value.reshape(first, -1), {"shape": [first, -1]})
                book.case("reshaped", [item], value.reshape(1, value.size, 1), {"shape": [1, value.size, 1]})
            else:
                book.case("reshaped", [item], value.reshape(0, 5), {"shape": [0, 5]})
            if rank >= 1:
                axis = random.randrange(rank)
                book.case("flipped axis", [item], np.flip(value, axis), {"axis": axis - rank})
                source, target = random.randrange(-rank, rank), random.randrange(-rank, rank)
                book.case("movedAxis", [item], np.moveaxis(value, source, target), {"from": source, "to": target})
                count = random.randint(1, rank)
                sources, targets = random.sample(range(rank), count), random.sample(range(rank), count)
                book.case("movedAxes", [item], np.moveaxis(value, sources, targets), {"from": sources, "to": targets})
                first, second = random.randrange(rank), random.randrange(rank)
                book.case("swappedAxes", [item], np.swapaxes(value, first, second), {"first": first, "second": second - rank})
                if shape[axis]:
                    length = random.randint(1, shape[axis])
                    windows = np.lib.stride_tricks.sliding_window_view(value, length, axis)
                    book.case("slidingWindows", [item], windows, {"length": length, "axis": axis})
                    row = random.randrange(shape[0]) if shape[0] else None
                    if row is not None:
                        book.case("row", [item], np.asarray(value[row]), {"index": row})
            if rank >= 2:
                book.case("matrixTransposed", [item], np.matrix_transpose(value))
                first, second = random.sample(range(rank), 2)
                for offset in (0, 1, -2, 9, -9):
                    book.case("diagonal", [item], np.diagonal(value, offset, first, second),
                              {"offset": offset, "axis1": first, "axis2": second - rank})
    for first, second in [((3, 1), (4,)), ((), (2, 2)), ((0,), (1,)), ((2, 1, 3), (5, 1))]:
        items = [book.strided(first, "float64", "special", 80), book.strided(second, "uint8", "special", 81)]
        book.case("broadcast arrays", items, np.broadcast_arrays(*[item.value for item in items]))
    # A reshape of something that is no block of memory, longer than a block of the kernels.
    values = np.resize(np.arange(251, dtype="float32"), (60, 50))
    item = Input(values, [("transpose", [1, 0]), ("slice", [(None, None, -1), (3, None, 2)])])
    book.case("reshaped", [item], item.value.reshape(-1), {"shape": [-1]})
