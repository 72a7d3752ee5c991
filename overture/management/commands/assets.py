"""bin/overture assets"""

from typing import Any

from django.core.management.base import BaseCommand

from overture.management.assets import collect_static, compile_translations


class Command(BaseCommand):
    help = "compiles translations and collects static files, when they changed"
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        compile_translations()
        collect_static()
