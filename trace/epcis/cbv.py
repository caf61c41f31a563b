"""The closed vocabularies of CBV 2.0 that EPCIS JSON writes as bare words.

A word outside its list is legal only as a URI or CURIE; a standard word must stay bare (GS1, EPCIS
2.0 JSON Schema). CBV has no words for sowing, field work, harvest or processing: ours are in
`trace.vocabulary`.
"""

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


BIZ_STEPS: Final = _words(
    """
    accepting arriving assembling collecting commissioning consigning creating_class_instance
    cycle_counting decommissioning departing destroying disassembling dispensing encoding
    entering_exiting holding inspecting installing killing loading other packing picking receiving
    removing repackaging repairing replacing reserving retail_selling shipping staging_outbound
    stock_taking stocking storing transporting unloading unpacking void_shipping sensor_reporting
    sampling
    """
)
"""What was being done: 41 business steps."""

DISPOSITIONS: Final = _words(
    """
    active container_closed damaged destroyed dispensed disposed encoded expired in_progress in_transit
    inactive no_pedigree_match non_sellable_other partially_dispensed recalled reserved retail_sold
    returned sellable_accessible sellable_not_accessible stolen unknown available completeness_verified
    completeness_inferred conformant container_open mismatch_instance mismatch_class mismatch_quantity
    needs_replacement non_conformant unavailable
    """
)
"""What state the objects are in afterwards: 33 dispositions."""

BIZ_TRANSACTION_TYPES: Final = _words(
    """
    bol cert desadv inv pedigree po poc prodorder recadv rma testprd testres upevt
    """
)
"""What a business document is: 13 types."""

SOURCE_DEST_TYPES: Final = _words(
    """
    owning_party possessing_party location
    """
)
"""In which sense a party or place gave or took: 3 types."""

ERROR_REASONS: Final = _words(
    """
    did_not_occur incorrect_data
    """
)
"""Why an event is declared wrong: 2 reasons."""

MEASUREMENT_TYPES: Final = _words(
    """
    AbsoluteHumidity AbsorbedDose AbsorbedDoseRate Acceleration Radioactivity Altitude AmountOfSubstance
    AmountOfSubstancePerUnitVolume Angle AngularAcceleration AngularMomentum AngularVelocity Area
    Capacitance Conductance Conductivity Count Density Dimensionless DoseEquivalent DoseEquivalentRate
    DynamicViscosity ElectricCharge ElectricCurrent ElectricCurrentDensity ElectricFieldStrength Energy
    Exposure Force Frequency Illuminance Inductance Irradiance KinematicViscosity Length LinearMomentum
    Luminance LuminousFlux LuminousIntensity MagneticFlux MagneticFluxDensity MagneticVectorPotential
    Mass MassConcentration MassFlowRate MassPerAreaTime MemoryCapacity MolalityOfSolute MolarEnergy
    MolarMass MolarVolume Power Pressure RadiantFlux RadiantIntensity RelativeHumidity Resistance
    Resistivity SolidAngle SpecificVolume Speed SurfaceDensity SurfaceTension Temperature Time Torque
    Voltage Volume VolumeFlowRate VolumeFraction VolumetricFlux Wavenumber
    """
)
"""What a sensor measures: 72 types."""

SENSOR_ALERT_TYPES: Final = _words(
    """
    ALARM_CONDITION ERROR_CONDITION
    """
)
"""What a sensor warns of: 2 types."""

COMPONENTS: Final = _words(
    """
    x y z axial_distance azimuth height spherical_radius polar_angle elevation_angle easting northing
    latitude longitude altitude
    """
)
"""Which component of a vector or position a value is: 14 components."""
