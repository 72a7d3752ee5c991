"""Where every address of the site leads."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("demo/", include("overture.demo.urls")),
    path("", include("overture.web.urls")),
]
