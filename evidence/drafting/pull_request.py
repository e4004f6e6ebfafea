"""The link that opens GitHub's own page for a new file, with the story in it: nothing is sent by us."""

import re
from urllib.parse import quote, urlencode, urlsplit

LONGEST = 6000
"""Characters of a link that browsers and GitHub take."""
_HOST = re.compile(r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$")
_PATH = re.compile(r"^(/[A-Za-z0-9][A-Za-z0-9._-]*){2,}/?$")
_SLUG = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")


def pull_request(project_url: str, narrative_id: str, event: str, text: str) -> str | None:
    """GitHub's page for the new file `narratives/<event>/<id>.yaml`, which offers a pull request.

    Without the text where the link would be too long: then it is pasted by hand. None without the address of
    a project on the web (https, a plain host, an owner and a name), or for ids that name no file.
    """
    try:
        parts = urlsplit(project_url)
    except ValueError:
        return None
    plain = parts.scheme == "https" and _HOST.match(parts.netloc) and _PATH.match(parts.path)
    if not plain or parts.query or parts.fragment:
        return None
    if not (_SLUG.match(narrative_id) and _SLUG.match(event)):
        return None
    start = f"https://{parts.netloc}{parts.path.rstrip('/')}/new/main/narratives/{quote(event)}?"
    name = {"filename": f"{narrative_id}.yaml"}
    whole = start + urlencode({**name, "value": text}, quote_via=quote, safe="")
    return whole if len(whole) <= LONGEST else start + urlencode(name, quote_via=quote, safe="")
