"""What the words of the engine mean, for the pages that explain them."""

from collections.abc import Mapping

from evidence.catalogue import VintageQuality
from evidence.kinds.base import Role
from evidence.trace import Direction

ROLE_NAMES: Mapping[Role, str] = {
    "hoop": "Hoop",
    "smoking_gun": "Smoking gun",
    "doubly_decisive": "Doubly decisive",
    "straw_in_the_wind": "Straw in the wind",
}
VERDICTS: Mapping[Direction, str] = {
    "supported": "a test that little else explains passed, and none that the claim had to pass failed",
    "contradicted": "a test that the claim had to pass failed, or several did together",
    "mixed": "the tests or the parts of the claim disagree",
    "insufficient_data": "nothing speaks clearly yet, or only figures quoted from print",
}
DOWNGRADES: Mapping[str, str] = {
    "indirect": "what decided is a stand-in that does not follow what it stands for",
    "imprecise": "it was a close call, or there are few earlier windows to compare with",
    "revised": "the first print and the revised figures disagree",
    "fragile": "too few of the other ways of asking agree",
    "uncalibrated": "there are too few quiet dates to know how often a test that decided raises a false alarm",
}
"""By the name of a step down in confidence."""
VINTAGES: Mapping[VintageQuality, str] = {
    "recorded": "What was printed on each day is held.",
    "reconstructed": "The values are today’s, dated by the publisher’s release rule.",
    "latest_only": "Only the latest values are held.",
}
GRADES: Mapping[str, str] = {
    "direct": "They measure the thing itself.",
    "proxy": "They stand in for the thing itself.",
    "quoted": "They are known only from print.",
}
