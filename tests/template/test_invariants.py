import copy

import pytest

from tests.template.api_invariants import API_INVARIANTS
from tests.template.api_slips import API_SLIPS
from tests.template.identity_invariants import IDENTITY_INVARIANTS
from tests.template.identity_slips import IDENTITY_SLIPS
from tests.template.operation_invariants import OPERATION_INVARIANTS
from tests.template.operation_slips import OPERATION_SLIPS
from tests.template.permission_invariants import PERMISSION_INVARIANTS
from tests.template.permission_slips import PERMISSION_SLIPS
from tests.template.rendering import Rendered
from tests.template.storage_invariants import STORAGE_INVARIANTS
from tests.template.storage_slips import STORAGE_SLIPS
from tests.template.variants import VARIANTS, variants_of

INVARIANTS = (
    *API_INVARIANTS,
    *IDENTITY_INVARIANTS,
    *PERMISSION_INVARIANTS,
    *STORAGE_INVARIANTS,
    *OPERATION_INVARIANTS,
)
SLIPS = (*API_SLIPS, *IDENTITY_SLIPS, *PERMISSION_SLIPS, *STORAGE_SLIPS, *OPERATION_SLIPS)


@pytest.mark.parametrize("parameters", VARIANTS.values(), ids=VARIANTS)
@pytest.mark.parametrize("invariant", INVARIANTS, ids=lambda invariant: invariant.__name__)
def test_the_template_holds(invariant, parameters, transformed):
    """The template violates no invariant, whatever is created or brought along."""
    assert invariant(Rendered(transformed, parameters)) == []


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.name)
def test_a_slip_is_reported(slip, transformed):
    """Each invariant reports a slip that is planted for it, and did not report it before."""
    slipped = copy.deepcopy(transformed)
    slip.plant(slipped)
    assert slipped != transformed

    def violations(template):
        return {v for rendered in variants_of(template) for v in slip.invariant(rendered)}

    new = violations(slipped) - violations(transformed)
    assert any(slip.says in violation for violation in new), new


def test_each_invariant_can_fail():
    """There is no invariant without a slip that it reports."""
    assert {slip.invariant for slip in SLIPS} == set(INVARIANTS)
