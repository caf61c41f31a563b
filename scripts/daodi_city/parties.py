"""Who lives in the demo city: invented parties of all eight kinds, and the places they run.

No name is a real firm's: every one begins with 示例· (example). The organisation code inside each
USCC begins with DEM, so that a number can be valid in both check characters and still be seen to be
invented. Division codes are true.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from daodi_city.crops import CROPS
from daodi_city.prices import MARKETS
from trace.identifiers import make_uscc
from trace.markets import market
from trace.parties import PartyNew
from trace.places import PlaceNew
from trace.vocabulary import NodeType

ROLES = "甲乙丙丁戊己庚辛"
"""People appear only as roles with one of these letters: 工艺员甲."""

FARMS = 6
"""How many family farms sell to one slice maker."""

_SEATS = {"亳州": "341602", "安国": "130683", "玉林": "450902", "荷花池": "510100"}
_USERS = (
    ("110105", "北京市朝阳区医院"),
    ("310101", "上海市黄浦区药店"),
    ("420100", "武汉市医院"),
    ("610102", "西安市新城区药店"),
    ("510100", "成都市医院"),
    ("340100", "合肥市药店"),
    ("210100", "沈阳市医院"),
    ("620100", "兰州市药店"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """One party with every place it runs; the first place is where it usually works."""

    party: PartyNew
    places: tuple[PlaceNew, ...]

    @property
    def uscc(self) -> str:
        """Its unified social credit code."""
        return self.party.uscc

    @property
    def place(self) -> str:
        """Id of the place where it usually works."""
        return self.places[0].place_id

    @property
    def workshop(self) -> str:
        """Id of its drying yard or workshop: its last place."""
        return self.places[-1].place_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Citizens:
    """Every party, by what it does in the city."""

    growers: dict[str, tuple[Household, ...]]
    """By division: the growers, gatherers, breeders or miners there."""
    traders: dict[str, tuple[Household, ...]]
    """By market, short name."""
    slice_makers: tuple[Household, ...]
    slice_traders: tuple[Household, ...]
    markets: tuple[Household, ...]
    users: tuple[Household, ...]
    regulator: Household
    others: tuple[Household, ...]
    """Testing laboratories and a warehouse."""
    family_farms: tuple[Household, ...]
    """Small growers of one county, whose lots a slice maker buys and merges."""
    drug_maker: Household
    """Makes granules and medicine."""
    lapsed: Household
    """A pharmacy whose licence has run out."""

    @property
    def cooperatives(self) -> tuple[Household, ...]:
        """The two growers' cooperatives of 谯城区."""
        return self.growers[_SEATS["亳州"]]

    def all(self) -> tuple[Household, ...]:
        """Return every household, regulator first."""
        groups = (
            *self.growers.values(),
            *self.traders.values(),
            self.slice_makers,
            self.slice_traders,
            self.markets,
            self.users,
            self.others,
            self.family_farms,
            (self.drug_maker, self.lapsed),
        )
        return (self.regulator, *(each for group in groups for each in group))


def settle() -> Citizens:
    """Return the city's parties; nothing here is drawn at random."""
    serials = iter(range(1, 10_000))
    return Citizens(
        growers=_growers(serials),
        traders={name: tuple(_traders(serials, name)) for name in MARKETS},
        slice_makers=tuple(_slice_makers(serials)),
        slice_traders=tuple(
            _household(serials, f"{name}饮片经营部", _SEATS[name], NodeType.SLICE_TRADER, "仓库")
            for name in MARKETS[:3]
        ),
        markets=tuple(
            _household(serials, f"{name}药市", _SEATS[name], NodeType.MARKET, "交易厅", market(name).slug)
            for name in MARKETS
        ),
        users=tuple(_household(serials, name, code, NodeType.USER, "药房") for code, name in _USERS),
        regulator=_household(serials, "中药材流通追溯监管所", "341600", NodeType.REGULATOR, "办公室"),
        others=(
            _household(serials, "第一检验所", "341602", NodeType.OTHER, "实验室"),
            _household(serials, "第二检验所", "510100", NodeType.OTHER, "实验室"),
            _household(serials, "阴凉仓储", "341602", NodeType.OTHER, "阴凉库"),
        ),
        family_farms=tuple(
            _with_places(
                serials,
                f"谯城区家庭农场{letter}",
                "341602",
                NodeType.GROWER,
                [("地块", None), ("晒场", None)],
            )
            for letter in ROLES[:FARMS]
        ),
        drug_maker=_with_places(
            serials, "谯城区中药厂", "341602", NodeType.SLICE_MAKER, [("阴凉库", None), ("制剂车间", None)]
        ),
        lapsed=_household(serials, "郑州市金水区药店", "410105", NodeType.USER, "药房"),
    )


