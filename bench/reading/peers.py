"""The peers of the bench: reads {"identifiers": [text], "listings": [text],
"categories": [term], "intents": [term]} from stdin and writes the answers of
each peer with its CPU seconds to stdout.

AIL's trackers are restated from their documented behaviour, in code of our
own: bin/trackers/Tracker_Term.py, bin/trackers/Tracker_Regex.py and
bin/lib/Tracker.py of CIRCL/AIL-framework at 416cff17724c (AGPL, not copied).
Its words: the text in lower case is cut at white space and ASCII punctuation;
a word tracker matches a whole piece, a set tracker at least so many of its
pieces. Its regexes: Python's re, as the analyst wrote them. What AIL spends
on queues, and on a process of its own for each regex, is left out."""
import hashlib
import json
import re
import sys
import time

import phonenumbers
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer import predefined_recognizers as known
from presidio_analyzer.nlp_engine import NoOpNlpEngine
from stdnum import luhn
from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError
from stdnum.kr import rrn
from stdnum.us import ssn

REGIONS = ("CN", "KR", "TW", "HK", "US")
SCORE = 0.3  # recognisers give less to what only has the right length


def presidio():
    """The set-up without a model (conf/no_op.yaml), with every recogniser that
    fits, also those that are off by default, and phones of our regions."""
    local = [getattr(known, name)(supported_language="en") for name in (
        "CreditCardRecognizer", "CryptoRecognizer", "EmailRecognizer", "UsSsnRecognizer", "UsItinRecognizer", "UsPassportRecognizer",
        "KrRrnRecognizer", "KrFrnRecognizer", "KrPassportRecognizer", "KrDriverLicenseRecognizer")]
    local.append(known.PhoneRecognizer(supported_regions=REGIONS))
    engine = AnalyzerEngine(
        registry=RecognizerRegistry(recognizers=local, supported_languages=["en"]),
        nlp_engine=loaded(NoOpNlpEngine([{"lang_code": "en", "model_name": "no_op"}])), supported_languages=["en"])
    return lambda text: [(r.start, r.end) for r in engine.analyze(text, language="en", score_threshold=SCORE)]


def loaded(nlp):
    nlp.load()
    return nlp


def stdnum():
    """stdnum validates and does not search: what it is asked about are the
    runs of letters, digits and hyphens. Phones come from phonenumbers."""
    token = re.compile(r"(?<![0-9A-Za-z])[0-9A-Z][0-9A-Za-z-]{7,25}(?![0-9A-Za-z])")
    checks = (ric.validate, uscc.validate, rrn.validate, ssn.validate, lambda v: len(luhn.validate(v)) >= 13 or fail())

    def search(text):
        spans = []
        for m in token.finditer(text):
            if any(passes(check, m.group()) for check in checks):
                spans.append(m.span())
        for region in REGIONS:
            spans += [(m.start, m.end) for m in phonenumbers.PhoneNumberMatcher(text, region)]
        return spans
    return search


def fail():
    raise ValidationError()


def passes(check, value):
    try:
        check(value)
        return True
    except (ValidationError, KeyError):
        return False


def keywords(categories, intents):
    """A plain list: a word of a category and a word of an offer, anywhere."""
    categories, intents = [t.lower() for t in categories], [t.lower() for t in intents]

    def hit(text):
        text = text.lower()
        return any(t in text for t in categories) and any(t in text for t in intents)
    return hit


def keywords_alone(categories, _):
    categories = [t.lower() for t in categories]

    def hit(text):
        text = text.lower()
        return any(t in text for t in categories)
    return hit


CUT = re.compile(r"""[&~:;,.(){}|\[\]\\/\-='"%$?@+#_^<>!*\s]+""")


def pieces(text):
    return set(CUT.split(text.lower())) - {""}


def ail_words(categories, intents):
    """Word trackers, and set trackers for terms of several words."""
    words = [frozenset(pieces(t)) for t in categories]

    def hit(text):
        have = pieces(text)
        return any(w <= have for w in words)
    return hit


def ail_regexes(categories, intents):
    """One regex tracker a term; where one of each kind matches, it is a hit."""
    categories, intents = [re.compile(re.escape(t)) for t in categories], [re.compile(re.escape(t)) for t in intents]

    def hit(text):
        found = [bool(list(r.finditer(text))) for r in categories]  # every tracker runs
        wanted = [bool(list(r.finditer(text))) for r in intents]
        return any(found) and any(wanted)
    return hit


def timed(read, texts):
    started = time.process_time()
    answers = [read(t) for t in texts]
    return {"answers": answers, "cpu": time.process_time() - started}


def main():
    ask = json.load(sys.stdin)
    out = {"sha256": hashlib.sha256("\0".join(ask["identifiers"] + ask["listings"]).encode()).hexdigest(), "spans": {}, "hits": {}}
    for name, read in (("Presidio 2.2.366", presidio()), ("python-stdnum 2.2 + phonenumbers 9.0.43", stdnum())):
        out["spans"][name] = timed(read, ask["identifiers"])
    for name, make in (("keyword list: category", keywords_alone), ("keyword list: category and offer", keywords),
                       ("AIL word and set trackers", ail_words), ("AIL regex trackers: category and offer", ail_regexes)):
        out["hits"][name] = timed(make(ask["categories"], ask["intents"]), ask["listings"])
    json.dump(out, sys.stdout)


main()
