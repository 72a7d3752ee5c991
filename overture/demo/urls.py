"""The pages of the demo's mail catcher."""

from django.urls import path

from overture.demo import pages

app_name = "demo"
urlpatterns = [
    path("mail", pages.mail, name="mail"),
    path("mail/<int:caught>", pages.one, name="caught"),
    path("mail/<int:caught>/html", pages.html, name="caught_html"),
    path("mail/<int:caught>/answer", pages.answered, name="caught_answer"),
]
