"""The WSGI entry that gunicorn loads."""

import gc
import os

from django.core.wsgi import get_wsgi_application

from overture.web.live import beside

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "overture.settings")
application = beside(get_wsgi_application())
# Before gunicorn forks: what stays for good is not looked through for garbage, and its memory stays shared.
gc.collect()
gc.freeze()
