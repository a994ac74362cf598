"""Decides for every structure what it is, what it is called and which dose it is planned for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from dh_cases.fault import CaseError
from dh_cases.naming.tg263 import TARGET_KINDS, Standard, named_for, standard_name

if TYPE_CHECKING:
    from dh_cases.source import Source, SourceStructure

Role = Literal["target", "oar", "body"]
MOST_STRUCTURES = 64
"""Bits of a mask."""
_ROLE_ORDER: tuple[Role, ...] = ("target", "oar", "body")
# Names that TG-263 keeps for structures that help planning and take no part in it.
_HELPER = re.compile(r"^(z_|_|ring|ntptv|nt$|couch|table|tisch|bolus|marker|bb\d|iso)", re.IGNORECASE)
_SAME_DOSE_GY = 0.05
# Bytes of a name are counted in a case, and a letter has four at most.
_LONGEST_LABEL = 60
_SUSPECT_DIGITS = re.compile(r"\d{6,}")


@dataclass(frozen=True)
class NamingOptions:
    """What the user said about structures; keys are labels of the source, capitals ignored."""

    names: Mapping[str, str] = field(default_factory=dict)
    """Name after TG-263 by label."""
    prescriptions_gy: Mapping[str, float] = field(default_factory=dict)
    """Total dose by label, or by the name after TG-263. Makes a target of the structure."""
    body: str | None = None
    keeps_labels: bool = False
    """Labels that were typed in a clinic are kept although no name after TG-263 is known."""


@dataclass(frozen=True)
class Choice:
    """A structure as the case will have it."""

    structure: SourceStructure
    name: str
    tg263_name: str | None
    role: Role
    prescription_gy: float | None = None


@dataclass
class Choices:
    """All of them, and what was left out and why."""

    chosen: list[Choice]
    notes: list[str]


class _Chooser:
    def __init__(self, source: Source, options: NamingOptions) -> None:
        self._source = source
        self._names = {label.lower(): name for label, name in options.names.items()}
        self._doses = {label.lower(): dose for label, dose in options.prescriptions_gy.items()}
        self._options = options
        self._notes: list[str] = []
        self._used: set[str] = set()

    def run(self) -> Choices:
        standards = [self._standard_of(structure) for structure in self._source.structures]
        roles = [
            self._role_of(structure, standard)
            for structure, standard in zip(self._source.structures, standards, strict=True)
        ]
        self._choose_targets(roles, standards)
        self._keep_one_body(roles)
        chosen: list[Choice] = []
        for structure, standard, role in zip(self._source.structures, standards, roles, strict=True):
            if role is None or not self._is_drawn(structure, standard, role):
                continue
            dose = self._dose_of(structure, standard) if role == "target" else None
            tg263 = self._tg263_of(standard, role, dose)
            chosen.append(Choice(structure, self._name_of(structure, tg263, len(chosen) + 1), tg263, role, dose))
        self._require_known(self._names, "--map")
        self._require_known(self._doses, "--prescription")
        if self._options.body is not None:
            self._require_known([self._options.body.lower()], "--body")
        if len(chosen) > MOST_STRUCTURES:
            raise CaseError(
                "structures",
                f"{len(chosen)} are more than the {MOST_STRUCTURES} of a case",
                "leave some out: --leave-out",
            )
        chosen.sort(key=lambda choice: (_ROLE_ORDER.index(choice.role), -(choice.prescription_gy or 0.0)))
        return Choices(self._with_own_names(chosen), self._notes)

    def _standard_of(self, structure: SourceStructure) -> Standard | None:
        named = self._names.get(structure.label.lower())
        if named is None:
            return standard_name(structure.label)
        self._used.add(structure.label.lower())
        known = standard_name(named)
        is_target = known is not None and known.is_target
        return Standard(named, is_target, known.dose_gy if known is not None and is_target else None)

    def _role_of(self, structure: SourceStructure, standard: Standard | None) -> Role | None:
        label = structure.label
        keys = {label.lower(), standard.name.lower() if standard else label.lower()}
        if self._options.body is not None and label.lower() == self._options.body.lower():
            self._used.add(label.lower())
            return "body"
        if keys & self._doses.keys():
            return "target"
        if label.lower() not in self._names and standard is None and _HELPER.match(label):
            self._notes.append(
                f"{structure.shown} is left out: its name is that of a structure that only helps planning"
            )
            return None
        if standard is not None and standard.is_target:
            return "target"
        # matRad's bodies are organs at risk there.
        if structure.kind == "body" or (standard is not None and standard.name == "External"):
            return "body"
        return "target" if structure.kind == "target" else "oar"

    def _choose_targets(self, roles: list[Role | None], standards: list[Standard | None]) -> None:
        """Plans on planning target volumes; on clinical or gross ones only where there are none, or when asked to."""
        of_kind: dict[str, list[int]] = {}
        for index, (role, standard) in enumerate(zip(roles, standards, strict=True)):
            label = self._source.structures[index].label.lower()
            asked = bool({label, standard.name.lower() if standard else label} & self._doses.keys())
            if role == "target" and standard is not None and not asked:
                of_kind.setdefault(standard.name[:3], []).append(index)
        first = next((kind for kind in TARGET_KINDS if kind in of_kind), None)
        for kind in TARGET_KINDS:
            for index in of_kind.get(kind, []):
                if kind != first:
                    roles[index] = None
                    label = self._source.structures[index].shown
                    self._notes.append(f"{label} is left out: the case is planned on its {first} structures")

    def _keep_one_body(self, roles: list[Role | None]) -> None:
        bodies = [index for index, role in enumerate(roles) if role == "body"]
        if len(bodies) < 2:
            return
        named = self._options.body
        if named is None:
            external = [index for index in bodies if self._source.structures[index].kind == "body"]
            if len(external) != 1:
                labels = ", ".join(self._source.structures[index].shown for index in bodies)
                raise CaseError("structures", f"{labels} may all be the body", "name it: --body LABEL")
            keep = external[0]
        else:
            keep = next(index for index in bodies if self._source.structures[index].label.lower() == named.lower())
        for index in bodies:
            if index != keep:
                roles[index] = None
                self._notes.append(f"{self._source.structures[index].shown} is left out: there is another body")

    def _is_drawn(self, structure: SourceStructure, standard: Standard | None, role: Role) -> bool:
        if structure.shape.volume_cc > 0:
            return True
        label = structure.label
        if role != "oar" or label.lower() in self._names:
            shown = structure.shown
            raise CaseError(shown, "is empty: it has no voxel or contour", f"draw it, or --leave-out {shown!r}")
        self._notes.append(f"{structure.shown} is left out: it is empty")
        return False

    def _dose_of(self, structure: SourceStructure, standard: Standard | None) -> float:
        for key in (structure.label.lower(), standard.name.lower() if standard else ""):
            if key in self._doses:
                self._used.add(key)
                return self._doses[key]
        if structure.prescription_gy is not None:
            named = standard.dose_gy if standard is not None else None
            if named is not None and abs(named - structure.prescription_gy) > _SAME_DOSE_GY:
                self._notes.append(
                    f"{structure.shown} is planned for {structure.prescription_gy:g} Gy, as the source's plan says, "
                    f"although its name says {named:g} Gy"
                )
            return structure.prescription_gy
        if standard is not None and standard.dose_gy is not None:
            return standard.dose_gy
        raise CaseError(
            structure.shown,
            "is a target, and nothing says for which dose",
            f"give the total dose of all fractions, --prescription {structure.shown!r}=GY, or leave it out, "
            f"--leave-out {structure.shown!r}",
        )

    def _tg263_of(self, standard: Standard | None, role: Role, dose: float | None) -> str | None:
        if role == "body":
            return "External"
        if standard is None:
            # DICOM says PTV of what it calls a target; other formats do not say which kind it is.
            return named_for("PTV", dose) if role == "target" and dose and self._source.has_free_labels else None
        if role == "target" and standard.name in TARGET_KINDS and dose is not None:
            return named_for(standard.name, dose)
        return standard.name

    def _name_of(self, structure: SourceStructure, tg263: str | None, number: int) -> str:
        label = "".join(letter for letter in " ".join(structure.label.split()) if letter.isprintable())
        label = label[:_LONGEST_LABEL]
        tells = any(word in label.lower() for word in self._source.identifiers) or _SUSPECT_DIGITS.search(label)
        if self._source.has_free_labels and tg263 is not None:
            return tg263
        if tells or (self._source.has_free_labels and not self._options.keeps_labels):
            return tg263 or f"Structure_{number}"
        return label or f"Structure_{number}"

    def _with_own_names(self, chosen: list[Choice]) -> list[Choice]:
        """Names of a case are unique: the second of a name gets a number."""
        counts = Counter(choice.name.lower() for choice in chosen)
        seen: Counter[str] = Counter()
        result = []
        for choice in chosen:
            name = choice.name
            if counts[name.lower()] > 1:
                seen[name.lower()] += 1
                name = f"{name}_{seen[name.lower()]}"
            result.append(Choice(choice.structure, name, choice.tg263_name, choice.role, choice.prescription_gy))
        return result

    def _require_known(self, keys: Iterable[str], option: str) -> None:
        unknown = [key for key in keys if key not in self._used]
        if unknown:
            labels = ", ".join(structure.shown for structure in self._source.structures)
            raise CaseError(f"{option} {unknown[0]}", "names no structure that is used", f"the labels are: {labels}")


def choose(source: Source, options: NamingOptions) -> Choices:
    """Decides about all structures of a source. Raises CaseError where the user has to."""
    return _Chooser(source, options).run()
