"""Chromium as the tests start it."""

import shutil
from typing import Final

CHROMIUM: Final = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)

# A third of the work went into what nobody sees here: two pages of the browser's own that stand
# behind the address bar and are loaded anew with each tab, and a renderer in store for the next.
_OF_THE_WINDOW = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "SpareRendererForSitePerProcess")
# What Playwright turns off, since the last list of features is the one that counts.
_BY_PLAYWRIGHT = (
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
)

# What a browser does by itself has no place in a test: no updates, no reports, no other hosts.
FLAGS: Final = (
    "--disable-background-networking",
    "--disable-component-update",
    f"--disable-features={','.join((*_BY_PLAYWRIGHT, *_OF_THE_WINDOW))}",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",
)