def uscc(kind: NodeType, division: str, serial: int) -> str:
    """Return a valid, visibly invented unified social credit code (GB 32100-2015).

    >>> uscc(NodeType.GROWER, "621126", 1)[:16]
    '93621126DEM00001'
    """
    registrar, organisation_type = _REGISTERED.get(kind, ("9", "1"))
    return make_uscc(registrar, organisation_type, division, f"DEM{serial:05d}")


_REGISTERED = {
    NodeType.GROWER: ("9", "3"),
    NodeType.TRADER: ("9", "2"),
    NodeType.USER: ("1", "2"),
    NodeType.REGULATOR: ("1", "1"),
}
"""Registrar and kind: 93 cooperative, 92 sole trader, 12 public institution, 11 authority; else 91 firm."""

Work = tuple[str, str | None]
"""What a place is, and the slug of the herb market it lies in, if any."""


def _household(
    serials: Iterator[int], name: str, division: str, kind: NodeType, what: str, slug: str | None = None
) -> Household:
    """Make one party with one place."""
    return _with_places(serials, name, division, kind, [(what, slug)])


def _with_places(
    serials: Iterator[int], name: str, division: str, kind: NodeType, work: Sequence[Work]
) -> Household:
    serial = next(serials)
    party = PartyNew(
        uscc=uscc(kind, division, serial),
        name=f"示例·{name}",
        node_types=(kind,),
        division=division,
    )
    places = tuple(
        PlaceNew(
            place_id=f"DEM-{serial:03d}-{number}",
            name=f"示例·{name}{what}",
            party=party.uscc,
            division=division,
            market=slug,
        )
        for number, (what, slug) in enumerate(work, start=1)
    )
    return Household(party=party, places=places)


_GROUNDS = {
    "planting": ("种植合作社", "种植基地"),
    "rearing": ("养殖合作社", "养殖场"),
    "gathering": ("采集合作社", "采集区"),
    "mining": ("矿业合作社", "矿区"),
}


def _growers(serials: Iterator[int]) -> dict[str, tuple[Household, ...]]:
    """Return two growers where the city has several herbs from one division, one elsewhere."""
    growers: dict[str, tuple[Household, ...]] = {}
    for crop in CROPS:
        if crop.division in growers:
            continue
        herbs_here = sum(other.division == crop.division for other in CROPS)
        trade, ground = _GROUNDS[crop.beginning]
        work: list[Work] = [(ground, None), ("产地加工场", None)]
        growers[crop.division] = tuple(
            _with_places(serials, f"{crop.area}{trade}{letter}", crop.division, NodeType.GROWER, work)
            for letter in ROLES[: 2 if herbs_here > 1 else 1]
        )
    return growers


def _traders(serials: Iterator[int], name: str) -> Iterator[Household]:
    for number in range(2):
        yield _household(
            serials,
            f"{name}药材经营户{ROLES[number]}",
            _SEATS[name],
            NodeType.TRADER,
            "摊位",
            market(name).slug,
        )


def _slice_makers(serials: Iterator[int]) -> Iterator[Household]:
    for name in MARKETS:
        yield _with_places(
            serials,
            f"{name}饮片厂",
            _SEATS[name],
            NodeType.SLICE_MAKER,
            [("原料库", None), ("炮制车间", None)],
        )
