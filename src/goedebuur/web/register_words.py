"""Substances and sectors as the release register names them. One that is not here is shown as it stands there."""

from typing import Final

from django.utils.translation import gettext_noop

POLLUTANTS: Final = (
    gettext_noop("Ammonia (NH3)"),
    gettext_noop("Carbon dioxide (CO2)"),
    gettext_noop("Nitrogen oxides (NOX)"),
    gettext_noop("Methane (CH4)"),
    gettext_noop("Carbon dioxide (CO2) excluding biomass"),
    gettext_noop("Non-methane volatile organic compounds (NMVOC)"),
    gettext_noop("Nitrous oxide (N2O)"),
    gettext_noop("Sulphur oxides (SOX)"),
    gettext_noop("Carbon monoxide (CO)"),
    gettext_noop("Benzene"),
    gettext_noop("Particulate matter (PM10)"),
    gettext_noop("Fluorine and inorganic compounds (as HF)"),
    gettext_noop("Mercury and compounds (as Hg)"),
    gettext_noop("Zinc and compounds (as Zn)"),
    gettext_noop("Chlorine and inorganic compounds (as HCl)"),
    gettext_noop("Lead and compounds (as Pb)"),
    gettext_noop("Nickel and compounds (as Ni)"),
    gettext_noop("PCDD + PCDF (dioxins + furans) (as Teq)"),
    gettext_noop("Naphthalene"),
    gettext_noop("Cadmium and compounds (as Cd)"),
    gettext_noop("Arsenic and compounds (as As)"),
    gettext_noop("Copper and compounds (as Cu)"),
    gettext_noop("Vinyl chloride"),
    gettext_noop("Chromium and compounds (as Cr)"),
    gettext_noop("Polycyclic aromatic hydrocarbons (PAHs)"),
)
SECTORS: Final = (
    gettext_noop("Production and processing of metals"),
    gettext_noop("Energy sector"),
    gettext_noop("Intensive livestock production and aquaculture"),
    gettext_noop("Mineral industry"),
    gettext_noop("Paper and wood production and processing"),
    gettext_noop("Chemical industry"),
    gettext_noop("Waste and wastewater management"),
    gettext_noop("Other activities"),
    gettext_noop("Animal and vegetable products from the food and beverage sector"),
)
