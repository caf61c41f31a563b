"""The demo city 示例城: an invented city that shows every part of daodi at work.

Everything here is demonstration material made by a seeded generator. Firms are called
示例·…, people appear only as roles (工艺员甲), organisation codes begin with DEM. Three things
are true to the world: herb names, producing areas and division codes; the statistical behaviour
of the prices (module `prices` names its sources); and the rules the city is held to.

The generator reads no clock, no network and no database: the same seed gives the same city.
"""

SEED = 1
"""The seed of the city that `daodi demo` shows; any other whole number makes another city."""
