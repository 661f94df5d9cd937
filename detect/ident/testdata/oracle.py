"""Answers, for each line "kind<TAB>value" of stdin, what python-stdnum or
phonenumbers says of the value: "ok" with its canonical form, or the reason for
which it is refused."""
import sys

import phonenumbers
from stdnum import luhn
from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError
from stdnum.kr import rrn
from stdnum.us import ssn

VALIDATE = {
    "prc_id": ric.validate,
    "uscc": uscc.validate,
    "rrn": rrn.validate,
    "bank_card": luhn.validate,
    "ssn": ssn.validate,
}


def phone(region, value):
    try:
        number = phonenumbers.parse(value, region or None)
    except phonenumbers.NumberParseException:
        return "InvalidFormat"
    if not phonenumbers.is_valid_number(number):
        return "InvalidComponent"
    return "ok " + phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def answer(kind, value):
    if kind.startswith("phone"):
        return phone(kind[len("phone:"):], value)
    try:
        return "ok " + VALIDATE[kind](value)
    except ValidationError as refused:
        return type(refused).__name__
    except KeyError:  # stdnum knows the province of the area, but no county
        return "InvalidComponent"


for line in sys.stdin:
    sys.stdout.write(answer(*line.rstrip("\n").split("\t")) + "\n")
