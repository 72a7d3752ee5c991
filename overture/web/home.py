"""The front door: sends each visitor to where the work is."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from overture.accounts.models import Membership


@login_required
def home(request: HttpRequest) -> HttpResponse:
    last = request.session.get("workspace")
    mine = Membership.objects.current().filter(user_id=request.user.pk).select_related("workspace")
    member = mine.filter(workspace__slug=last).first() or mine.order_by("id").first()
    if member is None:
        return redirect("web:workspace_new")
    return redirect("web:prospects", workspace=member.workspace.slug)
