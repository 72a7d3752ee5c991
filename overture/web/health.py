"""GET /healthz: 200 when web, database and worker are well, else 503 and what is wrong."""

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from overture.jobs.alive import worker_is_alive


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    problems = _problems()
    answer = {"status": "ok"} if not problems else {"status": "unwell", "problems": problems}
    return JsonResponse(answer, status=503 if problems else 200, headers={"Cache-Control": "no-store"})


def _problems() -> list[str]:
    try:
        return [] if worker_is_alive() else ["worker: no heartbeat; start `bin/overture worker`"]
    except DatabaseError as error:
        return [f"database: {str(error).strip().splitlines()[0]}"]
