"""Who signs in to the demo; the account is also the mark that its data were made."""

import os
import secrets

from django.conf import settings

from overture.accounts.models import User

EMAIL = "demo@overture.example"


def is_made() -> bool:
    return User.objects.filter(email=EMAIL).exists()


def password() -> str:
    """Made once in each data folder, so that a demo that somebody publishes has no known password."""
    path = settings.OVERTURE_DATA / "demo.password"
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write("-".join(secrets.choice(WORDS) for _ in range(4)) + "\n")
    except FileExistsError:
        pass
    return path.read_text().strip()


WORDS = [
    "amber",
    "anchor",
    "apple",
    "autumn",
    "basil",
    "beacon",
    "birch",
    "bishop",
    "breeze",
    "bridge",
    "canvas",
    "cedar",
    "cello",
    "chalk",
    "cherry",
    "cliff",
    "cloud",
    "clover",
    "cobalt",
    "comet",
    "copper",
    "coral",
    "cotton",
    "crane",
    "dahlia",
    "dapple",
    "delta",
    "drift",
    "ember",
    "falcon",
    "fennel",
    "fern",
    "ferry",
    "field",
    "finch",
    "flint",
    "forest",
    "fossil",
    "garden",
    "ginger",
    "glacier",
    "grove",
    "harbor",
    "hazel",
    "heron",
    "honey",
    "indigo",
    "island",
    "ivory",
    "jasmine",
    "jetty",
    "juniper",
    "kettle",
    "lagoon",
    "lantern",
    "larch",
    "lemon",
    "lilac",
    "linen",
    "lotus",
    "lunar",
    "maple",
    "marble",
    "meadow",
    "mint",
    "mirror",
    "nectar",
    "north",
    "nutmeg",
    "oasis",
    "ocean",
    "olive",
    "onyx",
    "opal",
    "orchid",
    "otter",
    "paper",
    "pearl",
    "pebble",
    "pepper",
    "pine",
    "planet",
    "plum",
    "prairie",
    "quartz",
    "quill",
    "rain",
    "raven",
    "reed",
    "ripple",
    "river",
    "robin",
    "rowan",
    "saffron",
    "sage",
    "sail",
    "sepia",
    "silver",
    "sorrel",
    "spruce",
    "starling",
    "stone",
    "summer",
    "sunset",
    "thistle",
    "thyme",
    "tulip",
    "tundra",
    "umber",
    "valley",
    "velvet",
    "violet",
    "walnut",
    "willow",
    "winter",
    "zephyr",
]
