"""The site's pages, one line each."""

from django.urls import URLPattern, URLResolver, path

from overture.web import health, home

app_name = "web"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("healthz", health.healthz, name="healthz"),
]
