"""Plain words: each term where it is first used, and none inside another word."""

from briefs import glossary


def test_a_term_is_explained_where_it_is_first_used():
    seen = set()
    first = glossary.met("Custody holdings fell; the custody account leads.", seen)
    assert [t.name for t in first] == ["custody"]
    again = glossary.met("Held in custody: Treasuries of foreign officials.", seen)
    assert [t.name for t in again] == ["Treasuries", "officials"]


def test_the_longest_form_counts_and_no_part_of_a_word_does():
    names = [t.name for t in glossary.met("The standing repo facility and tri-party repo.", set())]
    assert names == ["standing repo facility", "repo"]
    assert glossary.met("Shortly, a networked reporter yielded.", set()) == []


def test_each_form_has_one_owner_and_each_meaning_is_short():
    forms = [form.lower() for term in glossary.terms() for form in term.forms]
    assert len(forms) == len(set(forms))
    names = [term.name for term in glossary.terms()]
    assert len(names) == len(set(names))
    for term in glossary.terms():
        assert term.meaning.endswith(".")
        assert len(term.meaning.split()) <= 35
