"""The settings that `spirit startproject` made, for a throw-away forum."""
import os

from forum.settings.dev import *  # noqa: F401,F403

DEBUG = False
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "leakwatch_urls"
LANGUAGE_CODE = os.environ.get("SITE_LANGUAGE", "en")
MIDDLEWARE = [m for m in MIDDLEWARE if "LocaleMiddleware" not in m]  # noqa: F405
HAYSTACK_SIGNAL_PROCESSOR = "haystack.signals.BaseSignalProcessor"
STATIC_URL = "/" + os.environ["SITE_PREFIX"] + "static/"
