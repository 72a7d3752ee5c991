"""Pages of the operator's directory, below /w/WORKSPACE/."""

from django.urls import URLPattern, path

from overture.web import directory

patterns: list[URLPattern] = [
    path("directory", directory.directory, name="directory"),
    path("directory/new", directory.directory_new, name="directory_new"),
    path("directory/<int:entry>", directory.directory_partner, name="directory_partner"),
    path("directory/<int:entry>/list", directory.directory_list, name="directory_list"),
    path("directory/<int:entry>/suspend", directory.directory_suspend, name="directory_suspend"),
    path("directory/<int:entry>/settle", directory.directory_settle, name="directory_settle"),
    path("directory/<int:entry>/merge", directory.directory_merge, name="directory_merge"),
]
