"""Words for the codes of permits: kinds of conditions and decisions, and where a limit comes from."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_noop

CONDITION_KINDS: Final[dict[str, str]] = {
    "emission_limit": gettext_noop("Limits on what is emitted"),
    "load_cap": gettext_noop("How much may be emitted in all"),
    "technique": gettext_noop("Techniques that must be in use"),
    "measuring_duty": gettext_noop("What must be measured"),
    "study_duty": gettext_noop("What must be studied"),
    "deadline": gettext_noop("What must be done by a day"),
    "odour": gettext_noop("Odour"),
    "noise": gettext_noop("Noise"),
    "water_discharge": gettext_noop("Discharge to water"),
}
DECISION_KINDS: Final[dict[str, str]] = {
    "permit": gettext_noop("permit"),
    "amendment": gettext_noop("amendment of the permit"),
    "tailored_conditions": gettext_noop("tailored conditions"),
    "revocation": gettext_noop("revocation"),
}
ORIGINS: Final[dict[str, str]] = {
    "eu_floor": gettext_noop("European floor"),
    "general_rule": gettext_noop("general rule"),
    "tailored": gettext_noop("tailored condition"),
    "permit": gettext_noop("condition of the permit"),
    "derogation": gettext_noop("derogation"),
    "crisis": gettext_noop("derogation in a crisis"),
    "emerging": gettext_noop("derogation for a new technique"),
}
STATES: Final[dict[str, str]] = {
    "start_up": gettext_noop("at start-up"),
    "shut_down": gettext_noop("at shut-down"),
    "malfunction": gettext_noop("in a malfunction"),
    "abatement_failure": gettext_noop("where the abatement fails"),
    "fuel_interruption": gettext_noop("where the fuel is interrupted"),
    "maintenance": gettext_noop("during maintenance"),
    "abnormal_operation": gettext_noop("in abnormal operation"),
    "other": gettext_noop("in other circumstances that the text names"),
}
