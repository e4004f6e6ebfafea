"""Write: a story of one's own, from questions to YAML to a verdict, without anything being stored."""

import streamlit as st

from briefs import sandbox
from evidence.drafting.draft import Draft, yaml_of
from walkthrough import address, focus
from walkthrough.desk import desk
from walkthrough.place import Place
from walkthrough.surely import surely
from walkthrough.writing import form, sheet, text

PLACE = Place(38, "Write")


def draw() -> None:
    """The page."""
    found = desk()
    here = address.read("write", found)
    with st.container(key=focus.HEADING):
        st.title("Write a story", anchor=False)
    if not sheet.opened():
        st.caption("Looking for what this browser keeps of your story …")
        sheet.kept()
        return
    sandbox.warm()
    if sheet.refused():
        st.warning(
            "This browser keeps nothing between visits. Download your text before you leave."
        )
    _other_tab()
    if st.session_state.setdefault(sheet.FORM, not sheet.text()):
        st.markdown(
            "Answer the questions, and they become a story that the engine can score. What you write stays in this browser."
        )
        _other_ways()
        form.draw(found, here.day)
    else:
        st.markdown(
            "The YAML is the one text that you edit. Problems are shown at their lines as you type."
        )
        text.draw(found, here.day)
    sheet.kept()
    focus.moved()


def _other_tab() -> None:
    """Two tabs have one browser: the other one's text is offered."""
    if not sheet.other():
        return
    st.warning("Another tab of yours has changed the text. Nothing is kept until you choose.")
    with st.container(horizontal=True, gap="small", key="other-tab"):
        st.button("Take its text", key="take-other", on_click=sheet.settle, args=(True,))
        st.button("Keep this one", key="keep-mine", on_click=sheet.settle, args=(False,))


def _other_ways() -> None:
    with st.container(horizontal=True, gap="medium", key="write-other-ways"):
        if sheet.text():
            st.button("Back to the text", key="to-text", type="tertiary", on_click=_to_text)
        else:
            st.button("Begin with the YAML", key="begin-yaml", type="tertiary", on_click=_begin)
        if sheet.answers() or sheet.text():
            loses = "All answers and the text are taken out of this browser. Nobody can bring them back."
            surely("Forget what I wrote", loses, "begin-anew", _anew)


def _to_text() -> None:
    st.session_state[sheet.FORM] = False


def _begin() -> None:
    sheet.put(yaml_of(Draft()))
    _to_text()


def _anew() -> None:
    for name in [
        n
        for n in st.session_state
        if str(n).startswith(("ask-", "write-scored", "write-told", "write-lacking"))
    ]:
        del st.session_state[name]
    sheet.begin_anew()
    focus.to(focus.HEADING)


if __name__ == "__main__":
    draw()
