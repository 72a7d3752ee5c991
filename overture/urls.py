"""Where every address of the site leads."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("api/v1/", include("overture.api.urls")),
    path("demo/", include("overture.demo.urls")),
    path("", include("overture.web.urls")),
]
