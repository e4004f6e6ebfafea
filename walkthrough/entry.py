"""Who may come in. Anybody, unless the host asks readers to sign in (`sign_in` in settings.yaml)."""

import streamlit as st

from briefs.settings import settings
from walkthrough import shell
from walkthrough.prose import plain


def checked() -> None:
    """Goes no further with who has not signed in, where that is asked."""
    if not settings().sign_in or st.user.get("is_logged_in"):
        return
    shell.titled()
    st.title(plain(settings().name), anchor=False)
    if "is_logged_in" in st.user:
        st.markdown("This copy is for readers who sign in.")
        st.button("Sign in", type="primary", on_click=st.login)
    else:
        st.warning(
            "Readers have to sign in here, and nobody has said where. The host can: `docs/hosting.md`."
        )
    st.caption(plain(settings().not_advice))
    st.stop()
