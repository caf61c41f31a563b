"""The maximum of a state space model's likelihood, by statsmodels' optimisers."""

from typing import Any, Final

_STEPS: Final = 200


def settled(model: Any) -> Any | None:  # noqa: ANN401  statsmodels has no types
    """The fitted results of a model; None where no optimiser converged.

    L-BFGS first; where its line search gives up, which near the top it does for want of exact gradients,
    Powell's method, which needs none, goes on from where it stood.
    """
    found = model.fit(disp=False, maxiter=_STEPS)
    if not found.mle_retvals["converged"]:
        found = model.fit(found.params, method="powell", disp=False, maxiter=_STEPS)
    return found if found.mle_retvals["converged"] else None
