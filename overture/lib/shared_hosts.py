"""Hosts where many people have their pages, and what in such an address names the owner."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Everybody's page is a path here, on whatever subdomain (`fr.linkedin.com`, `m.facebook.com`).
SHARED = _words(
    """
    about.me amazon.co.uk amazon.com amazon.de amazon.fr ask.fm beacons.ai behance.net bit.ly bsky.app
    buymeacoffee.com dailymotion.com deviantart.com discord.com discord.gg docs.google.com dribbble.com
    drive.google.com ebay.com etsy.com facebook.com fiverr.com flickr.com flipboard.com github.com gitlab.com
    goodreads.com instagram.com ko-fi.com letterboxd.com linkedin.com linktr.ee lnk.bio mixcloud.com notion.so
    pagesjaunes.fr patreon.com pinterest.com pinterest.fr podcasts.apple.com quora.com ravelry.com reddit.com
    shopmy.us sites.google.com snapchat.com soundcloud.com spotify.com stan.store strava.com t.me telegram.me
    threads.com threads.net tiktok.com tinyurl.com tipeee.com trustpilot.com twitch.tv ulule.com vimeo.com
    vinted.fr vk.com wa.me whatsapp.com x.com yelp.com youtu.be youtube.com
    """
)
# A subdomain here is somebody's own; the bare host is shared.
SUBDOMAIN_IS_OWN = _words(
    """
    bandcamp.com blogspot.com canalblog.com carrd.co e-monsite.com eklablog.com free.fr ghost.io github.io
    gitlab.io itch.io jimdofree.com jimdosite.com livejournal.com medium.com myshopify.com netlify.app
    notion.site over-blog.com overblog.com pages.dev podbean.com skyrock.com squarespace.com substack.com
    tumblr.com typepad.com unblog.fr vercel.app webflow.io webnode.fr weebly.com wixsite.com wordpress.com
    """
)
ALIASES = {
    "twitter.com": "x.com",
    "fb.com": "facebook.com",
    "instagr.am": "instagram.com",
    "threads.net": "threads.com",
    "wp.com": "wordpress.com",
}
# The step after one of these names the owner: youtube.com/channel/..., linkedin.com/in/...
BEFORE_OWNER = _words(
    """
    add artist biz c channel company creator groups in member pages people profile r review school shop show
    store u user view
    """
)
# One page of many, never somebody's own.
NOT_AN_OWNER = _words(
    """
    dp embed events explore gp hashtag home intent login p pin playlist post posts reel reels results search
    share shorts status stories story tag video videos watch
    """
)
# `https://none.example` and the like stand in sheets where there is no website.
PLACEHOLDERS = _words("aucun inconnu n-a nan none null unknown")
