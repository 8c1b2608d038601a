"""What lies in an HDF5 file, found by walking its groups: arrays, and the single numbers and words beside them.

Only what lies in the file itself is looked at. Links to other files and soft links, virtual datasets and samples in
external files could show any file that this process may read: they are named as what they are, and never followed. Of
references only those are followed by which MATLAB keeps cells and arrays of structs; an object reference points into
its own file, and what it points to is looked at as everything else is.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import h5py
import numpy as np

from cbam_viz.signals.readers.rows import Form, Value
from cbam_viz.signals.readers.stated import LONGEST_TEXT

MOST_OBJECTS = 10_000
MOST_ATTRIBUTES = 64
"""Of one object; the others are passed over."""
MATLAB_CLASS = "MATLAB_class"

_INTERNAL = ("#refs#", "#subsystem#")
"""Groups in which MATLAB keeps what its own references point to."""
_LINKS = {h5py.h5l.TYPE_SOFT: "is a soft link", h5py.h5l.TYPE_EXTERNAL: "is a link to another file"}
_NOT_FOLLOWED = ", which is not followed"
_T = h5py.h5t


@dataclass(frozen=True)
class Contents:
    """What a file holds.

    Parameters
    ----------
    forms : of every array, by the names of the groups above it and its own.
    arrays : the same, where they can be read.
    values : single numbers and words in each group, and attributes of each array, by the names above them.
    lists : of words, that are attributes of each array.
    """

    forms: dict[tuple[str, ...], Form] = field(default_factory=dict)
    arrays: dict[tuple[str, ...], h5py.Dataset] = field(default_factory=dict)
    values: dict[tuple[str, ...], dict[str, Value]] = field(default_factory=dict)
    lists: dict[tuple[str, ...], dict[str, tuple[str, ...]]] = field(default_factory=dict)


def find_objects(file: h5py.File) -> Contents:
    """Walk every group once, however the file links them, in the order of the file.

    Raises
    ------
    ValueError
        If there are too many objects.
    """
    contents, seen = Contents(), set[int]()
    waiting: list[Iterator[tuple[tuple[str, ...], h5py.Group | h5py.Dataset | str]]] = [_members((), file["/"])]
    contents.values[()] = _attributes(file)
    while waiting:
        here, found = next(waiting[-1], ((), None))
        if found is None:
            waiting.pop()
            continue
        if isinstance(found, str):
            contents.forms[here] = Form((), "V", found)
            continue
        address = h5py.h5o.get_info(found.id).addr
        if address in seen:
            continue
        seen.add(address)
        if len(seen) > MOST_OBJECTS:
            raise ValueError(f"it holds more than {MOST_OBJECTS} objects")
        contents.values[here] = _attributes(found)
        if isinstance(found, h5py.Group):
            waiting.append(_members(here, found))
        elif isinstance(found, h5py.Dataset) and _is_cell(found):
            waiting.append(_pointed(here, found))
        elif isinstance(found, h5py.Dataset):
            contents.forms[here], contents.arrays[here] = _form(found), found
            contents.lists[here] = _lists(found)
            if (value := _value(found, contents.forms[here])) is not None:
                contents.values.setdefault(here[:-1], {})[here[-1]] = value
    return contents


def _is_cell(dataset: h5py.Dataset) -> bool:
    """Whether a dataset is a cell of MATLAB, or one field of an array of structs."""
    if _elsewhere(dataset):
        return False
    parent = _attributes(dataset.parent).get(MATLAB_CLASS)
    is_matlab = _attributes(dataset).get(MATLAB_CLASS, parent) in ("cell", "struct")
    return is_matlab and h5py.check_ref_dtype(dataset.dtype) is h5py.Reference and dataset.size <= MOST_OBJECTS


def _pointed(
    place: tuple[str, ...], dataset: h5py.Dataset
) -> Iterator[tuple[tuple[str, ...], h5py.Group | h5py.Dataset]]:
    """What a cell or a field points to, all of it in this file, named as in the older versions."""
    is_field = MATLAB_CLASS not in dataset.attrs
    for number, reference in enumerate(dataset[()].ravel(), 1):
        if reference and isinstance(found := dataset.file[reference], h5py.Group | h5py.Dataset):
            *above, own = place[:-1] if is_field else place
            yield (*above, f"{own}({number})", *place[len(place) - is_field :]), found


def _members(
    place: tuple[str, ...], group: h5py.Group
) -> Iterator[tuple[tuple[str, ...], h5py.Group | h5py.Dataset | str]]:
    """Every member of a group at a place; for one that is not looked into, the reason."""
    for stored in group:
        raw = stored if isinstance(stored, bytes) else stored.encode("utf-8", "surrogateescape")  # not decoded by h5py
        name = raw.decode("utf-8", "replace")
        kind = group.id.links.get_info(raw).type
        if kind in _LINKS:
            yield (*place, name), _LINKS[kind] + _NOT_FOLLOWED
        elif kind == h5py.h5l.TYPE_HARD and name not in _INTERNAL:
            member = group[stored]
            is_sparse = isinstance(member, h5py.Group) and "MATLAB_sparse" in member.attrs
            yield (*place, name), "holds no numbers" if is_sparse else member


def _form(dataset: h5py.Dataset) -> Form:
    """Shape and kind of a dataset, and why it is not read."""
    stored = dataset.id.get_type()
    if barred := _elsewhere(dataset):
        return Form((), "V", barred)
    if stored.get_class() == _T.REFERENCE:
        return Form((), "V", "holds references, which are not followed")
    if dataset.shape is None or "MATLAB_empty" in dataset.attrs:
        return Form((0,), "f")
    return Form(dataset.shape, _kind(dataset, stored))


def _elsewhere(dataset: h5py.Dataset) -> str:
    """What a dataset is whose values may lie in another file; empty for any other."""
    created = dataset.id.get_create_plist()
    if created.get_layout() == h5py.h5d.VIRTUAL:
        return f"is a virtual dataset{_NOT_FOLLOWED}"
    return "lies in another file, which is not read" if created.get_external_count() else ""


def _kind(dataset: h5py.Dataset, stored: h5py.h5t.TypeID) -> str:
    """NumPy kind of what a dataset holds; ``V`` for what is neither number nor text."""
    kind = stored.get_class()
    if kind == _T.STRING or _attributes(dataset).get(MATLAB_CLASS) == "char":
        return "U"
    if kind in (_T.INTEGER, _T.FLOAT, _T.ENUM):
        return str(dataset.dtype.kind)
    return "c" if kind == _T.COMPLEX or (kind == _T.COMPOUND and _is_complex(stored)) else "V"


def _is_complex(stored: h5py.h5t.TypeID) -> bool:
    """Whether a compound type is a pair of real and imaginary part."""
    names = [stored.get_member_name(index) for index in range(min(stored.get_nmembers(), 3))]
    return names in ([b"real", b"imag"], [b"r", b"i"])


def _value(dataset: h5py.Dataset, form: Form) -> Value | None:
    """The single number or the text of a dataset, None if it is neither."""
    size = math.prod(form.shape)
    if form.is_single and not form.barred:
        return float(np.asarray(dataset[()]).item())
    if form.kind != "U" or size > LONGEST_TEXT:
        return None
    if dataset.dtype.kind == "u":  # MATLAB writes the letters of a text as numbers
        return bytes(np.asarray(dataset[()]).astype("<u2").T.tobytes()).decode("utf-16-le", "replace").strip()
    return _text(dataset[()]) if size == 1 else None


def _attributes(found: h5py.Group | h5py.Dataset) -> dict[str, Value]:
    """The single numbers and words that are attributes of an object."""
    values: dict[str, Value] = {}
    for name, attribute in _named(found):
        kind = attribute.get_type().get_class()
        if attribute.get_space().get_simple_extent_npoints() != 1:
            continue
        if kind in (_T.INTEGER, _T.FLOAT):
            values[name] = float(np.asarray(found.attrs[name]).item())
        elif kind == _T.STRING and (text := _text(found.attrs[name])) is not None:
            values[name] = text
    return values


def _lists(dataset: h5py.Dataset) -> dict[str, tuple[str, ...]]:
    """The lists of words that are attributes of an array."""
    return {
        name: tuple(_text(word) or "" for word in np.ravel(dataset.attrs[name]))
        for name, attribute in _named(dataset)
        if attribute.get_type().get_class() == _T.STRING and attribute.get_space().get_simple_extent_npoints() > 1
    }


def _named(found: h5py.Group | h5py.Dataset) -> Iterator[tuple[str, h5py.h5a.AttrID]]:
    """The attributes of an object that are short and not empty, by their names."""
    for index in range(min(h5py.h5a.get_num_attrs(found.id), MOST_ATTRIBUTES)):
        attribute = h5py.h5a.open(found.id, index=index)
        try:
            name = attribute.name.decode()
        except UnicodeDecodeError:
            continue  # h5py can't ask for it
        if attribute.get_space().get_simple_extent_npoints() and attribute.get_storage_size() <= LONGEST_TEXT:
            yield name, attribute


def _text(stored: object) -> str | None:
    """A text as HDF5 gives it: letters, bytes, or an array of one of these; None if it is too long."""
    single = stored.item() if isinstance(stored, np.ndarray | np.generic) else stored
    text = single.decode("utf-8", "replace") if isinstance(single, bytes) else str(single)
    return text.strip() if len(text) <= LONGEST_TEXT else None
